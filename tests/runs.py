"""Runs of the engine, to compare with."""

from dataclasses import dataclass

import torch

import wb_core as wb
from wb_core.kinds.line.batch import Batch
from wb_core.kinds.line.data import CPU, LineData, line_data

CHUNK = 100  # epochs


def finished(config, **options):
    """A run of this config, trained to its end."""
    run = wb.Run(config, **options)
    run.finish()
    return run


def without_seconds(rows):
    """The rows of a history without `seconds`, which differs from run to run."""
    return [{name: number for name, number in row.items() if name != "seconds"} for row in rows]


@dataclass(frozen=True)
class Recorded:
    """What a `wb.Run` of a line says of itself once it has stopped."""

    config: wb.LinearConfig
    data: LineData
    history: wb.History
    diverged_at: int | None
    line: dict[str, float]

    @property
    def epoch(self):
        return len(self.history)


class Training:
    """A training of a line that can be looked at after any number of epochs, each of which is trained once.

    As a batch of one: with the bits of `wb.Run` (see test_sweep.py), in half the time.
    """

    def __init__(self, config):
        self.config, self.data = config, line_data(config, CPU)
        self._batch = Batch([config], [self.data])

    def after(self, epochs):
        """What a run has recorded after this many epochs, or fewer if it diverges."""
        batch = self._batch
        if (missing := epochs - len(batch.record)) > 0:
            batch.record = torch.cat([batch.record, torch.empty(missing, 6, 1)])
        while batch.epochs < epochs and (not batch.epochs or batch.record[batch.epochs - 1].isfinite().all()):
            for _ in range(min(CHUNK, epochs - batch.epochs)):
                batch.advance()
        record = batch.record[: min(epochs, batch.epochs), :, 0]  # (n, 6)
        finite = record.isfinite().all(dim=1)
        good = len(record) if finite.all() else int(finite.int().argmin())
        history = wb.History(wb.LinearRun.columns)
        for row in record[:good].tolist():
            history.append(row)
        weight, bias = record[good - 1, 2:4].tolist() if good else batch.starts[0].tolist()
        line = {"weight": weight, "bias": bias}
        return Recorded(self.config, self.data, history, good if good < len(record) else None, line)
