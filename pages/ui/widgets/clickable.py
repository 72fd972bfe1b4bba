"""HTML with buttons: a click sends the button's `data-click` value to the server.

Inside an element with `data-columns`, arrow keys move between the buttons, which together are one tab stop.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ..session import state

_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-clickable");
  const find = (name) => root.querySelector(`[data-click="${CSS.escape(name)}"]`);
  if (root.wanted !== data.html) {
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.click : undefined;
    root.innerHTML = root.wanted = data.html;
    for (const grid of root.querySelectorAll("[data-columns]")) {
      const stops = [...grid.querySelectorAll("[data-click]")];
      const first = stops.find((stop) => stop.matches("[aria-pressed=true]")) ?? stops[0];
      for (const stop of stops) stop.tabIndex = stop === first ? 0 : -1;
    }
    if (focused !== undefined) find(focused)?.focus({ preventScroll: true });
  }
  root.onclick = (event) => {
    const clicked = event.target.closest("[data-click]");
    if (clicked) setTriggerValue("clicked", clicked.dataset.click);
  };
  root.onkeydown = (event) => {
    const grid = event.target.closest("[data-columns]");
    const columns = Number(grid?.dataset.columns);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!grid || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    const stops = [...grid.querySelectorAll("[data-click]")];
    const here = stops.indexOf(event.target.closest("[data-click]"));
    const next = stops[here + step];
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    stops[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
}
"""
_component = st.components.v2.component(
    "workbench_clickable", html='<div class="wb-clickable"></div>', js=_JS, isolate_styles=False
)


def draw(html: str, key: str, clicked: Callable[[str], None]) -> None:
    """Draw the HTML; a click calls `clicked` with the button's `data-click`, before the next script run.

    The value comes from the browser, so `clicked` must validate it.
    """

    def changed() -> None:
        value: Any = (state.get(key) or {}).get("clicked")
        if isinstance(value, str):
            clicked(value)

    _component(key=key, data={"html": html}, on_clicked_change=changed)
