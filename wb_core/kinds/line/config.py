"""The settings of a linear run: the data, the model and the training."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from ...base import settings
from ...base.errors import ConfigError
from ...base.fields import N_, Choice, Number, Switch, check_fields, setting
from ...base.points import MAX_POINTS, OwnPoints, Pair
from ...base.split import train_points
from .. import schedules
from . import by_hand


@dataclass(frozen=True, kw_only=True)
class LinearConfig(schedules.Scheduled):
    """A line to learn, a model to learn it, and how to train it. Raises `ConfigError` for a value that is not allowed.

    The data are X = arange(start, end, step) and y = weight * X + bias + noise * randn, or the `points` (x, y), if
    there are any. The first `train_fraction` of them is for training, the rest for testing; with `shuffle` the seed
    decides which. With `standardise` the model learns on X and y minus their means, divided by their standard
    deviations.

    `init` is the weight and bias to start with, such as "0.5,-1.2"; without it the seed decides. `schedule` changes
    settings during the training: with "140:lr=0.001;180:optimizer=adam,lr=0.1" the epochs from 140 on have another
    learning rate than those before.
    """

    together: ClassVar[tuple[str, ...]] = ("start", "end", "step")
    """Settings that may be valid each, but not with one another."""

    weight: float = setting(
        0.7,
        Number(
            N_("Weight"),
            N_("How steep the true line is: y grows by this much when X grows by 1."),
            torch="weight",
            low=-1e4,
            high=1e4,
            offered=(-2.0, 2.0),
            step=0.01,
            group="data",
            when=("points", ()),
            sweepable=True,
            live=True,
        ),
    )
    bias: float = setting(
        0.3,
        Number(
            N_("Bias"),
            N_("Where the true line starts: the value of y at X = 0."),
            torch="bias",
            low=-1e4,
            high=1e4,
            offered=(-2.0, 2.0),
            step=0.01,
            group="data",
            when=("points", ()),
            sweepable=True,
            live=True,
        ),
    )
    start: float = setting(
        0.0,
        Number(
            N_("X start"),
            N_("The smallest X of the data."),
            torch="arange",
            low=-1e3,
            high=1e3,
            offered=(-5.0, 5.0),
            step=0.1,
            typed=True,
            group="data",
            when=("points", ()),
            live=True,
        ),
    )
    end: float = setting(
        1.0,
        Number(
            N_("X end"),
            N_("Where X stops; this value itself isn't part of the data."),
            torch="arange",
            low=-1e3,
            high=1e3,
            offered=(-5.0, 5.0),
            step=0.1,
            typed=True,
            group="data",
            when=("points", ()),
            live=True,
        ),
    )
    step: float = setting(
        0.02,
        Number(
            N_("X step"),
            N_("The distance from one X to the next: the smaller it is, the more points there are."),
            torch="arange",
            low=0.0,
            high=1e3,
            above=True,
            offered=(0.005, 0.5),
            step=0.005,
            typed=True,
            group="data",
            when=("points", ()),
            live=True,
        ),
    )
    noise: float = setting(
        0.0,
        Number(
            N_("Noise"),
            N_("How far the points scatter around the true line (standard deviation); 0 puts every point on the line."),
            torch="randn",
            low=0.0,
            high=1e3,
            offered=(0.0, 0.5),
            step=0.01,
            group="data",
            when=("points", ()),
            sweepable=True,
            live=True,
        ),
    )
    points: tuple[Pair, ...] = setting(
        (),
        OwnPoints(
            N_("My points"),
            N_("Points of your own to learn from, instead of those of a line."),
            torch="tensor",
            group="data",
            live=True,
        ),
    )
    train_fraction: float = setting(
        0.8,
        settings.TRAIN_FRACTION,
    )
    shuffle: bool = setting(
        False,
        Switch(
            N_("Shuffle"),
            N_("The seed decides which points are for training; otherwise it's the first ones."),
            torch="rand",
            group="data",
            live=True,
        ),
    )
    standardise: bool = setting(
        False,
        Switch(
            N_("Standardize"),
            N_("The model learns on X and y minus their mean, divided by their standard deviation."),
            torch="std",
            group="data",
            live=True,
        ),
    )
    model: str = setting(
        "parameter",
        Choice(
            N_("Model"),
            N_("Two ways to write the same line in PyTorch: two parameters of your own, or a ready-made layer."),
            torch="nn.Module",
            options={
                "parameter": (N_("Two parameters"), "nn.Parameter"),
                "linear": (N_("Linear layer"), "nn.Linear"),
            },
            group="model",
            sweepable=True,
            live=True,
        ),
    )
    loss: str = setting(
        "l1",
        Choice(
            N_("Loss"),
            N_("How a wrong prediction is scored: training makes this number small."),
            torch="loss_fn",
            options={
                "l1": (N_("L1 (absolute)"), "nn.L1Loss"),
                "mse": (N_("MSE (squared)"), "nn.MSELoss"),
                "huber": (N_("Huber (mixed)"), "nn.HuberLoss"),
            },
            sweepable=True,
            live=True,
            mid_run=True,
        ),
    )
    optimizer: str = setting("sgd", settings.OPTIMIZER)
    momentum: float = setting(0.0, settings.MOMENTUM)
    lr: float = setting(0.01, replace(settings.LR, reach=(1e-12, 1e3)))
    epochs: int = setting(
        100,
        Number(
            N_("Epochs"),
            N_("How many times the model goes through all the training data; it takes one step each time."),
            torch="epochs",
            low=1,
            high=1_000_000,
            offered=(1, 5000),
            step=1,
            integer=True,
            sweepable=True,
            swept=(10, 500),
        ),
    )
    seed: int = setting(42, settings.SEED)
    device: str = setting("cpu", settings.DEVICE)
    init: str = setting(
        "",
        by_hand.InitText(
            N_("Start by hand"),
            N_("The weight and the bias that the training starts with; without them the start is random."),
            torch="fill_",
            group="model",
            live=True,
        ),
    )
    schedule: str = schedules.schedule_setting(lambda: LinearConfig)

    def __post_init__(self) -> None:
        check_fields(self)
        self.tidy_schedule()
        if not 2 <= self.size <= MAX_POINTS:
            raise ConfigError("config.points", field="step", given=self.step, allowed=self._allowed_sizes())

    def _allowed_sizes(self) -> str:
        return f"a step that makes 2 to {MAX_POINTS:,} points, not {self.size:,}"

    @property
    def initial(self) -> dict[str, float] | None:
        """The `weight` and the `bias` to start with; None for a random start."""
        return by_hand.read(self.init)

    @property
    def size(self) -> int:
        """How many points the data have, as `torch.arange(start, end, step)` counts them."""
        if self.points:
            return len(self.points)
        count = (self.end - self.start) / self.step
        return max(0, math.ceil(min(count, 1e18)))  # a tiny step makes more points than an int can hold

    @property
    def train_points(self) -> int:
        """How many points are for training; at least one is on either side."""
        return train_points(self.size, self.train_fraction, self.split_seed)

    @property
    def batches(self) -> int:
        """How many batches an epoch has, each of which is a training step: all points are one."""
        return 1

    @property
    def split_seed(self) -> int | None:
        """The seed of the split, None if it is in order."""
        return self.seed if self.shuffle else None
