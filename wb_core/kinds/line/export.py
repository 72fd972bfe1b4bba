"""The code of a linear run as a workflow, cell by cell, with the run's settings.

The code computes the same bits as `Run`: it sets the seed before everything random, and when the numbers overflow it
stops at the last good epoch.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...base import workflow_steps
from ...base.fields import N_
from ...base.points import Pair
from ...base.workflow import Cell, Pen, Say, Workflow
from ..scheduled_code import scheduled_lines
from . import export_code as code
from .config import LinearConfig
from .data import own_data

MAX_IN_CODE = 200
"""The code of a run contains up to this many points of one's own, and reads more from a file."""

FEW_POINTS = 100
"""For more points than these, a layer may divide the sum of its gradient between threads."""


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
            workflow_steps.start(pen, one_thread=config.model == "linear" and config.train_points > FEW_POINTS),
            _own_data(pen) if config.points else _drawn_data(pen),
            _split(pen),
            *([_standardise(pen)] if config.standardise else []),
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
            *([_own_line(pen)] if config.standardise else []),
        ),
    )


def points_csv(config: LinearConfig) -> str:
    """The file `points.csv` that the code of a config with more than 200 points reads: x,y and a line for each."""
    return "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in config.points)


def _own_data(pen: Pen[LinearConfig]) -> Cell:
    config = pen.config
    given = _listed(config.points) if len(config.points) <= MAX_IN_CODE else [code.READ_POINTS]
    return pen.cell(
        N_("Data"),
        N_("Your points. The model has to find the line that fits them."),
        *given,
        "X, y = torch.tensor(points, dtype=torch.float64).split(1, dim=1)",
        None if config.standardise else "X, y = X.float(), y.float()",
        "",
        "print(X[:5], y[:5])",
    )


def _listed(points: Iterable[Pair]) -> list[str]:
    """The lines of a list with these points."""
    text = " ".join(f"({x!r},_{y!r})," for x, y in points)
    wrapped = textwrap.wrap(text, 100, break_on_hyphens=False, break_long_words=False)
    return ["points = [", *(f"    {line.replace('_', ' ')}" for line in wrapped), "]"]


def _drawn_data(pen: Pen[LinearConfig]) -> Cell:
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
    """The split; points that will be scaled are moved to the device later."""
    config = pen.config
    there = "" if config.standardise else ".to(device)"
    sides = {"train": "X[:train_split]", "test": "X[train_split:]"}
    if config.shuffle:
        sides = {"train": "X[is_train]", "test": "X[~is_train]"}
    return pen.cell(
        N_("Split"),
        N_("Random points are for training. The rest, new to the model, are for testing.")
        if config.shuffle
        else N_("The first points are for training. The rest, new to the model, are for testing."),
        *(workflow_steps.shuffled(pen) if config.shuffle else _in_order(pen)),
        *(f"X_{part}, y_{part} = {X}{there}, {X.replace('X', 'y', 1)}{there}" for part, X in sides.items()),
        "",
        "print(len(X_train), len(y_train), len(X_test), len(y_test))",
    )


def _in_order(pen: Pen[LinearConfig]) -> Iterator[str]:
    config = pen.config
    yield pen.setting("train_fraction", f"train_split = int({config.train_fraction!r} * len(X))")
    if int(config.train_fraction * config.size) != config.train_points:
        comment = pen.say(N_("at least one point on either side"))
        yield f"train_split = min(max(1, train_split), len(X) - 1)  # {comment}"


def _standardise(pen: Pen[LinearConfig]) -> Cell:
    data = own_data(pen.config)
    X_train, y_train = data.exact or (data.X_train, data.y_train)
    same = "1.0  # " + pen.say(N_("all the same"))
    x_std, y_std = (
        f"{name}.std(unbiased=False)" if (part != part[0]).any() else same
        for name, part in {"X_train": X_train, "y_train": y_train}.items()
    )
    return pen.cell(
        N_("Standardize"),
        N_("Minus the mean, divided by the standard deviation: the model learns on numbers around 0, about 1 in size."),
        code.STANDARDISE.format(x_std=x_std, y_std=y_std),
    )


def _own_line(pen: Pen[LinearConfig]) -> Cell:
    return pen.cell(
        N_("The line in your units"),
        N_("The model's line is one of scaled numbers. This is the same line in the units of the points."),
        code.OWN_LINE,
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
        *scheduled_lines(pen),
        pen.code(
            code.LOOP,
            **workflow_steps.LOOP_COMMENTS,
            zero_grad=N_("3. clear the last epoch's gradients"),
        ),
    )
