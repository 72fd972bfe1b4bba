"""Training inside a visitor's own script run: short runs at once, longer ones with progress and a way to stop."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import streamlit as st

import wb_core as wb

from .i18n import _
from .widgets.numbers import number

LONG = 0.5  # a run that will take more seconds than this shows its progress
SLICE = 0.05  # seconds of training between two looks at what the visitor does
GUESS_AFTER = 3  # slices; the fastest of them tells how long the rest will take, because any may have had to wait
REPORT = 0.2  # seconds between two updates of the progress bar; it isn't worth showing for less

# Python runs one thread at a time. Trainings that take turns, a slice each, leave the server's own thread its share
# however many people train; without this it would wait behind all of them.
_PROCESSOR = threading.Lock()


@contextlib.contextmanager
def training_slot() -> Iterator[None]:
    """Take the processor for one slice, then let the next training have it: a lock alone is no queue."""
    with _PROCESSOR:
        yield
    time.sleep(0.001)


class InTurns:
    """What script runs train in slices, one at a time: only the latest one, which holds the turn, may."""

    run: wb.Run

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = 0

    def take_turn(self) -> int:
        """Begin a new turn and return it; only its holder may train."""
        with self._lock:
            self._turn += 1
            return self._turn

    def advance(self, turn: int, seconds: float) -> bool:
        """Train for about `seconds` if `turn` is current; returns whether it still is."""
        with self._lock:
            if turn == self._turn:
                self._train(seconds)
            return turn == self._turn

    def _train(self, seconds: float) -> None:
        self.run.advance(seconds=seconds)


class Training(Protocol):
    """What a page's state must offer to be trained here; see `LinearLab`."""

    run: wb.Run

    def take_turn(self) -> int: ...
    def advance(self, turn: int, seconds: float) -> bool: ...
    def stop(self) -> None: ...


def train(lab: Training, place: Any, key: str, on_long: Callable[[], None] = lambda: None) -> bool:
    """Train the rest of the displayed run; when it takes longer, with a progress bar in `place`, an `st.empty()`.

    As soon as it is known to take long, `on_long` is called, once. Returns whether it was. When the visitor does
    something else meanwhile, this script run ends here, and the run is as far as it came.
    """
    turn, run, bar = lab.take_turn(), lab.run, None
    began, first, reported = time.monotonic(), run.epoch, 0.0
    slices, speed = 0, 0.0  # epochs a second, of the fastest slice
    while not run.done:
        before, epoch = time.monotonic(), run.epoch
        try:
            with training_slot():
                mine = lab.advance(turn, SLICE)
        except Exception:
            lab.stop()  # or the next script run would walk into the same error, and no button could be drawn
            raise
        if not mine:
            st.stop()
        now = time.monotonic()
        spent, slices, speed = now - began, slices + 1, max(speed, (run.epoch - epoch) / max(now - before, 1e-9))
        if run.done:
            break
        if bar is None:
            rest = (run.epochs - run.epoch) / max(speed, 1e-9)
            if slices < GUESS_AFTER or rest < REPORT or spent + rest < LONG:
                continue
            on_long()
            row = place.container(horizontal=True, vertical_alignment="center", key=f"{key}.progress")
            bar = row.progress(0.0)
            row.button(_("Stop"), key=f"{key}.stop", on_click=lab.stop, icon=":material/stop:")
        if time.monotonic() >= reported + REPORT:
            reported = time.monotonic()
            left = spent / max(run.epoch - first, 1) * (run.epochs - run.epoch)
            bar.progress(run.epoch / run.epochs, text=_progress(run, left))
    place.empty()
    return bar is not None


def _progress(run: wb.Run, left: float) -> str:
    last = run.history.row(-1)
    return _(
        "Epoch {epoch} of {epochs} · train loss {train_loss} · test loss {test_loss} · about {left} s left"
    ).format(
        epoch=f"{run.epoch:,}",
        epochs=f"{run.epochs:,}",
        train_loss=number(last["train_loss"]),
        test_loss=number(last["test_loss"]),
        left=f"{left:.1f}",
    )
