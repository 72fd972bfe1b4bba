"""The settings of a run on points in the plane: the data, the network and the training."""

import itertools
import math
from dataclasses import dataclass, replace
from typing import ClassVar

from ...base import settings
from ...base.errors import ConfigError
from ...base.fields import N_, Choice, Number, Several, check_fields, defaults, setting
from ...base.split import train_points
from .. import schedules
from .layers import FEATURE_NAMES, HiddenLayers
from .own import OwnSpots, Spot


@dataclass(frozen=True, kw_only=True)
class PointsConfig(schedules.Scheduled):
    """Points of two to four classes, a network to tell them apart, and how to train it.

    The points are `points` of a pattern, `data`, or those of `own` (x1, x2, class) with `data="own"`. With
    `batch_size=0` the network learns from all training points at once. The loss is the one that the number of classes
    needs: `nn.BCEWithLogitsLoss` for two, `nn.CrossEntropyLoss` for more. `seed` decides data, split, start, batches
    and dropout. Raises `ConfigError` for a value that is not allowed.
    """

    together: ClassVar[tuple[str, ...]] = ("data", "own")
    """Settings that may be valid each, but not with one another."""

    has_weights: ClassVar[bool] = True

    data: str = setting(
        "circles",
        Choice(
            N_("Pattern"),
            N_("How the points of the classes lie: some patterns a line can separate, others need hidden layers."),
            torch="make_circles",
            options={
                "circles": (N_("Circles"), "make_circles"),
                "moons": (N_("Moons"), "make_moons"),
                "xor": (N_("XOR squares"), "torch.rand"),
                "blobs": (N_("Blobs"), "make_blobs"),
                "spirals": (N_("Spirals"), "torch.linspace"),
                "own": (N_("My points"), "torch.tensor"),
            },
            group="data",
            live=True,
        ),
    )
    own: tuple[Spot, ...] = setting(
        (),
        OwnSpots(
            N_("My points"),
            N_("Points of your own, each with its class."),
            torch="torch.tensor",
            group="data",
            when=("data", "own"),
            live=True,
        ),
    )
    points: int = setting(
        200,
        Number(
            N_("Number of points"),
            N_("How many points there are, for training and testing together."),
            torch="n_samples",
            low=8,
            high=10_000,
            offered=(20, 2000),
            step=10,
            integer=True,
            values=(20, 50, 100, 200, 500, 1000, 2000),
            group="data",
            sweepable=True,
            live=True,
        ),
    )
    noise: float = setting(
        0.05,
        Number(
            N_("Noise"),
            N_("How far the points scatter around their pattern (standard deviation)."),
            torch="noise",
            low=0.0,
            high=100.0,
            offered=(0.0, 0.5),
            reach=(0.0, 5.0),
            step=0.01,
            group="data",
            swept=(0.0, 0.5),
            sweepable=True,
            live=True,
        ),
    )
    classes: int = setting(
        2,
        Number(
            N_("Classes"),
            N_("How many kinds of points there are to tell apart."),
            torch="centers",
            low=2,
            high=4,
            offered=(2, 4),
            step=1,
            integer=True,
            values=(2, 3, 4),
            group="data",
            when=("data", "blobs"),
            live=True,
        ),
    )
    train_fraction: float = setting(
        0.8,
        replace(settings.TRAIN_FRACTION, torch="train_test_split"),
    )
    features: tuple[str, ...] = setting(
        ("x1", "x2"),
        Several(
            N_("Inputs"),
            N_("What the network sees of each point: its two coordinates, or numbers computed from them."),
            torch="in_features",
            options=FEATURE_NAMES,
            group="model",
            live=True,
        ),
    )
    hidden: tuple[int, ...] = setting(
        (8, 8),
        HiddenLayers(
            N_("Hidden layers"),
            N_("The units of each layer between the inputs and the output; without one the boundary is a line."),
            torch="nn.Linear",
            group="model",
            live=True,
        ),
    )
    activation: str = setting(
        "tanh",
        Choice(
            N_("Activation"),
            N_("The bend after each hidden layer; without it, many layers can do no more than one."),
            torch="nn.ReLU",
            options={
                "none": (N_("None"), "nn.Identity"),
                "relu": (N_("ReLU"), "nn.ReLU"),
                "tanh": (N_("Tanh"), "nn.Tanh"),
                "sigmoid": (N_("Sigmoid"), "nn.Sigmoid"),
            },
            group="model",
            sweepable=True,
            live=True,
        ),
    )
    dropout: float = setting(
        0.0,
        Number(
            N_("Dropout"),
            N_("The share of hidden units that are switched off at random in every training step."),
            torch="nn.Dropout",
            low=0.0,
            high=1.0,
            below=True,
            offered=(0.0, 0.9),
            step=0.05,
            group="model",
            swept=(0.0, 0.6),
            sweepable=True,
        ),
    )
    batch_size: int = setting(
        0,
        Number(
            N_("Batch size"),
            N_("How many points the model sees before each step: all of them at once, or fewer."),
            torch="batch_size",
            low=0,
            high=256,
            offered=(0, 256),
            step=1,
            integer=True,
            values=(0, 1, 4, 8, 16, 32, 64, 128, 256),
            zero=N_("all"),
            sweepable=True,
        ),
    )
    optimizer: str = setting("adam", settings.OPTIMIZER)
    momentum: float = setting(0.0, settings.MOMENTUM)
    weight_decay: float = setting(
        0.0,
        Number(
            N_("Weight decay"),
            N_("How strongly every step also pulls the parameters toward 0, which keeps the boundary simple."),
            torch="weight_decay",
            low=0.0,
            high=10.0,
            offered=(0.0, 1.0),
            step=0.0001,
            values=(0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
            log=True,
            swept=(0.0001, 0.1),
            mid_run=True,
            sweepable=True,
        ),
    )
    lr: float = setting(0.03, settings.LR)
    epochs: int = setting(
        200,
        Number(
            N_("Epochs"),
            N_("How many times the model goes through all the training points."),
            torch="epochs",
            low=1,
            high=100_000,
            offered=(1, 5000),
            step=1,
            integer=True,
            sweepable=True,
            swept=(10, 500),
        ),
    )
    seed: int = setting(42, settings.SEED)
    device: str = setting("cpu", settings.DEVICE)

    schedule: str = schedules.schedule_setting(lambda: PointsConfig)

    def __post_init__(self) -> None:
        check_fields(self)
        self.tidy_schedule()
        if (self.data == "own") != bool(self.own):
            raise ConfigError(
                "points.count", field="own", given=f"{len(self.own):,} points", allowed='points with data="own"'
            )
        if self.own:
            for name in OF_PATTERNS:
                object.__setattr__(self, name, defaults(type(self))[name])

    @property
    def size(self) -> int:
        """How many points there are."""
        return len(self.own) or self.points

    @property
    def n_classes(self) -> int:
        """How many classes the points have."""
        if self.own:
            return 1 + max(label for _, _, label in self.own)
        return self.classes if self.data == "blobs" else 2

    @property
    def sizes(self) -> tuple[int, ...]:
        """The width of the network from its inputs to its outputs: (2, 10, 10, 1)."""
        return len(self.features), *self.hidden, self.outputs

    @property
    def parameters(self) -> int:
        """How many numbers the network learns."""
        return sum((before + 1) * after for before, after in itertools.pairwise(self.sizes))

    @property
    def train_points(self) -> int:
        """How many of the points are for training."""
        if self.own:
            return train_points(self.size, self.train_fraction, self.seed)
        return self.size - test_points(self.size, self.train_fraction)

    @property
    def batches(self) -> int:
        """How many batches an epoch has, each of which is a training step."""
        return math.ceil(self.train_points / self.batch_size) if self.batch_size else 1

    @property
    def outputs(self) -> int:
        """How many numbers the network says about a point: one for two classes, else one for each class."""
        return 1 if self.n_classes == 2 else self.n_classes

    @property
    def loss_name(self) -> str:
        """PyTorch's name of the loss."""
        return "nn.BCEWithLogitsLoss" if self.outputs == 1 else "nn.CrossEntropyLoss"


OF_PATTERNS = ("points", "noise", "classes")
"""Settings of patterns, which say nothing about own points: beside these, they have their defaults."""


def test_points(count: int, fraction: float) -> int:
    """How many of `count` points are for the test, at least one on either side."""
    return min(max(1, math.ceil(round((1 - fraction) * count, 6))), count - 1)
