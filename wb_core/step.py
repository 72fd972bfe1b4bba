"""One epoch, as the notes write it."""

import torch
from torch import nn


def train_step(
    model: nn.Module,
    X: torch.Tensor,
    y: torch.Tensor,
    loss_fn: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> torch.Tensor:
    """Take one step of training on all of (X, y), and return the loss from before the step, a tensor of shape ()."""
    model.train()
    y_pred = model(X)  # (N, 1)
    loss: torch.Tensor = loss_fn(y_pred, y)  # ()
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss


def eval_step(model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module) -> torch.Tensor:
    """The loss on data that the model does not learn from, a tensor of shape ()."""
    model.eval()
    with torch.inference_mode():
        loss: torch.Tensor = loss_fn(model(X), y)  # ()
    return loss
