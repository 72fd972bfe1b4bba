"""What a lesson is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import ConfigError
from ..operation import Call, Message
from ..program import Step
from ..registry import OPERATIONS

Values = Mapping[str, Any]
"""The values of a call, tensors in place of names."""


@dataclass(frozen=True)
class Fix:
    """What to do instead: perhaps some steps first, then a call."""

    call: Call
    steps: tuple[Step, ...] = ()

    @property
    def code(self) -> str:
        """The lines, without a name for the result."""
        return "\n".join([*(step.call.lines(step.target) for step in self.steps), self.call.expression])


@dataclass(frozen=True)
class Lesson:
    """What went wrong, in a sentence; `marks` names, for each tensor, the dimensions that clash; `fixes` repair it."""

    message: Message
    marks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fixes: tuple[Fix, ...] = ()


def taught(
    template: str, *, marks: Mapping[str, Iterable[int]] | None = None, fixes: Iterable[Fix | None] = (), **values: Any
) -> Lesson:
    """A lesson with its values as text; a fix that makes no sense, None, is left out."""
    return Lesson(
        Message(template, {name: str(value) for name, value in values.items()}),
        {name: tuple(dims) for name, dims in (marks or {}).items()},
        tuple(fix for fix in fixes if fix is not None),
    )


def instead(call: Call, *steps: Step, operation: str | None = None, **changes: Any) -> Fix | None:
    """The same call with some values changed, or another operation; None where these values are not allowed."""
    try:
        if operation is None:
            return Fix(call.replace(**changes), steps)
        return Fix(Call.of(OPERATIONS[operation], changes), steps)
    except ConfigError:
        return None


def step(name: str, operation: str, **values: Any) -> Step:
    """A step that changes the tensor of this name and keeps the name: `A = A.type(torch.float32)`."""
    return Step(name, Call.of(OPERATIONS[operation], {"a": name, **values}))


def shape(tensor: Any) -> str:
    """A tensor's shape as Python writes it."""
    return str(tuple(tensor.shape))


def dtype(tensor: Any) -> str:
    """A tensor's type without "torch."."""
    return str(tensor.dtype).removeprefix("torch.")
