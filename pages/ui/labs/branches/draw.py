"""The branches below the charts: one row for each, and the form for a new one."""

import html
from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

import wb_core as wb

from ...compare import keep
from ...figures.branches import BranchCurve
from ...i18n import _
from ...sentences import explain
from ...widgets import fields, focus
from ..run_lab import RunLab
from ..schedule import changes_text
from .runs import Branch, Branches, first_of
from .view import MOST


def draw(
    lab: RunLab,
    branches: Branches[Any],
    shown: Sequence[Branch],
    more: Callable[[Branch], None] = lambda branch: None,
) -> None:
    """Draw the open form and a row for each branch, in which `more` draws buttons of this lab."""
    if branches.form:
        _form(lab, branches)
    for branch in shown:
        _row(lab, branches, branch, more)
    if shown:
        st.caption(_("With branches, the charts follow a slider only when you let go of it."))
    missing = set(branches.view.texts) - {branch.text for branch in shown}
    if missing and lab.run.epoch:
        _missing(lab, branches, missing)


def _row(lab: RunLab, branches: Branches[Any], branch: Branch, more: Callable[[Branch], None]) -> None:
    curve, run = branch.curve, branch.run
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"branch-{branch.letter}"):
        with st.container(key=f"branch-{branch.letter}-text", width="stretch", gap=None):
            st.html(_name(curve, branch))
            st.caption(branches.sentences(branch)[0] if run.epoch else _("It has no epochs yet."))
        more(branch)
        kept = keep.kept(wb.record_of(run), loaded=lab.loaded)
        keep.button(kept, _("Save"), key=f"branch-{branch.letter}-keep")
        st.button(
            _("Delete"),
            key=f"branch-{branch.letter}-delete",
            icon=":material/delete:",
            help=_("Removes this branch from the charts and from the link."),
            on_click=branches.delete,
            args=(branch.text,),
        )


def _missing(lab: RunLab, branches: Branches[Any], texts: Collection[str]) -> None:
    """Count the branches that the displayed run cannot have, with a button that deletes them."""
    late = sum(first_of(text) > lab.run.epoch for text in texts)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="branches-missing"):
        if late:
            st.caption(_("Branches that begin after the end of this run: {count}").format(count=late))
        if others := len(texts) - late:
            st.caption(_("Branches with a weight that this network doesn't have: {count}").format(count=others))
        st.button(_("Delete"), key="branches-missing-delete", on_click=branches.delete, args=(*texts,))


def _name(curve: BranchCurve, branch: Branch) -> str:
    color, _dash, _symbol, sign = curve.style
    name = _("Branch {letter}").format(letter=branch.letter)
    words = html.escape(changes_text(branch.run.config, branch.text))
    return f'<span style="color:{color}" aria-hidden="true">{sign}</span> <strong>{html.escape(name)}</strong>, {words}'


def _form(lab: RunLab, branches: Branches[Any]) -> None:
    with st.container(key="branch-form", border=True):
        st.markdown(_("**Branch**: what if the training went on with other settings from here?"))
        settings = branches.settings
        names = ("epoch", *(list(filter(focus.shows, settings)) or settings))  # a lesson may show only few
        for column, name in zip(st.columns(1 + len(settings)), names, strict=False):
            with column, focus.everything():
                most = max(lab.run.epochs - 1, 1) if name == "epoch" else None
                offered = branches.offered_lr(lab) if name == "lr" else None
                fields.draw(branches.form_class, name, most=most, offered=offered)
        error, changed = _error(lab, branches)
        if branches.full:
            st.warning(_("A run has up to {most} branches. Delete one first.").format(most=MOST))
        elif error is not None:
            st.error(explain(error), icon=":material/error:")
        elif not changed:
            st.caption(_("Change a setting: with the same settings the branch would be the run itself."))
        with st.container(horizontal=True, gap="small"):
            st.button(
                _("Train branch"),
                key="branch-train",
                type="primary",
                disabled=branches.full or error is not None or not changed,
                on_click=branches.add,
                args=(lab,),
            )
            st.button(_("Cancel"), key="branch-cancel", on_click=_close, args=(branches,))


def _close(branches: Branches[Any]) -> None:
    branches.form = False


def _error(lab: RunLab, branches: Branches[Any]) -> tuple[wb.ConfigError | None, bool]:
    """What is wrong with the form, and whether it changes a setting."""
    try:
        _epoch, _changes, config = branches.chosen(lab)
    except wb.ConfigError as error:
        return error, False
    return None, config != lab.run.config
