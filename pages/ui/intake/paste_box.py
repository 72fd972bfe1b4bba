"""The box to paste a table into. It shows only the first lines, because browsers take minutes for thousands of them."""

from collections.abc import Callable

import streamlit as st

from ..i18n import _
from ..session import state

MOST = 2_000_000
"""A longer text stays in the browser."""

_JS = """
const LINES = 100;
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector("textarea");
  const [label, note] = parentElement.querySelectorAll("label, p");
  label.textContent = data.label;
  box.placeholder = data.example;
  const say = (lines) => {
    const more = data.more.replace("{count}", (lines - LINES).toLocaleString("en"));
    note.textContent = lines > LINES ? more : "";
  };
  const send = (text) => setTriggerValue("text", text.length > data.most ? { size: text.length } : text);
  const empty = () => {
    box.value = "";
    box.readOnly = false;
    say(0);
  };
  box.onpaste = (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!text.trim() || (box.value && !text.includes("\\n"))) return; // a part of what is typed
    event.preventDefault();
    const lines = text.replace(/\\r\\n?/g, "\\n").replace(/\\n+$/, "").split("\\n");
    box.value = lines.slice(0, LINES).join("\\n");
    box.readOnly = lines.length > LINES; // what is shown is not all of it
    say(lines.length);
    send(text);
  };
  box.onkeydown = (event) => {
    if (box.readOnly && ["Delete", "Backspace"].includes(event.key)) empty();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.onchange();
    if (event.key !== "Escape") event.stopPropagation(); // the page has keys of its own
  };
  box.onchange = () => box.readOnly || send(box.value);
}
"""
_component = st.components.v2.component(
    "workbench_paste_box",
    html='<label for="wb-paste"></label>'
    '<textarea id="wb-paste" class="wb-paste" spellcheck="false" wrap="off"></textarea>'
    '<p class="wb-paste-more" role="status"></p>',
    css="""
    label[for="wb-paste"] { display: block; margin-bottom: 0.35rem; font-size: 0.875rem; line-height: 1.4; }
    .wb-paste { box-sizing: border-box; width: 100%; height: 8.5rem; padding: 0.5rem 0.75rem; resize: vertical;
      tab-size: 12; font: 0.875rem/1.5 monospace; color: var(--st-text-color);
      background: var(--st-secondary-background-color);
      border: 1px solid var(--st-border-color); border-radius: 0.5rem; }
    .wb-paste:focus { outline: 2px solid var(--st-primary-color); outline-offset: -1px; }
    .wb-paste-more { margin: 0.2rem 0 0; font-size: 0.8125rem; }
    .wb-paste-more:empty { display: none; }
    """,
    js=_JS,
    isolate_styles=False,
)
EXAMPLE = "X\ty\n1.5\t20\n2.5\t31\n3\t38"


def draw(key: str, arrived: Callable[[str, int], None]) -> None:
    """Draw the box; `arrived` is called with each text and its length, before the script run. A longer one is ""."""

    def act() -> None:
        sent = (state.get(key) or {}).get("text")
        if isinstance(sent, str):
            arrived(sent, len(sent))
        elif isinstance(sent, dict) and type(sent.get("size")) is int and sent["size"] > MOST:
            arrived("", sent["size"])

    _component(
        key=key,
        on_text_change=act,
        data={
            "label": _("Copy two columns in Excel, Google Sheets or a web page, and paste them here"),
            "more": _("… and {count} more lines"),
            "example": EXAMPLE,
            "most": MOST,
        },
    )
