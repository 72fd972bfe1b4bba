"""The visitor's place in a run, as a link carries it."""

from dataclasses import dataclass

import wb_core as wb
from wb_core.base.fields import N_, Choice, Number, check_fields, setting
from wb_core.base.step import LINES
from wb_core.kinds.line.microscope import CODE, WHAT_IFS

from ..labs.line.lab import MAX_EPOCHS

CODE_OF_CHANGE = {
    "none": "for epoch in range(epochs)",
    "skip_zero_grad": "optimizer.zero_grad()",
    "skip_step": "optimizer.step()",
    "swap": "loss.backward()",
    "no_inference_mode": "torch.inference_mode()",
    "no_train_mode": "model.train()",
    "lr_100": "lr=100",
}
FIRST_SLIP = "required_grad"
NAMES = {
    "train": N_("Start"),
    "forward": N_("Forward pass"),
    "loss": N_("Compute the loss"),
    "zero_grad": N_("Clear the gradients"),
    "backward": N_("Backward pass"),
    "step": N_("Step"),
    "evaluate": N_("Test"),
}


@dataclass(frozen=True, kw_only=True)
class StepView:
    """An epoch of the run, a line of it and a what-if; or one of the slips.

    Raises `ConfigError` for a value that is not allowed.
    """

    epoch: int = setting(
        0,
        Number(
            N_("Epoch"),
            N_("Which epoch you're looking at. Epochs are counted from 0, like in Python."),
            torch="epoch",
            low=0,
            high=MAX_EPOCHS - 1,
            offered=(0, MAX_EPOCHS - 1),
            step=1,
            integer=True,
        ),
    )
    line: str = setting(
        "forward",
        Choice(
            N_("Line"),
            N_("The line of code that just ran."),
            torch="line",
            options={line: (NAMES[line], CODE[line].splitlines()[0]) for line in LINES},
        ),
    )
    what_if: str = setting(
        "none",
        Choice(
            N_("What if"),
            N_("Change one thing and see what really happens: the run is trained that way."),
            torch="loop",
            options={name: (change.label, CODE_OF_CHANGE[name]) for name, change in WHAT_IFS.items()},
        ),
    )
    show: str = setting(
        "walk",
        Choice(
            N_("Show"),
            N_("Go through the lab's run, or see what the notes' mistakes lead to."),
            torch="show",
            options={"walk": (N_("Go through an epoch"), "walk"), "slips": (N_("Common mistakes"), "slips")},
        ),
    )
    slip: str = setting(
        FIRST_SLIP,
        Choice(
            N_("Mistake"),
            N_("Lines from the notes that don't do what they were meant to."),
            torch="slip",
            options={name: (slip.title, name) for name, slip in wb.SLIPS.items()},
        ),
    )

    def __post_init__(self) -> None:
        check_fields(self)


def number_of(view: StepView, line: str) -> int:
    """The number of one of the five lines of the loop in the order in which they run; 0 for the lines around them."""
    return 0 if line in ("train", "evaluate") else WHAT_IFS[view.what_if].order.index(line)
