"""The models that a run can train: each is a class, and an id in a table."""

from .images import IMAGE_MODELS, LinearImages, ReluImages, TinyVGG
from .line import MODELS, LinearRegressionModel, LinearRegressionModelV2

__all__ = [
    "IMAGE_MODELS",
    "MODELS",
    "LinearImages",
    "LinearRegressionModel",
    "LinearRegressionModelV2",
    "ReluImages",
    "TinyVGG",
]
