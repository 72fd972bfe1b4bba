"""An operation of the lab, as a record from which the page draws itself, and a call of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch

from ..base.errors import ConfigError
from .params import Param, Source, Sources

Args = Mapping[str, Any]
Origins = Mapping[str, torch.Tensor]
"""For each source, the flat indices of its cells that produced each cell of the result: (result.numel(), K)."""


@dataclass(frozen=True)
class OpResult:
    """A result, with the other values that the same code makes, by name: a NumPy array, or two compared tensors."""

    result: torch.Tensor
    others: Mapping[str, torch.Tensor | np.ndarray]


@dataclass(frozen=True)
class Message:
    """A sentence that the pages translate: an English message id and the values for its fields."""

    template: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Formula:
    """How a cell's computation is written: `before` a1 `pair` b1 `join` a2 `pair` b2 `after` `then` the cell."""

    before: str = ""
    pair: str = ""
    join: str = ", "
    after: str = ""
    then: str = " = "
    plain: bool = False  # write no formula: the displayed numbers are not those computed with


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation: what it runs, its code, and what it teaches. To add an operation, add one such record.

    `run` gets the checked values by name, with tensors in place of names, and returns a tensor or an `OpResult`. If
    `is_random`, it also gets `rng_seed`, which replaces the state of PyTorch's global generator. `code` gets the values
    as code and returns the expression; `before` returns the lines above it. `planned` returns the shape of the result
    before anything is allocated; needed if the result can be larger than its sources. `work` is the number of
    multiplications, if it can be large.

    `origins` gets the values and the result, and returns the source cells of each result cell. `formula` says how they
    combine; `sign` is drawn between the sources. `note` gets the same values and returns a remark on the result.
    `stretches`: shapes are broadcast. `adds_dim`: the result has one more dimension.

    `keeps` is false if the result cannot be put on the shelf. Such a result has the name `named` in the code ("" for
    none), and an edit of it is `written` to the first source: directly (""), through its NumPy array ("numpy"), or
    not at all (None).
    """

    id: str
    section: str
    name: str
    teaches: str
    params: Mapping[str, Param]
    run: Callable[..., torch.Tensor | OpResult]
    code: Callable[..., str]
    before: Callable[..., tuple[str, ...]] = lambda **_: ()
    planned: Callable[..., tuple[int, ...]] | None = None
    origins: Callable[..., Origins] | None = None
    formula: Callable[..., Formula] = lambda **_: Formula()
    note: Callable[..., Message | None] = lambda **_: None
    work: Callable[..., int] = lambda **_: 0
    sign: str = ""
    stretches: bool = False
    adds_dim: bool = False
    is_random: bool = False
    keeps: bool = True
    named: str = ""
    written: str | None = None


@dataclass(frozen=True, eq=False)
class Call:
    """An operation with checked values, from a page's controls or a link.

    Calls are equal if their links are: Python's 1 == 1.0 == True would ignore differences that matter to PyTorch.
    """

    operation: Operation = field(repr=False)
    args: Args

    @classmethod
    def of(cls, operation: Operation, given: Args) -> "Call":
        """Check the values; missing ones are defaults. Raises `ConfigError` for the first invalid value."""
        unknown = set(given) - set(operation.params)
        if unknown:
            raise ConfigError("config.not_a_choice", field=min(unknown), given="", allowed=", ".join(operation.params))
        first = {name: param.default for name, param in operation.params.items()}
        # A parameter that does not apply gets its default, so that equal calls compare equal.
        values: dict[str, Any] = {}
        for name, param in operation.params.items():
            applies = param.applies(values)
            values[name] = param.check(name, given.get(name, first[name])) if applies else first[name]
        return cls(operation, values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def text(self) -> str:
        """The call in a link: the id of the operation and its values, without trailing defaults."""
        params = self.operation.params
        fields = [param.text(self.args[name]) for name, param in params.items()]
        first = [param.text(param.default) for param in params.values()]
        while fields and fields[-1] == first[len(fields) - 1]:
            fields.pop()
        return "_".join([self.operation.id, *fields])

    def replace(self, **changes: Any) -> "Call":
        """A copy with some values changed."""
        return Call.of(self.operation, {**self.args, **changes})

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the tensors that the call uses, without duplicates, in order."""
        names: list[str] = []
        for name, param in self.operation.params.items():
            if not param.applies(self.args):
                continue
            if isinstance(param, Source):
                names.append(self.args[name])
            elif isinstance(param, Sources):
                names += self.args[name]
        return tuple(dict.fromkeys(names))

    @property
    def expression(self) -> str:
        """The right-hand side of the last line of code."""
        return self.operation.code(**self._code_by_name)

    def lines(self, target: str) -> str:
        """The code, whose last line assigns the result to `target`."""
        return "\n".join([*self.operation.before(**self._code_by_name), f"{target} = {self.expression}"])

    @property
    def _code_by_name(self) -> dict[str, str]:
        return {name: param.code(self.args[name]) for name, param in self.operation.params.items()}


def call(function: str, *values: str, **keywords: str | None) -> str:
    """A function call as code, without keywords that are None."""
    named = [f"{name}={value}" for name, value in keywords.items() if value is not None]
    return f"{function}({', '.join([*values, *named])})"


def unless(value: str, default: str) -> str | None:
    """The code of a value, or None if it is PyTorch's default."""
    return None if value == default else value
