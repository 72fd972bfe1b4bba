"""Points to learn from: how many there may be."""

MAX_POINTS = 10_000
"""A data set has at most this many points."""
