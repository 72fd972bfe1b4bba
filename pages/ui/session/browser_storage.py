"""What a browser's tab remembers of a job: a reload finds it again.

The ticket lies in the tab's own session storage, not in the address, which people copy and send around.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from . import state

_JS = """
export default function ({ data, setTriggerValue }) {
  const name = `torch-workbench-${data.page}`;
  let kept = null;
  try {
    kept = sessionStorage.getItem(name);
    if (data.ticket) sessionStorage.setItem(name, data.ticket);
  } catch {
    return; // a browser that keeps nothing
  }
  const asked = (window.wbAsked ??= {});
  if (!data.ticket && kept && asked[name] !== kept) {
    asked[name] = kept; // once: the server may have forgotten it
    setTriggerValue("ticket", kept);
  }
}
"""
_component = st.components.v2.component("workbench_tab", html="<span></span>", js=_JS, isolate_styles=False)


def draw(page: str, ticket: str | None, found: Callable[[str], None]) -> None:
    """Let the tab remember a ticket of a page; where there is none yet, `found` is called with the remembered one."""
    key = f"{page}.tab"

    def told() -> None:
        value: Any = (state.get(key) or {}).get("ticket")
        if isinstance(value, str) and ticket is None:
            found(value[:100])

    _component(key=key, height="content", data={"page": page, "ticket": ticket}, on_ticket_change=told)
