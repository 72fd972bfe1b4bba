"""One epoch: the lines of a training step, one after the other, and the test after it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

LINES = ("train", "forward", "loss", "zero_grad", "backward", "step", "evaluate")
"""The lines of an epoch by name, in order; `evaluate` is the test after the step."""

LineCallback = Callable[..., None]
"""Called with the name of a line that has just run, and the tensors it made."""


def training_lines(
    model: nn.Module,
    X: torch.Tensor,
    y: torch.Tensor,
    loss_fn: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> Iterator[tuple[str, torch.Tensor | None]]:
    """Take one training step on all of (X, y), and yield after each line, with the tensor it made."""
    model.train()
    yield "train", None
    y_pred = model(X)  # (N, 1)
    yield "forward", y_pred
    loss = loss_fn(y_pred, y)  # ()
    yield "loss", loss
    optimizer.zero_grad()
    yield "zero_grad", None
    loss.backward()
    yield "backward", None
    optimizer.step()
    yield "step", None


def eval_step(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module
) -> tuple[torch.Tensor, torch.Tensor]:
    """Predictions (N, 1) and loss () on data that the model does not learn from."""
    model.eval()
    with torch.inference_mode():
        y_pred = model(X)  # (N, 1)
        loss = loss_fn(y_pred, y)  # ()
    return y_pred, loss


@dataclass(frozen=True)
class Procedure:
    """How a run trains and tests: the standard loop, or one with a single change for a what-if.

    `wrap` may modify the model; it gets the run's own generator for its randomness.
    """

    lines: Callable[..., Iterator[tuple[str, torch.Tensor | None]]] = training_lines
    evaluate: Callable[..., tuple[torch.Tensor, torch.Tensor]] = eval_step
    wrap: Callable[[nn.Module, torch.Generator], nn.Module] | None = None


STANDARD = Procedure()
"""The standard training loop, without changes."""
