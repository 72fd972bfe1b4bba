"""The panel with the PyTorch code that reproduces the displayed run."""

import dataclasses
import functools
from collections.abc import Callable, Mapping

import streamlit as st

import wb_core as wb
from wb_core.kinds.line.export import MAX_IN_CODE

from ...i18n import _
from ...session import state
from ...widgets import code_panel
from ...widgets.code_panel import Recipe
from . import of_epoch
from .branches import runs
from .branches.runs import Branch
from .branches.words import changes_text
from .lab import LinearLab

FILE = "01_pytorch_workflow"
KEY = "linear.code_of"


def recipe(lab: LinearLab, epoch: int | None = None) -> Recipe:
    """The recipe of the displayed model or, if it is untrained, of the training that the settings describe.

    Stopping or continuing a training equals one training with the total number of epochs. A diverged run keeps all the
    epochs it should have had, because the code detects the divergence, too. With an `epoch` before the last one, the
    recipe ends with the model after it.
    """
    run = lab.run
    epochs = run.epochs if run.diverged_at is not None else run.epoch or run.epochs
    if epoch is not None and epoch < run.epoch - 1:
        epochs = epoch + 1
    return Recipe(dataclasses.replace(run.config, epochs=epochs), run.start if lab.loaded else None)


def draw(lab: LinearLab) -> None:
    """Draw the code, and a sentence about the training it belongs to; of several branches, that of the chosen one."""
    chosen = _chosen({branch.letter: branch for branch in runs.here().of(lab, runs.current())})
    if chosen is None:
        of_epoch.draw(lab, functools.partial(_draw, lab))
        return
    run = chosen.run
    config = dataclasses.replace(run.config, epochs=run.epochs if run.diverged_at is not None else run.epoch)
    sentence = code_panel.what_it_is(trained=True, stale=False)
    branch = Recipe(config, run.start if lab.loaded else None)
    code_panel.draw(branch, sentence, f"{FILE}_{chosen.letter}", _points(config))


def _chosen(branches: Mapping[str, Branch]) -> Branch | None:
    """The branch whose code the visitor wants; None for the run itself."""
    if not branches:
        return None
    names = {"": _("The run itself")} | {
        letter: _("Branch {letter}").format(letter=letter) + f": {changes_text(branch.text)}"
        for letter, branch in branches.items()
    }
    state.prime(KEY, "")
    if state.get(KEY) not in names:
        state.put(KEY, "")
    chosen = st.selectbox(_("Code of"), names, format_func=names.__getitem__, key=KEY, persist_state="session")
    return branches.get(chosen)


def _draw(lab: LinearLab, run: wb.Run, epoch: int | None) -> None:
    sentence = code_panel.what_it_is(trained=epoch is not None, stale=False)
    if epoch is not None and epoch < run.epoch - 1:
        sentence = _(
            "The PyTorch code of the run shown above, up to epoch {epoch}. Run it at home and you get the same numbers."
        ).format(epoch=f"{epoch:,}")
    code_panel.draw(recipe(lab, epoch), sentence, FILE, _points(run.config))


def _points(config: wb.LinearConfig) -> Callable[[], str] | None:
    """What makes the file with the points, if there are too many for the code itself."""
    return functools.partial(wb.points_csv, config) if len(config.points) > MAX_IN_CODE else None
