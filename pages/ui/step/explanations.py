"""What each line of the loop does, in one or two sentences."""

import wb_core as wb
from wb_core.base.fields import N_
from wb_core.kinds.line.microscope import WHAT_IFS

from .view import StepView

SENTENCES = {
    "train": N_(
        "An epoch begins. model.train() switches the model to training mode; its parameters stay the same. Some "
        "layers, such as dropout, only work in this mode."
    ),
    "forward": N_(
        "The forward pass: the model makes a prediction for every training point with its current weight and bias. "
        "A point's residual is its prediction minus its true y."
    ),
    "loss": N_(
        "All the errors become a single number, the loss. PyTorch also records each step of the computation (the "
        "graph here) so it can go back through it."
    ),
    "zero_grad": N_(
        "The previous epoch's gradients are cleared. Otherwise PyTorch would add the new ones to them. None means "
        "there's no gradient."
    ),
    "backward": N_(
        "The backward pass: PyTorch goes back through the graph and finds how the loss would change if the weight "
        "or the bias grew. That's their gradient, in .grad."
    ),
    "step": N_(
        "The optimizer changes the weight and bias in the direction that should lower the loss. How far depends on "
        "the gradients and the learning rate."
    ),
    "evaluate": N_(
        "The test: the new weight and bias are tried on points the model never learns from. inference_mode tells "
        "PyTorch not to record a graph, since there's no backward pass."
    ),
}
SKIPPED = N_("This line is left out, so nothing happens here.")
CHANGED = {
    ("skip_zero_grad", "backward"): N_(
        "The backward pass: PyTorch finds this epoch's gradients and adds them to the ones left over from all "
        "earlier epochs."
    ),
    ("swap", "zero_grad"): N_(
        "The gradients the previous line just filled are cleared. None means there's no gradient."
    ),
    ("swap", "step"): N_("The optimizer finds no gradients, so nothing changes."),
    ("no_inference_mode", "evaluate"): N_(
        "The test without inference_mode: the numbers are the same, but test_loss.requires_grad is True, so PyTorch "
        "keeps a graph you don't need."
    ),
}
"""What a line does in a what-if, by the what-if and the line."""


FIRST = {
    "zero_grad": N_("This line clears the previous epoch's gradients, but in epoch 0 there are none yet."),
    "backward": SENTENCES["backward"],
}
"""What differs in the first epoch, by the line."""


def skipped(view: StepView) -> bool:
    """Whether the what-if leaves the line out."""
    return WHAT_IFS[view.what_if].marks.get(view.line) == "skipped"


def sentence(view: StepView) -> str:
    """What the line does, an English message id."""
    if skipped(view):
        return SKIPPED
    if view.epoch == 0 and view.line in FIRST and view.what_if != "swap":
        return FIRST[view.line]
    return CHANGED.get((view.what_if, view.line), SENTENCES[view.line])


NOTES = {
    "l1": N_("slope: how steeply a point's loss rises with its prediction; sign is 1 above the point, -1 below."),
    "mse": N_("slope: how steeply a point's loss rises with its prediction; a square has twice the residual."),
    "huber": N_("slope: how steeply a point's loss rises with its prediction; clip keeps it between -1 and 1."),
    "momentum": N_("momentum_buffer: the previous updates that SGD keeps part of, like a ball that keeps rolling."),
    "adam": N_(
        "exp_avg and exp_avg_sq: running means of the gradient and of its square. Adam divides one by the square "
        "root of the other, so a step is about as long as the learning rate. The smaller divisors correct for the "
        "start from 0."
    ),
}
"""The notes under the arithmetic."""


def note(line: str, config: wb.LinearConfig) -> str:
    """The key in `NOTES` for the arithmetic of a line; empty if it needs none."""
    if line == "backward":
        return config.loss
    if line == "step" and config.optimizer == "adam":
        return "adam"
    return "momentum" if line == "step" and config.momentum else ""
