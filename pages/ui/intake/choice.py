"""The choice in the settings: points of a line or a pattern, or the visitor's own, and which ones these are."""

import functools
import html
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from wb_core.base.fields import N_
from wb_core.base.points import MAX_IN_LINK, PointList

from ..figures.recording import MOST_SHOWN
from ..i18n import _
from ..session import state
from ..widgets import fields, focus
from . import dialog
from .dialog import Intake
from .origin import Origin, brought, origin_of
from .shape import PLANE, Shape, shape_of

KEY = "points.kind"
KINDS = {"line": N_("A line"), "own": N_("My points")}


def draw(config_class: type, then: Callable[[], None] = lambda: None) -> None:
    """Draw the choice and, of one's own points, what they are, with a button that changes them.

    `then` is called after another choice, before the script run.
    """
    shape = shape_of(config_class)
    points = shape.current
    if not focus.shows("data" if shape is PLANE else "points"):
        return
    if shape is PLANE:
        _pattern(shape, then)
    else:
        _line_or_own(shape)
    if points:
        with st.container(horizontal=True, vertical_alignment="center", key="points-summary"):
            st.html(html.escape(summary(points, origin_of(points, shape))))
            change = functools.partial(state.of(Intake).change, shape)
            st.button(_("Change"), key="points.change", type="tertiary", on_click=change)
        if len(points) > MAX_IN_LINK and shape is not PLANE:
            st.caption(
                _("With more than {most} points, the charts follow a slider when you let go.").format(most=MAX_IN_LINK)
            )
    dialog.draw(shape)


def _line_or_own(shape: Shape) -> None:
    kind = "own" if shape.current or state.of(Intake).open is shape else "line"
    if state.get(KEY) != kind:
        state.put(KEY, kind)
    st.segmented_control(
        _("Points"),
        list(KINDS),
        format_func=lambda name: _(KINDS[name]),
        key=KEY,
        required=True,
        help=_("Where the points come from: a line that you set here, or your own table."),
        on_change=lambda: _chosen(shape, own=state.get(KEY) == "own", before={}),
    )


def _pattern(shape: Shape, then: Callable[[], None]) -> None:
    """One's own points are one of the patterns."""
    before = {"data": fields.current(shape.config_class, "data")}

    def chosen() -> None:
        _chosen(shape, own=fields.current(shape.config_class, "data") == "own", before=before)
        then()

    fields.draw(shape.config_class, "data", then=chosen)


def summary(points: PointList, origin: Origin) -> str:
    """The points in one line of plain text."""
    count = _("{count} points").format(count=f"{len(points):,}")
    shown = (
        _("The chart shows about {shown} of them.").format(shown=f"{MOST_SHOWN:,}") if len(points) > MOST_SHOWN else ""
    )
    names = _("{y} against {x}").format(x=origin.x, y=origin.y) if origin.x and origin.y else ""
    title = " · ".join(filter(None, [count, origin.title]))
    return ". ".join(filter(None, [": ".join(filter(None, [title, names])), ", ".join(origin.classes), shown]))


def _chosen(shape: Shape, *, own: bool, before: Mapping[str, Any]) -> None:
    """Take the points that were put away, or ask for some; choosing anything else puts them away.

    Until the visitor has brought some, the settings stay as they were `before`.
    """
    points, known = shape.current, brought(shape)
    if not own and points:
        known.away = points
        shape.put(PointList())
    elif own and known.away:
        shape.put(known.away)
    elif own and not points:
        fields.put(shape.config_class, before)
        state.of(Intake).show(shape)
