"""Examples: a bundled estate to try the checker on, and what generates it."""
