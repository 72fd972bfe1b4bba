"""The controls of the step page: the walk through an epoch, the epoch, and the what-if."""

import math
from collections.abc import Collection, Mapping
from dataclasses import replace

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Choice, Number, Switch, defaults, specs
from wb_core.kinds.line.microscope import WHAT_IFS

from ..i18n import _
from ..labs import run_verdict
from ..labs.line import verdict
from ..session import state
from ..widgets import fields, focus
from ..widgets.choice import one_of
from ..widgets.numbers import number
from . import walk as walk_through
from .runs import Runs, StepLab
from .view import StepView

IN_LESSON: Mapping[str, fields.Range] = {"epochs": (1, 200)}
"""Ranges for a lesson's sliders, on which a hand can find a single epoch."""


def chosen() -> StepView:
    """The view that the controls describe."""
    return StepView(**fields.values(StepView))


def show(*, in_lesson: bool) -> str:
    """Draw the choice between the run and the slips, and return it. A lesson is about the run."""
    if in_lesson:
        return "walk"
    spec = specs(StepView)["show"]
    assert isinstance(spec, Choice)  # noqa: S101
    options = {name: text for name, (text, _torch_name) in spec.options.items()}
    return one_of(_(spec.label), options, fields.key_of(StepView, "show"))


def within(view: StepView, runs: Runs) -> StepView:
    """The view, moved to the last epoch if it is beyond the run; so is the slider, which is drawn later."""
    last = max(0, runs.main.microscope.epochs - 1)
    if view.epoch <= last:
        return view
    state.put(fields.key_of(view, "epoch"), last)
    return replace(view, epoch=last)


def notice(asked: StepView, view: StepView, runs: Runs) -> None:
    """Say if the epoch in the link does not exist, and if the run diverged."""
    run = runs.main.run
    warnings = []
    if not run.done:
        sentence = _("Stopped after {epoch} of {epochs} epochs. You can look at these.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(sentence.format(epoch=f"{run.epoch:,}", epochs=f"{run.epochs:,}"), icon=":material/pause_circle:")
            st.button(_("Train the rest"), on_click=runs.main.resume)
    elif asked != view:
        sentence = _("This run has no epoch {asked}, so you see its last one, {last}.")
        warnings.append(sentence.format(asked=f"{asked.epoch:,}", last=f"{view.epoch:,}"))
    if run.diverged_at == view.epoch:
        warnings.append(_("The numbers overflow in this epoch (the run diverges), so it's the last one."))
    if warnings:
        st.warning(" ".join(warnings), icon=":material/warning:")


def walk(view: StepView, runs: Runs, steps: StepLab) -> None:
    """Draw the code of an epoch, with the buttons that go through it."""

    def take(place: walk_through.Place) -> None:
        steps.heard = place.moment
        fields.put(StepView, {"epoch": place.epoch, "line": place.line})

    walk_through.draw(view, runs.main.microscope.epochs, take, heard=steps.heard)


def where(runs: Runs, settings: Collection[str] = ()) -> None:
    """Draw the epoch and the choice of a what-if, and those of the run's settings that a lesson needs."""
    epochs = runs.main.microscope.epochs
    fields.draw(StepView, "epoch", disabled=epochs == 1, most=max(epochs - 1, 1))
    fields.draw(StepView, "what_if")
    for name, spec in specs(wb.LinearConfig).items():
        if name in settings and isinstance(spec, Number | Choice | Switch):
            fields.draw(wb.LinearConfig, name, offered=IN_LESSON.get(name))


def why(view: StepView, runs: Runs) -> None:
    """Say what the chosen what-if leads to, and why."""
    if runs.control:
        with st.container(key="why", gap="xsmall"):
            st.markdown(_(WHAT_IFS[view.what_if].why))
            st.markdown(_outcome(runs.main.run, runs.control.run))


def about(runs: Runs) -> None:
    """Draw the diagnosis of the run, and its settings."""
    with st.container(key="about-run", gap="small"):
        if not runs.control:
            # Its suggestion changes the settings, and so the displayed run.
            run_verdict.draw(
                runs.main.run,
                runs.main.diagnosis,
                verdict.WORDS,
                follow=_follow,
                can_resume=False,
                before=_("The whole run:"),
            )
        st.caption(_settings(runs.config))
        if runs.main.microscope.start:
            st.caption(_("This run starts from your checkpoint's parameters, which aren't part of the link."))
        if not focus.narrow():
            label = _("Change the settings in the linear-regression lab")
            st.page_link("linear.py", label=label, icon=":material/tune:")


def _follow(suggestion: wb.Suggestion) -> None:
    fields.put(wb.LinearConfig, suggestion.changes)


def _outcome(run: wb.Run, control: wb.Run) -> str:
    """How the changed run ended, next to the one it is compared with."""
    if run.diverged_at is not None:
        return _("This run ended early in epoch {epoch}: the numbers overflowed.").format(epoch=f"{run.diverged_at:,}")
    changed, other = (r.history.row(-1)["test_loss"] if r.epoch else math.nan for r in (run, control))
    if control.diverged_at is not None:
        sentence = _(
            "Test loss at the end of the run: **{changed}**. Without this change the run ends early in epoch "
            "{epoch}: its numbers overflow."
        )
        return sentence.format(changed=number(changed), epoch=f"{control.diverged_at:,}")
    if run.done and control.done:
        sentence = _("Test loss at the end of the run: **{changed}**. Without this change: **{control}**.")
    else:
        sentence = _("Test loss where the run was stopped: **{changed}**. Without this change: **{control}**.")
    return sentence.format(changed=number(changed), control=number(other))


def _settings(config: wb.LinearConfig) -> str:
    """The settings of the run in one line: the main ones, and all others that differ from their default."""
    choices = [fields.torch_name(config, name) for name in ("model", "loss", "optimizer")]
    first = defaults(config)
    numbers = [
        f"{name} {getattr(config, name):.10g}"
        for name, spec in specs(config).items()
        if isinstance(spec, Number) and (name in ("lr", "epochs", "seed") or getattr(config, name) != first[name])
    ]
    return " · ".join([*choices, *numbers])
