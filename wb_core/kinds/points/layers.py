"""The settings of a network's inputs and hidden layers."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from ...base.errors import ConfigError
from ...base.fields import Setting

FEATURES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "x1_x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: torch.sin(x1),
    "sin_x2": lambda x1, x2: torch.sin(x2),
}
"""What a network can get to see of a point, each computed from its two coordinates."""

FEATURE_NAMES = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1²",
    "x2_squared": "x2²",
    "x1_x2": "x1·x2",
    "sin_x1": "sin x1",
    "sin_x2": "sin x2",
}
"""How a page writes them."""

MAX_LAYERS, MAX_UNITS = 4, 16


def features(points: torch.Tensor, names: Iterable[str]) -> torch.Tensor:
    """These features of points: (N, 2) -> (N, features)."""
    x1, x2 = points.unbind(dim=1)
    return torch.stack([FEATURES[name](x1, x2) for name in names], dim=1)


@dataclass(frozen=True)
class HiddenLayers(Setting):
    """A setting that is the number of units of each hidden layer, () for no hidden layer. A list offers `typical`."""

    typical: ClassVar[Sequence[tuple[int, ...]]] = ((), (2,), (3,), (4,), (8,), (4, 4), (8, 8), (10, 10), (16, 16))

    def check(self, name: str, given: Any) -> tuple[int, ...]:
        """`given` as a tuple of whole numbers; else `ConfigError` ("config.hidden")."""
        allowed = f"0 to {MAX_LAYERS} layers, each of 1 to {MAX_UNITS} units"
        try:
            some = tuple(given)
        except TypeError:
            some = (None,)
        sizes = all(type(units) is int and 1 <= units <= MAX_UNITS for units in some)
        if isinstance(given, str | bytes) or len(some) > MAX_LAYERS or not sizes:
            raise ConfigError("config.hidden", field=name, given=repr(given)[:60], allowed=allowed)
        return some

    def text(self, value: tuple[int, ...]) -> str:
        return "-".join(map(str, value)) or "none"

    def read(self, text: str) -> tuple[int, ...]:
        if text == "none":
            return ()
        if not re.fullmatch(r"\d{1,3}(-\d{1,3}){0,9}", text, re.ASCII):
            raise ConfigError("config.hidden", field=self.label, given=text[:60], allowed="numbers such as 8-8")
        return tuple(map(int, text.split("-")))
