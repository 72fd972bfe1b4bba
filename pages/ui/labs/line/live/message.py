"""The neighbours of a run as the browser gets them: all numbers and layouts of the charts, for some stops of a slider.

A message is the length of its header as a 32-bit number, the header as JSON, and the numbers as float32, all
little-endian. The header's `columns` says in which order the columns come, and how many numbers each has: a list with
one length for each stop, or one length for all stops together. `joined` columns are others one after the other.
"""

import functools
import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import wb_core as wb
from wb_core.base.fields import Number, specs

from ....figures.linear import AT_START, OWN_LINE, at_start, line_columns, line_recording, linear_layouts
from ....figures.recording import Recording
from ....i18n import Translator
from ....widgets.numbers import number
from ..diagnosis_sentences import first_words
from ..verdict import tone

FIELDS = ("weight", "bias", "noise", "train_fraction", "lr", "epochs")
"""The settings whose control is a slider."""

MOST_STOPS = 64
MOST_BYTES = 190_000
MOST_WORK = 20_000_000  # epochs x points x stops; about half a second
"""The bounds of one message. What has more stops comes in several: first every second, fourth, eighth ... of them."""

FIRST_EPOCHS = 1000
"""How far the first message about the epochs looks, or twice as far as the current value: 5,000 take a second."""

SHOWN = 200  # epochs of a run
OVER_TIME = ("train_loss", "test_loss", "weight", "bias")
OF_THE_DATA = (
    *("X_train", "y_train", "X_test", "y_test", "line_x"),
    *("best_y", "best_weight", "best_bias", "true_weight", "true_bias"),
)
OF_THE_START = (*AT_START, "grid_weight", "grid_bias")
OWN_START = tuple(f"start_{name}" for name in OWN_LINE)


@dataclass(frozen=True)
class Question:
    """What a browser may ask for: the neighbours of `config` in `field`, in words of `language`.

    `part` is -1 for stops from the whole slider, or the number of a block of stops that follow each other. With
    `trained`, each stop shows its trained run, else the untrained model.
    """

    config: wb.LinearConfig
    field: str
    part: int
    trained: bool
    language: str

    def __post_init__(self) -> None:
        """Raises `ValueError` if there is no such part."""
        if not -1 <= self.part < len(self.blocks):
            raise ValueError("there is no such part")

    @functools.cached_property
    def stops(self) -> list[float]:
        """The stops of the slider, with the current value, which may come from a link."""
        config, spec = self.config, specs(self.config)[self.field]
        assert isinstance(spec, Number)  # noqa: S101
        offered = spec.offered
        if self.field == "lr" and config.points:
            offered = wb.limits_of(wb.Run(config).data, config.loss).offered_lr(config)
        return sorted({*spec.stops_within(offered), getattr(config, self.field)})

    @property
    def blocks(self) -> list[list[float]]:
        """The stops in parts that are small enough for a message."""
        stops, size = self.stops, self._most
        return [stops[first : first + size] for first in range(0, len(stops), size)]

    @property
    def _most(self) -> int:
        config = self.config
        numbers = 0 if self.field == "epochs" else (6 if config.standardise else 4) * min(config.epochs, SHOWN)
        if specs(config)[self.field].group == "data":
            numbers += 2 * config.size
        work = 1 if self.field == "epochs" else config.epochs * config.size
        return max(1, min(MOST_STOPS, MOST_BYTES // max(4 * numbers, 1), MOST_WORK // work))

    @property
    def asked(self) -> list[float]:
        """The stops of this part."""
        if self.part >= 0:
            return self.blocks[self.part]
        stops, every = self.stops, 1
        if self.field == "epochs":  # one long run, which more stops do not make longer
            most = max(FIRST_EPOCHS, 2 * self.config.epochs)
            stops = [stop for stop in stops if stop <= most]
        while len(stops) > every * self._most:
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


def message(question: Question, _: Translator, watch: Callable[[], object]) -> bytes:
    """Train the stops of a question and describe them. `watch` is called again and again; it may raise to stop."""
    config, field = question.config, question.field
    found = wb.neighbours(config, field, question.asked, watch=watch)
    configs = [replace(config, **{field: value}) for value in found.values]
    header: dict[str, Any] = {
        "values": found.values,
        "blocks": [block[0] for block in question.blocks],
        "places": question.places(found.values),
        "outcomes": (outcomes := [*_outcomes(found, _)]),
        "summary": _summary(found.values, outcomes, _),
    }
    numbers: list[np.ndarray] = []
    if question.trained or specs(config)[field].group == "data":
        recordings = [*_recordings(found, configs, question.trained, watch)]
        header |= _pictures(recordings, watch) | _columns(recordings, found, question, numbers)
        if len(found.epochs) < config.epochs and field != "epochs" and question.trained:
            note = _("Shows {shown} of {epochs} epochs until you let go.")
            header["note"] = note.format(shown=f"{len(found.epochs):,}", epochs=f"{config.epochs:,}")
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)  # the browser reads numbers only from multiples of their size
    body = np.concatenate([np.zeros(0), *numbers]).astype("<f4")
    return struct.pack("<I", len(text)) + text + body.tobytes()


def _recordings(
    found: wb.Neighbours, configs: Sequence[wb.LinearConfig], trained: bool, watch: Callable[[], object]
) -> Iterator[Recording]:
    """What the page would show for each stop, apart from the ground of the landscape and the epochs left out."""
    of_data = specs(configs[0])[found.field].group == "data"
    start: dict[str, float] = {}
    for row, config in enumerate(configs):
        watch()
        if not row or of_data:
            run = wb.Run(config)
            start = at_start(run)
        length, diverged = int(found.lengths[row]), int(found.diverged_at[row])
        if trained and length:
            columns = {name: found.columns[name][row, :length].astype(float) for name in OVER_TIME}
            columns["epoch"] = found.epochs[:length]
        else:
            columns = {name: np.array([value]) for name, value in start.items()}
        goal = config.epochs if diverged < 0 or not trained else max(diverged, 1)
        best = found.limits[row].best
        yield line_recording(config, run.data, columns, start, best, trained=trained and length > 0, goal=goal)


def _pictures(recordings: Sequence[Recording], watch: Callable[[], object]) -> dict[str, Any]:
    """The layouts of the charts, each different one once, and the targets of the readouts."""
    known: dict[str, int] = {}
    layouts = []
    for recording in recordings:
        watch()
        layouts.append([known.setdefault(json.dumps(layout), len(known)) for layout in linear_layouts(recording)])
    return {
        "frames": [recording.frames for recording in recordings],
        "trained": [recording.trained for recording in recordings],
        "layouts": [json.loads(text) for text in known],
        "layout": layouts,
        "targets": [
            [None, None, *(float(one.columns[f"true_{name}"][0]) for name in line_columns(one))] for one in recordings
        ],
        "joined": {f"path_{name}": [f"start_{name}", name] for name in ("weight", "bias")},
    }


def _columns(
    recordings: Sequence[Recording], found: wb.Neighbours, question: Question, numbers: list[np.ndarray]
) -> dict[str, Any]:
    """How many numbers each column has; the numbers themselves are added to `numbers`."""
    over_time = (*OVER_TIME, *OWN_LINE) if question.config.standardise else OVER_TIME
    names = [*over_time, *OF_THE_START, *(OWN_START if question.config.standardise else ())]
    if specs(question.config)[question.field].group == "data":
        names += OF_THE_DATA
    columns: dict[str, Any] = {"epoch": len(found.epochs)}
    numbers.append(found.epochs)
    longest = int(np.argmax(found.lengths))
    for name in names:
        parts = [recording.columns[name] for recording in recordings]
        if question.field == "epochs" and name in over_time:  # each run is the beginning of the longest
            columns[name] = len(parts[longest])
            numbers.append(parts[longest])
        else:
            columns[name] = [len(part) for part in parts]
            numbers.extend(parts)
    return {"columns": columns}


def _outcomes(found: wb.Neighbours, _: Translator) -> Iterator[dict[str, Any]]:
    """How the run of each stop ends: its label, its first words, and its last test loss unless it exploded."""
    for row, label in enumerate(found.labels):
        good, length = found.good[row], int(found.lengths[row])
        loss = float(found.columns["test_loss"][row, length - 1]) if length and label != "exploding" else None
        words = first_words(label, good=good, diverged=bool(found.diverged_at[row] >= 0), translate=_)
        yield {"label": "good" if good else label, "words": words, "tone": tone(label, good), "loss": loss}


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
