"""Branches of the displayed run: from some epoch on, the same training with other settings."""
