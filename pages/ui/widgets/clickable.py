"""A piece of HTML whose parts can be touched: buttons with `data-touch`, which say what was touched.

In an element with `data-columns` the arrow keys go from button to button, and the tab key stops there once.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ..session import state

_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-touch");
  const find = (name) => root.querySelector(`[data-touch="${CSS.escape(name)}"]`);
  if (root.wanted !== data.html) {
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.touch : undefined;
    root.innerHTML = root.wanted = data.html;
    for (const grid of root.querySelectorAll("[data-columns]")) {
      const stops = [...grid.querySelectorAll("[data-touch]")];
      const first = stops.find((stop) => stop.matches("[aria-pressed=true]")) ?? stops[0];
      for (const stop of stops) stop.tabIndex = stop === first ? 0 : -1;
    }
    if (focused !== undefined) find(focused)?.focus({ preventScroll: true });
  }
  root.onclick = (event) => {
    const touched = event.target.closest("[data-touch]");
    if (touched) setTriggerValue("touched", touched.dataset.touch);
  };
  root.onkeydown = (event) => {
    const grid = event.target.closest("[data-columns]");
    const columns = Number(grid?.dataset.columns);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!grid || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    const stops = [...grid.querySelectorAll("[data-touch]")];
    const here = stops.indexOf(event.target.closest("[data-touch]"));
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
    "workbench_touch", html='<div class="wb-touch"></div>', js=_JS, isolate_styles=False
)


def draw(html: str, key: str, touched: Callable[[str], None]) -> None:
    """Draw the HTML; `touched` is called with what was touched, before the next run of the script.

    The browser can say anything: it is for `touched` to make sense of it.
    """

    def changed() -> None:
        value: Any = (state.get(key) or {}).get("touched")
        if isinstance(value, str):
            touched(value)

    _component(key=key, data={"html": html}, on_touched_change=changed)
