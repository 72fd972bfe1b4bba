"""Words for the outcome of a training: one or two sentences, and a button that applies a suggestion."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Choice, Setting, specs
from wb_core.kinds.images.diagnosis import cut_off

from ...i18n import N_, _
from ...sentences import explain
from ...widgets import fields, focus
from ..checkpoint import panel
from .lab import ImageLab, Result

NEWS = {
    "lost": N_(
        "The server no longer has your run: it was restarted, or the run is too old. The settings are still here, "
        "and they give the same numbers again: press Train."
    ),
    "cancelled": N_("The server ended the run, because its page was closed or offline for more than ten minutes."),
    "done": N_("The run finished while you were away."),
}
"""What happened to a run while the visitor was away."""


def draw(lab: ImageLab, config: wb.ImageConfig) -> str:
    """Draw the outcome of the displayed job, and return a remark on its losses. `config` is that of the controls."""
    report = lab.report
    if report is None and lab.news:
        st.warning(_(NEWS[lab.news]), icon=":material/cloud_off:")
        return ""
    if report is None:
        st.info(
            _(
                "Not trained yet. Press Train: the model goes through the pictures batch by batch and learns their "
                "classes."
            ),
            icon=":material/play_circle:",
        )
        return ""
    remark = _draw_outcome(lab, report, config)
    if report.job.weights is not None:
        panel.draw_memory(config if lab.loaded else report.job.config)
    return remark


def _draw_outcome(lab: ImageLab, report: wb.Report, config: wb.ImageConfig) -> str:
    box, icon, sentence, changes, remark = _verdict(lab, report)
    if lab.news in NEWS:
        sentence = _(NEWS[lab.news]) + " " + sentence
    if report.tries > 1:
        sentence += " " + begun_again()
    # A model from a checkpoint is not stale: training continues from it with any settings.
    if report.error is None and report.job.train and lab.stale(config):
        sentence += " " + _("The settings have changed since this run. Press Train to see what they do.")
        changes = {}
    # No changes are left to suggest, or they would solve a lesson's task.
    if focus.narrow() or all(getattr(config, name) == value for name, value in changes.items()):
        box(sentence, icon=icon)
    else:
        with st.container(horizontal=True, vertical_alignment="center", key="diagnosis"):
            with st.container():
                box(sentence, icon=icon)
            label = _("Try {settings}").format(settings=_changes_text(changes))
            st.button(label, on_click=_apply, args=(lab, changes), icon=":material/lightbulb:")
    return remark


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

CUT_OFF = N_(
    "**The last ReLU made classes impossible.** It turns what is negative into 0. The outputs for {names} are 0 on at "
    "least {percent}% of the test pictures, and the model never predicts them. No gradient passes back through such a "
    "0, so more epochs rarely help."
)
TEST_BELOW_TRAIN = N_(
    "Why is the test loss ({test_loss}) below the train loss ({train_loss})? They're measured at different times. The "
    "train loss is the mean over the epoch's {batches} batches, each before its step; over the epoch's last tenth, "
    "{late_batches} batches, it was {late_loss}. The test came after the last step."
)


class Verdict(NamedTuple):
    """The Streamlit box, its icon, the sentence, the settings to try, and a remark below."""

    box: Callable[..., object]
    icon: str
    sentence: str
    changes: Mapping[str, Any] = {}
    remark: str = ""


def _verdict(lab: ImageLab, report: wb.Report) -> Verdict:
    kept = _("Complete epochs kept: {count}.").format(count=len(report.rows))
    result = lab.result
    if report.error is not None:
        kept_too = " " + kept if report.rows else ""
        return Verdict(st.error, ":material/error:", explain(report.error) + kept_too)
    if report.diverged_at is not None:
        sentence = _("**Exploded** in epoch {epoch}. The steps were too big, so the loss grew until it overflowed.")
        return _warning(sentence.format(epoch=report.diverged_at), _diagnosis(report))
    if lab.loaded and result is not None:
        sentence = _("The model comes from your checkpoint.") + " " + _accuracy_sentence(result)
        return Verdict(st.success, ":material/upload_file:", sentence)
    if not report.job.train:
        return Verdict(st.info, ":material/stop:", _("Stopped before the model was tested."))
    if report.state == "cancelled":
        stopped = _("Stopped.") + " " + kept if report.rows else _("Stopped before the first epoch was done.")
        return Verdict(st.info, ":material/stop:", stopped)
    if result is None:  # should not happen: a finished job has a tested model
        return Verdict(st.info, ":material/stop:", kept)
    return _final_verdict(result, report)


def _final_verdict(result: Result, report: wb.Report) -> Verdict:
    """The verdict on a finished training: whether the model distinguishes all classes."""
    seconds = f"{sum(row['seconds'] for row in report.rows):.3f}"
    time = _("Training time on {device}: {seconds} s.").format(device=report.device, seconds=seconds)
    names, diagnosis, accuracy = result.run.data.classes, _diagnosis(report), _accuracy_sentence(result)
    if diagnosis.label in ONE_CLASS:
        sentence = _(ONE_CLASS[diagnosis.label]).format(name=names[int(diagnosis.evidence["predicted"])])
        return _warning(f"{sentence} {time}", diagnosis)
    if diagnosis.label == "cut_off":
        listed, percent = _listed(cut_off(result.evaluation), names), int(100 * diagnosis.evidence["zeros"])
        sentence = _(CUT_OFF).format(names=listed, percent=percent)
        return _warning(f"{sentence} {accuracy} {time}", diagnosis)
    almost, learned = diagnosis.label == "near_guessing", _learned_sentence(result)
    if almost:
        sentence = " ".join([_("**Barely better than guessing.**"), accuracy, learned])
    else:
        sentence = " ".join([_new_pictures_sentence(result), learned, _by_heart_sentence(result)]).strip()
    if never := result.predictions.never_predicted:
        sentence += " " + _("It never predicts {names}.").format(names=_listed(never, names))
    if almost:
        return _warning(f"{sentence} {time}", diagnosis)
    return Verdict(st.success, ":material/check_circle:", f"{sentence} {time}", {}, _remark(diagnosis))


def _warning(sentence: str, diagnosis: wb.Diagnosis) -> Verdict:
    changes = diagnosis.suggestion.changes if diagnosis.suggestion else {}
    return Verdict(st.warning, ":material/warning:", sentence, changes, _remark(diagnosis))


def _remark(diagnosis: wb.Diagnosis) -> str:
    """Why the test loss can be below the train loss, if it is."""
    for finding in diagnosis.findings:
        numbers = {name: f"{finding.evidence[name]:.4f}" for name in ("train_loss", "test_loss", "late_loss")}
        numbers |= {name: f"{finding.evidence[name]:,.0f}" for name in ("batches", "late_batches")}
        return _(TEST_BELOW_TRAIN).format(**numbers)
    return ""


def _listed(classes: Iterable[int], names: Sequence[str]) -> str:
    return ", ".join(f"“{names[number]}”" for number in classes)


def _accuracy_sentence(result: Result) -> str:
    right, everything = int(result.predictions.right.sum()), len(result.predictions.y)
    guessed = everything // len(result.run.data.classes)
    return _("The model gets {right} of {all} test pictures right. Guessing would get about {guessed}.").format(
        right=f"{right:,}", all=f"{everything:,}", guessed=f"{guessed:,}"
    )


def _new_pictures_sentence(result: Result) -> str:
    return _("**It gets {percent}% of new pictures right; guessing would get {guessed}%.**").format(
        percent=f"{_tested_percent(result):.1f}", guessed=f"{100 / len(result.run.data.classes):.0f}"
    )


def _learned_sentence(result: Result) -> str:
    return _("Of those it trained on, it gets {percent}%.").format(percent=f"{_learned_percent(result):.1f}")


def _tested_percent(result: Result) -> float:
    right = result.predictions.right
    return 100 * int(right.sum()) / len(right)


def _learned_percent(result: Result) -> float:
    right, everything = result.learned
    return 100 * right / everything


BY_HEART = 5
"""Percent points by which a model that knows pictures by heart is better with those that it trained on."""


def _by_heart_sentence(result: Result) -> str:
    """What the accuracy on the pictures it trained on means beside that on new ones."""
    lead = _learned_percent(result) - _tested_percent(result)
    if lead >= BY_HEART:
        return _("It knows some of them by heart, which doesn't help with new ones.")
    return _("That's about as many: what it learned holds for new ones, too.") if lead > -BY_HEART else ""


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


def _changes_text(changes: Mapping[str, Any]) -> str:
    known = specs(wb.ImageConfig)
    return ", ".join(
        " ".join((_(known[name].label), _value_text(known[name], value))) for name, value in changes.items()
    )


def _value_text(spec: Setting, value: Any) -> str:
    return _(spec.options[value][0]) if isinstance(spec, Choice) else f"{value:g}"


def _apply(lab: ImageLab, changes: Mapping[str, Any]) -> None:
    """Set the controls and train, in a callback before the script run."""
    fields.put(wb.ImageConfig, changes)
    fields.with_config(wb.ImageConfig, lab.train)
