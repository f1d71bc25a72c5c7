"""A scene and a step become pixels."""
