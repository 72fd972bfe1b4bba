"""The box to paste a table into. It shows only the first lines, because browsers take minutes for thousands of them."""

from collections.abc import Callable

import streamlit as st

from ..i18n import _
from ..session import state

LINES = 100
"""The box shows at most this many."""

MOST = 2_000_000
"""A longer text stays in the browser."""

_JS = """
const LINES = %d;
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector("textarea");
  const [label, note] = parentElement.querySelectorAll("label, p");
  label.textContent = data.label;
  box.placeholder = data.example;
  const say = (lines) => {
    const more = data.more.replace("{count}", (lines - LINES).toLocaleString("en"));
    note.textContent = lines > LINES ? more : "";
  };
  if (box.sent === undefined && data.text) {
    box.value = data.text; // the visitor comes back to what was read
    box.readOnly = data.lines > LINES;
    say(data.lines);
  }
  box.sent ??= null;
  if (data.arrived === box.sent) box.removeAttribute("data-unread");
  const send = (text) => {
    clearTimeout(box.later);
    box.later = null;
    box.sent = Date.now();
    setTriggerValue("text", { sent: box.sent, ...(text.length > data.most ? { size: text.length } : { text }) });
  };
  const unread = () => {
    box.setAttribute("data-unread", ""); // until the server has read it, its points can't be used
    box.sent = null;
  };
  const empty = () => {
    box.value = "";
    box.readOnly = false;
    say(0);
    unread();
    send("");
  };
  box.onpaste = (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    const [start, end] = box.readOnly ? [0, box.value.length] : [box.selectionStart, box.selectionEnd];
    const text = box.value.slice(0, start) + pasted + box.value.slice(end);
    const lines = text.replace(/\\r\\n?/g, "\\n").replace(/\\n+$/, "").split("\\n");
    if (!pasted.trim() || (lines.length <= LINES && !box.readOnly)) return; // the browser inserts it
    event.preventDefault();
    box.value = lines.slice(0, LINES).join("\\n");
    box.readOnly = lines.length > LINES; // what is shown is not all of it
    say(lines.length);
    unread();
    send(text);
  };
  box.oninput = () => {
    unread();
    clearTimeout(box.later);
    box.later = setTimeout(() => send(box.value), 400);
  };
  box.onkeydown = (event) => {
    if (box.readOnly && ["Delete", "Backspace"].includes(event.key)) empty();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !box.readOnly) send(box.value);
    if (event.key !== "Escape") event.stopPropagation(); // the page has keys of its own
  };
  box.onchange = () => box.later && send(box.value);
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
    [role="dialog"]:has(.wb-paste[data-unread]) [data-testid="stBaseButton-primary"] {
      opacity: 0.4; pointer-events: none; }
    .wb-paste-more { margin: 0.2rem 0 0; font-size: 0.8125rem; }
    .wb-paste-more:empty { display: none; }
    """,
    js=_JS.replace("%d", str(LINES)),
    isolate_styles=False,
)
EXAMPLE = "X\ty\n1.5\t20\n2.5\t31\n3\t38"


class Arrived:
    """Which text came last: the browser's name for it."""

    def __init__(self) -> None:
        self.sent = 0


def draw(key: str, text: str, arrived: Callable[[str, int], None]) -> None:
    """Draw the box, which begins with `text`.

    `arrived` is called with each new text and its length, before the script run. A longer one is "".
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def act() -> None:
        given = (state.get(key) or {}).get("text")
        if not isinstance(given, dict) or type(given.get("sent")) is not int:
            return
        text, size = given.get("text"), given.get("size")
        if isinstance(text, str):
            arrived(text, len(text))
        elif type(size) is int and size > MOST:
            arrived("", size)
        state.of(Arrived).sent = given["sent"]

    _component(
        key=key,
        on_text_change=act,
        data={
            "label": _("Copy two columns in Excel, Google Sheets or a web page, and paste them here"),
            "more": _("… and {count} more lines"),
            "example": EXAMPLE,
            "most": MOST,
            "text": "\n".join(lines[:LINES]),
            "lines": len(lines) - (lines[-1] == ""),
            "arrived": state.of(Arrived).sent,
        },
    )
