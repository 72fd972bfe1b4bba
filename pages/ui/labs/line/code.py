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
from .. import run_code
from ..schedule import changes_text
from . import of_epoch
from .branches import runs
from .branches.runs import Branch
from .lab import LinearLab

FILE = "01_pytorch_workflow"
KEY = "linear.code_of"


def recipe(lab: LinearLab, epoch: int | None = None) -> Recipe:
    """The recipe of the displayed model; see `run_code.recipe`."""
    return run_code.recipe(lab, lab.run.start, epoch)


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
        letter: _("Branch {letter}").format(letter=letter) + f": {changes_text(branch.run.config, branch.text)}"
        for letter, branch in branches.items()
    }
    state.prime(KEY, "")
    if state.get(KEY) not in names:
        state.put(KEY, "")
    chosen = st.selectbox(_("Code of"), names, format_func=names.__getitem__, key=KEY, persist_state="session")
    return branches.get(chosen)


def _draw(lab: LinearLab, run: wb.Run, epoch: int | None) -> None:
    run_code.draw(recipe(lab, epoch), run, epoch, FILE, _points(run.config))


def _points(config: wb.LinearConfig) -> Callable[[], str] | None:
    """What makes the file with the points, if there are too many for the code itself."""
    return functools.partial(wb.points_csv, config) if len(config.points) > MAX_IN_CODE else None
