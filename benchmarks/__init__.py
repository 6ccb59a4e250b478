"""How fast checker is, as ratios of things measured in one run: `make bench`. No test is timed."""
