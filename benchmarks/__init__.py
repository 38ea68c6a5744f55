"""Runnable comparisons with peers: `python -m benchmarks list`."""
