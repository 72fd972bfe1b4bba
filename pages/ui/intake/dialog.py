"""The dialog in which a visitor brings points. What it reads changes nothing until the points are taken."""

import streamlit as st

from ..i18n import _
from ..session import state
from ..widgets import choice, fields
from .origin import Brought
from .sources import MOST_TYPED, SOURCES, Readings


class Intake:
    """Whether the dialog is open."""

    def __init__(self) -> None:
        self.open = False

    def show(self) -> None:
        self.open = True
        state.of(Readings).clear()

    def change(self) -> None:
        """Open it with the table of the present points, if these aren't too many to type."""
        self.show()
        if len(state.of(Brought).points) <= MOST_TYPED:
            state.put("points.source", "typed")

    def close(self) -> None:
        """Close it, and forget what was read: tables may be large."""
        self.open = False
        state.of(Readings).clear()


def draw(config_class: type) -> None:
    """Draw the dialog if it is open; it fills the field `points` of the controls of `config_class`."""
    intake = state.of(Intake)
    if intake.open:
        st.dialog(_("Bring your points"), width="medium", on_dismiss=intake.close)(_content)(config_class)


def _content(config_class: type) -> None:
    if not state.of(Intake).open:  # a button has just closed it
        st.rerun()
    with st.container(key="points-dialog"):
        names = {name: text for name, (text, _draw) in SOURCES.items()}
        source = choice.one_of(_("Where from"), names, "points.source")
        found = SOURCES[source][1]()
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
        fields.put(config_class, {"points": found.points})
        state.of(Brought).take(found.points, found.origin)
        state.of(Intake).close()
        st.rerun()
