"""The steps that the code of every kind of run has: device, loss, optimizer, saving."""

from collections.abc import Iterator
from typing import Any

import torch

from .fields import N_, applies
from .split import BLOCK, training_mask
from .workflow import Cell, Pen

DEVICES = {
    "auto": """(
    "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
)""",
    "cpu": '"cpu"',
    "cuda": '"cuda"',
    "mps": '"mps"',
}

SAVE = """\
MODEL_PATH = Path("models")
MODEL_PATH.mkdir(parents=True, exist_ok=True)
MODEL_SAVE_PATH = MODEL_PATH / "{file}"

print(f"Saving model to: {{MODEL_SAVE_PATH}}")
torch.save(obj=model.state_dict(), f=MODEL_SAVE_PATH)"""

LOOP_COMMENTS = {
    "copy": N_("to go back to if needed"),
    "training": N_("Training: five lines"),
    "forward": N_("1. predict"),
    "loss": N_("2. how wrong is that?"),
    "backward": N_("4. compute new ones: which way does the loss grow?"),
    "step": N_("5. take one step the other way"),
    "testing": N_("Testing: no gradients, no step"),
    "diverged": N_("The numbers overflowed (inf or nan): undo this epoch and stop."),
}
"""The comments of every training loop; what the third line clears differs from kind to kind."""


def needs(pen: Pen[Any], more: str = "") -> str:
    """The line that says who made the code, and which packages it needs: `more` besides the usual ones."""
    line = pen.say(N_("Made by Torch Workbench. It needs Python 3.10 or newer: pip install 'torch>=1.13' matplotlib"))
    return f"{line} {more}".rstrip()


def version() -> str:
    """The installed version of PyTorch without its build name: 2.13.0."""
    return str(torch.__version__).partition("+")[0]


def device(pen: Pen[Any]) -> str:
    """The line that selects the device."""
    return pen.setting("device", f"device = {DEVICES[pen.config.device]}", DEVICES.__getitem__)


def seed(pen: Pen[Any]) -> str:
    """The line that sets the seed."""
    return pen.setting("seed", f"RANDOM_SEED = {pen.config.seed}")


def start(pen: Pen[Any], *, one_thread: bool = False) -> Cell:
    """The step that selects the device and sets the seed, and with `one_thread` the number of threads."""
    threads = "# " + pen.say(N_("One thread, like on the page: more threads would add and round in a different order."))
    return pen.cell(
        N_("Device and seed"),
        N_("Where to compute, and where random numbers start."),
        device(pen),
        seed(pen),
        *([threads, "torch.set_num_threads(1)"] if one_thread else []),
    )


def shuffled(pen: Pen[Any]) -> Iterator[str]:
    """The lines that choose the training points by the seed, `is_train`; see `training_mask`."""
    config = pen.config
    yield "torch.manual_seed(RANDOM_SEED)"
    comment = pen.say(N_("in each {count} points, an order of their own")).format(count=BLOCK)
    yield f"order = torch.rand(len(X) // {BLOCK} + 1, {BLOCK}).argsort(dim=1).flatten()[:len(X)]  # {comment}"
    yield pen.setting("train_fraction", f"is_train = order + 0.5 < {config.train_fraction!r} * {BLOCK}")
    mask = training_mask(config.size, config.train_fraction, config.seed)
    if mask.sum() in (1, config.size - 1):
        comment = pen.say(N_("at least one point on either side"))
        yield f"is_train[-1] &= not is_train.all()  # {comment}"
        yield f"is_train[0] |= not is_train.any()  # {comment}"


def checkpoint_comment(pen: Pen[Any]) -> str:
    """The comment above the code that loads the weights of a checkpoint."""
    return "# " + pen.say(N_("This run didn't start from random numbers but from a checkpoint."))


def loss_fn(pen: Pen[Any]) -> str:
    """The line that makes the loss."""
    name = pen.torch_name("loss", pen.config.loss)
    return pen.setting("loss", f"loss_fn = {name}()", lambda loss: pen.torch_name("loss", loss))


def optimizer(pen: Pen[Any]) -> list[str | None]:
    """The lines that make the optimizer."""
    config = pen.config
    name = pen.torch_name("optimizer", config.optimizer)
    momentum = applies(config, "momentum") and config.momentum
    decay = getattr(config, "weight_decay", 0.0)  # not every kind has it
    # On a GPU PyTorch would update all parameters at once, and might round differently from `Run`.
    one_by_one = "    foreach=False,  # " + pen.say(N_("one parameter after the other, like on the page"))
    return [
        pen.setting("optimizer", f"optimizer = {name}(", lambda other: pen.torch_name("optimizer", other)),
        "    params=model.parameters(),",
        pen.setting("lr", f"    lr={config.lr!r},"),
        pen.setting("momentum", f"    momentum={config.momentum!r},") if momentum else None,
        pen.setting("weight_decay", f"    weight_decay={decay!r},") if decay else None,
        one_by_one if config.device != "cpu" else None,
        ")",
    ]


def save(pen: Pen[Any], file: str) -> Cell:
    """The step that saves the model."""
    return pen.cell(
        N_("Save the model"),
        N_("What the model has learned goes into a file: its parameters by name, the state_dict."),
        SAVE.format(file=file),
    )
