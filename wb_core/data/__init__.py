"""Where the training data come from, one module per source."""

from .fashion import CLASSES, ImageData, Pictures, fashion_mnist, find_folder
from .line import LineData, line_data

__all__ = ["CLASSES", "ImageData", "LineData", "Pictures", "fashion_mnist", "find_folder", "line_data"]
