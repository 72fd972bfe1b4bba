"""The parts of advice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import ConfigError
from ..operation import Call, Message
from ..program import Step
from ..registry import OPERATIONS

Values = Mapping[str, Any]
"""The values of a call, with tensors in place of names."""


@dataclass(frozen=True)
class Fix:
    """A fix: a call to run instead, after optional `steps`."""

    call: Call
    steps: tuple[Step, ...] = ()

    @property
    def code(self) -> str:
        """The code, without a name for the result."""
        return "\n".join([*(step.call.lines(step.target) for step in self.steps), self.call.expression])


@dataclass(frozen=True)
class Advice:
    """What went wrong. `marks` has the clashing dimensions by tensor name; each of `fixes` is a way to repair it."""

    message: Message
    marks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fixes: tuple[Fix, ...] = ()


def taught(
    template: str, *, marks: Mapping[str, Iterable[int]] | None = None, fixes: Iterable[Fix | None] = (), **values: Any
) -> Advice:
    """Advice from a message id and the values for its fields; skips fixes that are None."""
    return Advice(
        Message(template, {name: str(value) for name, value in values.items()}),
        {name: tuple(dims) for name, dims in (marks or {}).items()},
        tuple(fix for fix in fixes if fix is not None),
    )


def instead(call: Call, *steps: Step, operation: str | None = None, **changes: Any) -> Fix | None:
    """A call with other values or another operation, as a fix; None if the values are not allowed."""
    try:
        if operation is None:
            return Fix(call.replace(**changes), steps)
        return Fix(Call.of(OPERATIONS[operation], changes), steps)
    except ConfigError:
        return None


def step(name: str, operation: str, **values: Any) -> Step:
    """A step that reassigns a tensor: `A = A.type(torch.float32)`."""
    return Step(name, Call.of(OPERATIONS[operation], {"a": name, **values}))


def shape(tensor: Any) -> str:
    """The shape of a tensor as a Python tuple."""
    return str(tuple(tensor.shape))


def dtype(tensor: Any) -> str:
    """The dtype of a tensor without "torch."."""
    return str(tensor.dtype).removeprefix("torch.")
