"""The state of the tensor lab: the shelf, the displayed call, and the outcome of the last click."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch

import wb_core as wb
from wb_core.tensorlab import (
    NAMES,
    Call,
    Drop,
    Edit,
    Fix,
    Outcome,
    Program,
    Shelf,
    Step,
    changed,
    needed,
    read_call,
    read_program,
    rng_seeds,
    with_rng_seeds,
    write_program,
)
from wb_core.tensorlab.literal import read_number

from .view import TensorView

MAX_UNDO = 50


@dataclass(frozen=True)
class KeptResult:
    """A result kept on the shelf and still displayed: its call, its name there, its RNG seed."""

    call: Call
    name: str
    rng_seed: int


@dataclass(frozen=True)
class ClickOutcome:
    """The outcome of the last click: changed cells by name, an edit with its code, a kept result, or an error."""

    changed: Mapping[str, torch.Tensor] = field(default_factory=dict)
    edit: Edit | None = None
    code: str = ""
    kept: str = ""
    error: wb.WorkbenchError | None = None


def made_by(program: Program, name: str) -> int | None:
    """The index of the step that made the tensor with this name."""
    made = [number for number, step in enumerate(program) if isinstance(step, Step) and step.target == name]
    return made[-1] if made else None


def index_of(cell: int, tensor: torch.Tensor) -> tuple[int, ...]:
    """The index of a flat cell in every dimension; `TensorError` where there is none."""
    if cell >= tensor.numel():
        raise wb.TensorError("tensor.no_such_cell", f"there is no cell {cell}")
    return tuple(int(place) for place in torch.unravel_index(torch.tensor(cell), tensor.shape))


class TensorLab:
    """The visitor's shelf, always the result of its program: every action makes a new one.

    Streamlit may start a visitor's next script run before the last has ended, so actions take a lock.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.shelf = Shelf()
        self.past: list[Program] = []
        self.kept: KeptResult | None = None
        self.event = ClickOutcome()
        self.clicks = 0  # so that the browser redraws a cell whose edit failed
        self.written_at = -1.0  # when the browser says that the last cell was written
        self.call: Call | None = None  # the last valid one
        self.invalid = ""  # what is wrong with the controls since then
        self.target = self.shelf.free
        self.rng_seed = _new_rng_seed()
        self.seen: TensorView | None = None  # the last link
        self.tried: set[str] = set()  # the sections and operations that were displayed, and "Step", "Edit" or "Drop"

    @property
    def text(self) -> str:
        """The shelf as it stands in a link."""
        return write_program(needed(self.shelf.program))

    @property
    def edits(self) -> list[str]:
        """The code of the edits since the displayed result was kept."""
        shelf, kept = self.shelf, self.kept
        made = made_by(shelf.program, kept.name) if kept else None
        if made is None:
            return []
        later = zip(shelf.program[made + 1 :], shelf.code[made + 1 :], strict=True)
        return [code for step, code in later if isinstance(step, Edit)]

    @property
    def saved(self) -> dict[str, Any]:
        """The shelf with the RNG seeds that links omit, as JSON."""
        seeds = rng_seeds(needed(self.shelf.program))
        return {"shelf": self.text, "seeds": [*seeds], "rng_seed": self.rng_seed}

    def take_over(self, saved: Any) -> None:
        """Display the shelf of an earlier session. Raises `ValueError`, `KeyError` or `WorkbenchError` otherwise."""
        program, rng_seed = with_rng_seeds(read_program(saved["shelf"]), saved["seeds"]), saved["rng_seed"]
        if type(rng_seed) is not int or not 0 <= rng_seed < 2**31:
            raise ValueError("a seed is a whole number")
        self._replace(Shelf(program))
        self.rng_seed = rng_seed

    def follow(self, view: TensorView) -> None:
        """Fill the shelf as a link says, unless it is this visit's own; say which tensors its line misses."""
        if view.shelf != self.text:
            steps = needed(read_program(view.shelf))  # so that a link can't make the server compute for nothing
            reseeded = (Step(s.target, s.call, _new_rng_seed()) if isinstance(s, Step) else s for s in steps)
            self._remember()
            self._replace(Shelf(tuple(reseeded)))
        call = read_call(view.do)
        self.kept = self._found(call)
        missing = [name for name in call.sources if name not in self.shelf.tensors]
        if missing:
            self.event = ClickOutcome(
                error=wb.TensorError("tensor.missing", f"no tensor {missing[0]}", name=missing[0])
            )

    def show(self, call: Call) -> None:
        """Note the displayed call; a kept result stays displayed as long as its call is."""
        with self._lock:
            if self.kept is not None and (self.kept.call != call or self.kept.name not in self.shelf.tensors):
                self._let_go()
            if self.call is not None and call != self.call:
                self.event = ClickOutcome()
            self.call, self.invalid = call, ""
            self.tried |= {call.operation.section, call.operation.id}

    def show_invalid(self, error: wb.ConfigError) -> None:
        """Note what is wrong with the controls; once they change, the last click is no longer reported."""
        with self._lock:
            if str(error) != self.invalid:
                self.invalid, self.event = str(error), ClickOutcome()

    def outcome(self, call: Call) -> Outcome:
        """The result of a call: the one on the shelf, if it was kept there; else what the call gives now."""
        kept, shelf = self.kept, self.shelf
        outcome = shelf.run(call, kept.rng_seed if kept else self.rng_seed)
        if kept is None or kept.name not in shelf.tensors:
            return outcome
        others = {**outcome.others, **shelf.others.get(kept.name, {})}
        return Outcome(call, shelf.tensors[kept.name], others, outcome.values)

    def lines(self, call: Call) -> str:
        """The displayed code: that of the call, with the edits since it was kept, or with the last edit."""
        operation = call.operation
        if self.kept is not None:
            return "\n".join([self.shelf.made[self.kept.name], *self.edits])
        target = self.target if operation.keeps else operation.named
        lines = call.lines(target) if target else call.expression
        return "\n".join([*([self.event.code] if self.event.code else []), lines])

    def keep(self, call: Call) -> None:
        """Put the result of a call onto the shelf."""
        with self._lock:
            target, rng_seed = self.target, self.rng_seed
            if self._take(Step(target, call, rng_seed)):
                self._watch(call, target, rng_seed)

    def write(self, panel: str, cell: int, text: str) -> None:
        """Write a number into a cell of the board; a result that is not on the shelf is put there first."""
        with self._lock:
            self.clicks += 1
            try:
                value = read_number(text)
                call = self.call
                if panel in ("result", "array") and self.kept is None and call is not None and call.operation.keeps:
                    self._keep_and_write(call, cell, value, "array" if panel == "array" else "")
                else:
                    name, via = self._place(panel)
                    self._take(Edit(name, index_of(cell, self.shelf.tensor(name)), value, via))
            except wb.WorkbenchError as error:
                self.event = ClickOutcome(error=error)

    def drop(self, name: str) -> None:
        """Take a tensor off the shelf."""
        with self._lock:
            if name in self.shelf.tensors and self._take(Drop(name)):
                self.target = self.shelf.free

    def undo(self) -> None:
        """Take back the last step."""
        with self._lock:
            if self.past:
                before, self.shelf = self.shelf, Shelf(self.past.pop())
                watched = self.kept.name if self.kept else ""
                self._let_go()
                self.kept = self._found(self.call, watched) if self.call else None
                self.event = ClickOutcome(changed(before, self.shelf))

    def start_over(self, first: Shelf) -> None:
        """Restore the shelf of the beginning."""
        with self._lock:
            self._remember()
            self._replace(first)

    def draw_again(self) -> None:
        """Draw another RNG seed, for calls without a seed."""
        self._let_go()

    def name_next(self, name: str) -> None:
        """Give the next result this name."""
        self.kept, self.target = None, name

    def complain(self, error: wb.WorkbenchError) -> None:
        """Store what was wrong with the last click."""
        self.clicks += 1
        self.event = ClickOutcome(error=error)

    def repair(self, fix: Fix) -> None:
        """Do the steps that a repair needs before its call."""
        with self._lock:
            if fix.steps and self._take(*fix.steps):
                self.event = ClickOutcome(code="\n".join(step.call.lines(step.target) for step in fix.steps))

    def _keep_and_write(self, call: Call, cell: int, value: int | float | bool, via: str) -> None:
        """Keep a result and edit it, both or neither: a failing edit must not change the shelf."""
        target, rng_seed = self.target, self.rng_seed
        if target in self.shelf.tensors:
            raise wb.TensorError("tensor.not_kept", "the place is taken")
        result = self.shelf.run(call, rng_seed).result
        if self._take(Step(target, call, rng_seed), Edit(target, index_of(cell, result), value, via)):
            event = replace(self.event, kept=target)
            self._watch(call, target, rng_seed)
            self.event = event

    def _place(self, panel: str) -> tuple[str, str]:
        """The tensor behind a panel of the board, and the array through which it is written."""
        if panel in NAMES:
            return panel, ""
        if self.call is not None and panel == "result" and self.call.operation.written is not None:
            return self.call.sources[0], self.call.operation.written
        if self.kept is not None and panel in ("result", "array"):
            return self.kept.name, "" if panel == "result" else "array"
        raise wb.TensorError("tensor.not_kept", "this cannot be written into")

    def _take(self, *steps: Step | Edit | Drop) -> bool:
        """Do some steps; return whether they succeeded. If not, nothing changes."""
        before = self.shelf
        try:
            after = before.after(*steps)
        except wb.WorkbenchError as error:
            self.event = ClickOutcome(error=error)
            return False
        self._remember()
        self.tried |= {type(step).__name__ for step in steps}
        self.shelf, self.event, last = after, ClickOutcome(), steps[-1]
        if isinstance(last, Edit):
            # The cell had another value when the result was put on the shelf.
            base = before.after(*steps[:-1]) if steps[:-1] else before
            self.event = ClickOutcome(changed(base, after), last, after.code[-1])
        return True

    def _remember(self) -> None:
        self.past = [*self.past, self.shelf.program][-MAX_UNDO:]

    def _watch(self, call: Call, target: str, rng_seed: int) -> None:
        """Display a result that has just been kept, and draw another RNG seed."""
        self.rng_seed = _new_rng_seed()
        # The tensor may have replaced its own source.
        if target in call.sources:
            self._let_go()
            self.event = ClickOutcome(kept=target)
        else:
            self.kept = KeptResult(call, target, rng_seed)

    def _let_go(self) -> None:
        """Display no kept result, and give the next one a free name."""
        self.kept, self.rng_seed = None, _new_rng_seed()
        self.target = self.shelf.free

    def _found(self, call: Call, first: str = "") -> KeptResult | None:
        """The tensor on the shelf that is the result of a call, to be displayed again."""
        for name in sorted(self.shelf.tensors, key=lambda name: name != first):
            made = made_by(self.shelf.program, name)
            step = None if made is None else self.shelf.program[made]
            if isinstance(step, Step) and step.call == call and name not in call.sources:
                return KeptResult(call, name, step.rng_seed)
        return None

    def _replace(self, shelf: Shelf) -> None:
        self.shelf, self.event = shelf, ClickOutcome()
        self._let_go()


def _new_rng_seed() -> int:
    return random.SystemRandom().randrange(2**31)
