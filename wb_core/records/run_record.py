"""A snapshot of a training: settings, recorded epochs, outcome and weights."""

import dataclasses
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.diagnosis import Diagnosis
from ..base.evaluation import Evaluation
from ..base.fields import specs
from ..base.history import History
from ..kinds import diagnose, kind_of
from ..kinds.run import Run

State = Literal["queued", "starting", "running", "done", "failed", "cancelled"]
Outcome = Literal["done", "stopped", "exploded"]


class Rows(Sequence[dict[str, float]]):
    """The recorded epochs as a sequence of dicts, backed by `values` (epochs, columns) with these `columns`.

    Immutable: later epochs come in the rows of a later report.
    """

    def __init__(self, columns: Sequence[str], values: NDArray[np.float64]) -> None:
        self.columns = tuple(columns)
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, epoch: int) -> dict[str, float]: ...
    @overload
    def __getitem__(self, epoch: slice) -> "Rows": ...
    def __getitem__(self, epoch: int | slice) -> "dict[str, float] | Rows":
        if isinstance(epoch, slice):
            return Rows(self.columns, self.values[epoch])
        return dict(zip(self.columns, self.values[epoch].tolist(), strict=True))

    def __iter__(self) -> Iterator[dict[str, float]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.values.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __repr__(self) -> str:
        return f"Rows({list(self)!r})"

    def column(self, name: str) -> list[float]:
        """A column, one number per epoch."""
        numbers: list[float] = self.values[:, self.columns.index(name)].tolist()
        return numbers


NO_ROWS = Rows((), np.empty((0, 0), np.float64))


@dataclass(frozen=True, eq=False, kw_only=True)
class RunRecord:
    """A snapshot of a training, in this process or a job.

    `rows` are the recorded epochs and `seconds` is the training time so far. `diverged_at` is the epoch at which it
    diverged, which is not recorded. `evaluation` is the last test and `weights` the state_dict it used, on the CPU, for
    kinds that keep them. `observed` is what a diagnosis gets besides (see `Run.observed`).
    """

    config: Any
    state: State
    rows: Sequence[dict[str, float]] = field(default_factory=lambda: NO_ROWS)
    seconds: float = 0.0
    device: str = "cpu"
    evaluation: Evaluation | None = None
    weights: Mapping[str, torch.Tensor] | None = None
    diverged_at: int | None = None
    observed: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def finished(self) -> bool:
        """Whether the training is done, failed or cancelled, so that no later record follows."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def outcome(self) -> Outcome:
        """How the training ended, or would end if stopped now."""
        if self.diverged_at is not None:
            return "exploded"
        return "done" if self.state == "done" else "stopped"

    @property
    def epochs(self) -> int:
        """The number of recorded epochs."""
        return len(self.rows)

    @property
    def epoch_seconds(self) -> float:
        """The seconds of the recorded epochs if the kind records them, else the training time."""
        return sum(self.column("seconds")) if self.rows and "seconds" in self.rows[0] else self.seconds

    def column(self, name: str) -> list[float]:
        """A column of the recorded epochs, one number per epoch."""
        return self.rows.column(name) if isinstance(self.rows, Rows) and self.rows else [r[name] for r in self.rows]

    @functools.cached_property
    def diagnosis(self) -> Diagnosis:
        """What the training shows, without advice."""
        names = self.rows.columns if isinstance(self.rows, Rows) else tuple(self.rows[0]) if self.rows else ()
        history = History.of(names or kind_of(self.config).run.columns, [self.column(name) for name in names])
        return diagnose(history, self.config, advise=False, **{"diverged_at": self.diverged_at, **self.observed})

    def metrics(self) -> dict[str, float]:
        """The final and best value of each metric, nan before the first epoch.

        `final_...` is the value of the last epoch, `best_...` the best value of a test metric. `best_epoch`, counted
        from 0, belongs to the last of the test metrics.
        """
        columns = {metric: self.column(metric.name) for metric in kind_of(self.config).metrics}
        found = {f"final_{metric.name}": values[-1] if values else math.nan for metric, values in columns.items()}
        best_epoch = math.nan
        for metric, values in columns.items():
            if metric.name.startswith("test_"):
                best = (max if metric.higher_is_better else min)(values, default=math.nan)
                found[f"best_{metric.name}"] = best
                best_epoch = values.index(best) if values else math.nan
        return found | {"best_epoch": best_epoch}


def record_of(run: Run) -> RunRecord:
    """The record of a run in this process. An unfinished run counts as cancelled, until it continues."""
    most = getattr(specs(run.config)["epochs"], "high", run.epochs)
    history = run.history
    return RunRecord(
        config=dataclasses.replace(run.config, epochs=min(run.epochs, int(most))),  # `extend` can exceed the bound
        state="done" if run.done else "cancelled",
        rows=Rows(history.columns, np.array([history.column(name) for name in history.columns], np.float64).T),
        seconds=run.seconds,
        device=str(run.device),
        evaluation=run.evaluation,
        weights=run.recorded_weights,
        diverged_at=run.diverged_at,
        observed=run.observed,
    )
