"""Keeps the browser's address bar up to date with the settings, and draws a button that copies it."""

import streamlit as st

from ..i18n import _

# Replace the address instead of adding it to the history, so that "back" leads to the previous page, not to the
# previous position of a slider.
_JS = """
export default function ({ data, parentElement }) {
  const url = new URL(location.href);
  if (url.pathname.split("/").pop() === data.page) { // else the user left the page before this message arrived
    const others = [...url.searchParams].filter(([name]) => name.startsWith("embed"));
    url.search = new URLSearchParams([...others, ...new URLSearchParams(data.query)]);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }
  const button = parentElement.querySelector("button");
  const label = button.querySelector("span");
  if (!button.timer) label.textContent = data.label;
  button.title = data.help;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch { // the clipboard API needs https or localhost
      const box = Object.assign(document.createElement("textarea"), { value: location.href });
      button.after(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    label.textContent = data.done;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      label.textContent = data.label;
      button.timer = undefined;
    }, 2000);
  };
}
"""
_component = st.components.v2.component(
    "workbench_address",
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


def draw(page: str, query: str) -> None:
    """Set the query in the address of `page`, and draw the button that copies the address."""
    _component(
        key="address",
        width="content",
        data={
            "page": page,
            "query": query,
            "label": _("Copy link"),
            "done": _("Link copied"),
            "help": _(
                "The link contains all settings: anyone who opens it sees the same page and gets the same numbers."
            ),
        },
    )
