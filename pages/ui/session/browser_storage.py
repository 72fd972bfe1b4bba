"""Keeps the ticket of a page's job in the browser's session storage, so that a reload finds the job again.

The address does not contain it, because users share addresses.
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
    return; // storage is disabled
  }
  const asked = (window.wbAsked ??= {});
  if (!data.ticket && kept && asked[name] !== kept) {
    asked[name] = kept; // ask once, because the server may no longer know the job
    setTriggerValue("ticket", kept);
  }
}
"""
_component = st.components.v2.component("workbench_browser_storage", html="<span></span>", js=_JS, isolate_styles=False)


def draw(page: str, ticket: str | None, found: Callable[[str], None]) -> None:
    """Store the ticket of a page's job. If `ticket` is None, call `found` with the stored ticket, if any."""
    key = f"{page}.ticket"

    def sent() -> None:
        value: Any = (state.get(key) or {}).get("ticket")
        if isinstance(value, str) and ticket is None:
            found(value[:100])

    _component(key=key, height="content", data={"page": page, "ticket": ticket}, on_ticket_change=sent)
