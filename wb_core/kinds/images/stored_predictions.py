"""What a model answered on every test picture, in two bytes a picture."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import torch

from ...base.errors import TrayError
from .data import CLASSES


@dataclass(frozen=True)
class KeptAnswers:
    """The answers to N pictures, a byte each: `said` is the class, `sure` how much the model believes in it in percent.

    Who believes most in one of ten classes believes in it by 10 percent at least. Raises `TrayError`
    ("tray.bad_value", `field` "answers") on what no model can answer.
    """

    LEAST_SURE: ClassVar[int] = 100 // len(CLASSES)

    said: bytes
    sure: bytes

    def __post_init__(self) -> None:
        right = type(self.said) is bytes and type(self.sure) is bytes and len(self.said) == len(self.sure) > 0
        if not (right and max(self.said) < len(CLASSES) and self.LEAST_SURE <= min(self.sure) <= max(self.sure) <= 100):
            raise TrayError("tray.bad_value", "answers are not what a kept run can have", field="answers")

    def __len__(self) -> int:
        return len(self.said)

    @classmethod
    def of(cls, logits: torch.Tensor) -> "KeptAnswers | None":
        """The answers behind logits (N, 10); None where one of them is no number any more, as after an explosion."""
        if not bool(logits.isfinite().all()):
            return None
        sure = logits.softmax(dim=1).max(dim=1).values.mul(100).round()
        said = logits.argmax(dim=1)
        return cls(bytes(said.tolist()), bytes(sure.to(torch.uint8).tolist()))

    @functools.cached_property
    def predicted(self) -> torch.Tensor:
        """The classes: (N,) uint8."""
        return torch.frombuffer(bytearray(self.said), dtype=torch.uint8)

    @functools.cached_property
    def confidence(self) -> torch.Tensor:
        """How sure: (N,) uint8, in percent."""
        return torch.frombuffer(bytearray(self.sure), dtype=torch.uint8)
