"""The lines of a training loop that change its settings or weights at some epochs."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..base import workflow_steps
from ..base.fields import N_, applies
from ..base.workflow import Pen
from .scheduled_run import NUMBERS
from .typed_weights import place_of


def scheduled_lines(pen: Pen[Any], layer: Callable[[int], str] = str) -> Iterator[str]:
    """The lines at the beginning of an epoch that change its settings, or give weights other numbers.

    `layer` is how the code calls a layer of the model, by its number from 1 on.
    """
    for (_, before), (epoch, config) in itertools.pairwise(pen.config.phases):
        if epoch >= pen.config.epochs:
            break
        changes = list(_changes(Pen(config, pen.say), before))
        weights = list(_weights(pen.config.typed.get(epoch, {}), layer))
        if changes or weights:
            comment = N_("from here on with other settings") if changes else N_("here a weight gets another number")
            yield f"    if epoch == {epoch}:  # " + pen.say(comment)
            yield from (f"        {line}" for line in (*changes, *weights))


def _weights(typed: Mapping[str, float], layer: Callable[[int], str]) -> Iterator[str]:
    if typed:
        yield "with torch.no_grad():"
    for name, number in typed.items():
        if place := place_of(name):
            yield f"    {layer(place.layer)}.weight[{place.unit}, {place.source}] = {number!r}"


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
