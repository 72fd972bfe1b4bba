"""The settings of an image run: the data, the model and the training."""

import math
from dataclasses import dataclass

from ...base import settings
from ...base.fields import N_, Choice, Folder, Number, check_fields, setting
from .data import SIZES


@dataclass(frozen=True, kw_only=True)
class ImageConfig:
    """A data set of images, a model to classify them, and how to train it. Raises `ConfigError` like `LinearConfig`.

    `data_dir` is a folder with the four files of the full set; without it, the usual places are searched. The small set
    is part of this package.
    """

    dataset: str = setting(
        "fashion_mnist_small",
        Choice(
            N_("Pictures"),
            N_("How many pictures to train on; a tenth is quick; all of them give the course's figures."),
            torch="FashionMNIST",
            options={
                "fashion_mnist_small": (N_("6,000 pictures (quick)"), "6,000 / 1,000"),
                "fashion_mnist": (N_("All 60,000"), "60,000 / 10,000"),
            },
            group="data",
        ),
    )
    data_dir: str | None = setting(None, Folder(N_("Folder")))
    model: str = setting(
        "linear",
        Choice(
            N_("Model"),
            N_("What's between the pixels and the prediction: plain sums, sums with a bend, or small windows."),
            torch="nn.Module",
            options={
                "linear": (N_("Two linear layers"), "nn.Linear"),
                "relu": (N_("Linear layers with ReLU"), "nn.ReLU"),
                "tiny_vgg": (N_("Convolutions (TinyVGG)"), "nn.Conv2d"),
            },
            group="model",
            sweepable=True,
            in_every_name=True,
        ),
    )
    hidden_units: int = setting(
        10,
        Number(
            N_("Hidden units"),
            N_("How many values the model computes between the picture and the scores; in TinyVGG, channels."),
            torch="hidden_units",
            low=1,
            high=1024,
            offered=(1, 64),
            step=1,
            integer=True,
            values=(1, 2, 5, 10, 16, 32, 64),
            log=True,
            group="model",
            sweepable=True,
        ),
    )
    batch_size: int = setting(
        32,
        Number(
            N_("Batch size"),
            N_("How many pictures the model sees before each step; an epoch takes one step per batch."),
            torch="batch_size",
            low=1,
            high=60_000,
            offered=(4, 256),
            step=1,
            integer=True,
            values=(8, 16, 32, 64, 128, 256),
            log=True,
            sweepable=True,
        ),
    )
    loss: str = setting(
        "cross_entropy",
        Choice(
            N_("Loss"),
            N_("How a wrong prediction is scored: the lower the probability of the right class, the higher the loss."),
            torch="loss_fn",
            options={"cross_entropy": (N_("Cross entropy"), "nn.CrossEntropyLoss")},
        ),
    )
    optimizer: str = setting("sgd", settings.OPTIMIZER)
    momentum: float = setting(0.0, settings.MOMENTUM)
    lr: float = setting(0.1, settings.LR)
    epochs: int = setting(
        3,
        Number(
            N_("Epochs"),
            N_("How many times the model goes through all the training pictures, batch by batch."),
            torch="epochs",
            low=1,
            high=1_000,
            offered=(1, 20),
            step=1,
            integer=True,
            sweepable=True,
        ),
    )
    seed: int = setting(42, settings.SEED)
    device: str = setting("cpu", settings.DEVICE)

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def batches(self) -> int:
        """How many batches an epoch has, each of which is a training step."""
        return math.ceil(SIZES[self.dataset][0] / self.batch_size)
