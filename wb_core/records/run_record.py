"""What is kept of a run for comparison: its settings, its curves and what became of it, as plain data."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from ..base.errors import TrayError
from ..base.fields import private_fields
from ..kinds import KINDS, kind_of
from ..kinds.images.stored_predictions import StoredPredictions

Outcome = Literal["done", "stopped", "exploded"]

MOST_KEPT = 8
"""A tray holds at most this many runs."""

MOST_CURVE = 500
"""A curve is kept with at most this many points."""

MOST_EPOCHS = 10_000_000
MOST_SECONDS = 1e9
DEVICE = re.compile(r"(cpu|cuda|mps)(:\d{1,3})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """A run as it is compared with others. Raises `TrayError` ("tray.bad_value", `field`) on what no run can be.

    `epochs` numbers the points of the curves: from 0, ascending, the first and the last of `done` epochs among them.
    `test_accuracy` is in percent, and None for a line. `loaded` says that the start came out of a checkpoint. Numbers
    of the curves have 9 digits, as many as tell any two float32 apart. A name has at most `MOST_NAME` letters.
    `predictions` are those of the last test, for all test pictures of the data set; None where they are unknown.
    """

    MOST_NAME: ClassVar[int] = 40

    name: str
    config: Any
    epochs: tuple[int, ...]
    train_loss: tuple[float, ...]
    test_loss: tuple[float, ...]
    test_accuracy: tuple[float, ...] | None = None
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
        _expect("done", _is_whole(self.done) and 1 <= self.done <= MOST_EPOCHS)
        _expect("epochs", all(map(_is_whole, self.epochs)) and 1 <= len(self.epochs) <= MOST_CURVE)
        rising = all(a < b for a, b in zip(self.epochs, self.epochs[1:], strict=False))
        _expect("epochs", rising and self.epochs[0] == 0 and self.epochs[-1] == self.done - 1)
        metrics = {metric.name: metric for metric in kind.metrics}
        _expect("test_accuracy", (self.test_accuracy is not None) == ("test_accuracy" in metrics))
        for column, metric in metrics.items():
            values = getattr(self, column)
            _expect(column, len(values) == len(self.epochs) and all(_is_number(v, metric.highest) for v in values))
            object.__setattr__(self, column, tuple(float(f"{value:.9g}") for value in values))
        _expect("seconds", _is_number(self.seconds, MOST_SECONDS))
        object.__setattr__(self, "seconds", float(f"{self.seconds:.9g}"))
        _expect("device", isinstance(self.device, str) and DEVICE.fullmatch(self.device) is not None)
        _expect("outcome", isinstance(self.outcome, str) and self.outcome in get_args(Outcome))
        _expect("loaded", isinstance(self.loaded, bool))
        _expect("answers", self.predictions is None or self._can_predict(self.predictions))
        if private := private_fields(self.config):  # a folder of this machine is of no use elsewhere
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
        """Keep a run with these columns of its history, one number an epoch, thinned to `MOST_CURVE` points."""
        done = len(columns["train_loss"])
        epochs = thinned(done)
        return cls(
            name=name,
            config=config,
            epochs=epochs,
            **{column: tuple(values[epoch] for epoch in epochs) for column, values in columns.items()},
            done=done,
            seconds=seconds,
            device=device,
            outcome=outcome,
            loaded=loaded,
            predictions=predictions,
        )

    def _can_predict(self, predictions: StoredPredictions) -> bool:
        """Whether there are as many as the run's data set has test pictures."""
        test_size = kind_of(self.config).test_size
        return (
            test_size is not None
            and isinstance(predictions, StoredPredictions)
            and len(predictions) == test_size(self.config)
        )

    def same_as(self, other: "KeptRun") -> bool:
        """Whether it is the same run, whatever it is called and however long it took."""
        if self.config != other.config:  # as most are, and a copy is checked as if it came from a stranger
            return False
        return self == dataclasses.replace(other, name=self.name, seconds=self.seconds)


def thinned(count: int) -> tuple[int, ...]:
    """At most `MOST_CURVE` of the numbers 0 ... count - 1, evenly spread, with the first and the last."""
    if count <= MOST_CURVE:
        return tuple(range(count))
    return tuple(round(i * (count - 1) / (MOST_CURVE - 1)) for i in range(MOST_CURVE))


def is_name(name: object) -> bool:
    """Whether this can be the name of a run: letters that can be seen, not too many, no space around them."""
    return isinstance(name, str) and 1 <= len(name) <= KeptRun.MOST_NAME and name.isprintable() and name == name.strip()


def _is_whole(value: object) -> bool:
    return type(value) is int


def _is_number(value: object, highest: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= highest


def _expect(field: str, right: bool) -> None:
    if not right:
        raise TrayError("tray.bad_value", f"{field} is not what a kept run can have", field=field)
