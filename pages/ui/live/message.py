"""The neighbours of a run as the browser gets them: all numbers and layouts of the charts, for some stops of a slider.

A message is the length of its header as a 32-bit number, the header as JSON, and the numbers as float32, all
little-endian. The header's `columns` says in which order the columns come, and how many numbers each has: a list with
one length for each stop, or one length for all stops together. `joined` columns are others one after the other.
"""

import functools
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import wb_core as wb
from wb_core.base.fields import Number, specs

from ..figures.recording import Recording
from ..i18n import Translator
from ..widgets.numbers import number
from .kind import LiveKind, Watch
from .kinds import LIVE

MOST_STOPS = 64
"""Of one message. What has more stops comes in several: first every second, fourth, eighth ... of them."""

FIRST_EPOCHS = 1000
"""How far the first message about the epochs looks, or twice as far as the current value: 5,000 take a second."""


@dataclass(frozen=True)
class Question:
    """What a browser may ask for: the neighbours of `config` in `field`, in words of `language`.

    `part` is -1 for stops from the whole slider, or the number of a block of stops that follow each other. With
    `trained`, each stop shows its trained run, else the untrained model.
    """

    config: Any
    field: str
    part: int
    trained: bool
    language: str

    def __post_init__(self) -> None:
        """Raises `ValueError` if there is no such part."""
        if not -1 <= self.part < len(self.blocks):
            raise ValueError("there is no such part")

    @property
    def live(self) -> LiveKind:
        """What is to be known of the kind of the runs."""
        return LIVE[wb.kind_of(self.config).id]

    @functools.cached_property
    def stops(self) -> list[float]:
        """The stops of the slider, with the current value, which may come from a link."""
        return sorted({*self.live.stops(self.config, self.field), getattr(self.config, self.field)})

    @property
    def blocks(self) -> list[list[float]]:
        """The stops in parts that are small enough for a message."""
        stops, size = self.stops, self._most
        return [stops[first : first + size] for first in range(0, len(stops), size)]

    @property
    def _most(self) -> int:
        live = self.live
        numbers, work = live.numbers(self.config, self.field), live.work(self.config, self.field)
        return max(1, min(MOST_STOPS, live.most_bytes // max(4 * numbers, 1), live.most_work // work))

    @property
    def asked(self) -> list[float]:
        """The stops of this part."""
        if self.part >= 0:
            return self.blocks[self.part]
        stops, every = self.stops, 1
        if self.field == "epochs":  # one long run, which more stops do not make longer
            most = max(FIRST_EPOCHS, 2 * self.config.epochs)
            stops = [stop for stop in stops if stop <= most]
        most = self._most if len(stops) <= self._most else self._most / 2  # a first look, which the other parts follow
        while len(stops) > every * most:
            every *= 2
        return sorted({*stops[::every], getattr(self.config, self.field)})

    def places(self, values: Sequence[float]) -> list[float]:
        """Where these stops are on the slider: from 0 to 1."""
        spec = specs(self.config)[self.field]
        assert isinstance(spec, Number)  # noqa: S101
        if spec.log:  # with the same distance from one stop to the next
            stops = self.stops
            return [round(stops.index(value) / (len(stops) - 1), 5) for value in values]
        low, high = spec.offered
        return [round((value - low) / (high - low), 5) for value in values]


def message(question: Question, _: Translator, watch: Watch) -> bytes:
    """Train the stops of a question and describe them. `watch` is called again and again; it may raise to stop."""
    config, field, live = question.config, question.field, question.live
    found = wb.neighbours(config, field, question.asked, watch=watch)
    configs = [replace(config, **{field: value}) for value in found.values]
    header: dict[str, Any] = {
        "values": found.values,
        "blocks": [block[0] for block in question.blocks],
        "places": question.places(found.values),
        "outcomes": (outcomes := [*_outcomes(found, live, _)]),
        "summary": _summary(found.values, outcomes, _),
    }
    numbers: list[np.ndarray] = []
    if question.trained or specs(config)[field].group == "data":
        recordings = [*live.recordings(found, configs, question.trained, watch)]
        header |= _pictures(recordings, live, watch) | _columns(recordings, found, question, numbers)
        if len(found.epochs) < config.epochs and field != "epochs" and question.trained:
            note = _("Shows {shown} of {epochs} epochs until you let go.")
            header["note"] = note.format(shown=f"{len(found.epochs):,}", epochs=f"{config.epochs:,}")
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)  # the browser reads numbers only from multiples of their size
    body = np.concatenate([np.zeros(0), *numbers]).astype("<f4")
    return struct.pack("<I", len(text)) + text + body.tobytes()


def _pictures(recordings: Sequence[Recording], live: LiveKind, watch: Watch) -> dict[str, Any]:
    """The layouts of the charts, each different one once, and the targets of the readouts."""
    known: dict[str, int] = {}
    layouts = []
    for recording in recordings:
        watch()
        layouts.append([known.setdefault(json.dumps(layout), len(known)) for layout in live.layouts(recording)])
    return {
        "frames": [recording.frames for recording in recordings],
        "trained": [recording.trained for recording in recordings],
        "layouts": [json.loads(text) for text in known],
        "layout": layouts,
        "targets": [live.targets(recording) for recording in recordings],
        "joined": live.joined,
    }


def _columns(
    recordings: Sequence[Recording], found: wb.Neighbours, question: Question, numbers: list[np.ndarray]
) -> dict[str, Any]:
    """How many numbers each column has; the numbers themselves are added to `numbers`."""
    over_time = question.live.over_time(question.config)
    columns: dict[str, Any] = {"epoch": len(found.epochs)}
    numbers.append(found.epochs)
    longest = int(np.argmax(found.lengths))
    for name in (*over_time, *question.live.others(question.config, question.field)):
        parts = [recording.columns[name] for recording in recordings]
        if question.field == "epochs" and name in over_time:  # each run is the beginning of the longest
            columns[name] = len(parts[longest])
            numbers.append(parts[longest])
        else:
            columns[name] = [len(part) for part in parts]
            numbers.extend(parts)
    return {"columns": columns}


def _outcomes(found: wb.Neighbours, live: LiveKind, _: Translator) -> Iterator[dict[str, Any]]:
    """How the run of each stop ends: its label, its first words, and its last test loss unless it exploded."""
    for row, label in enumerate(found.labels):
        good, length = found.good[row], int(found.lengths[row])
        loss = float(found.columns["test_loss"][row, length - 1]) if length and label != "exploding" else None
        words, tone = live.outcome(label, good, bool(found.diverged_at[row] >= 0), _)
        yield {"label": "good" if good else label, "words": words, "tone": tone, "loss": loss}


def _summary(values: Sequence[float], outcomes: Sequence[dict[str, Any]], _: Translator) -> str:
    """The future of the slider for those who do not see it."""
    ended = [(one["loss"], value) for one, value in zip(outcomes, values, strict=True) if one["loss"] is not None]
    counts = {name: sum(one["label"] == name for one in outcomes) for name in ("exploding", "bouncing")}
    texts = [
        _("Exploding: {count} of {all} values.").format(count=counts["exploding"], all=len(outcomes)),
        _("Bouncing: {count} of {all} values.").format(count=counts["bouncing"], all=len(outcomes)),
    ]
    if ended:
        loss, value = min(ended)
        texts.insert(0, _("Best: {value}, with test loss {loss}.").format(value=f"{value:.10g}", loss=number(loss)))
    return " ".join(texts)
