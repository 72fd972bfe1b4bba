"""The controls of the linear-regression lab, with the learning-rate limit marked in its slider."""

import bisect
import functools
import html
import math
from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...intake import choice as points_choice
from ...live import track_key
from ...sentences import explain
from ...session import state
from ...widgets import fields, focus, more
from .. import run_controls, schedule
from . import scale, start
from .branches import LineBranches
from .lab import LinearLab

OF_THE_LINE = ("weight", "bias", "noise")
OF_OWN_POINTS = ("standardise", "shuffle")
"""The settings of the data that are in view, for points of a line and for a visitor's own."""

DATA = ("start", "end", "step", "train_fraction", "shuffle", "standardise")
MODEL = ("model", "seed")
TRAINING = ("loss", "optimizer", "momentum", "device")
"""The settings that are folded away, in the order of the workflow."""


def draw(lab: LinearLab, error: wb.ConfigError | None) -> None:
    """Draw the controls: first what a beginner changes, then the others in the order of the workflow."""
    with st.container(key="controls"):
        fields.name_beside(wb.LinearConfig)
        here = run_controls.chosen(lab)[0]
        fields.draw(wb.LinearConfig, "lr", offered=lab.limits.offered_lr(here))
        if focus.shows("lr"):
            _limit_mark(lab.limits, here)
        fields.draw(wb.LinearConfig, "epochs")
        points_choice.draw(wb.LinearConfig)
        own = bool(fields.current(wb.LinearConfig, "points"))
        fields.draw_all(wb.LinearConfig, *(OF_OWN_POINTS if own else OF_THE_LINE))
        scale.draw(lab.run)
        data = ["train_fraction"] if own else DATA
        fold = more.settings(wb.LinearConfig, *data, *MODEL, "init", *TRAINING, key="linear.more")
        if fold is not None:
            with fold, st.container(key="more"):
                _more(lab, data)
        if error:
            st.error(explain(error), icon=":material/error:")
        schedule.draw(lab)
    run_controls.actions(lab, valid=error is None, bring_back=functools.partial(state.of(LineBranches).bring_back, lab))


def _more(lab: LinearLab, data: Sequence[str]) -> None:
    more.heading(_("Data"))
    fields.draw_all(wb.LinearConfig, *data)
    more.heading(_("Model"))
    fields.draw_all(wb.LinearConfig, *MODEL)
    if focus.shows("init"):
        start.draw(lab)
    more.heading(_("Training"))
    fields.draw_all(wb.LinearConfig, *TRAINING)
    run_controls.defaults_button(lab, "linear.defaults")


def _limit_mark(limits: wb.Limits, config: wb.LinearConfig) -> None:
    """Mark the learning rate above which steps grow in the slider, with room for the key of its colours.

    There is no mark without a limit. A limit beyond the scale is marked at its end, with an arrow.
    """
    with st.container(key="limit"):
        st.html(_mark_html(limits, config) + track_key.html())


def _mark_html(limits: wb.Limits, config: wb.LinearConfig) -> str:
    limit = limits.lr(config)
    if limit is None:
        return "<span></span>"
    place = slider_position(limit, fields.stops(wb.LinearConfig, "lr", limits.offered_lr(config)))
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
