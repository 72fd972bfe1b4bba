"""Keeps the browser's address bar up to date with the settings, and draws a button that copies it."""

import os
import socket
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from ..i18n import _

# Replace the address instead of adding it to the history, so that "back" leads to the previous page, not to the
# previous position of a slider.
_JS = """
export default function ({ data, parentElement }) {
  // This page with another query. It is set as text, because URLSearchParams would write "*" as it is.
  const address = (query) => {
    const url = new URL(location.href);
    const others = new URLSearchParams([...url.searchParams].filter(([name]) => name.startsWith("embed")));
    url.search = [others, query].map(String).filter(Boolean).join("&");
    return url;
  };
  const link = () => {
    const url = address(data.link);
    // A link to "localhost" would lead others to their own machine.
    if (data.host && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) url.hostname = data.host;
    return url.href;
  };
  if (location.pathname.split("/").pop() === data.page) { // else the user left the page before this message arrived
    const url = address(data.query);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }
  const button = parentElement.querySelector("button");
  const label = button.querySelector("span");
  const note = parentElement.querySelector(".wb-copied");
  if (!button.timer) label.textContent = data.label;
  if (note.textContent) note.textContent = data.lacks;
  button.title = [data.help, data.lacks].filter(Boolean).join(" ");
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(link());
    } catch { // the clipboard API needs https or localhost
      const box = Object.assign(document.createElement("textarea"), { value: link() });
      button.after(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    label.textContent = data.done;
    note.textContent = data.lacks;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      label.textContent = data.label;
      note.textContent = "";
      button.timer = undefined;
    }, data.lacks ? 8000 : 2000);
  };
}
"""
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

_component = st.components.v2.component(
    "workbench_address",
    html='<button type="button" class="wb-copy"><span aria-live="polite"></span></button>'
    '<div class="wb-copied" role="status"></div>',
    css="""
    .wb-copy { padding: 0.35rem 0.8rem; cursor: pointer; font: inherit; font-size: 0.875rem; white-space: nowrap;
      color: var(--st-text-color); background: var(--st-background-color);
      border: 1px solid var(--st-border-color); border-radius: 0.5rem; }
    .wb-copy:hover, .wb-copy:focus-visible { border-color: var(--st-primary-color); }
    .wb-copied { position: absolute; z-index: 10; right: 0; top: 2.6rem; width: 17rem; max-width: 90vw; margin: 0;
      padding: 0.5rem 0.7rem; font-size: 0.8125rem; line-height: 1.45; color: var(--st-text-color);
      background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: 0.5rem;
      box-shadow: 0 2px 10px rgb(0 0 0 / 0.15); }
    .wb-copied:empty { display: none; }
    """,
    js=_JS,
    isolate_styles=False,
)


def network_host() -> str:
    """The address of this machine in its network; "" if the server listens on the machine only, or on one address.

    Behind a balancer, `WB_ADDRESS` is the address on which that listens (see `deploy`).
    """
    listens = os.environ.get("WB_ADDRESS") or st.get_option("server.address")
    if listens not in (None, "", "0.0.0.0", "::"):  # noqa: S104
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; the system chooses the address that others see
        except OSError:  # no network
            return ""
        host: str = probe.getsockname()[0]
    return "" if host.startswith(("127.", "0.")) else host


def public(url: str) -> str:
    """Where others find the workbench whose page has this address: a link to localhost leads to their own machine."""
    parts = urlsplit(url)
    host = network_host() if parts.hostname in THIS_MACHINE else ""
    place = parts.netloc if not host else f"{host}:{parts.port}" if parts.port else host
    return f"{parts.scheme}://{place}{parts.path.rpartition('/')[0]}/"


def without_markup(query: Mapping[str, str]) -> str:
    """A query of letters, digits, "-", "." and "%" alone: in chats, "*", "_" and "~" make text bold or crossed out."""
    parts = [f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in query.items()]
    return "&".join(parts).replace("_", "%5F").replace("~", "%7E")


def draw(page: str, query: Mapping[str, str], link: Mapping[str, str], lacks: str) -> None:
    """Set the query in the address of `page`, and draw the button that copies a link with the query `link`.

    `lacks` is a sentence on what the link carries besides the settings in the address, or cannot carry.
    """
    _component(
        key="address",
        width="content",
        data={
            "page": page,
            "query": urlencode(query),
            "link": without_markup(link),
            "lacks": lacks,
            "host": network_host(),
            "label": _("Copy link"),
            "done": _("Link copied"),
            "help": _("The link carries all settings. For everyone who opens it, they give the same numbers."),
        },
    )
