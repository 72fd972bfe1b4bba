"""The outcome of a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch

from .operation import Call, Message
from .params import Source

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Outcome:
    """The result of a call, the other values it made by name, and the `values` that it ran with."""

    call: Call
    result: torch.Tensor
    others: Mapping[str, torch.Tensor | Array] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def origins(self) -> dict[str, torch.Tensor]:
        """The source cells of each result cell, by the name of the source (see `Operation`). Can be large."""
        origins = self.call.operation.origins
        if origins is None:
            return {}
        named: dict[str, torch.Tensor] = {}
        for param, cells in origins(**self.values, result=self.result).items():
            name = self._source_name(param)
            # The same tensor is on both sides; the cells of the left one come first.
            named[name] = torch.cat([named[name], cells], dim=1) if name in named else cells
        return named

    @property
    def note(self) -> Message | None:
        """A remark on this result."""
        return self.call.operation.note(**self.values, result=self.result)

    def _source_name(self, param: str) -> str:
        if param.isdigit():  # one of several sources
            return self.call.sources[int(param)]
        return str(self.call.args[param]) if isinstance(self.call.operation.params.get(param), Source) else param
