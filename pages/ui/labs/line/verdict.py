"""Words for the diagnosis of a run (`wb.diagnose`): one or two sentences, and a button that applies its suggestion."""

import dataclasses
import functools
from collections.abc import Callable, Mapping

import streamlit as st

import wb_core as wb

from ...i18n import N_, _
from ...widgets import fields
from ...widgets.numbers import number
from .. import checkpoint_panel
from .lab import LinearLab

KINDS: dict[str, tuple[Callable[..., object], str]] = {
    "learning": (st.info, ":material/trending_down:"),
    "converged": (st.success, ":material/check_circle:"),
    "too_slow": (st.info, ":material/hourglass_top:"),
    "bouncing": (st.warning, ":material/swap_vert:"),
    "exploding": (st.warning, ":material/warning:"),
    "optimum": (st.success, ":material/check_circle:"),
}
"""The box and icon of each label. The icon, so that colour is not the only difference."""

TEXTS = {
    "learning": N_("**Learning.** The train loss went down from {first} to {last}; the lowest possible is {best}."),
    "learning more": N_(
        "**Learning.** The train loss went down from {first} to {last}; the lowest possible is {best}. At this rate "
        "it needs about {more} more epochs."
    ),
    "learning there": N_(
        "**Learning.** The train loss went down from {first} to {last}, close to the lowest possible ({best}). A "
        "few more epochs will show whether it stays there."
    ),
    "converged": N_(
        "**Converged** at epoch {epoch}. Since then the train loss is as low as it can get ({last}; the lowest "
        "possible is {best})."
    ),
    "too_slow": N_(
        "**Too slow.** The train loss went from {first} to {last}; the lowest possible is {best}. At this rate it "
        "needs about {more} more epochs."
    ),
    "too_slow ever": N_(
        "**Too slow.** The train loss went from {first} to {last}; the lowest possible is {best}. At this rate it "
        "never gets there."
    ),
    "bouncing": N_(
        "**Bouncing** since epoch {since} between losses of {low} and {high}. Each step moves the {parameter} by "
        "about {step}: too big a step to settle."
    ),
    "bouncing sgd": N_(
        "**Bouncing** since epoch {since} between losses of {low} and {high}. Each step moves the {parameter} by "
        "learning rate × gradient = {lr} × {gradient} = {step}: too big a step to settle."
    ),
    "exploding": N_("**Exploding** since epoch {since}. The loss grew from {lowest} to {last}."),
    "exploding end": N_(
        "**Exploded.** Training stopped at epoch {end}: from epoch {since} on the values grew until they overflowed "
        "(it diverged)."
    ),
    "optimum": N_(
        "**Started at the optimum.** The train loss was as low as it can get from the start ({last}; the lowest "
        "possible is {best})."
    ),
    "overfitting": N_(
        "**Overfitting.** Since epoch {epoch} the test loss rose from {test_low} to {test_last} while the train "
        "loss fell."
    ),
    "unlike_test": N_(
        "The **test points are unlike the training points**: the test loss is {test_last}, the train loss {train_last}."
    ),
}
LIMIT = N_(
    "The learning rate {lr} is above the limit for these points, {limit}. Above it each step overshoots further."
)

COUNTS = {"epoch", "since", "more", "end"}
SHORT = {"lr", "limit", "gradient", "step"}

ZERO_LOSS = 1e-6
"""A best loss below this is 0 apart from rounding."""


def status(lab: LinearLab, config: wb.LinearConfig) -> None:
    """Draw one or two sentences about the displayed run: its outcome, or why it has none."""
    run = lab.run
    if lab.stale(config):
        st.info(
            _("The settings have changed since this run. Press Train to see what they do."),
            icon=":material/sync:",
        )
    elif run.epoch or run.diverged_at is not None:
        diagnosis = wb.diagnose(
            run.history,
            dataclasses.replace(run.config, epochs=config.epochs),
            limits=lab.limits,
            diverged_at=run.diverged_at,
        )
        stopped = _("Stopped after {epoch} of {epochs} epochs. Press Continue training for the rest.").format(
            epoch=f"{run.epoch:,}", epochs=f"{run.epochs:,}"
        )
        draw(
            run,
            diagnosis,
            follow=functools.partial(_apply, lab),
            can_resume=lab.can_resume and run.done,
            before="" if run.done else stopped,
        )
    elif lab.loaded:
        st.info(
            _("The model comes from your checkpoint. Continue training starts from it."), icon=":material/upload_file:"
        )
    else:
        st.info(
            _("Not trained yet. The orange line is the model's random start. Press Train."),
            icon=":material/play_circle:",
        )
    if lab.loaded:
        checkpoint_panel.draw_memory(run.config)


def _apply(lab: LinearLab, suggestion: wb.Suggestion) -> None:
    """Apply a suggestion: set the controls and train, in a callback before the script run."""
    fields.put(wb.LinearConfig, suggestion.changes)
    fields.with_config(wb.LinearConfig, lab.resume if suggestion.resume else lab.train)


def draw(
    run: wb.Run,
    diagnosis: wb.Diagnosis,
    *,
    follow: Callable[[wb.Suggestion], None],
    can_resume: bool,
    before: str = "",
) -> None:
    """Draw the diagnosis of a run after the sentence `before`, and a button that calls `follow` with its suggestion.

    `follow` is a callback, called before the script run. Without `can_resume`, suggestions to continue have no button.
    """
    box, icon = (st.warning, ":material/warning:") if diagnosis.findings else KINDS[diagnosis.label]
    suggestion = diagnosis.suggestion
    with st.container(horizontal=True, vertical_alignment="center", key="diagnosis"):
        box(" ".join(filter(None, [before, *sentences(run, diagnosis)])), icon=icon)
        if suggestion and (can_resume or not suggestion.resume):
            st.button(
                _label(suggestion),
                key="diagnosis.try",
                icon=":material/lightbulb:",
                width="content",
                help=_("Trains this model for that many more epochs.")
                if suggestion.resume
                else _("Changes these settings and trains a new model right away."),
                on_click=follow,
                args=(suggestion,),
            )


def sentences(run: wb.Run, diagnosis: wb.Diagnosis) -> list[str]:
    """The sentences of a diagnosis, with their numbers."""
    label, evidence = diagnosis.label, diagnosis.evidence
    values = {**_formatted(evidence), "end": f"{diagnosis.epochs[1]:,}"}
    key = label
    if label in ("learning", "too_slow") and ("more" in evidence) == (label == "learning"):
        key = f"{label} more" if label == "learning" else "too_slow ever"
        if evidence.get("more", 1) < 0.5:
            key = "learning there"
    if label == "bouncing":
        values["parameter"] = _("bias") if evidence["moves"] else _("weight")
        plain = run.config.optimizer == "sgd" and not run.config.momentum
        key = "bouncing sgd" if plain else "bouncing"
    if label == "exploding" and run.diverged_at is not None:
        key = "exploding end"
    texts = [_(TEXTS[key]).format(**{"since": "0", **values})]
    if label == "exploding" and "limit" in evidence and evidence["lr"] > evidence["limit"]:
        texts.append(_(LIMIT).format(**values))
    for found in diagnosis.findings[:1]:  # a second one would repeat the first
        texts.append(_(TEXTS[found.label]).format(**_formatted(found.evidence)))
    return texts


def _formatted(evidence: Mapping[str, float]) -> dict[str, str]:
    """Formatted numbers: epochs as counts, the rates of `SHORT` with four digits, losses as the player does."""
    written = {}
    for name, value in evidence.items():
        if name in COUNTS:
            written[name] = f"{_round(value) if name == 'more' else value:,.0f}"
        elif name in SHORT:
            written[name] = f"{value:.4g}"
        else:
            written[name] = number(0 if name == "best" and value < ZERO_LOSS else value)
    return written


def _round(count: float) -> float:
    """An estimate, rounded to two digits if it is 100 or more."""
    return float(f"{count:.2g}") if count >= 100 else count


def _label(suggestion: wb.Suggestion) -> str:
    changes = suggestion.changes
    if suggestion.resume:
        return _("Train {epochs} more epochs").format(epochs=f"{changes['epochs']:,}")
    parts = {
        "optimizer": lambda value: "Adam" if value == "adam" else "SGD",
        "lr": lambda value: _("learning rate {value}").format(value=f"{value:.10g}"),
        "momentum": lambda value: _("momentum {value}").format(value=f"{value:.10g}"),
        "train_fraction": lambda value: _("training fraction {value}").format(value=f"{value:.10g}"),
        "epochs": lambda value: _("{value} epochs").format(value=f"{value:,}"),
    }
    settings = [say(changes[name]) for name, say in parts.items() if name in changes]
    return _("Try {settings}").format(settings=", ".join(settings))
