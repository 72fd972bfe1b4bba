"""What Streamlit leaves to do for fingers, keys and screen readers, on every page (see `hands.js`)."""

import streamlit as st

from .. import assets

_JS = "export default async ({ data }) => (await import(new URL(data.script, location.href).href)).listen();"
_component = st.components.v2.component("workbench_hands", html="<span></span>", js=_JS, isolate_styles=False)


def draw() -> None:
    """Let the page listen; drawn once is enough, because the script stays as long as the tab is open."""
    with st.container(key="hands"):
        _component(key="hands.listener", height="content", data={"script": assets.url("hands")})
