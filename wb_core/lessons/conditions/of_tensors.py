"""Conditions on the tensors of the tensor lab."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ...base.errors import ConfigError
from ...base.tensors import shares_memory
from ...tensorlab import NAMES, Edit, Shelf, Step, needed, read_program
from ...tensorlab.program import MAX_LETTERS
from .. import checked
from ..checked import bad_value
from ..places import PLACES, Place, Shown
from .condition import Condition, Look

MAX_DIMS = 6
MAX_CELLS = 100


class OfTensors(Condition):
    """A condition on the tensors of the tensor lab."""

    def check(self, place: Place) -> None:
        if place is not PLACES["tensors"]:
            raise bad_value("conditions")

    def look(self, shown: Shown) -> Look:
        assert isinstance(shown, Shelf)
        return self.look_at(shown)

    @abstractmethod
    def look_at(self, shelf: Shelf) -> Look:
        """Whether these tensors meet the condition."""


def _named(shelf: Shelf, name: str) -> dict[str, torch.Tensor]:
    """The tensor with this name, if it is there; all for ""."""
    return {one: tensor.detach() for one, tensor in shelf.tensors.items() if name in ("", one)}


@dataclass(frozen=True)
class Shape(OfTensors):
    """The tensor with this name, or with "" any, has this shape."""

    shape: Sequence[int]
    name: str = ""

    def __post_init__(self) -> None:
        shape = checked.some("shape", self.shape, MAX_DIMS, lambda one: checked.whole("shape", one, 0, 1000))
        checked.put(self, shape=shape)
        checked.name("name", self.name, ("", *NAMES))

    def look_at(self, shelf: Shelf) -> Look:
        shapes = {name: tuple(tensor.shape) for name, tensor in _named(shelf, self.name).items()}
        return Look(self.shape in shapes.values(), None, {"shapes": shapes, "shape": self.shape, "name": self.name})


@dataclass(frozen=True)
class Equal(OfTensors):
    """The tensor with this name, or with "" any, has these numbers, whatever its dtype, in this shape or in any."""

    values: Any
    name: str = ""
    any_shape: bool = False

    def __post_init__(self) -> None:
        checked.name("name", self.name, ("", *NAMES))
        if type(self.any_shape) is not bool:
            raise bad_value("any_shape")
        if _cells(self.values, 0) > MAX_CELLS:
            raise bad_value("values")
        checked.put(self, values=_tuples(self.values))
        try:
            torch.tensor(self.values)
        except (ValueError, RuntimeError, TypeError) as error:
            raise bad_value("values") from error

    def look_at(self, shelf: Shelf) -> Look:
        wanted = torch.tensor(self.values, dtype=torch.float64)
        there = [tensor.to(torch.float64) for tensor in _named(shelf, self.name).values()]
        if self.any_shape:
            wanted, there = wanted.flatten(), [tensor.flatten() for tensor in there]
        met = any(
            tensor.shape == wanted.shape and torch.allclose(tensor, wanted, rtol=1e-6, atol=1e-9) for tensor in there
        )
        return Look(met, None, {"values": self.values, "name": self.name})


def _tuples(values: Any) -> Any:
    return tuple(map(_tuples, values)) if isinstance(values, list | tuple) else values


def _cells(values: Any, depth: int) -> int:
    """How many numbers nested lists have. Raises `LessonError` for anything else."""
    if isinstance(values, list | tuple):
        if depth == MAX_DIMS or len(values) > MAX_CELLS:
            raise bad_value("values")
        return sum(_cells(one, depth + 1) for one in values)
    checked.number("values", values)
    return 1


@dataclass(frozen=True)
class SharedMemory(OfTensors):
    """Two tensors share memory, or none do: those with these names, or with "" any two."""

    shared: bool = True
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        if type(self.shared) is not bool:
            raise bad_value("shared")
        names = checked.some("names", self.names, 2, lambda one: checked.name("names", one, NAMES))
        if len(names) == 1 or len(set(names)) < len(names):
            raise bad_value("names")
        checked.put(self, names=names)

    def look_at(self, shelf: Shelf) -> Look:
        there = [name for name in shelf.tensors if not self.names or name in self.names]
        pairs = [(one, other) for one in there for other in there if one < other]
        sharing = [pair for pair in pairs if shares_memory(*(shelf.tensors[name].detach() for name in pair))]
        met = bool(sharing) if self.shared else bool(pairs) and not sharing
        return Look(met, None, {"shared": self.shared, "names": self.names, "sharing": sharing})


@dataclass(frozen=True)
class Computed(OfTensors):
    """Every tensor was computed from those of `shelf`, the text of a program: none was typed in beside them.

    With `edits`, numbers may be written into cells.
    """

    shelf: str
    edits: bool = False

    def __post_init__(self) -> None:
        if type(self.edits) is not bool:
            raise bad_value("edits")
        checked.text("shelf", self.shelf, MAX_LETTERS, least=0)
        try:
            read_program(self.shelf)
        except ConfigError as error:
            raise bad_value("shelf") from error

    def look_at(self, shelf: Shelf) -> Look:
        given = read_program(self.shelf)
        calls = [step.call for step in given if isinstance(step, Step)]
        typed = [
            step
            for step in needed(shelf.program)
            if (isinstance(step, Step) and not step.call.sources and step.call not in calls)
            or (isinstance(step, Edit) and not self.edits and step not in given)
        ]
        return Look(not typed, None, {"typed": [step.target for step in typed]})
