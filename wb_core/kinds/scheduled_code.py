"""The lines of a training loop that change its settings at some epochs."""

import itertools
from collections.abc import Iterator
from typing import Any

from ..base import workflow_steps
from ..base.fields import N_, applies
from ..base.workflow import Pen
from .scheduled_run import NUMBERS


def scheduled_lines(pen: Pen[Any]) -> Iterator[str]:
    """The lines at the beginning of an epoch that change its settings."""
    for (_, before), (epoch, config) in itertools.pairwise(pen.config.phases):
        if epoch < pen.config.epochs and (lines := list(_changes(Pen(config, pen.say), before))):
            yield f"    if epoch == {epoch}:  # " + pen.say(N_("from here on with other settings"))
            yield from (f"        {line}" for line in lines)


def _changes(pen: Pen[Any], before: Any) -> Iterator[str]:
    config = pen.config
    if getattr(config, "loss", None) != getattr(before, "loss", None):
        yield workflow_steps.loss_fn(pen)
    if config.optimizer != before.optimizer:
        yield from filter(None, workflow_steps.optimizer(pen))
        return
    for name in NUMBERS:
        if hasattr(config, name) and applies(config, name) and getattr(config, name) != getattr(before, name):
            yield f'optimizer.param_groups[0]["{name}"] = {getattr(config, name)!r}'
