"""The rare settings of a page, folded away. What is folded is drawn only while it is open."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wb_core.base.fields import defaults, specs

from ..i18n import _
from . import fields, focus


def settings(config_class: type, *names: str, key: str) -> DeltaGenerator | None:
    """The place for the widgets of these fields; None while it is folded, and if a lesson shows none of them.

    Then it names those that are not at their default. The few that a lesson shows are not folded.
    """
    if not any(map(focus.shows, names)):
        return None
    if focus.narrow():
        return st.container(key=f"{key}.few")
    fold = st.expander(_("More settings"), key=key, on_change="rerun", type="compact")
    if fold.open:
        return fold
    known, first = specs(config_class), defaults(config_class)
    changed = [_(known[name].label) for name in names if fields.current(config_class, name) != first[name]]
    if changed:
        st.caption(_("Changed: {names}").format(names=", ".join(changed)))
    return None


def heading(text: str) -> None:
    """Draw the heading of some of these settings, unless a lesson shows only few."""
    if not focus.narrow():
        st.header(text, anchor=False)
