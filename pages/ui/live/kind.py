"""What live sliders must know of a kind of training."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import wb_core as wb
from wb_core.base.points import points_fields

from ..figures.recording import Recording
from ..i18n import Translator

Watch = Callable[[], object]


@dataclass(frozen=True)
class LiveKind:
    """How the neighbours of runs of one kind look in the browser.

    `fields` are the settings whose control is a slider, `charts` the ids of the charts with a layout of their own for
    each stop. `stops(config, field)` are the stops of a slider. `numbers(config, field)` is how many numbers a stop
    takes, and `work(config, field)` how long it takes, in about 25 ns; `most_bytes` and `most_work` bound a message.

    `recordings(found, configs, trained, watch)` are what the page would show for each stop, apart from the columns that
    are the same for all: those the browser has from the server's recording. `over_time(config)` are its columns with
    numbers for each epoch, `others(config, field)` its other ones; `joined` columns are others one after the other.
    `layouts(recording)` are those of `charts`, `targets(recording)` those of the readouts.

    `outcome(label, good, diverged, translate)` are the first words about a run, and the tone of their box.
    `loss(config)` is the loss of which the browser can draw the landscape, "" for none.
    """

    config: type
    fields: Sequence[str]
    charts: Sequence[str]
    stops: Callable[[Any, str], Sequence[float]]
    numbers: Callable[[Any, str], int]
    work: Callable[[Any, str], int]
    most_bytes: int
    most_work: int
    recordings: Callable[[wb.Neighbours, Sequence[Any], bool, Watch], Iterator[Recording]]
    over_time: Callable[[Any], Sequence[str]]
    others: Callable[[Any, str], Sequence[str]]
    layouts: Callable[[Recording], Sequence[Mapping[str, Any]]]
    targets: Callable[[Recording], Sequence[float | None]]
    outcome: Callable[[str, bool, bool, Translator], tuple[str, str]]
    joined: Mapping[str, Sequence[str]]
    loss: Callable[[Any], str] = lambda config: ""

    @property
    def kind(self) -> wb.Kind:
        """The kind of its runs."""
        return wb.kind_of(self.config)

    def own_points(self, config: Any) -> list[Any]:
        """The points of a visitor's own in a config, for each of its settings that can have some."""
        return [getattr(config, name) for name in points_fields(config)]

    def has_neighbours(self, config: Any) -> bool:
        """Whether runs like this one train as a batch, on the processor."""
        batching = self.kind.batch
        try:
            return config.device == "cpu" and batching is not None and batching.alike(config) is not None
        except wb.ConfigError:  # its settings change during the run
            return False


def numbers_of(found: wb.Neighbours, row: int, names: Sequence[str]) -> dict[str, np.ndarray]:
    """The columns of a stop over the epochs that it has, with their `epoch`."""
    length = int(found.lengths[row])
    return {"epoch": found.epochs[:length], **{name: found.columns[name][row, :length].astype(float) for name in names}}
