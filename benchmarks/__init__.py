"""Measurements, as ratios on one machine in one run. `make bench-webhook` and friends."""
