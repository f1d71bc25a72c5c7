"""A run is simulated, its rates are tuned, its outcomes are measured and judged."""
