"""FashionMNIST: the small set in this package, and the full one from a folder or a download."""

from .fashion import CLASSES, SIZES, ImageData, Pictures, fashion_mnist, find_folder, named_folder_error, true_classes

__all__ = [
    "CLASSES",
    "SIZES",
    "ImageData",
    "Pictures",
    "fashion_mnist",
    "find_folder",
    "named_folder_error",
    "true_classes",
]
