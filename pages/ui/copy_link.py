"""The button that copies the page's address, which carries all settings."""

import streamlit as st

from .i18n import _

_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.querySelector("span").textContent = data.label;
  button.title = data.help;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch { // a page that is not on https or localhost has no clipboard of its own
      const box = Object.assign(document.createElement("textarea"), { value: location.href });
      button.after(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    button.querySelector("span").textContent = data.done;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => (button.querySelector("span").textContent = data.label), 2000);
  };
}
"""
_button = st.components.v2.component(
    "workbench_copy_link",
    html='<button type="button" class="wb-copy"><span aria-live="polite"></span></button>',
    css="""
    .wb-copy { padding: 0.35rem 0.8rem; cursor: pointer; font: inherit; font-size: 0.875rem; white-space: nowrap;
      color: var(--st-text-color); background: var(--st-background-color);
      border: 1px solid var(--st-border-color); border-radius: 0.5rem; }
    .wb-copy:hover, .wb-copy:focus-visible { border-color: var(--st-primary-color); }
    """,
    js=_JS,
    isolate_styles=False,
)


def button() -> None:
    """Draw the button."""
    _button(
        key="copy_link",
        width="content",
        data={
            "label": _("Copy link"),
            "done": _("Link copied"),
            "help": _("The link carries all settings: whoever opens it sees the same and gets the same numbers."),
        },
    )
