"""A scene and a step become pixels. No other room imports matplotlib."""
