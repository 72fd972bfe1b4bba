"""The settings of a run, as a frozen value. Every default is the value of the notes."""

from .image import ImageConfig
from .line import MOST_POINTS, LinearConfig

__all__ = ["MOST_POINTS", "ImageConfig", "LinearConfig"]
