"""What an operation of the lab is: one record from which a page draws itself."""

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
"""For each source, the flat positions (result.numel(), K) of those of its cells that made each cell of the result."""


@dataclass(frozen=True)
class OpResult:
    """A result with what else came out of the same lines, by name: a NumPy array, two tensors that were compared."""

    result: torch.Tensor
    others: Mapping[str, torch.Tensor | np.ndarray]


@dataclass(frozen=True)
class Message:
    """A sentence for the pages to translate: an English message id, and the values for its fields."""

    template: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Formula:
    """How the cells behind a cell are written: `before` a1 `pair` b1 `join` a2 `pair` b2 `after` `then` the cell."""

    before: str = ""
    pair: str = ""
    join: str = ", "
    after: str = ""
    then: str = " = "
    plain: bool = False  # the displayed numbers are not the ones that were computed with


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation: its `run`, how its code reads, and what it teaches. A new one is one such record.

    `run` gets the checked values by name, with tensors in place of names, and returns a tensor or an `OpResult`. With
    `is_random` it draws random numbers, and also gets `rng_seed`, which stands in for the state of PyTorch's global
    generator. `code` gets the same values as code and returns the expression; `before` returns the lines above it.
    `planned` returns the shape of the result before anything is allocated, for those whose result can be larger than
    its sources, and `work` the number of multiplications, where it can be large.

    `origins` gets the values and the result, and tells which cells made which; `formula` tells how, and `sign` stands
    between the sources. `note` gets the same and may say more. `stretches` tells that shapes are broadcast, `adds_dim`
    that the result has a dimension more.

    `keeps` is false for what cannot stand on the shelf. Such a result is `named` in the code (or not at all), and a
    cell of it is `written` into the first source: directly (""), through its NumPy array ("numpy"), or not (None).
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
    """An operation with its values, checked: what a page's controls say, or a part of a link.

    Two calls are equal where their links are: for Python 1, 1.0 and True are the same, and for PyTorch they are not.
    """

    operation: Operation = field(repr=False)
    args: Args

    @classmethod
    def of(cls, operation: Operation, given: Args) -> "Call":
        """Check the values; what is not given is at its default. `ConfigError` names the first that makes no sense."""
        unknown = set(given) - set(operation.params)
        if unknown:
            raise ConfigError("config.not_a_choice", field=min(unknown), given="", allowed=", ".join(operation.params))
        first = {name: param.default for name, param in operation.params.items()}
        # Of a parameter that has no meaning now, any value means the same: the first one.
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
        """The call as it stands in a link: the operation, and its values as far as they are not at their default."""
        params = self.operation.params
        fields = [param.text(self.args[name]) for name, param in params.items()]
        first = [param.text(param.default) for param in params.values()]
        while fields and fields[-1] == first[len(fields) - 1]:
            fields.pop()
        return "_".join([self.operation.id, *fields])

    def replace(self, **changes: Any) -> "Call":
        """The same with some values changed."""
        return Call.of(self.operation, {**self.args, **changes})

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the tensors that it needs, each once, in order."""
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
        """The right side of the last line of code."""
        return self.operation.code(**self._coded)

    def lines(self, target: str) -> str:
        """The code, whose last line gives the result this name."""
        return "\n".join([*self.operation.before(**self._coded), f"{target} = {self.expression}"])

    @property
    def _coded(self) -> dict[str, str]:
        return {name: param.code(self.args[name]) for name, param in self.operation.params.items()}


def call(function: str, *values: str, **keywords: str | None) -> str:
    """A function call as code; keywords that are None are left out."""
    named = [f"{name}={value}" for name, value in keywords.items() if value is not None]
    return f"{function}({', '.join([*values, *named])})"


def unless(value: str, default: str) -> str | None:
    """The code of a value, or None where it is the one that PyTorch takes anyway."""
    return None if value == default else value
