"""Where the training data come from, one module per source."""

from .fashion import CLASSES, SIZES, ImageData, Pictures, fashion_mnist, find_folder, true_classes
from .line import LineData, line_data

__all__ = [
    "CLASSES",
    "SIZES",
    "ImageData",
    "LineData",
    "Pictures",
    "fashion_mnist",
    "find_folder",
    "line_data",
    "true_classes",
]
