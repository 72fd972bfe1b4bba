"""What Streamlit leaves to do for fingers, keys and screen readers, on every page (see `hands.js`)."""

import streamlit as st

from .. import assets
from ..i18n import _

_JS = "export default async ({ data }) => (await import(new URL(data.script, location.href).href)).listen(data.words);"
_component = st.components.v2.component("workbench_hands", html="<span></span>", js=_JS, isolate_styles=False)


def draw() -> None:
    """Let the page listen, and give it Streamlit's own words in the language of the page."""
    words = {
        "Expand sidebar": _("Expand sidebar"),
        "Collapse sidebar": _("Collapse sidebar"),
        "Main menu": _("Main menu"),
        "Open": _("Open list"),
        "Increment": _("Increment"),
        "Decrement": _("Decrement"),
        "Clear value": _("Clear value"),
        "Help for {name}": _("Help for {name}"),
    }
    with st.container(key="hands"):
        _component(key="hands.listener", height="content", data={"script": assets.url("hands"), "words": words})
