"""Keeps a visit in the browser's storage, and reads it back for a session that does not know it.

Parts of a visit are texts. A reload, a restarted server or a long time offline lead to a new session on the server, to
which the browser sends what it has kept. Whatever comes from there may have been written by anybody.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

# A part is kept in the storage of the tab, in that of the browser, or in both, and read from the first that has it.
AREAS = {
    "visit": ("session",),
    "points": ("session",),
    "tray": ("session", "local"),
    "lessons": ("local",),
    "language": ("local",),
    "room": ("session", "local"),
}

MERGED = ("lessons",)
"""What all tabs have in common: before one writes it, the server learns what another one has written meanwhile."""

MAX_LENGTHS = {"visit": 60_000, "points": 99_000, "tray": 420_000, "lessons": 100_000, "language": 20, "room": 300}
"""The most characters of each part: 1.1 MB in all, with both copies of the tray."""

# `kept` is asked for once per session of the server, and again when the connection is back: only the server knows
# whether that is still the same session. Until it has answered, nothing is written, or it would be lost.
_JS = """
const tab = (window.wbTab ??= { session: "", waiting: false, secret: "", send: () => {}, seen: {} });
const areas = { session: () => sessionStorage, local: () => localStorage };

function read(data) {
  const kept = {};
  for (const [part, places] of Object.entries(data.areas)) {
    for (const place of places) kept[part] ??= areas[place]().getItem(`torch-workbench-${part}`);
    if (kept[part] === null || kept[part].length > data.lengths[part]) delete kept[part];
    else tab.seen[part] = kept[part];
  }
  return kept;
}

// Whether another tab has written this part since this tab has seen it. If so, the server merges both.
function isNews(part, text, most) {
  const there = localStorage.getItem(`torch-workbench-${part}`) ?? "";
  if (!there || there === text || there === tab.seen[part] || there.length > most) return false;
  tab.seen[part] = there;
  tab.send("kept", { session: tab.session, again: false, [part]: there });
  return true;
}

function write(data) {
  for (const [part, text] of Object.entries(data.parts)) {
    if (data.merged.includes(part)) {
      if (isNews(part, text, data.lengths[part])) continue;
      tab.seen[part] = text;
    }
    for (const place of data.areas[part]) {
      const name = `torch-workbench-${part}`;
      // An empty text in the tab is kept: it hides what other tabs keep.
      if (text === "" && place === "local") areas[place]().removeItem(name);
      else if (areas[place]().getItem(name) !== text) areas[place]().setItem(name, text);
    }
  }
}

function ask(data, again) {
  const kept = read(data);
  if (Object.values(kept).some((text) => text !== "")) {
    tab.waiting = true;
    tab.send("kept", { session: tab.session, again, ...kept });
  }
}

function watch() {
  if (tab.data) return;
  const connected = () => document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED";
  let was = true;
  new MutationObserver(() => {
    const is = connected();
    if (is && !was) {
      try {
        ask(tab.data, true);
      } catch {} // storage is disabled
    }
    was = is;
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"] });
  addEventListener("pagehide", () => navigator.sendBeacon(new URL("leave", location.href), tab.secret));
}

export default function ({ data, setTriggerValue }) {
  try {
    if (data.secret) {
      watch();
      Object.assign(tab, { data, secret: data.secret, send: setTriggerValue });
      if (tab.session !== data.session) {
        tab.session = data.session;
        tab.waiting = false;
        if (!data.known) ask(data, false);
      }
    }
    if (tab.session === data.session && data.known) tab.waiting = false;
    if (tab.session === data.session && !tab.waiting) write(data);
  } catch {} // storage is disabled or full
}
"""
_component = st.components.v2.component("workbench_browser_storage", html="<span></span>", js=_JS, isolate_styles=False)


def draw(
    session: str, parts: Mapping[str, str], *, known: bool, secret: str = "", key: str
) -> Mapping[str, Any] | None:
    """Keep `parts` in the browser; returns what it sends, for `checked`, if it sends something now.

    `session` is a name of this session, and `known` says that it has seen what the browser keeps. The component with
    the `secret` asks for that; the tab sends the secret when it is closed. Of what the browser sends, "session" is the
    session that it knows, and "again" says that its connection is back.
    """
    drawn = _component(
        key=key,
        height="content",
        data={
            "session": session,
            "known": known,
            "secret": secret,
            "parts": {part: text if len(text) <= MAX_LENGTHS[part] else "" for part, text in parts.items()},
            "areas": AREAS,
            "lengths": MAX_LENGTHS,
            "merged": MERGED,
        },
        on_kept_change=_nothing,
    )
    return drawn.kept if isinstance(drawn.kept, Mapping) and {"session", "again"} <= drawn.kept.keys() else None


def checked(kept: Mapping[str, Any]) -> dict[str, str]:
    """The parts that the browser sent, as far as they are texts of allowed length."""
    return {
        part: text
        for part, most in MAX_LENGTHS.items()
        if isinstance(text := kept.get(part), str) and len(text) <= most
    }


def _nothing() -> None:
    """Does nothing: Streamlit requires a callback for a trigger, but the value is read where it is drawn."""
