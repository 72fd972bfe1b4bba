"""The browser's address bar: kept up to date with the settings, and copied by a button."""

import streamlit as st

from ..i18n import _

# The address is replaced, not added to the browser's history: its back button leads to the page before, not through
# every position that a slider has had.
_JS = """
export default function ({ data, parentElement }) {
  const url = new URL(location.href);
  if (url.pathname.split("/").pop() === data.page) { // else the visitor has left before this message came
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
    } catch { // a page that is not on https or localhost has no clipboard of its own
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
    """Let the address of `page` carry this query, and draw the button that copies it."""
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
