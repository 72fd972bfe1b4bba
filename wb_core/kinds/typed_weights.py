"""A weight of a network that gets another number during a run, as a change of the run's schedule.

"w1.0.2=0.5" is `layer_1.weight[0, 2] = 0.5`: what the first unit of the first layer gets from the third input.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from ..base.errors import ConfigError
from ..base.fields import N_, Number
from .run import LARGEST_PARAMETER

NAME = re.compile(r"w([1-9])\.(0|[1-9]\d?)\.(0|[1-9]\d?)", re.ASCII)


class Place(NamedTuple):
    """A weight: its layer, from 1 on, and its row and column there, the unit and what it comes from."""

    layer: int
    unit: int
    source: int

    @property
    def name(self) -> str:
        """Its name in a schedule."""
        return f"w{self.layer}.{self.unit}.{self.source}"

    def is_in(self, sizes: Sequence[int]) -> bool:
        """Whether a network has it whose layers are that wide, from the inputs to the outputs."""
        return self.layer < len(sizes) and self.unit < sizes[self.layer] and self.source < sizes[self.layer - 1]


@dataclass(frozen=True, kw_only=True)
class TypedNumber(Number):
    """The number of such a weight."""

    def check(self, name: str, given: Any) -> float:
        """`given` as float32 has it, in as few digits as tell it from others; else `ConfigError`."""
        return float(str(np.float32(super().check(name, given))))


_RANGE = -LARGEST_PARAMETER, LARGEST_PARAMETER
TYPED = TypedNumber(N_("Weight"), low=_RANGE[0], high=_RANGE[1], offered=_RANGE, step=0.1)


def place_of(name: str) -> Place | None:
    """The weight of this name in a schedule; None for any other name."""
    found = NAME.fullmatch(name)
    return found and Place(*map(int, found.groups()))


def place_at(at: int, sizes: Sequence[int]) -> Place:
    """The weight at a place in the row of all parameters. Raises `ValueError` for a bias, and outside of the row."""
    for layer, (before, after) in enumerate(itertools.pairwise(sizes), start=1):
        if 0 <= at < before * after:
            return Place(layer, *divmod(at, before))
        at -= (before + 1) * after
    raise ValueError("there is no weight at this place")


def typed_number(name: str, config: Any) -> TypedNumber | None:
    """What checks the number for a weight of this name, for a config or its class; None for any other name.

    Raises `ConfigError` ("schedule.weight") if the network of this config does not have it.
    """
    place = place_of(name)
    if place is None or not config.has_weights:
        return None
    if not isinstance(config, type) and not place.is_in(config.sizes):
        raise ConfigError("schedule.weight", field="schedule", given=name, allowed="a weight of this network")
    return TYPED


def put(model: nn.Module, typed: Mapping[str, float]) -> None:
    """Give the weights of these names their numbers; an optimizer keeps its memory of them."""
    layers = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    with torch.no_grad():
        for name, number in typed.items():
            if place := place_of(name):
                layers[place.layer - 1][place.unit, place.source] = number
