"""Draws the outcome of a line's run."""

import streamlit as st

import wb_core as wb

from ...i18n import _, language, translator
from .. import run_verdict
from ..run_link import linked
from ..run_verdict import Look, Words
from .diagnosis_sentences import first_words, sentences
from .lab import LinearLab

LOOKS: dict[str, Look] = {
    "learning": (st.info, ":material/trending_down:"),
    "converged": (st.success, ":material/check_circle:"),
    "too_slow": (st.info, ":material/hourglass_top:"),
    "bouncing": (st.warning, ":material/swap_vert:"),
    "exploding": (st.warning, ":material/warning:"),
    "optimum": (st.success, ":material/check_circle:"),
}
"""The box and icon of each label."""


def look(label: str, good: bool) -> Look:
    """The box and icon of a label; a good fit looks like a converged one."""
    return LOOKS["converged" if good else label]


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
    run_verdict.status(lab, config, WORDS)


def _look(diagnosis: wb.Diagnosis) -> Look:
    if diagnosis.findings:
        return st.warning, ":material/warning:"
    return look(diagnosis.label, diagnosis.good)


def _untrained(config: wb.LinearConfig) -> str:
    if config.init:
        return _("Not trained yet. The orange line is the start you chose.")
    return _("Not trained yet. The orange line is the model's random start.")


WORDS = Words(_look, sentences, _untrained)
