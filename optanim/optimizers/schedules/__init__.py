"""Learning-rate schedules: each file is an entry."""
