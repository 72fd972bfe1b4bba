"""What a session remembers of checkpoint files: the outputs of saved models, and the outcome of the last upload."""

import dataclasses
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import wb_core as wb

from ...widgets import fields

MAX_PROOFS = 8
"""The number of downloads that a session remembers."""

MAX_BYTES = 2_000_000
"""The largest accepted file in bytes; the largest model has 0.6 MB."""

T = TypeVar("T")


class Proofs(Generic[T]):
    """The outputs of downloaded models when they were saved (`saved`, by model), and the outcome of the last upload.

    A file that arrives during a training waits (`asks`) until the visitor has decided.
    """

    def __init__(self) -> None:
        self.saved: dict[Any, T] = {}
        self.file_id: str | None = None
        self.waits = self.asks = False
        self.arrive(b"")

    def remember(self, model: Any, output: T) -> None:
        """Store the output of a model that is being saved."""
        self.saved[model] = output
        while len(self.saved) > MAX_PROOFS:
            del self.saved[next(iter(self.saved))]

    def arrive(self, data: bytes, *, waits: bool = False) -> None:
        """Put a file in the place of the last one; it is not read yet, but `waits` for it."""
        self.data, self.waits = data, waits
        self.loaded = False
        self.rows: tuple[wb.Comparison, ...] = ()
        self.notes: tuple[wb.Note, ...] = ()
        self.error: wb.CheckpointError | wb.DataError | None = None
        self.fitting: Any = None  # the config whose model the file fits, if it is not the config of the controls

    def receive(self, config: Any, load: Callable[[Any, wb.Checkpoint], wb.Checkpoint], table: str | None) -> None:
        """Read the file and `load` it for a config; errors are stored, and then `load` must have changed nothing.

        `table` is the one to read if the file has several that fit.
        """
        self.arrive(self.data)
        try:
            run = on_cpu(config)
            found = wb.read_checkpoint(self.data, limit=min(MAX_BYTES, wb.size_limit(run)), table=table)
            rows = wb.compare_checkpoint(found, run)
            if not all(row.fits for row in rows):
                self.fitting = fitting(found, config)
            if self.fitting is None or type(self.fitting) is type(config):  # a model of this page
                self.rows = rows
            self.notes = load(config, found).notes
            self.loaded = True
        except (wb.CheckpointError, wb.DataError) as error:
            self.error = error


@dataclasses.dataclass
class Handover:
    """A file that was uploaded on one page and belongs to another, whose name is `page`."""

    page: str = ""
    data: bytes = b""


def on_cpu(config: Any) -> wb.Run:
    """An untrained run of the config on the CPU, which takes no GPU memory."""
    return wb.Run(dataclasses.replace(config, device="cpu"))


def fitting(found: wb.Checkpoint, config: Any) -> Any:
    """The config whose model a file fits, if it is another one: this one with another model, or one of another page."""
    own = wb.kind_of(config)
    for kind in (own, *(kind for kind in wb.KINDS.values() if kind is not own and kind.page)):
        other = wb.fitting_config(found, config if kind is own else _settings(kind))
        if other is not None:
            return None if other == config else other
    return None


def _settings(kind: wb.Kind) -> Any:
    """The config in the controls of another page, or the default one if that is invalid."""
    try:
        return kind.config(**fields.values(kind.config))
    except wb.ConfigError:
        return kind.config()
