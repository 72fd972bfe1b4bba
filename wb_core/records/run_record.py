"""What is known of a training: its settings, its recorded epochs, its outcome and what it has learned."""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.evaluation import Evaluation
from ..base.fields import specs
from ..kinds import kind_of
from ..kinds.run import Run

State = Literal["queued", "starting", "running", "done", "failed", "cancelled"]
Outcome = Literal["done", "stopped", "exploded"]


class Rows(Sequence[dict[str, float]]):
    """The recorded epochs, a dict for each; `columns` names the columns of `values` (epochs, columns).

    It never changes: later epochs are in the rows of a later report.
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
        """All numbers of a column, epoch by epoch."""
        numbers: list[float] = self.values[:, self.columns.index(name)].tolist()
        return numbers


NO_ROWS = Rows((), np.empty((0, 0), np.float64))


@dataclass(frozen=True, eq=False, kw_only=True)
class RunRecord:
    """A training at one moment, wherever it runs: jobs stream into one, sweeps list them, and a tray keeps some.

    `rows` has the recorded epochs, `seconds` the training time so far. `diverged_at` is the epoch that could not be
    recorded. `evaluation` is the last test and `weights` the tested state_dict, on the CPU, for kinds that keep them.
    """

    config: Any
    state: State
    rows: Sequence[dict[str, float]] = field(default_factory=lambda: NO_ROWS)
    seconds: float = 0.0
    device: str = "cpu"
    evaluation: Evaluation | None = None
    weights: Mapping[str, torch.Tensor] | None = None
    diverged_at: int | None = None

    @property
    def finished(self) -> bool:
        """Whether this is the last record of the training: it is done, failed or cancelled."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def outcome(self) -> Outcome:
        """How the training ended, or would end if it were stopped now."""
        if self.diverged_at is not None:
            return "exploded"
        return "done" if self.state == "done" else "stopped"

    @property
    def epochs(self) -> int:
        """How many epochs are recorded."""
        return len(self.rows)

    @property
    def epoch_seconds(self) -> float:
        """The time of the recorded epochs, for kinds that record it; else the training time."""
        return sum(self.column("seconds")) if self.rows and "seconds" in self.rows[0] else self.seconds

    def column(self, name: str) -> list[float]:
        """A column of the recorded epochs."""
        return self.rows.column(name) if isinstance(self.rows, Rows) and self.rows else [r[name] for r in self.rows]

    def metrics(self) -> dict[str, float]:
        """The kind's metrics in numbers, nan before the first epoch.

        `final_...` is the number of the last epoch, `best_...` the best of each metric of a test, and `best_epoch` the
        epoch, from 0, of the last of these.
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
    """The record of a run of this process. One that is not done counts as cancelled, which it is until it goes on."""
    most = getattr(specs(run.config)["epochs"], "high", run.epochs)
    history = run.history
    return RunRecord(
        config=dataclasses.replace(run.config, epochs=min(run.epochs, int(most))),  # `extend` can move the goal
        state="done" if run.done else "cancelled",
        rows=Rows(history.columns, np.array([history.column(name) for name in history.columns], np.float64).T),
        seconds=run.seconds,
        device=str(run.device),
        evaluation=run.evaluation,
        weights=run.recorded_weights,
        diverged_at=run.diverged_at,
    )
