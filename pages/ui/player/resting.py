"""Where the player rests: the browser tells it to the part of a page that shows the model of one epoch, and only to it.

`frame` belongs into an `st.fragment`: when the player has come to rest at another frame, only that part is drawn again.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ..session import state

_JS = """
const REST = 300; // milliseconds without another frame

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector("span");
  root.look = () => {
    const { token, frame, state } = document.querySelector(".wb-player")?.dataset ?? {};
    if (state !== "paused" || token !== data.token || Number(frame) === data.frame) return;
    setStateValue("frame", { token, frame: Number(frame) });
  };
  root.wait = () => {
    clearTimeout(root.timer);
    root.timer = setTimeout(() => root.isConnected && root.look(), REST);
  };
  if (!root.observer) {
    root.observer = new MutationObserver(() => root.wait());
    const attributeFilter = ["data-frame", "data-state", "data-token"];
    root.observer.observe(document, { subtree: true, attributes: true, attributeFilter });
  }
  root.wait();
  return () => root.isConnected || root.observer.disconnect();
}
"""
_component = st.components.v2.component("workbench_resting", html="<span></span>", js=_JS, isolate_styles=False)


def frame(token: str, frames: int, *, key: str) -> int:
    """The frame at which the player of the recording `token` rests: the last one until the browser says otherwise.

    It is -1 for the start, before the first frame.
    """
    found = told(state.get(key), token, frames)
    with st.container(key="resting"):
        _component(key=key, data={"token": token, "frame": found}, on_frame_change=_nothing)
    return found


def told(value: Any, token: str, frames: int) -> int:
    """The frame that the browser has sent; the last one if that is no frame of this recording."""
    sent = value.get("frame") if isinstance(value, Mapping) else None
    if isinstance(sent, Mapping) and sent.get("token") == token:
        place = sent.get("frame")
        if type(place) is int and -1 <= place < frames:
            return place
    return frames - 1


def _nothing() -> None:
    """Does nothing: Streamlit requires a callback for a state, but the value is read where it is drawn."""
