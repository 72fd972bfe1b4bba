"""The code of a run on points in the plane as a workflow, cell by cell, with the run's settings.

The code computes the same bits as `Run` with one thread on the same kind of processor.
"""

import functools
import itertools
import textwrap
from typing import Any

from ...base import workflow_steps
from ...base.fields import N_
from ...base.workflow import Cell, Pen, Say, Workflow
from ..scheduled_code import scheduled_lines
from . import export_code as code
from .config import PointsConfig, test_points
from .data import TURNS

MAX_IN_CODE = 200
"""The code of a run contains up to this many points of one's own, and reads more from a file."""


def points_workflow(config: PointsConfig, say: Say, start: Any) -> Workflow:
    """The code of a run that starts with the seed's weights, or with those of the checkpoint file `start`."""
    if not isinstance(start, str | None):
        raise TypeError("the start of a run on points is the name of a checkpoint file")
    pen = Pen(config, say)
    bits = say(N_("With PyTorch {version} and the same kind of CPU you get exactly the page's numbers."))
    return Workflow(
        say(N_("Points in the plane with PyTorch")),
        (
            workflow_steps.needs(pen, "" if config.own else "scikit-learn"),
            bits.format(version=workflow_steps.version()),
        ),
        (
            pen.cell(
                N_("Libraries"),
                N_("PyTorch, its building blocks (nn), and pyplot for the pictures."),
                code.LIBRARIES,
                "from torch.utils.data import DataLoader, TensorDataset" if config.batch_size else None,
                "",
                "print(torch.__version__)",
            ),
            workflow_steps.start(pen, one_thread=True),
            _data(pen),
            _split(pen),
            _inputs(pen),
            pen.cell(
                N_("Look at the data"),
                N_("Every class has its color. If a window opens, close it to continue."),
                code.PICTURE,
            ),
            _model(pen, start),
            _loss_and_optimizer(pen),
            _training(pen),
            pen.cell(
                N_("Loss and accuracy"),
                N_("How wrong the model was, and how many points it got right, epoch by epoch."),
                code.CURVES,
            ),
            pen.cell(
                N_("Decision boundary"),
                N_("The color behind the points is the class that the model predicts there."),
                code.BOUNDARY.substitute(grid_logits=_logits(config, "features(grid)")),
            ),
            workflow_steps.save(pen, checkpoint_name(config)),
            pen.cell(
                N_("Load it again"),
                N_("A new model loads the parameters from the file. True: its predictions are the same."),
                code.LOAD.substitute(name=_name(config)),
            ),
        ),
    )


def checkpoint_name(config: PointsConfig) -> str:
    """The name of the file that the course would give a checkpoint of this model."""
    return f"02_pytorch_classification_{'two' if config.outputs == 1 else 'several'}_classes.pth"


def points_csv(config: PointsConfig) -> str:
    """The file `points.csv` that the code of a config with more than 200 points reads: x1,x2,class, a line for each."""
    return "x1,x2,class\n" + "".join(f"{x1!r},{x2!r},{label}\n" for x1, x2, label in config.own)


def _data(pen: Pen[PointsConfig]) -> Cell:
    config = pen.config
    if config.own:
        lines = [*(_listed(config) if len(config.own) <= MAX_IN_CODE else [code.READ_POINTS]), code.OWN]
        return pen.cell(N_("Data"), N_("Your points, each with its class."), *lines, "", "print(X[:5], y[:5])")
    numbers = {"points": config.points, "noise": config.noise, "classes": config.classes, "turns": TURNS}
    return pen.cell(
        N_("Data"),
        N_("Points of a pattern, each with the number of its class."),
        code.PATTERNS[config.data].format(**numbers),
        "",
        "print(X[:5], y[:5])",
    )


def _listed(config: PointsConfig) -> list[str]:
    text = " ".join(f"({x1!r},_{x2!r},_{label})," for x1, x2, label in config.own)
    wrapped = textwrap.wrap(text, 100, break_on_hyphens=False, break_long_words=False)
    return ["points = [", *(f"    {line.replace('_', ' ')}" for line in wrapped), "]"]


def _split(pen: Pen[PointsConfig]) -> Cell:
    config = pen.config
    if config.own:
        sides = [
            *workflow_steps.shuffled(pen),
            "X_train, X_test, y_train, y_test = X[is_train], X[~is_train], y[is_train], y[~is_train]",
        ]
    else:
        sides = [
            pen.setting("train_fraction", code.SPLIT.format(test_size=test_points(config.size, config.train_fraction)))
        ]
    dtype = "float()" if config.outputs == 1 else "long()"
    return pen.cell(
        N_("Split"),
        N_("Random points are for training. The rest, new to the model, are for testing."),
        *sides,
        "points_train, points_test = X_train.float().to(device), X_test.float().to(device)",
        f"y_train, y_test = y_train.{dtype}.to(device), y_test.{dtype}.to(device)",
        "",
        "print(len(points_train), len(points_test))",
    )


def _inputs(pen: Pen[PointsConfig]) -> Cell:
    listed = ", ".join(code.FEATURES[name] for name in pen.config.features)
    return pen.cell(
        N_("Inputs"),
        N_("What the model sees of each point."),
        code.INPUTS.format(features=listed),
        "",
        "",
        "X_train, X_test = features(points_train), features(points_test)",
    )


def _name(config: PointsConfig) -> str:
    """The class of the model; that of the course if it is the same."""
    plain = config.features == ("x1", "x2") and not config.dropout
    if plain and config.outputs == 1 and (config.hidden, config.activation) == ((10, 10), "relu"):
        return "CircleModelV2"
    if plain and config.outputs > 1 and (config.hidden, config.activation) == ((8, 8), "none"):
        return "BlobModel"
    return "PointsModel"


def _model(pen: Pen[PointsConfig], start: str | None) -> Cell:
    config, name = pen.config, _name(pen.config)
    loaded = [
        "",
        workflow_steps.checkpoint_comment(pen),
        f'checkpoint = torch.load(f="{start}", map_location=device, weights_only=True)',
        "model.load_state_dict(checkpoint)",
    ]
    return pen.cell(
        N_("Model"),
        N_("Layers of units; each unit adds up its inputs, with a weight for each. They start out random."),
        f"class {name}(nn.Module):",
        *(_named_layers(config) if config.outputs == 1 else _stack(config)),
        "",
        "",
        "torch.manual_seed(RANDOM_SEED)",
        f"model = {name}().to(device)",
        *(loaded if start is not None else []),
        "print(model)",
    )


def _between(config: PointsConfig) -> dict[str, str]:
    """What is between two layers: the name of the attribute and the module."""
    modules = {"relu": "nn.ReLU()", "tanh": "nn.Tanh()", "sigmoid": "nn.Sigmoid()"}
    found = {config.activation: modules[config.activation]} if config.activation in modules else {}
    return {**found, **({"dropout": f"nn.Dropout(p={config.dropout!r})"} if config.dropout else {})}


def _named_layers(config: PointsConfig) -> list[str]:
    sizes, between = list(itertools.pairwise(config.sizes)), _between(config)
    wrapped = "x"
    lines = ["    def __init__(self):", "        super().__init__()"]
    for number, (before, after) in enumerate(sizes, start=1):
        lines.append(f"        self.layer_{number} = nn.Linear(in_features={before}, out_features={after})")
    if config.hidden:
        lines += [f"        self.{name} = {module}" for name, module in between.items()]
    lines += ["", "    def forward(self, x):"]
    for number in range(1, len(sizes)):
        wrapped = f"self.layer_{number}(x)"
        for name in between:
            wrapped = f"self.{name}({wrapped})"
        lines.append(f"        x = {wrapped}")
    return [*lines, f"        return self.layer_{len(sizes)}(x)"]


def _stack(config: PointsConfig) -> list[str]:
    lines = [
        "    def __init__(self):",
        "        super().__init__()",
        "        self.linear_layer_stack = nn.Sequential(",
    ]
    for place, (before, after) in enumerate(itertools.pairwise(config.sizes)):
        if place:
            lines += [f"            {module}," for module in _between(config).values()]
        lines.append(f"            nn.Linear(in_features={before}, out_features={after}),")
    return [*lines, "        )", "", "    def forward(self, x):", "        return self.linear_layer_stack(x)"]


def _layer(config: PointsConfig, number: int) -> str:
    """How the code calls a layer of the model, from 1 on."""
    if config.outputs == 1:
        return f"model.layer_{number}"
    return f"model.linear_layer_stack[{(number - 1) * (1 + len(_between(config)))}]"


def _loss_and_optimizer(pen: Pen[PointsConfig]) -> Cell:
    loss = "nn.BCEWithLogitsLoss()" if pen.config.outputs == 1 else "nn.CrossEntropyLoss()"
    return pen.cell(
        N_("Loss and optimizer"),
        N_("The loss measures how wrong the model is; the optimizer makes it smaller."),
        f"loss_fn = {loss}",
        *workflow_steps.optimizer(pen),
    )


def _logits(config: PointsConfig, X: str) -> str:
    return f"model({X}).squeeze(dim=1)" if config.outputs == 1 else f"model({X})"


def _training(pen: Pen[PointsConfig]) -> Cell:
    config = pen.config
    comments = {name: pen.say(text) for name, text in workflow_steps.LOOP_COMMENTS.items()}
    comments["zero_grad"] = pen.say(N_("3. clear the last epoch's gradients"))
    if config.batch_size:
        comments["zero_grad"] = pen.say(N_("3. clear the last batch's gradients"))
        comments["seed"] = pen.say(N_("it sets the order of the batches"))
    logits = {f"{part}_logits": _logits(config, f"X_{part}") for part in ("train", "test", "batch")}
    labels = "torch.round(torch.sigmoid(y_logits))" if config.outputs == 1 else "y_logits.argmax(dim=1)"
    comments["schedule"] = "".join(f"{line}\n" for line in scheduled_lines(pen, functools.partial(_layer, config)))
    loop = (code.BATCHES if config.batch_size else code.LOOP).substitute(comments, **logits)
    return pen.cell(
        N_("Training loop"),
        N_("In every epoch, the same five lines take one training step. Then comes a test.")
        if not config.batch_size
        else N_("For every batch, the same five lines take one training step. After every epoch comes a test."),
        code.ACCURACY,
        "",
        "",
        "def predicted(y_logits):",
        f"    return {labels}",
        "",
        "",
        pen.setting("epochs", f"epochs = {config.epochs}"),
        pen.setting("batch_size", f"BATCH_SIZE = {config.batch_size}") if config.batch_size else None,
        loop.rstrip("\n"),
        code.REST.substitute(comments, **logits),
    )
