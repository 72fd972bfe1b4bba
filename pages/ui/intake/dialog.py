"""The dialog in which a visitor brings points. What it reads changes nothing until the points are taken."""

import streamlit as st

from ..i18n import _
from ..session import state
from ..widgets import choice
from .origin import brought
from .shape import Shape
from .sources import MOST_TYPED, SOURCES, Found, Readings


class Intake:
    """For which points the dialog is open, and which ones it has just found for the controls."""

    def __init__(self) -> None:
        self.open: Shape | None = None
        self.found: tuple[Shape, Found] | None = None

    def show(self, shape: Shape) -> None:
        self.open = shape
        state.of(Readings).clear()

    def change(self, shape: Shape) -> None:
        """Open it with the table of the present points, if these aren't too many to type."""
        self.show(shape)
        if len(brought(shape).points) <= MOST_TYPED:
            state.put("points.source", "typed")

    def close(self) -> None:
        """Close it, and forget what was read: tables may be large."""
        self.open = None
        state.of(Readings).clear()


def take() -> None:
    """Put the points that the visitor has decided to use into the controls, before any of their widgets is drawn."""
    intake = state.of(Intake)
    if intake.found is not None:
        shape, found = intake.found
        shape.put(found.points)
        brought(shape).take(found.points, found.origin)
        intake.found = None


def draw(shape: Shape) -> None:
    """Draw the dialog if it is open for these points; it fills their setting in the controls."""
    intake = state.of(Intake)
    if intake.open is shape:
        st.dialog(_("Bring your points"), width="medium", on_dismiss=intake.close)(_content)(shape)


def _content(shape: Shape) -> None:
    if not state.of(Intake).open:  # a button has just closed it
        st.rerun()
    with st.container(key="points-dialog"):
        names = {name: text for name, (text, _draw) in SOURCES.items()}
        source = choice.one_of(_("Where from"), names, "points.source")
        found = SOURCES[source][1](shape)
        with st.container(horizontal=True, vertical_alignment="center"):
            taken = st.button(
                _("Use {count} points").format(count=f"{len(found.points):,}") if found else _("Use these points"),
                key="points.use",
                type="primary",
                disabled=found is None,
            )
            st.button(_("Cancel"), key="points.cancel", on_click=state.of(Intake).close)
        st.caption(
            _(
                "Your points stay in this visit: the server writes them to no disk, and they're gone when you close "
                "the page. Only its link (up to 100 points) and runs that you save have them, too."
            )
        )
    if taken and found is not None:  # not in a callback, which would know only what was found before the last change
        state.of(Intake).found = shape, found
        state.of(Intake).close()
        st.rerun()
