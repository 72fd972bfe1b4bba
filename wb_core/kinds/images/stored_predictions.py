"""The predictions for every test picture, in two bytes a picture."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import torch

from ...base.errors import TrayError
from .data import CLASSES


@dataclass(frozen=True)
class StoredPredictions:
    """The predictions for N pictures: a byte for the class, and a byte for the confidence in percent.

    The most probable of ten classes has a probability of at least 10 percent. Raises `TrayError` ("tray.bad_value",
    `field` "answers") for predictions that no model can make.
    """

    MIN_CONFIDENCE: ClassVar[int] = 100 // len(CLASSES)

    class_bytes: bytes
    percent_bytes: bytes

    def __post_init__(self) -> None:
        classes, percents = self.class_bytes, self.percent_bytes
        right = type(classes) is bytes and type(percents) is bytes and len(classes) == len(percents) > 0
        in_bounds = (
            right and max(classes) < len(CLASSES) and self.MIN_CONFIDENCE <= min(percents) <= max(percents) <= 100
        )
        if not in_bounds:
            raise TrayError("tray.bad_value", "no model can make these predictions", field="answers")

    def __len__(self) -> int:
        return len(self.class_bytes)

    @classmethod
    def of(cls, logits: torch.Tensor) -> "StoredPredictions | None":
        """The predictions behind logits (N, 10); None where a logit is not finite, as after an explosion."""
        if not bool(logits.isfinite().all()):
            return None
        percents = logits.softmax(dim=1).max(dim=1).values.mul(100).round()
        classes = logits.argmax(dim=1)
        return cls(bytes(classes.tolist()), bytes(percents.to(torch.uint8).tolist()))

    @functools.cached_property
    def predicted(self) -> torch.Tensor:
        """The predicted classes: (N,) uint8."""
        return torch.frombuffer(bytearray(self.class_bytes), dtype=torch.uint8)

    @functools.cached_property
    def confidence(self) -> torch.Tensor:
        """The confidence in percent: (N,) uint8."""
        return torch.frombuffer(bytearray(self.percent_bytes), dtype=torch.uint8)
