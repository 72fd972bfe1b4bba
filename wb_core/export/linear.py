"""The notes' workflow of chapter 1 as code, with the settings of one run, cell by cell.

The code computes, bit for bit, what `Run` computes: it sets the seed before each thing that is random, and when the
numbers grow beyond all bounds it ends itself at the last good epoch, as a run does.
"""

from collections.abc import Mapping

import torch

from ..config import LinearConfig
from ..fields import N_, Choice, specs
from . import linear_code as code
from .cells import Cell, Pen, Say, Workflow, lines


def linear_workflow(config: LinearConfig, say: Say, start: Mapping[str, float] | None) -> Workflow:
    """The code of a linear run that begins with the seed's weights, or with those of `start`."""
    pen = Pen(config, say)
    return Workflow(
        say(N_("Linear regression with PyTorch")),
        (
            say(N_("Made by Torch Workbench. It needs torch and matplotlib: pip install torch matplotlib")),
            say(N_("Run with PyTorch {version}, it ends with the very numbers of the page, to the last bit.")).format(
                version=str(torch.__version__).partition("+")[0]
            ),
        ),
        (
            Cell(
                say(N_("Libraries")),
                say(N_("PyTorch, its building blocks (nn), and pyplot for the pictures.")),
                code.LIBRARIES,
            ),
            _settings(pen),
            _data(pen),
            _split(pen),
            Cell(
                say(N_("A look at the data")),
                say(N_("Training points in blue, test points in green. If a window opens, close it to go on.")),
                code.PICTURE,
            ),
            _model(pen, start),
            _loss_and_optimizer(pen),
            _training(pen),
            Cell(
                say(N_("Loss curves")),
                say(N_("How wrong the model was, epoch by epoch: the lower, the better.")),
                code.CURVES,
            ),
            Cell(
                say(N_("Predictions")),
                say(N_("The closer the red points are to the green ones, the better.")),
                code.PREDICTIONS,
            ),
            Cell(
                say(N_("Save the model")),
                say(N_("What the model has learned goes into a file: its numbers by name, the state_dict.")),
                code.SAVE.format(file=code.FILES[config.model]),
            ),
            Cell(
                say(N_("Load it again")),
                say(N_("A new model gets the numbers from the file. Are its predictions the same? True.")),
                code.LOAD.format(model=code.CLASSES[config.model]),
            ),
        ),
    )


def _settings(pen: Pen) -> Cell:
    config = pen.config
    return Cell(
        pen.say(N_("Device and seed")),
        pen.say(N_("Where to compute, and the number that random values start from.")),
        lines(
            pen.setting("device", f"device = {code.DEVICES[config.device]}", code.DEVICES.__getitem__),
            pen.setting("seed", f"RANDOM_SEED = {config.seed}"),
        ),
    )


def _data(pen: Pen) -> Cell:
    config = pen.config
    noise = [
        "",
        pen.setting("noise", f"noise = {config.noise!r}"),
        "torch.manual_seed(RANDOM_SEED)",
        "y = y + noise * torch.randn(y.shape)",
    ]
    return Cell(
        pen.say(N_("Data")),
        pen.say(N_("Points of a straight line. The model is to find out its weight and its bias.")),
        lines(
            *(pen.setting(name, f"{name} = {getattr(config, name)!r}") for name in ("weight", "bias")),
            "",
            *(pen.setting(name, f"{name} = {getattr(config, name)!r}") for name in ("start", "end", "step")),
            "X = torch.arange(start, end, step).unsqueeze(dim=1)",
            "y = weight * X + bias",
            *(noise if config.noise else []),
            "",
            "print(X[:5], y[:5])",
        ),
    )


def _split(pen: Pen) -> Cell:
    config = pen.config
    split = int(config.train_fraction * config.points)
    clamp = "train_split = min(max(1, train_split), len(X) - 1)  # " + pen.say(N_("at least one point on either side"))
    return Cell(
        pen.say(N_("Split")),
        pen.say(N_("The first points are for training; the rest, new to the model, are for testing.")),
        lines(
            pen.setting("train_fraction", f"train_split = int({config.train_fraction!r} * len(X))"),
            clamp if split != config.train_points else None,
            "X_train, y_train = X[:train_split].to(device), y[:train_split].to(device)",
            "X_test, y_test = X[train_split:].to(device), y[train_split:].to(device)",
            "",
            "print(len(X_train), len(y_train), len(X_test), len(y_test))",
        ),
    )


def _model(pen: Pen, start: Mapping[str, float] | None) -> Cell:
    model = pen.config.model
    numbers = {
        "parameter": N_("two numbers to learn, random at first"),
        "linear": N_("a ready-made layer with the same two numbers, random at first"),
    }
    loaded = start and [
        "",
        "# " + pen.say(N_("This training did not begin with random numbers, but with those of a checkpoint.")),
        code.STARTS[model].format(**start),
    ]
    return Cell(
        pen.say(N_("Model")),
        pen.say(N_("A line with its own weight and bias: still wrong ones, which training will change.")),
        lines(
            pen.setting("model", f"class {code.CLASSES[model]}(nn.Module):", code.CLASSES.__getitem__),
            pen.code(code.BODIES[model], numbers=numbers[model]),
            "",
            "",
            "torch.manual_seed(RANDOM_SEED)",
            f"model = {code.CLASSES[model]}().to(device)",
            *(loaded or []),
            "print(model.state_dict())",
        ),
    )


def _loss_and_optimizer(pen: Pen) -> Cell:
    config = pen.config
    momentum = config.optimizer == "sgd" and config.momentum
    # On a graphics card PyTorch would take all parameters at once, and might round in another order than `Run` does.
    one_by_one = "    foreach=False,  # " + pen.say(N_("one parameter after the other, as on the page"))
    return Cell(
        pen.say(N_("Loss and optimizer")),
        pen.say(N_("The loss counts how wrong the model is, the optimizer makes that smaller.")),
        lines(
            pen.setting(
                "loss", f"loss_fn = {_torch_name('loss', config.loss)}()", lambda loss: _torch_name("loss", loss)
            ),
            pen.setting(
                "optimizer",
                f"optimizer = {_torch_name('optimizer', config.optimizer)}(",
                lambda optimizer: _torch_name("optimizer", optimizer),
            ),
            "    params=model.parameters(),",
            pen.setting("lr", f"    lr={config.lr!r},"),
            pen.setting("momentum", f"    momentum={config.momentum!r},") if momentum else None,
            one_by_one if config.device != "cpu" else None,
            ")",
        ),
    )


def _training(pen: Pen) -> Cell:
    return Cell(
        pen.say(N_("Training loop")),
        pen.say(N_("In every epoch the same five lines take one step of training; then comes a test.")),
        lines(
            pen.setting("epochs", f"epochs = {pen.config.epochs}"),
            pen.code(
                code.LOOP,
                copy=N_("to go back to, if it should be needed"),
                training=N_("Training: five lines"),
                forward=N_("1. predict"),
                loss=N_("2. how wrong is that?"),
                zero_grad=N_("3. forget the gradients of the last epoch"),
                backward=N_("4. find the new ones: in which direction does the loss grow?"),
                step=N_("5. one step in the other direction"),
                testing=N_("Testing: no gradients, and no step"),
                diverged=N_("The numbers grew beyond all bounds (inf or nan): undo this epoch, and stop."),
            ),
        ),
    )


def _torch_name(name: str, value: str) -> str:
    """PyTorch's name of an option, as the code writes it: `torch.optim.SGD`, `nn.L1Loss`."""
    spec = specs(LinearConfig)[name]
    assert isinstance(spec, Choice)
    found = spec.options[value][1]
    return f"torch.{found}" if found.startswith("optim.") else found
