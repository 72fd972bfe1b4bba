"""The player: draws any epoch of a recording in the browser, without calling the server.

The server sends the recording once. `player.js` knows charts, columns and frames, but not what is trained.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import streamlit as st

from .. import assets
from ..figures.recording import Chart, Recording
from ..i18n import _, language
from ..session import state
from .growing import Growing, packed
from .seek import Seek

HERE = Path(__file__).parent

SCRIPTS = ("plotly", "player", "charts", "sketch", "live", "growing", "fit", "plane")
SHEETS = ("player.css", "edit/edit.css", "fit/fit.css", "plane/plane.css")

# Browsers cache the scripts, which have their own routes; only these lines travel with every message.
_LOADER = """export default async (c) => {
  const load = (name) => import(new URL(c.data.scripts[name], location.href).href);
  const names = ["player", "charts", "sketch", ...(c.data.plane ? ["plane"] : [])];
  const [player, ...parts] = await Promise.all(names.map(load));
  return player.default(c, Object.assign({}, ...parts));
};"""
_component = st.components.v2.component(
    "workbench_player",
    html='<div class="wb-player"></div>',
    css="".join((HERE / sheet).read_text(encoding="utf-8") for sheet in SHEETS),
    js=_LOADER,
    isolate_styles=False,  # plotly.js puts its styles into the page, where a shadow root does not see them
)

Show = Literal["play", "end"]


@dataclass(frozen=True)
class Readout:
    """A number above the charts: its column, its target where it has one, and its colour."""

    label: str
    help: str
    column: str
    color: str
    target: float | None = None
    digits: int | None = None  # 0 for a count


@dataclass(frozen=True)
class Counter:
    """For frames that are not epochs: the columns for the slider and for the epochs done, and the slider's texts."""

    shown: str
    epochs: str
    label: str
    help: str


class Pressed(NamedTuple):
    """The displayed frame when a button was just pressed, or None for each."""

    inspect: int | None = None
    branch: int | None = None


def play(
    recording: Recording,
    charts: Sequence[Chart],
    readouts: Sequence[Readout],
    *,
    token: str,
    show: Show,
    first: int = -1,
    still: bool = False,
    revision: int | str = 0,
    growing: Growing | None = None,
    counter: Counter | None = None,
    target: str = "",
    inspect: tuple[str, str] | None = None,
    branch: tuple[str, str] | None = None,
    live: Mapping[str, Any] | None = None,
    place: tuple[str, Callable[[float, float], None]] | None = None,
    fit: Mapping[str, Any] | None = None,
    edited: Callable[[Any], None] | None = None,
    chosen: Callable[[Any], None] | None = None,
    plane: Mapping[str, Any] | None = None,
    resized: Callable[[Any], None] | None = None,
    retyped: Callable[[Any], None] | None = None,
    key: str,
) -> Pressed:
    """Draw the player. A new `token` is a new recording, which plays from frame `first`, or shows its end.

    With the same token the player stays at its frame; `seek.to` moves it. Another `revision` means that the recording
    has grown; a player at its end moves to the new end. While the training of the recording runs, the player fetches
    what is new from `growing`. A `still` recording has a single frame. `counter` is for frames that are not epochs.

    The targets of the readouts are called `target`.

    `live` says which sliders show their neighbours while they are held (see `live/offer.py`).

    `place` is a hint for charts that a click chooses a place in, and a callback that gets the place, before the script
    run. `fit` says what `fit/fit.js` needs (see `labs/line/fit.py`); `edited` gets the points that a hand has moved,
    and `chosen` the number of a point, as the browser sent them, before the script run. `plane` says what
    `plane/plane.js` needs to draw a network and its boundary (see `labs/points/charts.py`); `resized` gets the units of
    each hidden layer that were asked for there, `retyped` an epoch with another number for one of its weights.

    `inspect` and `branch` add a button with this label and help text; if it was just pressed, the displayed frame is
    returned.
    """
    played = _component(
        key=key,
        on_inspect_change=_nothing,
        on_branch_change=_nothing,
        on_place_change=functools.partial(_placed, key, place[1]) if place else _nothing,
        on_points_change=functools.partial(_sent, key, "points", edited) if edited else _nothing,
        on_point_change=functools.partial(_sent, key, "point", chosen) if chosen else _nothing,
        on_hidden_change=functools.partial(_sent, key, "hidden", resized) if resized else _nothing,
        on_weight_change=functools.partial(_sent, key, "weight", retyped) if retyped else _nothing,
        data={
            "scripts": {name: assets.url(name) for name in SCRIPTS},
            "language": language(),
            "token": token,
            "show": show,
            "first": first,
            "still": still,
            "seek": state.of(Seek).wish,
            "revision": revision,
            "growing": growing and {"address": growing.address, "goal": recording.goal},
            "counter": counter and asdict(counter),
            "inspect": inspect,
            "live": live,
            "branch": branch,
            "fit": fit,
            "plane": plane,
            "place": place and place[0],
            "frames": recording.frames,
            "trained": recording.trained,
            # The player makes the column 0, 1, 2, ... itself.
            "columns": {name: packed(values) for name, values in recording.columns.items() if name != "epoch"},
            "charts": [_as_json(chart) for chart in charts],
            "readouts": [asdict(readout) for readout in readouts],
            "words": _words(target) | ({"epoch": counter.label, "epoch_help": counter.help} if counter else {}),
        },
    )
    return Pressed(*(inspected(value, recording.frames) for value in (played.inspect, played.branch)))


def inspected(value: Any, frames: int) -> int | None:
    """The displayed frame, if the browser sent a valid one."""
    return value if type(value) is int and 0 <= value < frames else None


def _placed(key: str, act: Callable[[float, float], None]) -> None:
    """Call `act` with the place that was clicked, if the browser sent one."""
    sent = (state.get(key) or {}).get("place")
    if (
        isinstance(sent, list)
        and len(sent) == 2
        and all(type(one) in (int, float) and math.isfinite(one) for one in sent)
    ):
        act(*sent)


def _sent(key: str, name: str, act: Callable[[Any], None]) -> None:
    """Call `act` with what the browser sent under this name, unchecked."""
    act((state.get(key) or {}).get(name))


def _nothing() -> None:
    """Does nothing: Streamlit requires a callback for a trigger, but the page reads its value."""


def _as_json(chart: Chart) -> dict[str, Any]:
    return {
        "id": chart.id,
        "figure": chart.figure.to_plotly_json(),
        "bindings": [{name: value for name, value in asdict(b).items() if value} for b in chart.bindings],
        "legend": [asdict(key) for key in chart.legend],
        "titles": asdict(chart.titles),
        "summary": asdict(chart.summary),
        "layout": dict(chart.layout),
        "click": chart.click,
    }


def _words(target: str) -> dict[str, str]:
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Step back"),
        "forward": _("Step forward"),
        "start": _("To start"),
        "end": _("To end"),
        "speed": _("Speed"),
        "speed_help": _("Playback speed: 1× shows one epoch per frame, about 60 a second."),
        "epoch": _("Epoch shown"),
        "epoch_help": _("Epochs are counted from 0, like in Python: 100 epochs are the numbers 0 to 99."),
        "begin": _("start"),
        "untrained": _("not trained yet"),
        "above": _("↑ The line is above the chart"),
        "below": _("↓ The line is below the chart"),
        "target": target or _("target"),
        "keys": _("Keys: Space plays and pauses, the arrows step, Home and End jump."),
        "failed": _("The charts couldn't be loaded. Please reload the page."),
    }
