"""A recording as plain data: columns of numbers, and charts that say which trace shows which column."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

Translate = Callable[[str], str]


MOST_SHOWN = 2_000
"""A chart shows at most about this many points, which every browser draws at once."""


@dataclass(frozen=True)
class Recording:
    """Named columns of numbers. Those that change over time have one number per frame; frame e shows epoch e.

    With `start_epoch` and other `start_...` columns, frame -1 shows the model before any training.

    Before training, it has one frame and `trained` is false. `goal` is the requested number of epochs, `loaded` says
    that training started from a checkpoint.
    """

    columns: Mapping[str, np.ndarray]
    frames: int
    trained: bool
    goal: int
    loaded: bool = False


@dataclass(frozen=True)
class Rows:
    """How a column grows with the frames: it has `lead` rows before that of frame 0, then one for every `every`-th."""

    lead: int = 0
    every: int = 1

    def until(self, frames: int) -> int:
        """How many rows belong to the first `frames` frames."""
        return self.lead + -(-frames // self.every)


@dataclass(frozen=True)
class Binding:
    """How a trace follows the displayed frame e. `x`, `y`, `z` name columns.

    whole: all of x and y in every frame, with `text` on hover. prefix: their first e + 1 + `lead` numbers.
    point: number e alone.
    line: all of x, and y = slope[e] * x + intercept[e]. grid: x, y and z as they are, z row by row.
    A trace with a `shadow` stays faintly as it was while a slider is held that changes it.
    """

    kind: Literal["whole", "prefix", "point", "line", "grid"]
    x: str
    y: str = ""
    z: str = ""
    slope: str = ""
    intercept: str = ""
    text: str = ""
    lead: int = 0
    log: bool = False
    shadow: bool = False


@dataclass(frozen=True)
class Key:
    """One entry of a chart's legend: a mark, its colour and its label."""

    mark: str
    color: str
    name: str


@dataclass(frozen=True)
class Titles:
    """The texts of a chart before training, after one epoch, and later.

    The player replaces {column} by the column's number in the frame, {+column} by the number with its sign apart, and
    {epoch} by its epoch, and {count} by the number of epochs done.
    """

    untrained: str
    one: str
    many: str

    @classmethod
    def two(cls, untrained: str, trained: str) -> "Titles":
        """The same text after one epoch and later."""
        return cls(untrained, trained, trained)


@dataclass(frozen=True)
class Chart:
    """A figure without data, a binding for each of its traces, its texts, and the layout that depends on the run.

    A `click` shows the epoch under the pointer, or tells the page the place in the chart, or the point there.
    """

    id: str
    figure: go.Figure
    bindings: Sequence[Binding]
    legend: Sequence[Key]
    titles: Titles
    summary: Titles
    layout: Mapping[str, Any] = field(default_factory=dict)
    click: Literal["", "epoch", "place", "point"] = ""


def padded(low: float, high: float, part: float = 0.06) -> list[float]:
    """The range from low to high with a margin on both sides."""
    air = (high - low) * part or max(abs(high), 1.0) * part
    return [low - air, high + air]


def steady(low: float, high: float) -> list[float]:
    """The range from low to high, widened to round numbers: runs that differ little have the same axes.

    So the axes of charts stay while a slider is dragged or a run grows, and only the curves move.
    """
    part = (high - low) / 8
    size = 10.0 ** math.floor(math.log10(part))
    step = max(size * factor for factor in (1, 2, 5) if size * factor <= part)
    return [math.floor(low / step) * step, math.ceil(high / step) * step]


def joined(before: Sequence[float], now: Sequence[float]) -> list[float]:
    """The range that holds both."""
    return [min(before[0], now[0]), max(before[1], now[1])]


def thinned(count: int, **points: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of `count` points for a chart: of more than `MOST_SHOWN`, every second, third, ... of each."""
    every = math.ceil(count / MOST_SHOWN)
    return {name: values[::every] for name, values in points.items()} if every > 1 else points
