"""Where the training data come from, one module per source."""

from .line import LineData, line_data

__all__ = ["LineData", "line_data"]
