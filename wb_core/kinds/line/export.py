"""The code of a linear run as a workflow, cell by cell, with the run's settings.

The code computes the same bits as `Run`: it sets the seed before everything random, and when the numbers overflow it
stops at the last good epoch.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from ...base import workflow_steps
from ...base.fields import N_, applies
from ...base.workflow import Cell, Pen, Say, Workflow
from . import export_code as code
from .config import LinearConfig


def linear_workflow(config: LinearConfig, say: Say, start: Any) -> Workflow:
    """The code of a linear run that starts with the seed's weights, or with those of `start`."""
    if not isinstance(start, Mapping | None):
        raise TypeError('the start of a line is {"weight": ..., "bias": ...}')
    pen = Pen(config, say)
    bits = say(N_("With PyTorch {version} and the same kind of CPU you get exactly the page's numbers."))
    return Workflow(
        say(N_("Linear regression with PyTorch")),
        (workflow_steps.needs(pen), bits.format(version=workflow_steps.version())),
        (
            pen.cell(
                N_("Libraries"),
                N_("PyTorch, its building blocks (nn), and pyplot for the pictures."),
                code.LIBRARIES,
            ),
            pen.cell(
                N_("Device and seed"),
                N_("Where to compute, and where random numbers start."),
                workflow_steps.device(pen),
                workflow_steps.seed(pen),
            ),
            _data(pen),
            _split(pen),
            pen.cell(
                N_("Look at the data"),
                N_("Training points in blue, test points in green. If a window opens, close it to continue."),
                code.PICTURE,
            ),
            _model(pen, start),
            pen.cell(
                N_("Loss and optimizer"),
                N_("The loss measures how wrong the model is; the optimizer makes it smaller."),
                workflow_steps.loss_fn(pen),
                *workflow_steps.optimizer(pen),
            ),
            _training(pen),
            pen.cell(
                N_("Loss curves"),
                N_("How wrong the model was, epoch by epoch. Lower is better."),
                code.CURVES,
            ),
            pen.cell(
                N_("Predictions"),
                N_("The closer the red points are to the green ones, the better."),
                code.PREDICTIONS,
            ),
            workflow_steps.save(pen, code.FILES[config.model]),
            pen.cell(
                N_("Load it again"),
                N_("A new model loads the parameters from the file. True: its predictions are the same."),
                code.LOAD.format(model=code.CLASSES[config.model]),
            ),
        ),
    )


def _data(pen: Pen[LinearConfig]) -> Cell:
    config = pen.config
    noise = [
        "",
        pen.setting("noise", f"noise = {config.noise!r}"),
        "torch.manual_seed(RANDOM_SEED)",
        "y = y + noise * torch.randn(y.shape)",
    ]
    return pen.cell(
        N_("Data"),
        N_("Points on a straight line. The model has to find its weight and bias."),
        *(pen.setting(name, f"{name} = {getattr(config, name)!r}") for name in ("weight", "bias")),
        "",
        *(pen.setting(name, f"{name} = {getattr(config, name)!r}") for name in ("start", "end", "step")),
        "X = torch.arange(start, end, step).unsqueeze(dim=1)",
        "y = weight * X + bias",
        *(noise if config.noise else []),
        "",
        "print(X[:5], y[:5])",
    )


def _split(pen: Pen[LinearConfig]) -> Cell:
    config = pen.config
    split = int(config.train_fraction * config.points)
    clamp = "train_split = min(max(1, train_split), len(X) - 1)  # " + pen.say(N_("at least one point on either side"))
    return pen.cell(
        N_("Split"),
        N_("The first points are for training. The rest, new to the model, are for testing."),
        pen.setting("train_fraction", f"train_split = int({config.train_fraction!r} * len(X))"),
        clamp if split != config.train_points else None,
        "X_train, y_train = X[:train_split].to(device), y[:train_split].to(device)",
        "X_test, y_test = X[train_split:].to(device), y[train_split:].to(device)",
        "",
        "print(len(X_train), len(y_train), len(X_test), len(y_test))",
    )


def _model(pen: Pen[LinearConfig], start: Mapping[str, float] | None) -> Cell:
    model, by_hand = pen.config.model, pen.config.initial
    numbers = {
        "parameter": N_("two parameters to learn, random at first"),
        "linear": N_("a ready-made layer with the same two parameters, random at first"),
    }
    loaded = start and [
        "",
        workflow_steps.checkpoint_comment(pen),
        code.STARTS[model].format(**start),
    ]
    set_by_hand = by_hand and [
        "",
        "# " + pen.say(N_("This run didn't start from random numbers but from a line chosen by hand.")),
        code.INIT.format(**by_hand),
    ]
    return pen.cell(
        N_("Model"),
        N_("A line with its own weight and bias. They're still wrong; training changes that."),
        pen.setting("model", f"class {code.CLASSES[model]}(nn.Module):", code.CLASSES.__getitem__),
        pen.code(code.BODIES[model], numbers=numbers[model]),
        "",
        "",
        "torch.manual_seed(RANDOM_SEED)",
        f"model = {code.CLASSES[model]}().to(device)",
        *(loaded or set_by_hand or []),
        "print(model.state_dict())",
    )


def _training(pen: Pen[LinearConfig]) -> Cell:
    return pen.cell(
        N_("Training loop"),
        N_("In every epoch, the same five lines take one training step. Then comes a test."),
        pen.setting("epochs", f"epochs = {pen.config.epochs}"),
        code.HEAD,
        *_schedule(pen),
        pen.code(
            code.LOOP,
            **workflow_steps.LOOP_COMMENTS,
            zero_grad=N_("3. clear the last epoch's gradients"),
        ),
    )


def _schedule(pen: Pen[LinearConfig]) -> Iterator[str]:
    """The lines at the beginning of an epoch that change its settings."""
    for (_, before), (epoch, config) in itertools.pairwise(pen.config.phases):
        if epoch < pen.config.epochs and (lines := list(_changes(Pen(config, pen.say), before))):
            yield f"    if epoch == {epoch}:  # " + pen.say(N_("from here on with other settings"))
            yield from (f"        {line}" for line in lines)


def _changes(pen: Pen[LinearConfig], before: LinearConfig) -> Iterator[str]:
    config = pen.config
    if config.loss != before.loss:
        yield workflow_steps.loss_fn(pen)
    if config.optimizer != before.optimizer:
        yield from filter(None, workflow_steps.optimizer(pen))
        return
    for name in ("lr", "momentum"):
        if applies(config, name) and getattr(config, name) != getattr(before, name):
            yield f'optimizer.param_groups[0]["{name}"] = {getattr(config, name)!r}'
