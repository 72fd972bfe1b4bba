"""The state of the tensor lab: what a visitor has done on the shelf, and what became of it just now."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

import wb_core as wb
from wb_core.tensorlab import (
    NAMES,
    START,
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
    read_program,
    write_program,
)
from wb_core.tensorlab.literal import read_number

from .view import TensorView

MOST_UNDO = 50


@dataclass(frozen=True)
class Kept:
    """A result that was put on the shelf, where it can be watched: the call, its name there, the lines before it."""

    call: Call
    name: str
    lines: int


@dataclass(frozen=True)
class Event:
    """What the last click did: the cells that it changed by name, and the edit or the error that there was."""

    changed: Mapping[str, torch.Tensor] = field(default_factory=dict)
    edit: Edit | None = None
    error: wb.WorkbenchError | None = None


class TensorLab:
    """The visitor's shelf. It is always what comes of the program; whoever does something gets a new one."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.past: list[Program] = []
        self.kept: Kept | None = None
        self.event = Event()
        self.clicks = 0  # so that the browser shows a cell anew whose edit was refused
        self.call: Call | None = None  # the last one that made sense
        self.target = self.shelf.free
        self.luck = _luck()
        self.seen: TensorView | None = None  # what the link said last

    @property
    def text(self) -> str:
        """The shelf as it stands in a link."""
        return write_program(needed(self.shelf.program))

    def follow(self, view: TensorView) -> None:
        """Fill the shelf as a link says, unless it is this visit's own."""
        if view.shelf != self.text:
            lucky = (
                s if not isinstance(s, Step) else Step(s.target, s.call, _luck()) for s in read_program(view.shelf)
            )
            self._replace(Shelf(tuple(lucky)))

    def show(self, call: Call) -> None:
        """Note what is on show; a result that was kept is watched for as long as its line is."""
        if self.kept is not None and (self.kept.call != call or self.kept.name not in self.shelf.tensors):
            self.kept = None
            self.target = self.shelf.free
        if call != self.call:
            self.event = Event(changed=self.event.changed) if self.event.edit else Event()
        self.call = call

    def outcome(self, call: Call) -> Outcome:
        """The result of a call: the one on the shelf, if it was kept there; else what the call gives now."""
        outcome = self.shelf.run(call, self.luck)
        if self.kept is None:
            return outcome
        others = {**outcome.others, **self.shelf.others.get(self.kept.name, {})}
        return Outcome(call, self.shelf.tensors[self.kept.name], others, outcome.values)

    def lines(self, call: Call) -> str:
        """The code of what is on show: the call's, and that of the edits since it was kept."""
        name = self.kept.name if self.kept else self.target
        if not call.operation.keeps:
            return call.expression if call.operation.id == "look" else f"array = {call.expression}"
        since = self.shelf.code[self.kept.lines :] if self.kept else []
        return "\n".join([call.lines(name), *since])

    def keep(self) -> None:
        """Put the result on show onto the shelf."""
        if self.call is not None and self._take(Step(self.target, self.call, self.luck)):
            # A tensor that took the place of its own source shows other things from now on.
            if self.target not in self.call.sources:
                self.kept = Kept(self.call, self.target, len(self.shelf.code))
            else:
                self.target = self.shelf.free

    def complain(self, error: wb.WorkbenchError) -> None:
        """Note what was wrong with the last click."""
        self.clicks += 1
        self.event = Event(error=error)

    def write(self, panel: str, cell: int, text: str) -> None:
        """Write a number into a cell of the board."""
        self.clicks += 1
        try:
            value = read_number(text)
            if panel == "result" and self.kept is None and self.call is not None and self.call.operation.keeps:
                self.keep()
                if self.event.error is not None:
                    return
            name, via = self._place(panel)
            if cell >= self.shelf.tensor(name).numel():
                raise wb.TensorError("tensor.no_such_cell", f"{name} has no cell {cell}")
            index = tuple(int(i) for i in torch.unravel_index(torch.tensor(cell), self.shelf.tensors[name].shape))
            edit = Edit(name, index, value, via)
        except wb.WorkbenchError as error:
            self.event = Event(error=error)
        else:
            self._take(edit)

    def drop(self, name: str) -> None:
        """Take a tensor off the shelf."""
        if name in self.shelf.tensors:
            self._take(Drop(name))
            self.target = self.shelf.free

    def undo(self) -> None:
        """Take back the last step."""
        if self.past:
            shelf = Shelf(self.past.pop())
            self.event, self.kept = Event(changed(self.shelf, shelf)), None
            self.shelf, self.target = shelf, shelf.free

    def start_over(self) -> None:
        """Put back what stood on the shelf in the beginning."""
        self.past.append(self.shelf.program)
        self._replace(Shelf(START))

    def draw_again(self) -> None:
        """Let the dice roll on, for calls without a seed."""
        self.luck = _luck()

    def mend(self, fix: Fix) -> None:
        """Take the steps that a repair needs before its call."""
        if fix.steps:
            self._take(*fix.steps)

    def _place(self, panel: str) -> tuple[str, str]:
        """The tensor behind a panel of the board, and the array through which it is written."""
        if panel in NAMES:
            return panel, ""
        if self.call is not None and not self.call.operation.keeps:
            return self.call.sources[0], "" if self.call.operation.id == "look" else "numpy"
        if self.kept is not None and panel in ("result", "array"):
            return self.kept.name, "" if panel == "result" else "array"
        raise wb.TensorError("tensor.not_kept", "this cannot be written into")

    def _take(self, *steps: Step | Edit | Drop) -> bool:
        """Take some steps, and say whether that was possible; if not, everything stays as it is."""
        before = self.shelf
        try:
            self.shelf = before.after(*steps)
        except wb.WorkbenchError as error:
            self.event = Event(error=error)
            return False
        self.past = [*self.past, before.program][-MOST_UNDO:]
        last = steps[-1]
        if isinstance(last, Edit):
            self.event = Event(changed(before, self.shelf), last)
        else:
            self.event = Event()
        return True

    def _replace(self, shelf: Shelf) -> None:
        self.shelf, self.kept, self.event = shelf, None, Event()
        self.target = shelf.free


def _luck() -> int:
    return random.SystemRandom().randrange(2**31)
