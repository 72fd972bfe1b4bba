"""The choice in the settings: points of a line, or the visitor's own, and which ones these are."""

import html

import streamlit as st

from wb_core.base.fields import N_
from wb_core.base.points import MAX_IN_LINK, PointList

from ..figures.recording import MOST_SHOWN
from ..i18n import _
from ..session import state
from ..widgets import fields
from . import dialog
from .dialog import Intake
from .origin import Origin, origin_of

KEY = "points.kind"
KINDS = {"line": N_("A line"), "own": N_("My points")}


class PutAway:
    """The points that were there before the visitor chose a line again."""

    def __init__(self) -> None:
        self.points = PointList()


def draw(config_class: type) -> None:
    """Draw the choice and, of one's own points, what they are, with a button that changes them."""
    points = fields.current(config_class, "points")
    kind = "own" if points or state.of(Intake).open else "line"
    if state.get(KEY) != kind:
        state.put(KEY, kind)
    st.segmented_control(
        _("Points"),
        list(KINDS),
        format_func=lambda name: _(KINDS[name]),
        key=KEY,
        required=True,
        help=_("Where the points come from: a line that you set here, or your own table."),
        on_change=_chosen,
        args=(config_class,),
    )
    if points:
        with st.container(horizontal=True, vertical_alignment="center", key="points-summary"):
            st.html(html.escape(summary(points, origin_of(points))))
            st.button(_("Change"), key="points.change", type="tertiary", on_click=state.of(Intake).change)
        if len(points) > MAX_IN_LINK:
            st.caption(
                _("With more than {most} points, the charts follow a slider when you let go.").format(most=MAX_IN_LINK)
            )
    dialog.draw(config_class)


def summary(points: PointList, origin: Origin) -> str:
    """The points in one line of plain text."""
    count = _("{count} points").format(count=f"{len(points):,}")
    shown = (
        _("The chart shows about {shown} of them.").format(shown=f"{MOST_SHOWN:,}") if len(points) > MOST_SHOWN else ""
    )
    names = _("{y} against {x}").format(x=origin.x, y=origin.y) if origin.x and origin.y else ""
    title = " · ".join(filter(None, [count, origin.title]))
    return ". ".join(filter(None, [": ".join(filter(None, [title, names])), shown]))


def _chosen(config_class: type) -> None:
    """Take the points that were put away, or ask for some; choosing a line puts them away."""
    away, points = state.of(PutAway), fields.current(config_class, "points")
    if state.get(KEY) == "own":
        if away.points:
            fields.put(config_class, {"points": away.points})
        elif not points:
            state.of(Intake).show()
    elif points:
        away.points = points
        fields.put(config_class, {"points": ()})
