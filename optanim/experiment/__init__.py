"""Runs are simulated, their rates are tuned, and their claims are checked."""
