"""Draws the outcome of a run: the sentences of its diagnosis, and a button that applies its suggestion."""

import functools
from collections.abc import Callable

import streamlit as st

import wb_core as wb

from ...i18n import _, language, translator
from ...widgets import fields
from .. import checkpoint_panel
from .diagnosis_sentences import first_words, sentences
from .lab import LinearLab
from .link import linked

KINDS: dict[str, tuple[Callable[..., object], str]] = {
    "learning": (st.info, ":material/trending_down:"),
    "converged": (st.success, ":material/check_circle:"),
    "too_slow": (st.info, ":material/hourglass_top:"),
    "bouncing": (st.warning, ":material/swap_vert:"),
    "exploding": (st.warning, ":material/warning:"),
    "optimum": (st.success, ":material/check_circle:"),
}
"""The box and icon of each label. The icon, so that colour is not the only difference."""


def look(label: str, good: bool) -> tuple[Callable[..., object], str]:
    """The box and icon of a label; a good fit looks like a converged one."""
    return KINDS["converged" if good else label]


def tone(label: str, good: bool) -> str:
    """How the box of a label looks: "info", "success" or "warning"."""
    return look(label, good)[0].__name__


def first_words_of(run: wb.Run, diagnosis: wb.Diagnosis) -> str:
    """The outcome of a run in one or two words."""
    diverged = run.diverged_at is not None
    return first_words(diagnosis.label, good=diagnosis.good, diverged=diverged, translate=translator(language()))


def diagnosed(lab: LinearLab, config: wb.LinearConfig) -> wb.Diagnosis | None:
    """The diagnosis of the displayed run, None before its training.

    Its advice is the same as for the run of the link: the epochs in the controls may be those that were added last.
    """
    run = lab.run
    return lab.diagnosis(linked(lab, config).epochs) if run.epoch or run.diverged_at is not None else None


def status(lab: LinearLab, config: wb.LinearConfig) -> None:
    """Draw one or two sentences about the displayed run: its outcome, or why it has none."""
    run = lab.run
    if diagnosis := diagnosed(lab, config):
        stopped = _("Stopped after {epoch} of {epochs} epochs. Press Continue training for the rest.").format(
            epoch=f"{run.epoch:,}", epochs=f"{run.epochs:,}"
        )
        draw(
            run,
            diagnosis,
            follow=functools.partial(_apply, lab, linked(lab, config).epochs),
            can_resume=lab.can_resume and run.done,
            before="" if run.done else stopped,
        )
        with st.container(key="whole-run"):  # which the style shows while the player shows an earlier epoch
            st.caption(_("This speaks of the whole run. The charts show an earlier epoch."))
    elif lab.loaded:
        st.info(
            _("The model comes from your checkpoint. Continue training starts from it."), icon=":material/upload_file:"
        )
    elif config.init:
        st.info(_("Not trained yet. The orange line is the start you chose."), icon=":material/play_circle:")
    else:
        st.info(
            _("Not trained yet. The orange line is the model's random start."),
            icon=":material/play_circle:",
        )
    if lab.loaded:
        checkpoint_panel.draw_memory(run.config)


def _apply(lab: LinearLab, epochs: int, suggestion: wb.Suggestion) -> None:
    """Apply a suggestion: set the controls and train, in a callback before the script run.

    A new training has this many `epochs` unless the suggestion names others.
    """
    fields.put(wb.LinearConfig, suggestion.changes if suggestion.resume else {"epochs": epochs, **suggestion.changes})
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
    box, icon = look(diagnosis.label, diagnosis.good)
    if diagnosis.findings:
        box, icon = st.warning, ":material/warning:"
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


def _label(suggestion: wb.Suggestion) -> str:
    changes = suggestion.changes
    if suggestion.resume:
        return _("Train {epochs} more epochs").format(epochs=f"{changes['epochs']:,}")
    parts = {
        "loss": lambda value: {"l1": "L1", "mse": "MSE", "huber": "Huber"}[value],
        "standardise": lambda value: _("standardized points"),
        "step": lambda value: _("X step {value}").format(value=f"{value:.10g}"),
        "optimizer": lambda value: "Adam" if value == "adam" else "SGD",
        "lr": lambda value: _("learning rate {value}").format(value=f"{value:.10g}"),
        "momentum": lambda value: _("momentum {value}").format(value=f"{value:.10g}"),
        "train_fraction": lambda value: _("training fraction {value}").format(value=f"{value:.10g}"),
        "epochs": lambda value: _("{value} epochs").format(value=f"{value:,}"),
    }
    settings = [say(changes[name]) for name, say in parts.items() if name in changes]
    return _("Try {settings}").format(settings=", ".join(settings))
