"""What became of a training, in a sentence or two, and one thing to try, as a button that does it."""

import contextlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ...i18n import _
from ...sentences import explain
from ...widgets import fields
from . import bars, controls
from .lab import ImageLab, Result


def draw(lab: ImageLab, config: wb.ImageConfig) -> None:
    """Say what is on show; `config` is what the controls ask for now."""
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
    box, icon, sentence, changes = _verdict(lab, report)
    if report.tries > 1:
        sentence += " " + bars.begun_again()
    # Of a model out of a checkpoint, changed settings change nothing: one goes on from it with those that one likes.
    if report.error is None and report.job.train and lab.stale(config):
        sentence += " " + _("The settings have changed since this run. Press Train to see what they do.")
        changes = {}
    if all(getattr(config, name) == value for name, value in changes.items()):  # nothing, or nothing else
        box(sentence, icon=icon)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="diagnosis"):
        with st.container():
            box(sentence, icon=icon)
        label = _("Try {settings}").format(settings=_written(changes))
        st.button(label, on_click=_follow, args=(lab, changes), icon=":material/lightbulb:")


Verdict = tuple[Callable[..., object], str, str, Mapping[str, Any]]
"""The kind of the box, its icon, the sentence, and settings to try."""


def _verdict(lab: ImageLab, report: wb.Report) -> Verdict:
    kept = _("Kept {count} complete epochs.").format(count=len(report.rows))
    result, config = lab.result, report.job.config
    if report.error is not None:
        kept_too = " " + kept if report.rows else ""
        return st.error, ":material/error:", explain(report.error) + kept_too, {}
    if report.diverged_at is not None:
        sentence = _("**Exploded** in epoch {epoch}. The steps were too big, so the loss grew until it overflowed.")
        return st.warning, ":material/warning:", sentence.format(epoch=report.diverged_at + 1), _gentler(config)
    if lab.loaded and result is not None:
        sentence = _("The model comes from your checkpoint.") + " " + _right(result)
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
    if result is None:  # nothing that a job of ours ends with
        return st.info, ":material/stop:", kept, {}
    return _learned(result, report)


def _learned(result: Result, report: wb.Report) -> Verdict:
    """Of a training that came to its end: whether the model has learned to tell all classes apart."""
    seconds = f"{sum(row['seconds'] for row in report.rows):.3f}"
    time = _("Training time on {device}: {seconds} s.").format(device=report.device, seconds=seconds)
    names, never = result.run.data.classes, result.answers.never_said
    if len(never) == len(names) - 1:
        [only] = set(range(len(names))) - set(never)
        # Who guesses has a loss of ln 10: far above that, steps were too large; else there were not enough of them.
        wild = bool(len(report.batch_losses)) and float(max(report.batch_losses)) > 2 * math.log(10)
        sentence = (
            _("**It didn't learn anything.** It predicts “{name}” for every picture: the steps were too big.")
            if wild
            else _(
                "**It hasn't learned anything yet.** It predicts “{name}” for every picture. It needs more steps, "
                "or bigger ones."
            )
        ).format(name=names[only])
        config = report.job.config
        changes = _gentler(config) if wild else _more(config)
        return st.warning, ":material/warning:", f"{sentence} {time}", changes
    sentence = _("**Done.**") + " " + _right(result)
    if never:
        listed = ", ".join(f"“{names[number]}”" for number in never)
        sentence += " " + _("It never predicts {names}.").format(names=listed)
    return st.success, ":material/check_circle:", f"{sentence} {time}", {}


def _right(result: Result) -> str:
    right, everything = int(result.answers.right.sum()), len(result.answers.y)
    guessed = everything // len(result.run.data.classes)
    return _("The model gets {right} of {all} test pictures right. Guessing would get about {guessed}.").format(
        right=f"{right:,}", all=f"{everything:,}", guessed=f"{guessed:,}"
    )


def _gentler(config: wb.ImageConfig) -> dict[str, Any]:
    """Settings with smaller steps: without most of the momentum, or with a tenth of the learning rate."""
    if config.optimizer == "sgd" and config.momentum > 0.9:
        return {"momentum": 0.5, "lr": min(config.lr, 0.1)}
    return {"lr": float(f"{max(config.lr / 10, 0.0001):.2g}")}


def _more(config: wb.ImageConfig) -> dict[str, Any]:
    """Settings with more steps; with longer ones, where the controls offer no more."""
    most = int(specs(wb.ImageConfig)["epochs"].offered[1])
    if config.epochs < most:
        return {"epochs": min(most, 3 * config.epochs)}
    return {"lr": float(f"{min(config.lr * 10, 1.0):.2g}")}


def _written(changes: Mapping[str, Any]) -> str:
    known = specs(wb.ImageConfig)
    return ", ".join(" ".join((_(known[name].label), f"{value:g}")) for name, value in changes.items())


def _follow(lab: ImageLab, changes: Mapping[str, Any]) -> None:
    """Put the settings into the controls and train, before the script runs again."""
    fields.put(wb.ImageConfig, changes)
    with contextlib.suppress(wb.ConfigError):
        lab.train(controls.config())
