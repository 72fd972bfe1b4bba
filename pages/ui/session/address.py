"""Keeps the browser's address bar up to date with the settings, and draws a button that copies it."""

import socket

import streamlit as st

from ..i18n import _

# Replace the address instead of adding it to the history, so that "back" leads to the previous page, not to the
# previous position of a slider.
_JS = """
export default function ({ data, parentElement }) {
  const link = () => {
    const url = new URL(location.href);
    // A link to "localhost" would lead others to their own machine.
    if (data.host && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) url.hostname = data.host;
    return url.href;
  };
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


def network_host() -> str:
    """The address of this machine in its network; "" if the server listens on the machine only, or on one address."""
    if st.get_option("server.address") not in (None, "", "0.0.0.0", "::"):  # noqa: S104
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; the system chooses the address that others see
        except OSError:  # no network
            return ""
        host: str = probe.getsockname()[0]
    return "" if host.startswith(("127.", "0.")) else host


def draw(page: str, query: str) -> None:
    """Set the query in the address of `page`, and draw the button that copies the address."""
    _component(
        key="address",
        width="content",
        data={
            "page": page,
            "query": query,
            "host": network_host(),
            "label": _("Copy link"),
            "done": _("Link copied"),
            "help": _(
                "The link contains all settings: anyone who opens it sees the same page and gets the same numbers."
            ),
        },
    )
