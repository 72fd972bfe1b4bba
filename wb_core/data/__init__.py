"""Where the training data come from, one module per source."""

from .fashion import ImageData, fashion_mnist
from .line import LineData, line_data

__all__ = ["ImageData", "LineData", "fashion_mnist", "line_data"]
