"""Describes training on images as a `Kind`."""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...base.errors import DataError
from ...base.fields import N_, specs
from ..kind import LARGEST, Kind, Metric, Shape, SweepLimit
from .config import ImageConfig
from .data import SIZES, ImageData, fashion_mnist, find_folder
from .diagnosis import DIAGNOSES, diagnose
from .export import image_workflow
from .export_code import FILES
from .models import IMAGE_MODELS
from .run import ImageRun


def load_data(config: ImageConfig) -> ImageData:
    """The images of a config; raises what `fashion_mnist` raises."""
    return fashion_mnist(config.dataset, None if config.data_dir is None else Path(config.data_dir))


def _fitting(config: ImageConfig, shapes: Sequence[Sequence[Shape]]) -> Iterator[ImageConfig]:
    """Each model, with as many hidden units as a tensor has rows."""
    spec: Any = specs(config)["hidden_units"]
    low, high = spec.offered
    sizes = dict.fromkeys(shape[0] for table in shapes for shape in table if shape and low <= shape[0] <= high)
    for model, size in itertools.product(IMAGE_MODELS, itertools.islice(sizes, 8)):
        yield replace(config, model=model, hidden_units=size)


def _warm_up() -> None:
    """Also load the images: forked processes share them, which saves memory and time."""
    run = ImageRun(ImageConfig(hidden_units=1))
    run.advance(batches=1)
    run.test()
    if find_folder() is not None:
        with contextlib.suppress(DataError):  # a job will report damaged files
            fashion_mnist("fashion_mnist")


IMAGES = Kind(
    id="image",
    label=N_("Pictures"),
    page="images",
    config=ImageConfig,
    run=ImageRun,
    metrics=(
        Metric("train_loss", LARGEST),
        Metric("test_loss", LARGEST),
        Metric("test_accuracy", 100.0, higher_is_better=True),
    ),
    checkpoint_name=lambda config: FILES[config.model],
    fitting=_fitting,
    workflow=image_workflow,
    diagnose=diagnose,
    diagnoses=DIAGNOSES,
    findings=("test_below_train",),
    warm_up=_warm_up,
    # Training on 30,000,000 images takes about half an hour.
    sweep_limit=SweepLimit(100, 30_000_000, lambda config: SIZES[config.dataset][0], "sweep.too_many_pictures"),
    load_data=load_data,
    data_from_arrays=ImageData.from_arrays,
    test_size=lambda config: SIZES[config.dataset][1],
)
"""Images of clothes, learned batch by batch."""
