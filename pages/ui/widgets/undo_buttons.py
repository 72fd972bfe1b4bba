"""The buttons that undo and redo, and their keys.

Streamlit's own shortcuts would take Ctrl+Z from text fields, where it undoes the typing.
"""

from collections.abc import Callable

import streamlit as st

from ..i18n import _

_JS = """
// Where Ctrl+Z has its own meaning. A choice is a text field, too, but is edited only while its list is open.
function isEdited(element) {
  if (element.isContentEditable || element.matches("textarea")) return true;
  const text = element.matches("input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])");
  return text && element.getAttribute("aria-expanded") !== "false";
}

function press(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isEdited(event.target)) return;
  // With Korean and other keyboards, the key is not a Latin letter.
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace("Key", "");
  const name = { Z: event.shiftKey ? "redo" : "undo", Y: "redo" }[letter];
  const button = document.querySelector(`.st-key-${name} button:enabled`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

export default function () {
  if (window.wbUndo) return; // the page listens already
  window.wbUndo = true;
  document.addEventListener("keydown", press);
}
"""
_keys = st.components.v2.component("workbench_undo", html="<span></span>", js=_JS, isolate_styles=False)


def draw(*, undo: Callable[[], None] | None, redo: Callable[[], None] | None) -> None:
    """Draw both buttons, which call `undo` and `redo` before the next script run; None if there is nothing to do."""
    with st.container(key="undo-keys"):
        _keys(key="undo-keys-listener")
    buttons = (
        ("undo", _("Undo"), _("Take back the last change, with the run it showed (Ctrl+Z)."), undo),
        ("redo", _("Redo"), _("Make that change again (Ctrl+Shift+Z or Ctrl+Y)."), redo),
    )
    for key, label, explanation, act in buttons:
        st.button(
            label, key=key, icon=f":material/{key}:", help=explanation, width="content", disabled=not act, on_click=act
        )
