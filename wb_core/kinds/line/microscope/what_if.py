"""Changes to the training loop: a line left out, moved or done differently, and really run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from ....base.fields import N_
from ....base.step import LINES, STANDARD, Procedure, training_lines
from .code import CODE

# Each changed step is written out in full, so that it reads like the code that a beginner might write by mistake.
Lines = Iterator[tuple[str, torch.Tensor | None]]


def without_zero_grad(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module, optimizer: torch.optim.Optimizer
) -> Lines:
    """The standard step without `zero_grad`: gradients add up from step to step."""
    model.train()
    yield "train", None
    y_pred = model(X)
    yield "forward", y_pred
    loss = loss_fn(y_pred, y)
    yield "loss", loss
    yield "zero_grad", None
    loss.backward()
    yield "backward", None
    optimizer.step()
    yield "step", None


def without_step(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module, optimizer: torch.optim.Optimizer
) -> Lines:
    """The standard step without `step`: gradients are computed and not used."""
    for line, tensor in training_lines(model, X, y, loss_fn, optimizer):
        yield line, tensor
        if line == "backward":
            yield "step", None
            return


def zero_grad_after_backward(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module, optimizer: torch.optim.Optimizer
) -> Lines:
    """The standard step with `zero_grad` after `backward`: gradients are cleared before the optimizer uses them."""
    model.train()
    yield "train", None
    y_pred = model(X)
    yield "forward", y_pred
    loss = loss_fn(y_pred, y)
    yield "loss", loss
    loss.backward()
    yield "backward", None
    optimizer.zero_grad()
    yield "zero_grad", None
    optimizer.step()
    yield "step", None


def without_train_mode(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module, optimizer: torch.optim.Optimizer
) -> Lines:
    """The standard step without `train`: the model stays in the mode that the last test left it in."""
    yield "train", None
    y_pred = model(X)
    yield "forward", y_pred
    loss = loss_fn(y_pred, y)
    yield "loss", loss
    optimizer.zero_grad()
    yield "zero_grad", None
    loss.backward()
    yield "backward", None
    optimizer.step()
    yield "step", None


def eval_with_gradients(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss_fn: nn.Module
) -> tuple[torch.Tensor, torch.Tensor]:
    """The standard test without `inference_mode`: PyTorch records a graph that is never used."""
    model.eval()
    y_pred = model(X)
    return y_pred, loss_fn(y_pred, y)


class Dropout(nn.Module):
    """`nn.Dropout(p=0.5)` with its own generator: in training, about half of the numbers become 0, the rest double."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        kept = torch.empty(x.shape).bernoulli_(0.5, generator=self.generator)
        return x * kept.div_(0.5).to(x.device)


def with_dropout(model: nn.Module, generator: torch.Generator) -> nn.Module:
    """Put a dropout layer before the model; its parameters keep their names."""
    model.dropout = Dropout(generator)
    model.register_forward_pre_hook(lambda model, args: (model.dropout(args[0]),))
    return model


@dataclass(frozen=True)
class WhatIf:
    """A change to the loop: its name, what happens and why, the changed procedure, and the one to compare it with.

    `settings` replace those of the config. `order` is the order of the lines, `marks` says which of them are "skipped",
    "moved" or "changed", `code` has the changed lines. Skipped lines stay in the order.
    """

    label: str
    why: str
    procedure: Procedure = STANDARD
    control: Procedure = STANDARD
    settings: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[str, ...] = LINES
    marks: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


WHAT_IFS = {
    "none": WhatIf(N_("Nothing: the usual loop"), N_("Each line runs in its usual place.")),
    "skip_zero_grad": WhatIf(
        N_("Skip zero_grad"),
        N_(
            "PyTorch adds each new gradient to the one already there. Without zero_grad the gradients of all epochs "
            "pile up, and the steps keep growing. That may even look faster at first, but then the model overshoots "
            "and swings back and forth."
        ),
        Procedure(lines=without_zero_grad),
        marks={"zero_grad": "skipped"},
    ),
    "skip_step": WhatIf(
        N_("Skip step"),
        N_(
            "The gradients show which way to go, but only optimizer.step() goes there. Without it the weight and "
            "bias stay the same, and so does the loss."
        ),
        Procedure(lines=without_step),
        marks={"step": "skipped"},
    ),
    "swap": WhatIf(
        N_("zero_grad after backward"),
        N_(
            "backward fills the gradients and zero_grad clears them before the optimizer sees them. Each gradient "
            "is None when step looks at it, so nothing is learned."
        ),
        Procedure(lines=zero_grad_after_backward),
        order=("train", "forward", "loss", "backward", "zero_grad", "step", "evaluate"),
        marks={"backward": "moved", "zero_grad": "moved"},
    ),
    "no_inference_mode": WhatIf(
        N_("Test without inference_mode"),
        N_(
            "The numbers are the same, but PyTorch records a graph for gradients you never use. The test takes more "
            "time and memory, and you can't turn test_loss into a NumPy array before detach()."
        ),
        Procedure(evaluate=eval_with_gradients),
        marks={"evaluate": "changed"},
        code={
            "evaluate": "model.eval()\ntest_pred = model(X_test)\ntest_loss = loss_fn(test_pred, y_test)",
        },
    ),
    "no_train_mode": WhatIf(
        N_("Forget model.train()"),
        N_(
            "Here the model has a dropout layer. In training mode it sets half of X to 0 and doubles the rest. "
            "After the first test nothing switches it back on, so from epoch 1 on it does nothing. The train loss "
            "only looks lower because it's then measured without dropout. Compare the test losses."
        ),
        Procedure(lines=without_train_mode, wrap=with_dropout),
        control=Procedure(wrap=with_dropout),
        marks={"train": "skipped"},
    ),
    "lr_100": WhatIf(
        N_("Learning rate 100"),
        N_(
            "The direction is right, but the step is far too big and lands way past the lowest point. With L1 the "
            "model then jumps from side to side. With MSE each jump is longer than the last, until the numbers "
            "overflow."
        ),
        settings={"lr": 100.0},
        marks={"step": "changed"},
        code={"step": "optimizer.step()  # lr=100"},
    ),
}
"""From the id in a link to the change; "none" is the standard loop."""

assert all(line in CODE for what_if in WHAT_IFS.values() for line in (*what_if.marks, *what_if.code))
