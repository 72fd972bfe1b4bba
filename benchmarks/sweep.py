"""2,500 runs as one sweep, against the same runs one after another with the bare loop of the notes."""

import time
from collections.abc import Iterator

import numpy as np
import torch

import wb_core as wb

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
    ratios, seconds = [], []
    for _ in range(3):
        bare = sum(bare_loop() for _ in range(TIMED * EPOCHS // BARE_EPOCHS + 1))
        bare *= RUNS * EPOCHS / (BARE_EPOCHS * (TIMED * EPOCHS // BARE_EPOCHS + 1))
        began = time.perf_counter()
        result = wb.sweep(config, **AXES)
        seconds.append(time.perf_counter() - began)
        assert len(result) == RUNS
        ratios.append(bare / seconds[-1])
    ratio = sorted(ratios)[1]
    figure = f"{ratio:.0f} times faster ({sorted(seconds)[1]:.2f} s)"
    yield Line("2,500 runs of 200 epochs, with their diagnoses", figure, "at least 300 times", ratio >= 300)


if __name__ == "__main__":
    show(measure())
