"""The controls of the image lab, and what it says about the job on show."""

import contextlib
from collections.abc import Callable

import streamlit as st

import wb_core as wb

from .. import drawer, fields
from ..i18n import _
from ..sentences import explain
from . import download
from .lab import ImageLab


def config() -> wb.ImageConfig:
    """The config that the controls show."""
    return wb.ImageConfig(**fields.values(wb.ImageConfig))


def draw(lab: ImageLab) -> None:
    """Draw the controls in the order of the notes."""
    with st.container(key="controls"):
        fields.name_beside(wb.ImageConfig)
        st.header(_("1 Data"), anchor=False)
        _fields("dataset")
        if fields.values(wb.ImageConfig)["dataset"] == "fashion_mnist":
            download.draw()
        st.header(_("2 Model"), anchor=False)
        _fields("model", "hidden_units")
        st.header(_("3 Training"), anchor=False)
        _fields("batch_size", "lr", "epochs", "optimizer", "momentum", "seed", "device")
    _actions(lab)


def _fields(*names: str) -> None:
    for name in names:
        unused = name == "momentum" and fields.values(wb.ImageConfig)["optimizer"] != "sgd"
        fields.draw(wb.ImageConfig, name, disabled=unused)


def _actions(lab: ImageLab) -> None:
    """The buttons. They act before the script runs, so that everything drawn in that run knows of it."""

    def act(what: Callable[[wb.ImageConfig], None]) -> None:
        with contextlib.suppress(wb.ConfigError):
            what(config())

    missing = fields.values(wb.ImageConfig)["dataset"] == "fashion_mnist" and not download.there()
    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            help=_("Train a new model from the random start that the seed gives."),
            on_click=act,
            args=(lab.train,),
            disabled=missing,
        )
        if lab.busy:
            st.button(
                _("Cancel"),
                icon=":material/stop:",
                help=_("End the training. What was learned until the last whole epoch stays."),
                on_click=lab.cancel,
            )
        elif lab.loaded:
            st.button(
                _("Continue training"),
                help=_("Train the model out of your file, with these settings."),
                on_click=act,
                args=(lab.resume,),
                disabled=missing or not lab.can_resume(config()),
            )


def status(lab: ImageLab, config: wb.ImageConfig) -> None:
    """Say in a sentence or two what is on show."""
    report = lab.report
    if report is None:
        st.info(
            _("Not trained yet. Press Train: the model looks at the pictures batch by batch and learns their classes."),
            icon=":material/play_circle:",
        )
    elif report.error is not None:
        st.error(explain(report.error), icon=":material/error:")
    elif lab.stale(config):
        st.info(
            _("The settings have changed since this training. Press Train to see what they do."),
            icon=":material/sync:",
        )
    else:
        _ended(lab, report)


def _ended(lab: ImageLab, report: wb.Report) -> None:
    if report.diverged_at is not None:
        st.warning(
            _(
                "**Exploded** in epoch {epoch}: the loss grew beyond all bounds. Try a smaller learning rate than {lr}."
            ).format(epoch=report.diverged_at, lr=f"{report.job.config.lr:g}"),
            icon=":material/warning:",
        )
    elif lab.loaded:
        st.success(
            _("The model comes from your checkpoint. It gets {accuracy} % of the test pictures right.").format(
                accuracy=_accuracy(report)
            ),
            icon=":material/upload_file:",
        )
    elif not report.job.train:
        st.info(_("Cancelled before the model was tested."), icon=":material/stop:")
    elif report.state == "cancelled":
        whole = _("Cancelled. Whole epochs that were learned and are kept: {count}.").format(count=len(report.rows))
        st.info(whole if report.rows else _("Cancelled before the end of the first epoch."), icon=":material/stop:")
    else:
        st.success(
            _("**Done.** The model gets {accuracy} % of the test pictures right; guessing would get 10 %.").format(
                accuracy=_accuracy(report)
            )
            + " "
            + _("Train time on {device}: {seconds} s.").format(
                device=report.device, seconds=f"{sum(row['seconds'] for row in report.rows):.3f}"
            ),
            icon=":material/check_circle:",
        )


def _accuracy(report: wb.Report) -> str:
    return f"{report.exam.accuracy:.2f}" if report.exam else "–"
