"""The dialog in which the leader chooses where everybody starts: their own run, an example or a lesson."""

import functools
from collections.abc import Mapping

import streamlit as st

from ...i18n import _
from ...session import state
from ...widgets.markup import as_it_is
from ..here import InRoom
from ..seats import Key
from . import choices, dialog
from .board import push
from .stage import Stage


def draw(key: Key) -> None:
    """Draw the dialog."""
    dialog.draw(_("Everybody start here"), _choices, functools.partial(_chosen, key))


def _choices() -> None:
    own = state.of(InRoom).latest
    if own is None:
        st.caption(_("Your own run comes here, too: train something in a lab, then come back."))
    else:
        dialog.choice(_("My own run"), Stage(pushed=own), key="room.push.own")
    for page, title in choices.PAGES.items():
        st.subheader(_(title), anchor=False)
        examples = choices.EXAMPLES.get(page, {}).items()
        _group(_("Example runs"), {f"{page}.{name}": (one.title, Stage(one.attempt)) for name, one in examples})
        lessons = choices.lessons(page)
        _group(
            _("Lessons"),
            {f"lesson.{one.id}": (one.title, Stage(choices.begin(one), lesson=one.id)) for one in lessons},
        )


def _group(title: str, group: Mapping[str, tuple[str, Stage]]) -> None:
    """Draw choices of one sort under its title, if there are any."""
    if not group:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(title, width="content")
        for name, (label, stage) in group.items():
            dialog.choice(_(label), stage, key=f"room.push.{name}")


def _chosen(key: Key, stage: Stage | None) -> None:
    """Draw where everybody will start."""
    if stage is None or stage.pushed is None:
        st.caption(_("Choose where everybody starts. You see it here before they do."))
        return
    st.caption(_(choices.PAGES[stage.pushed.page]))
    st.markdown(f"**{as_it_is(choices.heading_of(stage))}**")
    st.markdown(as_it_is(choices.sentence_of(stage)))
    note = _("All seats are asked to look or to stay. Nobody loses their work.")
    dialog.go(_("Show everybody"), ":material/cast:", note, push, key, stage.pushed, stage.lesson, name="room.push.now")
