"""What a browser's tab remembers of its job: a reload finds the run again.

The ticket lies in the tab's own session storage, not in the address, which people copy and send around.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from .. import state

KEY = "images.tab"
_JS = """
const name = "torch-workbench-images";
export default function ({ data, setTriggerValue }) {
  let kept = null;
  try {
    kept = sessionStorage.getItem(name);
    if (data.ticket) sessionStorage.setItem(name, data.ticket);
  } catch {
    return; // a browser that keeps nothing
  }
  if (!data.ticket && kept && window.wbImagesAsked !== kept) {
    window.wbImagesAsked = kept; // once: the server may have forgotten it
    setTriggerValue("ticket", kept);
  }
}
"""
_component = st.components.v2.component("workbench_tab", html="<span></span>", js=_JS, isolate_styles=False)


def draw(ticket: str | None, found: Callable[[str], None]) -> None:
    """Let the tab remember a ticket; where there is none yet, `found` is called with the one that it remembers."""

    def told() -> None:
        value: Any = (state.get(KEY) or {}).get("ticket")
        if isinstance(value, str) and ticket is None:
            found(value[:100])

    _component(key=KEY, height="content", data={"ticket": ticket}, on_ticket_change=told)
