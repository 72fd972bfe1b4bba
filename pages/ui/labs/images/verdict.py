"""Words for the outcome of a training: one or two sentences, and a button that applies a suggestion."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ...i18n import N_, _
from ...sentences import explain
from ...widgets import fields
from .. import checkpoint_panel
from .lab import ImageLab, Result


def draw(lab: ImageLab, config: wb.ImageConfig) -> None:
    """Draw the outcome of the displayed job. `config` is that of the controls."""
    report = lab.report
    if report is None:
        st.info(
            _(
                "Not trained yet. Press Train: the model goes through the pictures batch by batch and learns their "
                "classes."
            ),
            icon=":material/play_circle:",
        )
        return
    _draw_outcome(lab, report, config)
    if report.job.weights is not None:
        checkpoint_panel.draw_memory(config if lab.loaded else report.job.config)


def _draw_outcome(lab: ImageLab, report: wb.Report, config: wb.ImageConfig) -> None:
    box, icon, sentence, changes = _verdict(lab, report)
    if report.tries > 1:
        sentence += " " + begun_again()
    # A model from a checkpoint is not stale: training continues from it with any settings.
    if report.error is None and report.job.train and lab.stale(config):
        sentence += " " + _("The settings have changed since this run. Press Train to see what they do.")
        changes = {}
    if all(getattr(config, name) == value for name, value in changes.items()):  # no changes left to suggest
        box(sentence, icon=icon)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="diagnosis"):
        with st.container():
            box(sentence, icon=icon)
        label = _("Try {settings}").format(settings=_changes_text(changes))
        st.button(label, on_click=_apply, args=(lab, changes), icon=":material/lightbulb:")


def begun_again() -> str:
    """A sentence about a job that was restarted."""
    return _("A computer in the cluster was lost, so this run started over on another one.")


def tested_model(lab: ImageLab) -> Result | None:
    """The displayed model with its last test; None, after drawing a sentence on why, before the first test."""
    if lab.result is None:
        st.info(
            _("The model is tested after each epoch; the first test isn't done yet.")
            if lab.busy
            else _("There's no trained model yet. Press Train."),
            icon=":material/hourglass_top:" if lab.busy else ":material/play_circle:",
        )
    return lab.result


ONE_CLASS = {
    "too_large_steps": N_(
        "**It didn't learn anything.** It predicts “{name}” for every picture: the steps were too big."
    ),
    "too_few_steps": N_(
        "**It hasn't learned anything yet.** It predicts “{name}” for every picture. It needs more steps, or bigger "
        "ones."
    ),
}
"""For a model that predicts the same class for every image, the sentence for each diagnosis label."""

Verdict = tuple[Callable[..., object], str, str, Mapping[str, Any]]
"""The Streamlit box, its icon, the sentence, and the settings to try."""


def _verdict(lab: ImageLab, report: wb.Report) -> Verdict:
    kept = _("Complete epochs kept: {count}.").format(count=len(report.rows))
    result = lab.result
    if report.error is not None:
        kept_too = " " + kept if report.rows else ""
        return st.error, ":material/error:", explain(report.error) + kept_too, {}
    if report.diverged_at is not None:
        sentence = _("**Exploded** in epoch {epoch}. The steps were too big, so the loss grew until it overflowed.")
        return (
            st.warning,
            ":material/warning:",
            sentence.format(epoch=report.diverged_at + 1),
            _changes(_diagnosis(report)),
        )
    if lab.loaded and result is not None:
        sentence = _("The model comes from your checkpoint.") + " " + _accuracy_sentence(result)
        return st.success, ":material/upload_file:", sentence, {}
    if not report.job.train:
        return st.info, ":material/stop:", _("Canceled before the model was tested."), {}
    if report.state == "cancelled":
        whole = _("Canceled.") + " " + kept
        return (
            st.info,
            ":material/stop:",
            whole if report.rows else _("Canceled before the first epoch was done."),
            {},
        )
    if result is None:  # should not happen: a finished job has a tested model
        return st.info, ":material/stop:", kept, {}
    return _final_verdict(result, report)


def _final_verdict(result: Result, report: wb.Report) -> Verdict:
    """The verdict on a finished training: whether the model distinguishes all classes."""
    seconds = f"{sum(row['seconds'] for row in report.rows):.3f}"
    time = _("Training time on {device}: {seconds} s.").format(device=report.device, seconds=seconds)
    names, diagnosis = result.run.data.classes, _diagnosis(report)
    if diagnosis.label in ONE_CLASS:
        sentence = _(ONE_CLASS[diagnosis.label]).format(name=names[int(diagnosis.evidence["predicted"])])
        return st.warning, ":material/warning:", f"{sentence} {time}", _changes(diagnosis)
    sentence = _("**Done.**") + " " + _accuracy_sentence(result)
    if never := result.predictions.never_predicted:
        listed = ", ".join(f"“{names[number]}”" for number in never)
        sentence += " " + _("It never predicts {names}.").format(names=listed)
    return st.success, ":material/check_circle:", f"{sentence} {time}", {}


def _accuracy_sentence(result: Result) -> str:
    right, everything = int(result.predictions.right.sum()), len(result.predictions.y)
    guessed = everything // len(result.run.data.classes)
    return _("The model gets {right} of {all} test pictures right. Guessing would get about {guessed}.").format(
        right=f"{right:,}", all=f"{everything:,}", guessed=f"{guessed:,}"
    )


def _diagnosis(report: wb.Report) -> wb.Diagnosis:
    history = wb.History(wb.ImageRun.columns)
    for row in report.rows:
        history.append(tuple(row.values()))
    return wb.diagnose(
        history,
        report.job.config,
        diverged_at=report.diverged_at,
        evaluation=report.evaluation,
        batch_losses=report.batch_losses,
    )


def _changes(diagnosis: wb.Diagnosis) -> Mapping[str, Any]:
    return diagnosis.suggestion.changes if diagnosis.suggestion else {}


def _changes_text(changes: Mapping[str, Any]) -> str:
    known = specs(wb.ImageConfig)
    return ", ".join(" ".join((_(known[name].label), f"{value:g}")) for name, value in changes.items())


def _apply(lab: ImageLab, changes: Mapping[str, Any]) -> None:
    """Set the controls and train, in a callback before the script run."""
    fields.put(wb.ImageConfig, changes)
    fields.with_config(wb.ImageConfig, lab.train)
