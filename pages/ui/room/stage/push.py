"""The dialog in which the leader chooses where everybody starts: one click on a run, an example or a lesson."""

import streamlit as st

from ...i18n import _
from ...session import state
from ...widgets.markup import as_it_is
from ..here import InRoom
from ..seats import Key
from . import choices
from .board import Board, push


def draw(key: Key) -> None:
    """Draw the dialog."""
    st.dialog(_("Everybody start here"), width="large", on_dismiss=state.of(Board).close)(_content)(key)


def _content(key: Key) -> None:
    if not state.of(Board).open:  # a click has just closed it
        st.rerun()
    with st.container(key="room-choices"):
        st.caption(_("All seats are asked to look or to stay. Nobody loses their work. :material/school: is a lesson."))
        _own(key)
        for page, title in choices.PAGES.items():
            st.subheader(_(title), anchor=False)
            with st.container(horizontal=True, gap="small", key=f"room-choices-{page}"):
                for name, (label, attempt) in choices.EXAMPLES.get(page, {}).items():
                    st.button(_(label), key=f"room.push.{page}.{name}", on_click=push, args=(key, attempt))
                for lesson in choices.lessons(page):
                    st.button(
                        _(lesson.title),
                        key=f"room.push.lesson.{lesson.id}",
                        icon=":material/school:",
                        on_click=push,
                        args=(key, choices.begin(lesson), lesson.id),
                    )


def _own(key: Key) -> None:
    own = state.of(InRoom).latest
    if own is None:
        st.caption(_("Your own run comes here, too: train something in a lab, then come back."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("My own run"),
            key="room.push.own",
            type="primary",
            icon=":material/cast:",
            on_click=push,
            args=(key, own),
        )
        st.markdown(as_it_is(choices.name(own)), width="content")
