"""The mark in the learning rate's slider: above which learning rate steps grow, for the points and the loss in use."""

import bisect
import html
import math

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...widgets import fields


def draw(limits: wb.Limits, config: wb.LinearConfig) -> None:
    """Draw the mark into the slider's scale, where it takes no room; nothing where there is no limit.

    A limit that the scale does not reach is at its end, with an arrow.
    """
    with st.container(key="limit"):
        st.html(_mark(limits, config))


def _mark(limits: wb.Limits, config: wb.LinearConfig) -> str:
    limit = limits.lr(config)
    if limit is None:
        return "<span></span>"
    place = position(limit, fields.stops(wb.LinearConfig, "lr"))
    name = _("limit {value}").format(value=f"{limit:.4g}")
    name = f"← {name}" if place < 0 else f"{name} →" if place > 1 else name
    at = min(max(place, 0), 1)
    side = "wb-limit-left" if at > 0.5 else "wb-limit-right"  # where its words go
    return (
        f'<div class="wb-limit {side}" style="--at:{at:.4f}"><i></i>'
        f'<button type="button" class="wb-limit-name" aria-describedby="wb-limit-help">{html.escape(name)}</button>'
        f'<span class="wb-limit-help" id="wb-limit-help" role="tooltip">{html.escape(_explanation(config))}</span>'
        "</div>"
    )


def _explanation(config: wb.LinearConfig) -> str:
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


def position(value: float, stops: list[float]) -> float:
    """Where a value is on a slider of equally spaced stops: 0 at the first, 1 at the last, beyond them -1 and 2."""
    if value < stops[0]:
        return -1.0
    if value > stops[-1]:
        return 2.0
    if value == stops[-1]:
        return 1.0
    after = bisect.bisect_right(stops, value)
    low, high = stops[after - 1], stops[after]
    return (after - 1 + math.log(value / low) / math.log(high / low)) / (len(stops) - 1)
