"""`Run.finish()`, which records every epoch, against a bare PyTorch loop, which records nothing."""

import statistics
import time
from collections.abc import Iterator

import torch
from torch import nn

import wb_core as wb

from .report import Line, show

EPOCHS, ROUNDS = 2000, 9


class LinearRegressionModel(nn.Module):
    """The model as a beginner writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))
        self.bias = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.weights * x + self.bias


def bare_loop() -> float:
    """Seconds of the bare loop in plain PyTorch."""
    torch.manual_seed(42)
    X = torch.arange(0, 1, 0.02).unsqueeze(dim=1)
    y = 0.7 * X + 0.3
    split = int(0.8 * len(X))
    X_train, y_train, X_test, y_test = X[:split], y[:split], X[split:], y[split:]
    model = LinearRegressionModel()
    loss_fn = nn.L1Loss()
    optimizer = torch.optim.SGD(params=model.parameters(), lr=0.01)
    began = time.perf_counter()
    for _ in range(EPOCHS):
        model.train()
        y_pred = model(X_train)
        loss = loss_fn(y_pred, y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.eval()
        with torch.inference_mode():
            test_pred = model(X_test)
            loss_fn(test_pred, y_test)
    return time.perf_counter() - began


def workbench() -> float:
    """Seconds of the same training in the workbench."""
    run = wb.Run(wb.LinearConfig(epochs=EPOCHS))
    began = time.perf_counter()
    run.finish()
    return time.perf_counter() - began


def measure() -> Iterator[Line]:
    """Median ratio of pairs of measurements, which alternate in order."""
    torch.set_num_threads(1)
    bare_loop(), workbench()  # the first call pays for PyTorch's lazy imports
    pairs = []
    for i in range(ROUNDS):
        first, second = (workbench, bare_loop) if i % 2 else (bare_loop, workbench)
        seconds = {first: first(), second: second()}
        pairs.append((seconds[workbench], seconds[bare_loop]))
    ratios = sorted(ours / bare for ours, bare in pairs)
    ratio = statistics.median(ratios)
    bare = statistics.median(bare for _, bare in pairs)
    figure = f"{ratio:.2f} times {bare * 1000:.0f} ms ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    yield Line("2,000 recorded epochs, against the bare loop", figure, "at most 1.0 times", ratio <= 1)
    yield Line("  what it aims at", f"{ratio:.2f} times", "0.75 times", ratio <= 0.75)


if __name__ == "__main__":
    show(measure())
