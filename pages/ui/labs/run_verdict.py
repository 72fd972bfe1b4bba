"""Draws the outcome of a run of a `RunLab`: what its diagnosis says, and a button that applies its suggestion."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

import wb_core as wb

from ..i18n import N_, _
from ..widgets import fields, focus
from .checkpoint import panel
from .run_lab import RunLab
from .run_link import linked

Look = tuple[Callable[..., object], str]
"""A box and its icon. The icon, so that colour is not the only difference."""


@dataclass(frozen=True)
class Words:
    """How a kind of run is spoken of: how a diagnosis looks, its sentences, and one on an untrained model.

    `loaded` is that on a model whose start did not come from the seed.
    """

    look: Callable[[wb.Diagnosis], Look]
    sentences: Callable[[wb.Run, wb.Diagnosis], Sequence[str]]
    untrained: Callable[[Any], str]
    loaded: str = N_("The model comes from your checkpoint. Continue training starts from it.")


def status(lab: RunLab, config: Any, words: Words) -> None:
    """Draw one or two sentences about the displayed run: its outcome, or why it has none."""
    run = lab.run
    if run.epoch or run.diverged_at is not None:
        # Advice is the same as for the run of the link. The epochs in the controls may be those that were added last.
        epochs = linked(lab, config).epochs
        stopped = _("Stopped after {epoch} of {epochs} epochs. Press Continue training for the rest.").format(
            epoch=f"{run.epoch:,}", epochs=f"{run.epochs:,}"
        )
        draw(
            run,
            lab.diagnosis(epochs),
            words,
            follow=functools.partial(_apply, lab, epochs),
            can_resume=lab.can_resume and run.done,
            before="" if run.done else stopped,
        )
        with st.container(key="whole-run"):  # which the style shows while the player shows an earlier epoch
            st.caption(_("This speaks of the whole run. The charts show an earlier epoch."))
    elif lab.loaded:
        st.info(_(words.loaded), icon=":material/upload_file:")
    else:
        st.info(words.untrained(config), icon=":material/play_circle:")
    if lab.loaded:
        panel.draw_memory(run.config)


def _apply(lab: RunLab, epochs: int, suggestion: wb.Suggestion) -> None:
    """Apply a suggestion: set the controls and train, in a callback before the script run.

    A new training has this many `epochs` unless the suggestion names others.
    """
    fields.put(lab.config_class, suggestion.changes if suggestion.resume else {"epochs": epochs, **suggestion.changes})
    fields.with_config(lab.config_class, lab.resume if suggestion.resume else lab.train)


def draw(
    run: wb.Run,
    diagnosis: wb.Diagnosis,
    words: Words,
    *,
    follow: Callable[[wb.Suggestion], None],
    can_resume: bool,
    before: str = "",
) -> None:
    """Draw the diagnosis of a run after the sentence `before`, and a button that calls `follow` with its suggestion.

    `follow` is a callback, called before the script run. Without `can_resume`, suggestions to continue have no button,
    and in a lesson, where it would be the solution, there is none at all.
    """
    box, icon = words.look(diagnosis)
    suggestion = diagnosis.suggestion
    with st.container(horizontal=True, vertical_alignment="center", key="diagnosis"):
        box(" ".join(filter(None, [before, *words.sentences(run, diagnosis)])), icon=icon)
        if suggestion and (can_resume or not suggestion.resume) and not focus.narrow():
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
    settings = [say(changes[name]) for name, say in _SAYS.items() if name in changes]
    return _("Try {settings}").format(settings=", ".join(settings))


_SAYS: Mapping[str, Callable[[Any], str]] = {
    "loss": lambda value: {"l1": "L1", "mse": "MSE", "huber": "Huber"}[value],
    "standardise": lambda value: _("standardized points"),
    "step": lambda value: _("X step {value}").format(value=f"{value:.10g}"),
    "points": lambda value: _("{count} points").format(count=f"{value:,}"),
    "hidden": lambda value: _("hidden layers {units}").format(units=" · ".join(map(str, value))),
    "activation": lambda value: {"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}[value],
    "dropout": lambda value: _("dropout {value}").format(value=f"{value:.10g}"),
    "optimizer": lambda value: "Adam" if value == "adam" else "SGD",
    "lr": lambda value: _("learning rate {value}").format(value=f"{value:.10g}"),
    "momentum": lambda value: _("momentum {value}").format(value=f"{value:.10g}"),
    "weight_decay": lambda value: _("weight decay {value}").format(value=f"{value:.10g}"),
    "train_fraction": lambda value: _("training fraction {value}").format(value=f"{value:.10g}"),
    "epochs": lambda value: _("{value} epochs").format(value=f"{value:,}"),
}
"""How the button names a setting that a diagnosis suggests."""
