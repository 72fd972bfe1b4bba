"""The outcome of a kept run in the diagnosis's words, such as "Bouncing"."""

import functools
from typing import Any

import wb_core as wb

from ..figures.sweep import OUTCOME_LABELS
from ..i18n import _
from ..training import training_slot

MAX_STEPS = 2000
"""A run of more training steps is not trained again for its diagnosis."""

SLICE = 50
"""So many epochs are trained before other trainings have their turn."""


def outcome(run: wb.KeptRun) -> str:
    """One or two words, and what else happened to the run."""
    words = [_word(run)]
    if run.outcome == "stopped":
        words.append(_("stopped"))
    if run.loaded:
        words.append(_("from a checkpoint"))
    return ", ".join(word for word in words if word)


def _word(run: wb.KeptRun) -> str:
    if run.outcome == "exploded":
        return _("Exploded")
    if not wb.kind_of(run.config).batch:  # too long to be trained again
        return _of_metrics(run)
    if run.loaded or run.done * run.config.batches > MAX_STEPS:
        return _("Finished") if run.outcome == "done" else ""
    word = _(OUTCOME_LABELS[_diagnosis(run.config, run.done)])
    return word[:1].upper() + word[1:]


@functools.lru_cache(64)
def _diagnosis(config: Any, epochs: int) -> str:
    """The verdict on a run after these epochs, which has the same bits when it is trained again."""
    run = wb.Run(config)
    while run.epoch < epochs and not run.done:
        with training_slot():
            run.advance(epochs=min(SLICE, epochs - run.epoch))
    return wb.diagnose(run.history, config, advise=False, **run.observed).verdict


def _of_metrics(run: wb.KeptRun) -> str:
    if run.predictions is not None and len(set(run.predictions.class_bytes)) == 1:
        return _("Predicts one class")
    return _("Learned") if run.last("test_accuracy") >= 20 else _("Barely better than guessing")
