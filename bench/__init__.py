"""Measures the site against what it could be at best, on the machine at hand: `make bench`, `make bench-scale`."""
