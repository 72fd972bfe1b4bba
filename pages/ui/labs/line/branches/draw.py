"""The branches below the charts: one row for each, and the form for a new one."""

import html

import streamlit as st

import wb_core as wb
from wb_core.base.fields import applies

from ....compare import keep
from ....figures.branches import BranchCurve
from ....i18n import _
from ....sentences import explain
from ....widgets import fields
from ...schedule import changes_text
from ..diagnosis_sentences import sentences
from ..lab import LinearLab
from .runs import Branch, Branches, current
from .view import MOST, BranchForm

SETTINGS = ("lr", "optimizer", "momentum", "loss")


def draw(lab: LinearLab, branches: Branches, shown: tuple[Branch, ...]) -> None:
    """Draw the open form and a row for each branch."""
    if branches.form:
        _form(lab, branches)
    for branch in shown:
        _row(lab, branches, branch)
    if shown:
        st.caption(_("With branches, the charts follow a slider only when you let go of it."))
    missing = len(current().texts) - len(shown)
    if missing and lab.run.epoch:
        st.caption(_("Branches that begin after the end of this run: {count}").format(count=missing))


def _row(lab: LinearLab, branches: Branches, branch: Branch) -> None:
    curve, run = branch.curve, branch.run
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"branch-{branch.letter}"):
        with st.container(key=f"branch-{branch.letter}-text", width="stretch", gap=None):
            st.html(_name(curve, branch))
            st.caption(sentences(run, branch.diagnosis)[0] if run.epoch else _("It has no epochs yet."))
        st.button(
            _("Line by line"),
            key=f"branch-{branch.letter}-step",
            help=_("See what every line of code did in the first epoch of this branch."),
            disabled=run.epoch <= branch.first or lab.loaded,  # the other page knows no model from a file
            on_click=branches.inspect,
            args=(branch,),
        )
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


def _name(curve: BranchCurve, branch: Branch) -> str:
    color, _dash, _symbol, sign = curve.style
    name = _("Branch {letter}").format(letter=branch.letter)
    words = html.escape(changes_text(branch.run.config, branch.text))
    return f'<span style="color:{color}" aria-hidden="true">{sign}</span> <strong>{html.escape(name)}</strong>, {words}'


def _form(lab: LinearLab, branches: Branches) -> None:
    with st.container(key="branch-form", border=True):
        st.markdown(_("**Branch**: what if the training went on with other settings from here?"))
        full = len(current().texts) >= MOST
        columns = st.columns(5)
        for column, name in zip(columns, ("epoch", *SETTINGS), strict=True):
            with column:
                most = max(lab.run.epochs - 1, 1) if name == "epoch" else None
                fields.draw(BranchForm, name, most=most, offered=lab.limits.offered_lr(lab.run.config))
        error, changed = _error(lab)
        if full:
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
                disabled=full or error is not None or not changed,
                on_click=_add,
                args=(lab, branches),
            )
            st.button(_("Cancel"), key="branch-cancel", on_click=_close, args=(branches,))


def _close(branches: Branches) -> None:
    branches.form = False


def _error(lab: LinearLab) -> tuple[wb.ConfigError | None, bool]:
    """What is wrong with the form, and whether it changes a setting."""
    try:
        form = BranchForm(**fields.values(BranchForm))
        if form.epoch > lab.run.epoch:
            raise wb.ConfigError("branch.epoch", field="epoch", given=form.epoch, allowed=f"up to {lab.run.epoch}")
        branch = lab.run.config.branch(form.epoch, **_changes(form))
    except wb.ConfigError as error:
        return error, False
    return None, branch != lab.run.config


def _changes(form: BranchForm) -> dict[str, object]:
    """The settings of the form that apply."""
    return {name: getattr(form, name) for name in SETTINGS if applies(form, name)}


def _add(lab: LinearLab, branches: Branches) -> None:
    error, changed = _error(lab)
    if error is None and changed:
        form = BranchForm(**fields.values(BranchForm))
        branches.add(lab, form.epoch, _changes(form))
