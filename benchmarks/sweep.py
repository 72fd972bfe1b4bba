"""2,500 runs as one sweep, against the same runs one after another with the bare loop of the notes."""

import time
from collections.abc import Iterator

import numpy as np
import torch

import wb_core as wb
from wb_core.sweep import Axes
from wb_core.sweep.batch import Batch

from .engine import EPOCHS as BARE_EPOCHS
from .engine import bare_loop
from .report import Line, show

EPOCHS, RUNS, TIMED = 200, 2500, 25
AXES = {"lr": np.geomspace(0.001, 1, 50).tolist(), "seed": range(50)}


def measure() -> Iterator[Line]:
    """Both in turns; the bare loop is timed on the epochs of 25 runs, and scaled."""
    torch.set_num_threads(1)
    config = wb.LinearConfig(epochs=EPOCHS)
    bare_loop()  # the first one pays for PyTorch's own imports
    ratios, seconds, alone = [], [], []
    for _ in range(3):
        bare = sum(bare_loop() for _ in range(TIMED * EPOCHS // BARE_EPOCHS + 1))
        bare *= RUNS * EPOCHS / (BARE_EPOCHS * (TIMED * EPOCHS // BARE_EPOCHS + 1))
        began = time.perf_counter()
        result = wb.sweep(config, **AXES)
        seconds.append(time.perf_counter() - began)
        assert len(result) == RUNS
        ratios.append(bare / seconds[-1])
        alone.append(bare / training(config))
    for what, found in (("training alone, every epoch recorded", alone), ("with tables and diagnoses", ratios)):
        ratio = sorted(found)[1]
        figure = f"{ratio:.0f} times faster ({bare / ratio:.2f} s)"
        yield Line(f"2,500 runs of 200 epochs, {what}", figure, "at least 300 times", ratio >= 300)


def training(config: wb.LinearConfig) -> float:
    """Seconds of the training alone."""
    axes = Axes(config, AXES)
    began = time.perf_counter()
    batch = Batch([axes.config_of(run) for run in range(len(axes))])
    while not batch.done:
        batch.advance()
    return time.perf_counter() - began


if __name__ == "__main__":
    show(measure())
