"""The controls of the linear-regression lab, with the learning-rate limit marked in its slider."""

import bisect
import contextlib
import html
import math
from collections.abc import Iterator

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ...compare import settings
from ...i18n import _
from ...sentences import explain
from ...session import state
from ...widgets import drawer, fields
from .lab import LinearLab

RETRAIN = "linear.retrain"


def chosen(lab: LinearLab) -> tuple[wb.LinearConfig, wb.ConfigError | None]:
    """The config of the controls and None; if that is invalid, the displayed config and the error."""
    try:
        return config(), None
    except wb.ConfigError as error:
        return lab.run.config, error


def retrains() -> bool:
    """Whether to train again after every change."""
    return bool(state.get(RETRAIN, False))


def draw(lab: LinearLab, error: wb.ConfigError | None) -> None:
    """Draw the controls in the order of the workflow: data, model, training."""
    with st.container(key="controls"):
        fields.name_beside(wb.LinearConfig)
        st.header(_("1 Data"), anchor=False)
        fields.draw_all(wb.LinearConfig, "weight", "bias", "noise", "train_fraction")
        with st.popover(_("Range of X"), width="stretch", key="range"):
            fields.draw_all(wb.LinearConfig, "start", "end", "step")
        if error:
            st.error(explain(error), icon=":material/error:")
        st.header(_("2 Model"), anchor=False)
        fields.draw_all(wb.LinearConfig, "model", "seed")
        st.header(_("3 Training"), anchor=False)
        fields.draw_all(wb.LinearConfig, "loss", "optimizer", "lr")
        _limit_mark(lab.limits, config() if error is None else lab.run.config)
        fields.draw_all(wb.LinearConfig, "epochs", "momentum", "device")
        state.prime(RETRAIN, False)
        st.toggle(
            _("Retrain on every change"),
            key=RETRAIN,
            persist_state="session",
            help=_("Train again whenever a setting changes, and show the result."),
        )
    _actions(lab)


def config() -> wb.LinearConfig:
    return wb.LinearConfig(**fields.values(wb.LinearConfig))


def _actions(lab: LinearLab) -> None:
    """Draw the buttons. Their callbacks run before the script, so that everything it draws is up to date."""
    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            help=_("Train a new model from the random start the seed gives."),
            on_click=fields.with_config,
            args=(wb.LinearConfig, lab.train),
        )
        st.button(
            _("Reset"),
            help=_("Go back to the untrained model. The same seed gives the same random start."),
            on_click=fields.with_config,
            args=(wb.LinearConfig, lab.reset),
        )
        st.button(
            _("Continue training"),
            disabled=not lab.can_resume,
            help=_("Train this model for the same number of epochs again, with its original settings."),
            on_click=fields.with_config,
            args=(wb.LinearConfig, lab.resume),
        )
    if lab.can_resume and lab.stale(lab.seen):
        st.caption(_("Continue training keeps the settings of the run shown: {settings}.").format(settings=_kept(lab)))


def _kept(lab: LinearLab) -> str:
    """The settings of the displayed run that differ from the controls."""
    run = lab.run.config
    names = [name for name, _spec in settings.differing([run, lab.seen]) if name != "epochs"]
    return ", ".join(" ".join((_(specs(run)[name].label), settings.value_text(run, name))) for name in names)


@contextlib.contextmanager
def way_back(lab: LinearLab) -> Iterator[None]:
    """Draw a button beside what is drawn within, which displays the trained run again that another one has replaced."""
    if not lab.can_go_back:
        yield
        return
    with st.container(horizontal=True, vertical_alignment="center", key="diagnosis"):
        yield
        st.button(
            _("Back to the trained run"),
            key="linear.back",
            icon=":material/undo:",
            width="content",
            help=_("Sets the controls as they were and shows that run again."),
            on_click=_go_back,
            args=(lab,),
        )


def _go_back(lab: LinearLab) -> None:
    if lab.before is not None:
        fields.fill(lab.before.config)
        lab.go_back()


def _limit_mark(limits: wb.Limits, config: wb.LinearConfig) -> None:
    """Mark the learning rate above which steps grow in the slider; the mark takes no extra space.

    Draws nothing without a limit. A limit beyond the scale is marked at its end, with an arrow.
    """
    with st.container(key="limit"):
        st.html(_mark_html(limits, config))


def _mark_html(limits: wb.Limits, config: wb.LinearConfig) -> str:
    limit = limits.lr(config)
    if limit is None:
        return "<span></span>"
    place = slider_position(limit, fields.stops(wb.LinearConfig, "lr"))
    name = _("limit {value}").format(value=f"{limit:.4g}")
    name = f"← {name}" if place < 0 else f"{name} →" if place > 1 else name
    at = min(max(place, 0), 1)
    side = "wb-limit-left" if at > 0.5 else "wb-limit-right"  # the side of the label
    return (
        f'<div class="wb-limit {side}" style="--at:{at:.4f}"><i></i>'
        f'<button type="button" class="wb-limit-name" aria-describedby="wb-limit-help">{html.escape(name)}</button>'
        f'<span class="wb-limit-help" id="wb-limit-help" role="tooltip">{html.escape(_why_limit(config))}</span>'
        "</div>"
    )


def _why_limit(config: wb.LinearConfig) -> str:
    if config.loss == "huber":
        return _(
            "2 / λmax. Above this learning rate the steps near the best line jump from side to side and never "
            "settle. Far from it Huber's slope is no steeper than L1's, so nothing explodes."
        )
    if config.momentum:
        return _(
            "2 (1 + momentum) / λmax. Above this learning rate each step overshoots more than the last, and the "
            "training explodes. λmax is how sharply the loss curves for these points."
        )
    return _(
        "2 / λmax. Above this learning rate each step overshoots more than the last, and the training explodes. "
        "λmax is how sharply the loss curves for these points."
    )


def slider_position(value: float, stops: list[float]) -> float:
    """The position of a value on a slider with equally spaced stops: 0 to 1, or -1 and 2 beyond the ends."""
    if value < stops[0]:
        return -1.0
    if value > stops[-1]:
        return 2.0
    if value == stops[-1]:
        return 1.0
    after = bisect.bisect_right(stops, value)
    low, high = stops[after - 1], stops[after]
    return (after - 1 + math.log(value / low) / math.log(high / low)) / (len(stops) - 1)
