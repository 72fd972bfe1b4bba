"""The controls of the linear-regression lab, and what it says about the run on show."""

import contextlib
import dataclasses
import functools
from collections.abc import Callable

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ...figures import palette
from ...i18n import _
from ...player import Readout
from ...sentences import explain
from ...session import state
from ...widgets import drawer, fields
from . import limit_mark, verdict
from .lab import LinearLab

RETRAIN = "linear.retrain"


def chosen(lab: LinearLab) -> tuple[wb.LinearConfig, wb.ConfigError | None]:
    """The config that the controls show; where they do not fit together, the one on show and what is wrong."""
    try:
        return _config(), None
    except wb.ConfigError as error:
        return lab.run.config, error


def retrains() -> bool:
    """Whether every change is to be trained at once."""
    return bool(state.get(RETRAIN, False))


def draw(lab: LinearLab, error: wb.ConfigError | None) -> None:
    """Draw the controls in the order of the notes."""
    with st.container(key="controls"):
        fields.name_beside(wb.LinearConfig)
        st.header(_("1 Data"), anchor=False)
        _fields("weight", "bias", "noise", "train_fraction")
        with st.popover(_("Range of X"), width="stretch", key="range"):
            _fields("start", "end", "step")
        if error:
            st.error(explain(error), icon=":material/error:")
        st.header(_("2 Model"), anchor=False)
        _fields("model", "seed")
        st.header(_("3 Training"), anchor=False)
        _fields("loss", "optimizer", "lr")
        limit_mark.draw(lab.limits, _config() if error is None else lab.run.config)
        _fields("epochs", "momentum", "device")
        state.prime(RETRAIN, False)
        st.toggle(
            _("Retrain on every change"),
            key=RETRAIN,
            persist_state="session",
            help=_("Train again whenever a setting changes, and show the result."),
        )
    _actions(lab)


def _fields(*names: str) -> None:
    for name in names:
        unused = name == "momentum" and fields.values(wb.LinearConfig)["optimizer"] != "sgd"
        fields.draw(wb.LinearConfig, name, disabled=unused)


def _config() -> wb.LinearConfig:
    return wb.LinearConfig(**fields.values(wb.LinearConfig))


def _actions(lab: LinearLab) -> None:
    """The buttons. They act before the script runs, so that everything drawn in that run knows of it."""

    def act(what: Callable[[wb.LinearConfig], None]) -> None:
        with contextlib.suppress(wb.ConfigError):  # the settings do not fit together, and the page says so
            what(_config())

    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            help=_("Train a new model from the random start the seed gives."),
            on_click=act,
            args=(lab.train,),
        )
        st.button(
            _("Reset"),
            help=_("Go back to the untrained model. The same seed gives the same random start."),
            on_click=act,
            args=(lab.reset,),
        )
        st.button(
            _("Continue training"),
            disabled=not lab.can_resume,
            help=_("Train this model for the same number of epochs again, with its original settings."),
            on_click=act,
            args=(lab.resume,),
        )


def readouts(run: wb.Run) -> tuple[Readout, ...]:
    """The four numbers above the charts."""
    return (
        Readout(
            _("Train loss"),
            _("How wrong the model was on its training points, just before this epoch's step. 0 is perfect."),
            "train_loss",
            palette.TRAIN,
        ),
        Readout(
            _("Test loss"),
            _("How wrong the model is on points it has never seen. This is the one that counts."),
            "test_loss",
            palette.TEST,
        ),
        Readout(
            _("Model's weight"),
            _("The slope the model has learned, next to the true one."),
            "weight",
            palette.PREDICTION,
            run.config.weight,
        ),
        Readout(
            _("Model's bias"),
            _("Where the model's line starts, next to the true start."),
            "bias",
            palette.PREDICTION,
            run.config.bias,
        ),
    )


def loss_name(config: wb.LinearConfig) -> str:
    """PyTorch's name of the loss in use."""
    return specs(wb.LinearConfig)["loss"].options[config.loss][1]


def follow(lab: LinearLab, suggestion: wb.Suggestion) -> None:
    """Do what the doctor suggests: put its settings into the controls and train, before the script runs again."""
    fields.put(wb.LinearConfig, suggestion.changes)
    with contextlib.suppress(wb.ConfigError):  # the settings do not fit together, and the page says so
        (lab.resume if suggestion.resume else lab.train)(_config())


def status(lab: LinearLab, config: wb.LinearConfig) -> None:
    """Say in a sentence or two what is on show: of a training, what became of it."""
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
        verdict.draw(
            run,
            diagnosis,
            follow=functools.partial(follow, lab),
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
