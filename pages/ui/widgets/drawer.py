"""The button that opens the controls on narrow screens.

There, `layout.css` turns the controls into a drawer at the bottom, so that the charts stay visible above it, and hides
this button on wide screens.
"""

import streamlit as st

from ..i18n import _

_JS = """
const page = document.documentElement;
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const show = (open) => {
    page.classList.toggle("wb-drawer-open", open);
    button.setAttribute("aria-expanded", open);
    button.textContent = open ? data.close : data.open;
  };
  show(page.classList.contains("wb-drawer-open"));
  button.onclick = () => show(!page.classList.contains("wb-drawer-open"));
  return () => button.isConnected || page.classList.remove("wb-drawer-open");
}
"""
_button = st.components.v2.component(
    "workbench_drawer",
    html='<button type="button" class="wb-drawer"></button>',
    js=_JS,
    isolate_styles=False,
)


def button() -> None:
    """Draw the button that opens and closes the drawer."""
    _button(key="drawer", width="content", data={"open": _("Settings"), "close": _("Close")})
