"""The controls of every lab that has a `RunLab`: its settings as a config, and the buttons below them."""

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..widgets import drawer, fields, focus, undo_buttons
from .run_lab import RunLab
from .saved import Snapshot


def chosen(lab: RunLab) -> tuple[Any, wb.ConfigError | None]:
    """The config of the controls and None; if that is invalid, the last valid one and the error."""
    try:
        return config(lab), None
    except wb.ConfigError as error:
        return lab.seen, error


def config(lab: RunLab) -> Any:
    """The config of the controls. Raises `ConfigError` if it is invalid, or its training would take too long."""
    found = lab.config_class(**fields.values(lab.config_class))
    lab.check(found)
    return found


def defaults_button(lab: RunLab, key: str) -> None:
    """Draw the button that puts all settings back; not in a lesson, which has settings of its own."""
    if focus.narrow():
        return
    st.button(
        _("Defaults"),
        key=key,
        icon=":material/settings_backup_restore:",
        help=_("Put all settings back to their defaults. Reset keeps them. Undo brings yours back."),
        on_click=fields.fill,
        args=(lab.config_class(),),
    )


def actions(lab: RunLab, *, valid: bool, bring_back: Callable[[Snapshot], None] = lambda snapshot: None) -> None:
    """Draw the buttons. Their callbacks run before the script, so that everything it draws is up to date.

    After undo and redo, `bring_back` puts what the settings of a snapshot don't have.
    """
    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            help=_(
                "Train a new model from the random start the seed gives, and play it. From then on, every changed "
                "setting shows its trained run."
            ),
            on_click=fields.with_config,
            args=(lab.config_class, lab.train),
        )
        st.button(
            _("Reset"),
            help=_("Go back to the untrained model and keep your settings. The same seed gives the same random start."),
            on_click=fields.with_config,
            args=(lab.config_class, lab.reset),
        )
        steps = lab.note()
        undo_buttons.draw(
            undo=functools.partial(_undo, lab, bring_back) if steps.past or not valid else None,
            redo=functools.partial(_redo, lab, bring_back) if steps.future else None,
        )
        st.button(
            _("Continue training"),
            key="continue",
            icon=":material/resume:",
            disabled=not lab.can_resume,
            help=_("Train this model for the same number of epochs again.") if lab.can_resume else _why_not(lab),
            on_click=fields.with_config,
            args=(lab.config_class, lab.resume),
        )


def _why_not(lab: RunLab) -> str:
    """Why the displayed model cannot be trained further."""
    if lab.run.diverged_at is not None:
        return _("This run exploded, so there's nothing to continue from.")
    if lab.run.epochs >= lab.most_epochs:
        return _("This run has as many epochs as a run can have here.")
    return _("First press Train: there's nothing to continue yet.")


def _undo(lab: RunLab, bring_back: Callable[[Snapshot], None]) -> None:
    """Display what was displayed before; of settings that are invalid, undo only those."""
    steps = lab.note()
    try:
        config(lab)
    except wb.ConfigError:
        fields.fill(steps.now.settings)
    else:
        _display(lab, steps.back(), bring_back)


def _redo(lab: RunLab, bring_back: Callable[[Snapshot], None]) -> None:
    _display(lab, lab.note().forward(), bring_back)


def _display(lab: RunLab, snapshot: Snapshot | None, bring_back: Callable[[Snapshot], None]) -> None:
    if snapshot is not None:
        fields.fill(snapshot.settings)
        bring_back(snapshot)
        lab.go_to(snapshot)
