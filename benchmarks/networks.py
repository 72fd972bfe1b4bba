"""Networks on points in the plane: sweeps against a bare PyTorch loop, and the neighbours of a slider."""

import gzip
import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

import wb_core as wb
from pages.ui.i18n import translator
from pages.ui.live.message import Question, message
from wb_core.kinds.points.data import points_data

from .report import Line, show

EPOCHS, RUNS, TIMED, ROUNDS = 200, 400, 3, 3
AXES = {"lr": np.geomspace(0.001, 1, 20).tolist(), "weight_decay": np.geomspace(0.0001, 0.1, 20).tolist()}
COURSE: dict[str, Any] = {"hidden": (10, 10), "activation": "relu", "optimizer": "sgd", "lr": 0.1}
STOPS = np.geomspace(0.001, 1, 20).tolist()


def bare_loop(config: wb.PointsConfig) -> float:
    """Seconds of the training of one network of a config, in plain PyTorch, with both losses and accuracies."""
    data = points_data(config)
    torch.manual_seed(config.seed)
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(config.sizes):
        layers += [nn.Linear(before, after), nn.ReLU()]
    model, loss_fn = nn.Sequential(*layers[:-1]), nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=config.lr, weight_decay=0.001)
    began = time.perf_counter()
    for _ in range(config.epochs):
        model.train()
        logits = model(data.X_train).squeeze()
        loss = loss_fn(logits, data.y_train)
        torch.eq(torch.round(torch.sigmoid(logits)), data.y_train).sum().item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.eval()
        with torch.inference_mode():
            logits = model(data.X_test).squeeze()
            loss_fn(logits, data.y_test)
            torch.eq(torch.round(torch.sigmoid(logits)), data.y_test).sum().item()
    return time.perf_counter() - began


def sweeps(points: int) -> Iterator[Line]:
    """Alternate both; the bare loop is timed on some runs, and scaled."""
    config = wb.PointsConfig(points=points, epochs=EPOCHS, **COURSE)
    bare_loop(config), wb.sweep(config, lr=[0.1])
    ratios = []
    for _ in range(ROUNDS):
        bare = statistics.median(bare_loop(config) for _ in range(TIMED)) * RUNS
        began = time.perf_counter()
        assert len(wb.sweep(config, **AXES)) == RUNS
        ratios.append(bare / (time.perf_counter() - began))
    ratio = statistics.median(ratios)
    what = f"400 runs of 200 epochs, 2-10-10-1, {points:,} points"
    yield Line(what, f"{ratio:.1f} times faster than a bare loop", "at least 10 times", ratio >= 10)


def recorded() -> Iterator[Line]:
    """A run that records every epoch against the bare loop, in turns."""
    config = wb.PointsConfig(points=200, epochs=300, **{**COURSE, "hidden": (8, 8)})
    ratios = []
    for _ in range(2 * ROUNDS + 1):
        bare, run = bare_loop(config), wb.Run(config)
        began = time.perf_counter()
        run.finish()
        ratios.append((time.perf_counter() - began) / bare)
    ratio = statistics.median(ratios)
    yield Line("300 epochs of 2-8-8-1, recorded", f"{ratio:.2f} times the bare loop", "at most 1.0 times", ratio <= 1)


def seconds_of(work: Callable[[], object]) -> float:
    """The median of a few."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def neighbours() -> Iterator[Line]:
    """All stops of a slider, and the first message for the browser, after the run itself has been diagnosed."""
    config = wb.PointsConfig(points=200, epochs=EPOCHS, **{**COURSE, "hidden": (8, 8)})

    def run(stops: Sequence[float] = STOPS) -> Any:
        return wb.neighbours(config, "lr", stops)

    run()
    one = seconds_of(lambda: wb.Run(config).finish())
    every = seconds_of(run)
    yield Line(
        "20 neighbours of 200 epochs, 2-8-8-1", f"{every:.2f} s, {every / one:.1f} runs", "at most 1 s", every <= 1
    )
    question = Question(config=config, field="lr", part=-1, trained=True, language="en")
    coarse = seconds_of(lambda: message(question, translator("en"), lambda: None))
    figure = f"{coarse:.2f} s for {len(question.asked)} of {len(question.stops)}"
    yield Line("coarse stops of the learning rate, with pictures", figure, "at most 0.25 s", coarse <= 0.25)
    size = len(gzip.compress(message(question, translator("en"), lambda: None), 1))
    yield Line("  packed", f"{size / 1000:.0f} kB", "at most 600 kB", size <= 600_000)


def measure() -> Iterator[Line]:
    """The figures of the engine, with one thread as on a server."""
    torch.set_num_threads(1)
    yield from recorded()
    for points in (200, 1000):
        yield from sweeps(points)
    yield from neighbours()


if __name__ == "__main__":
    show(measure())
