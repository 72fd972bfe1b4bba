"""Training inside a visitor's own script run: short runs at once, longer ones with progress and a way to stop."""

import threading
import time
from collections.abc import Callable
from typing import Any

import wb_core as wb

from .i18n import _
from .numbers import number

LONG = 0.5  # a run that will take more seconds than this shows its progress
GUESS_AFTER = 0.15  # seconds of training that tell how long the rest will take
SLICE = 0.05  # seconds of training between two looks at what the visitor does

# Python runs one thread at a time. Trainings that take turns, a slice each, leave the server's own thread its share
# however many people train; without this it would wait behind all of them.
_turn = threading.Lock()


def train(run: wb.Run, place: Any, on_stop: Callable[[], None], key: str) -> None:
    """Train the rest of a run; when it takes longer, with a progress bar in `place`, an `st.empty()`.

    Every update of the bar is a point where Streamlit may end this script run because the visitor did something else;
    the run is then as far as it came, and the next script run goes on or leaves it.
    """
    began, first, bar = time.monotonic(), run.epoch, None
    while not run.done:
        with _turn:
            run.advance(seconds=SLICE)
        spent = time.monotonic() - began
        left = spent / max(run.epoch - first, 1) * (run.epochs - run.epoch)
        if run.done or (bar is None and (spent < GUESS_AFTER or spent + left < LONG)):
            continue
        if bar is None:
            row = place.container(horizontal=True, vertical_alignment="center", key=f"{key}.progress")
            bar = row.progress(0.0)
            row.button(_("Stop"), key=f"{key}.stop", on_click=on_stop, icon=":material/stop:")
        bar.progress(run.epoch / run.epochs, text=_progress(run, left))
    place.empty()


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
