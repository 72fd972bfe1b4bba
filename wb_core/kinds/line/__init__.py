"""A line, learned from all its points at once."""
