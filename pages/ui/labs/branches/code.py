"""The code panel of a lab whose runs have branches: that of the run, or that of the chosen branch."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from ...i18n import _
from ...session import state
from ...widgets import code_panel
from ...widgets.code_panel import Recipe
from ..schedule import changes_text
from .runs import Branch


def draw(
    shown: Sequence[Branch],
    key: str,
    *,
    main: Callable[[], None],
    start: Any,
    file: str,
    points: Callable[[Any], Callable[[], str] | None],
) -> None:
    """Draw the code of the chosen branch, or call `main` for that of the run itself.

    `start` is what the code begins with if the model came from a file; `points` makes the file with the points of a
    config, if it needs one. `key` is that of the choice, which is drawn only if there are branches.
    """
    chosen = _chosen({branch.letter: branch for branch in shown}, key)
    if chosen is None:
        main()
        return
    run = chosen.run
    config = dataclasses.replace(run.config, epochs=run.epochs if run.diverged_at is not None else run.epoch)
    sentence = code_panel.what_it_is(trained=True, stale=False)
    code_panel.draw(Recipe(config, start), sentence, f"{file}_{chosen.letter}", points(config))


def _chosen(branches: Mapping[str, Branch], key: str) -> Branch | None:
    """The branch whose code the visitor wants; None for the run itself."""
    if not branches:
        return None
    names = {"": _("The run itself")} | {
        letter: _("Branch {letter}").format(letter=letter) + f": {changes_text(branch.run.config, branch.text)}"
        for letter, branch in branches.items()
    }
    state.prime(key, "")
    if state.get(key) not in names:
        state.put(key, "")
    chosen = st.selectbox(_("Code of"), names, format_func=names.__getitem__, key=key, persist_state="session")
    return branches.get(chosen)
