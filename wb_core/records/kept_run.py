"""A run kept for comparison: settings, curves and outcome, as plain data."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from ..base.errors import TrayError
from ..base.fields import private_fields
from ..base.points import points_fields
from ..kinds import KINDS, kind_of
from ..kinds.images.stored_predictions import StoredPredictions
from .run_record import Outcome, RunRecord

MAX_KEPT = 8
"""A tray holds at most this many runs."""

MAX_CURVE = 500
"""A curve is kept with at most this many points."""

MAX_KEPT_POINTS = 1_500
"""A run is kept with at most this many points of one's own."""

MAX_EPOCHS = 10_000_000
MAX_SECONDS = 1e9
DEVICE = re.compile(r"(cpu|cuda|mps)(:\d{1,3})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """A run in the tray. Raises `TrayError` ("tray.bad_value", with `field`) for values that no run can have.

    More than 1,500 points of one's own are refused, too ("tray.too_many_points").

    `epochs` are the x values of the curves, counted from 0, ascending, including the first and last of `done` epochs.
    `columns` has one curve per metric of the kind, rounded to 9 digits, which distinguish any two float32 numbers.
    `loaded` means that training started from a checkpoint. `name` has at most `MAX_NAME` characters.
    `predictions` are those of the last test for all test images, or None if unknown.
    """

    MAX_NAME: ClassVar[int] = 40

    name: str
    config: Any
    epochs: tuple[int, ...]
    columns: Mapping[str, tuple[float, ...]]
    done: int
    seconds: float
    device: str
    outcome: Outcome
    loaded: bool = False
    predictions: StoredPredictions | None = None

    def __post_init__(self) -> None:
        _expect("name", is_name(self.name))
        _expect("config", type(self.config) in [kind.config for kind in KINDS.values()])
        kind = kind_of(self.config)
        for name in points_fields(self.config):
            if (count := len(getattr(self.config, name))) > MAX_KEPT_POINTS:
                message = f"a kept run has at most {MAX_KEPT_POINTS} points, not {count}"
                raise TrayError("tray.too_many_points", message, field=name, count=count, limit=MAX_KEPT_POINTS)
        _expect("done", _is_whole(self.done) and 1 <= self.done <= MAX_EPOCHS)
        _expect("epochs", all(map(_is_whole, self.epochs)) and 1 <= len(self.epochs) <= MAX_CURVE)
        rising = all(a < b for a, b in zip(self.epochs, self.epochs[1:], strict=False))
        _expect("epochs", rising and self.epochs[0] == 0 and self.epochs[-1] == self.done - 1)
        metrics = {metric.name: metric for metric in kind.metrics}
        _expect("columns", self.columns.keys() == metrics.keys())
        for name, metric in metrics.items():
            values = self.columns[name]
            _expect(name, len(values) == len(self.epochs) and all(_is_number(v, metric.highest) for v in values))
        rounded = {name: tuple(float(f"{value:.9g}") for value in self.columns[name]) for name in metrics}
        object.__setattr__(self, "columns", rounded)
        _expect("seconds", _is_number(self.seconds, MAX_SECONDS))
        object.__setattr__(self, "seconds", float(f"{self.seconds:.9g}"))
        _expect("device", isinstance(self.device, str) and DEVICE.fullmatch(self.device) is not None)
        _expect("outcome", isinstance(self.outcome, str) and self.outcome in get_args(Outcome))
        _expect("loaded", isinstance(self.loaded, bool))
        _expect("answers", self.predictions is None or self._matches_test_set(self.predictions))
        if private := private_fields(self.config):  # such as a folder, which only this machine has
            object.__setattr__(self, "config", dataclasses.replace(self.config, **dict.fromkeys(private)))

    @classmethod
    def of(
        cls,
        name: str,
        config: Any,
        columns: Mapping[str, Sequence[float]],
        *,
        seconds: float,
        device: str,
        outcome: Outcome,
        loaded: bool = False,
        predictions: StoredPredictions | None = None,
    ) -> "KeptRun":
        """Keep a run, given the columns of its history (one number per epoch), thinned to `MAX_CURVE` points."""
        done = len(columns["train_loss"])
        epochs = thinned(done)
        return cls(
            name=name,
            config=config,
            epochs=epochs,
            columns={column: tuple(values[epoch] for epoch in epochs) for column, values in columns.items()},
            done=done,
            seconds=seconds,
            device=device,
            outcome=outcome,
            loaded=loaded,
            predictions=predictions,
        )

    @classmethod
    def of_record(cls, name: str, record: RunRecord, *, loaded: bool = False) -> "KeptRun":
        """Keep the record of a finished training."""
        columns = {metric.name: record.column(metric.name) for metric in kind_of(record.config).metrics}
        return cls.of(
            name,
            record.config,
            columns,
            seconds=record.epoch_seconds,
            device=record.device,
            outcome=record.outcome,
            loaded=loaded,
            predictions=_predictions(record),
        )

    def _matches_test_set(self, predictions: StoredPredictions) -> bool:
        """Whether the data set has as many test images as there are predictions."""
        test_size = kind_of(self.config).test_size
        return (
            test_size is not None
            and isinstance(predictions, StoredPredictions)
            and len(predictions) == test_size(self.config)
        )

    def last(self, column: str) -> float:
        """The last number of a curve."""
        return self.columns[column][-1]

    def same_as(self, other: "KeptRun") -> bool:
        """Whether both are the same run, apart from name and time."""
        if self.config != other.config:  # the common case, and `replace` below validates a whole copy
            return False
        return self == dataclasses.replace(other, name=self.name, seconds=self.seconds)


def _predictions(record: RunRecord) -> StoredPredictions | None:
    """The predictions of the last test; None if the last epoch was not tested or its logits are not finite."""
    evaluation = record.evaluation
    if evaluation is None or evaluation.accuracy != record.rows[-1].get("test_accuracy"):
        return None
    return StoredPredictions.of(evaluation.logits)


def thinned(count: int) -> tuple[int, ...]:
    """Up to `MAX_CURVE` evenly spaced numbers of 0 ... count - 1, including both ends."""
    if count <= MAX_CURVE:
        return tuple(range(count))
    return tuple(round(i * (count - 1) / (MAX_CURVE - 1)) for i in range(MAX_CURVE))


def is_name(name: object) -> bool:
    """Whether this is a valid name of a run: printable, 1 to `MAX_NAME` characters, without surrounding spaces."""
    return isinstance(name, str) and 1 <= len(name) <= KeptRun.MAX_NAME and name.isprintable() and name == name.strip()


def _is_whole(value: object) -> bool:
    return type(value) is int


def _is_number(value: object, highest: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= highest


def _expect(field: str, right: bool) -> None:
    if not right:
        raise TrayError("tray.bad_value", f"{field} is not what a kept run can have", field=field)
