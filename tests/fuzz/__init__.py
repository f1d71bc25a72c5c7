"""Targets for fuzzing: functions that read input of others, with any bytes.

`python -m tests.fuzz TARGET SECONDS` tries one target. `make fuzz` tries each for ten minutes.
"""
