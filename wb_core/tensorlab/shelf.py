"""The shelf: up to four named tensors, the result of running a program from its beginning.

A shelf is immutable; `after` returns a new one. So concurrent script runs and sessions never write to the same tensors.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ..base.errors import ConfigError, TensorError
from .digits import shortened
from .limits import MAX_ELEMENTS, check_size, check_work
from .operation import Call, OpResult
from .outcome import Array, Outcome
from .params import NAMES, Source, Sources
from .program import MAX_STEPS, Drop, Edit, Program, Step, needed, read_program

REFUSALS = (RuntimeError, IndexError, TypeError, ValueError, OverflowError)
"""The errors that PyTorch and Python raise for invalid values."""

START = read_program("A_tensor_2x3v1.0v2.0v3.0v4.0v5.0v6.0*B_tensor_2x3v10.0v20.0v30.0v40.0v50.0v60.0")
"""The program of a new session."""


class Shelf:
    """The tensors after running a program. Read only.

    `tensors` has the tensors by name, `others` the NumPy arrays that were made along with each, `made` the lines that
    made each, and `code` all lines in order. Raises `TensorError` or `ConfigError` if a step fails; one that makes a
    tensor of more than `most` elements does.
    """

    def __init__(self, program: Program = START, *, most: int = MAX_ELEMENTS) -> None:
        self.program: Program = ()
        self.tensors: dict[str, torch.Tensor] = {}
        self.others: dict[str, dict[str, Array]] = {}
        self.made: dict[str, str] = {}
        self.code: list[str] = []
        self._arrays: dict[str, str] = {}  # tensor name -> name of its array in the code
        self._seeded = False  # whether the code has seeded PyTorch so far
        self._work = 0
        self._most = most
        for step in program:
            self._apply(step)
        self.program = program

    def after(self, *steps: Step | Edit | Drop) -> "Shelf":
        """A new shelf with these steps added. Raises `TensorError` if the program gets too long or a step fails."""
        program = _append(self.program, steps)
        if len(program) > MAX_STEPS:
            program = needed(program)
        if len(program) > MAX_STEPS:
            raise TensorError("tensor.too_many_steps", f"at most {MAX_STEPS} steps", most=MAX_STEPS)
        return Shelf(program)

    def run(self, call: Call, rng_seed: int = 0) -> Outcome:
        """Run a call without changing the shelf. The result may share memory with the shelf's tensors.

        Raises `TensorError` if a tensor is missing, the result is too large, or PyTorch raises an error.
        """
        operation, values = call.operation, self.values(call)
        if operation.planned is not None:
            check_size(operation.planned(**values), self._most)
        check_work(self._work + operation.work(**values))
        random = {"rng_seed": rng_seed} if operation.is_random else {}
        try:
            # There is no backward pass, so do not let autograd keep tensors for one.
            with torch.autograd.graph.saved_tensors_hooks(_discard, _unavailable):
                made = operation.run(**values, **random)
        except REFUSALS as error:
            raise refused(error) from error
        result, others = (made.result, made.others) if isinstance(made, OpResult) else (made, {})
        check_size(result.shape, self._most)
        return Outcome(call, result, others, values)

    def trial(self, steps: tuple[Step, ...], call: Call) -> Outcome:
        """Run a call after some steps, without changing the shelf. No step may write to the shelf's tensors."""
        other = Shelf(())
        other.tensors, other._work = dict(self.tensors), self._work
        for step in steps:
            other._put(step)
        return other.run(call)

    def tensor(self, name: str) -> torch.Tensor:
        """The tensor with this name. Raises `TensorError` if it is missing."""
        if name not in self.tensors:
            raise TensorError("tensor.missing", f"there is no tensor {name} on the shelf", name=name)
        return self.tensors[name]

    def values(self, call: Call) -> dict[str, Any]:
        """The values of a call, with tensors in place of names, or None if a tensor does not apply."""
        return {name: self._value(call, name) for name in call.operation.params}

    @property
    def free(self) -> str:
        """The first unused name, or the last name if all are used."""
        return next((name for name in NAMES if name not in self.tensors), NAMES[-1])

    def _value(self, call: Call, name: str) -> Any:
        param, value = call.operation.params[name], call.args[name]
        if param.when is not None and call.args[param.when[0]] != param.when[1]:
            return None if isinstance(param, Source | Sources) else value
        if isinstance(param, Source):
            return self.tensor(value)
        return tuple(map(self.tensor, value)) if isinstance(param, Sources) else value

    def _apply(self, step: Step | Edit | Drop) -> None:
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
        outcome = self.run(step.call, step.rng_seed)
        self._work += step.call.operation.work(**outcome.values)
        lines = step.call.lines(step.target)
        if step.call.operation.is_random:
            if self._seeded and "manual_seed" not in lines:
                lines = f"torch.seed()\n{lines}"  # else random numbers would follow from the last seed
            self._seeded = True
        if "array" in outcome.others:
            if "array" in self._arrays.values():  # the name is used, and its array may still be edited
                lines = lines.replace("array", f"array_{step.target.lower()}")
            self._arrays[step.target] = lines.split(" = ", 1)[0]
        there = {**self.tensors, step.target: outcome.result}
        self.tensors = {name: there[name] for name in NAMES if name in there}
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
            cells = array if isinstance(array, np.ndarray) else array.numpy()
            line = f"{name}[{place}] = {edit.value!r}"
            try:
                with np.errstate(over="raise"):
                    self._write(cells, edit)
            except FloatingPointError:  # too large for its type
                with np.errstate(over="ignore"):
                    self._write(cells, edit)
                line = f'with np.errstate(over="ignore"):  # too large for its type: infinity\n    {line}'
            self.code.append(line)
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
            raise TensorError(
                "tensor.does_not_fit",
                str(error),
                error=type(error).__name__,
                value=shortened(edit.value),
                dtype=str(cells.dtype).removeprefix("torch."),
            ) from error


def _discard(_tensor: torch.Tensor) -> None:
    """Save nothing for the backward pass."""


def _unavailable(_kept: None) -> torch.Tensor:
    raise RuntimeError("the lab keeps nothing for a backward pass")


def _append(program: Program, steps: Program) -> Program:
    """The program with these steps added; merges consecutive edits of the same cell."""
    for step in steps:
        last = program[-1] if program else None
        again = isinstance(step, Edit) and isinstance(last, Edit) and replace(last, value=step.value) == step
        program = (*(program[:-1] if again else program), step)
    return program


def refused(error: Exception) -> TensorError:
    """PyTorch's exception as a `TensorError`, with its type and message."""
    return TensorError("tensor.refused", said(error), error=type(error).__name__)


def said(error: Exception) -> str:
    """PyTorch's message, without the addresses in its own C++ code that some have below."""
    return str(error).partition("\nException raised from ")[0]


def changed(before: Shelf, after: Shelf) -> dict[str, torch.Tensor]:
    """Which cells differ between two shelves, as bool tensors by name; without names whose cells are all equal.

    Only compares names with equal shape and dtype. The NumPy array that A was made from is "A.array".
    """
    old, new = _all_values(before), _all_values(after)
    found = {}
    for name, cells in new.items():
        if name not in old or old[name].shape != cells.shape or old[name].dtype != cells.dtype:
            continue
        differ = (cells != old[name]) & ~((cells != cells) & (old[name] != old[name]))
        if bool(differ.any()):
            found[name] = differ
    return found


def _all_values(shelf: Shelf) -> dict[str, torch.Tensor]:
    tensors = {name: tensor.detach() for name, tensor in shelf.tensors.items()}
    arrays = {
        f"{name}.{other}": torch.from_numpy(array)
        for name, others in shelf.others.items()
        for other, array in others.items()
    }
    return tensors | arrays
