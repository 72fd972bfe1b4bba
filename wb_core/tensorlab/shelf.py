"""The shelf: up to four named tensors, which are always what comes of running a program from its beginning.

Nobody changes a shelf. Who does one thing more asks for the shelf `after` it, so that two script runs of a visitor, or
two visitors, never write into the same tensors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from ..errors import ConfigError, TensorError
from .limits import check_size
from .operation import Call, Made, Said
from .params import NAMES, Source, Sources
from .program import MOST_STEPS, Drop, Edit, Program, Step, needed, read_program

REFUSALS = (RuntimeError, IndexError, TypeError, ValueError, OverflowError)
"""What PyTorch, and Python under it, raise on values that do not fit."""

START = read_program("A_tensor_2x3v1.0v2.0v3.0v4.0v5.0v6.0*B_tensor_2x3v10.0v20.0v30.0v40.0v50.0v60.0")
"""What stands on the shelf of somebody who has just come."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a call: its result, what else came out by name, and the values it was run with."""

    call: Call
    result: torch.Tensor
    others: Mapping[str, torch.Tensor | Array] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def origins(self) -> dict[str, torch.Tensor]:
        """Which cells made which, by the name of the source; see `Operation`."""
        origins = self.call.operation.origins
        if origins is None:
            return {}
        named: dict[str, torch.Tensor] = {}
        for param, cells in origins(**self.values, result=self.result).items():
            name = self._named(param)
            # The same tensor on both sides: the cells of the left one come first.
            named[name] = torch.cat([named[name], cells], dim=1) if name in named else cells
        return named

    @property
    def note(self) -> Said | None:
        """What is special about this result."""
        return self.call.operation.note(**self.values, result=self.result)

    def _named(self, param: str) -> str:
        if param.isdigit():  # one of several sources
            return self.call.sources[int(param)]
        return str(self.call.args[param]) if isinstance(self.call.operation.params.get(param), Source) else param


class Shelf:
    """What stands on the shelf after a program; to be read only.

    `tensors` by name; `others`, by the name of the tensor they came with, the NumPy arrays; `code`, the lines that were
    run; `made`, by name, those that made it. `TensorError` or `ConfigError` where a step cannot be run.
    """

    def __init__(self, program: Program = START) -> None:
        self.program: Program = ()
        self.tensors: dict[str, torch.Tensor] = {}
        self.others: dict[str, dict[str, Array]] = {}
        self.made: dict[str, str] = {}
        self.code: list[str] = []
        self._arrays: dict[str, str] = {}  # what the array of a tensor is called in the code
        for step in program:
            self._take(step)
        self.program = program

    def after(self, *steps: Step | Edit | Drop) -> "Shelf":
        """A new shelf on which these steps were taken as well; this one stays as it is."""
        program = _joined(self.program, steps)
        if len(program) > MOST_STEPS:
            program = needed(program)
        if len(program) > MOST_STEPS:
            raise TensorError("tensor.too_many_steps", f"at most {MOST_STEPS} steps", most=MOST_STEPS)
        return Shelf(program)

    def run(self, call: Call, luck: int = 0) -> Outcome:
        """What a call gives, with nothing kept. The result may share its memory with the tensors of the shelf.

        `TensorError` when a tensor is missing, the result would be too large, or PyTorch refuses.
        """
        operation, values = call.operation, self.values(call)
        if operation.planned is not None:
            check_size(operation.planned(**values))
        lucky = {"luck": luck} if operation.lucky else {}
        try:
            made = operation.run(**values, **lucky)
        except REFUSALS as error:
            raise refused(error) from error
        result, others = (made.result, made.others) if isinstance(made, Made) else (made, {})
        check_size(result.shape)
        return Outcome(call, result, others, values)

    def tensor(self, name: str) -> torch.Tensor:
        """The tensor of this name; `TensorError` where there is none."""
        if name not in self.tensors:
            raise TensorError("tensor.missing", f"there is no tensor {name} on the shelf", name=name)
        return self.tensors[name]

    def values(self, call: Call) -> dict[str, Any]:
        """The values of a call, with tensors in place of names; None where a tensor has no meaning for it."""
        return {name: self._value(call, name) for name in call.operation.params}

    @property
    def free(self) -> str:
        """The first free place, or the last one where all are taken."""
        return next((name for name in NAMES if name not in self.tensors), NAMES[-1])

    def _value(self, call: Call, name: str) -> Any:
        param, value = call.operation.params[name], call.args[name]
        if param.when is not None and call.args[param.when[0]] != param.when[1]:
            return None if isinstance(param, Source | Sources) else value
        if isinstance(param, Source):
            return self.tensor(value)
        return tuple(map(self.tensor, value)) if isinstance(param, Sources) else value

    def _take(self, step: Step | Edit | Drop) -> None:
        if isinstance(step, Step):
            self._put(step)
        elif isinstance(step, Edit):
            self._edit(step)
        else:
            self.tensor(step.target)
            for found in (self.tensors, self.others, self.made):
                found.pop(step.target, None)
            self.code.append(f"del {step.target}")

    def _put(self, step: Step) -> None:
        outcome = self.run(step.call, step.luck)
        lines = step.call.lines(step.target)
        if "array" in outcome.others:
            if "array" in self._arrays.values():  # the name is taken, and its array may be written into again
                lines = lines.replace("array", f"array_{step.target.lower()}")
            self._arrays[step.target] = lines.split(" = ", 1)[0]
        self.tensors[step.target] = outcome.result
        self.others[step.target] = {k: v for k, v in outcome.others.items() if isinstance(v, np.ndarray)}
        self.made[step.target] = lines
        self.code.append(lines)

    def _edit(self, edit: Edit) -> None:
        tensor = self.tensor(edit.target)
        place = ", ".join(map(str, edit.index)) or "()"
        if edit.via:
            array = self.others[edit.target].get("array") if edit.via == "array" else tensor.detach()
            if array is None:
                raise ConfigError("lab.program", field="shelf", given=edit.via, allowed="an array that is there")
            detach = ".detach()" if tensor.requires_grad else ""
            name = f"{edit.target}{detach}.numpy()" if edit.via == "numpy" else self._arrays[edit.target]
            with np.errstate(over="ignore"):  # a number too large for float16 becomes infinite there
                self._write(array if isinstance(array, np.ndarray) else array.numpy(), edit)
            self.code.append(f"{name}[{place}] = {edit.value!r}")
            return
        with torch.no_grad():
            self._write(tensor, edit)
        line = f"{edit.target}[{place}] = {edit.value!r}"
        self.code.append(f"with torch.no_grad():\n    {line}" if tensor.requires_grad else line)

    @staticmethod
    def _write(cells: Any, edit: Edit) -> None:
        try:
            if len(edit.index) != cells.ndim:
                raise IndexError(f"{len(edit.index)} numbers for {cells.ndim} dimensions")
            cells[edit.index] = edit.value
        except REFUSALS as error:
            raise refused(error) from error


def _joined(program: Program, steps: Program) -> Program:
    """The program with these steps; a cell that is written again right away was written once."""
    for step in steps:
        last = program[-1] if program else None
        again = isinstance(step, Edit) and isinstance(last, Edit) and replace(last, value=step.value) == step
        program = (*(program[:-1] if again else program), step)
    return program


def refused(error: Exception) -> TensorError:
    """PyTorch's exception as one of ours, with its type and its own words."""
    return TensorError("tensor.refused", str(error), error=type(error).__name__)


def changed(before: Shelf, after: Shelf) -> dict[str, torch.Tensor]:
    """By name, which cells of the tensors on both shelves differ; names without a difference are left out."""
    found = {}
    for name, tensor in after.tensors.items():
        old = before.tensors.get(name)
        if old is None or old.shape != tensor.shape or old.dtype != tensor.dtype:
            continue
        cells = (tensor != old) & ~((tensor != tensor) & (old != old))
        if bool(cells.any()):
            found[name] = cells.detach()
    return found
