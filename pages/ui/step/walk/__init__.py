"""The code of an epoch, and buttons to walk through it: `walk.js` answers at once and tells the server the place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import wb_core as wb
from wb_core.kinds.line.microscope import CODE, WHAT_IFS

from ... import assets
from ...i18n import _
from ...session import state
from ..view import NAMES, StepView, number_of

HERE = Path(__file__).parent
KEY = "step.walk"
_component = assets.component("walk", HERE / "walk.css")


@dataclass(frozen=True)
class Place:
    """Where the visitor has walked to, and the browser's clock at that time."""

    epoch: int
    line: str
    moment: float


def draw(view: StepView, epochs: int, take: Callable[[Place], None], *, heard: float) -> None:
    """Draw the lines in the order in which they run; `take` gets the visitor's new place, before the next script run.

    `heard` is the moment of the last place that was taken.
    """

    def walked() -> None:
        place = parse_place((state.get(KEY) or {}).get("place"))
        if place is not None:
            take(place)

    _component(
        key=KEY,
        on_place_change=walked,
        data={
            "script": assets.url("walk"),
            "epoch": view.epoch,
            "line": view.line,
            "epochs": epochs,
            "heard": heard,
            "lines": [_line(view, line) for line in WHAT_IFS[view.what_if].order],
            "words": {
                "back": _("Back"),
                "next": _("Next line"),
                "epoch": _("Next epoch"),
                "code": _("The lines of an epoch"),
                "at": _("{line}, epoch {epoch}"),
            },
        },
    )


def _line(view: StepView, line: str) -> dict[str, Any]:
    change = WHAT_IFS[view.what_if]
    return {
        "id": line,
        "number": number_of(view, line),
        "name": _(NAMES[line]),
        "code": change.code.get(line, CODE[line]),
        "mark": change.marks.get(line, ""),
    }


def parse_place(value: Any) -> Place | None:
    """The place that the browser sent; None unless it is valid."""
    if not isinstance(value, Mapping):
        return None
    epoch, line, moment = (value.get(name) for name in ("epoch", "line", "moment"))
    if type(epoch) is not int or not isinstance(line, str) or type(moment) not in (int, float):
        return None
    try:
        StepView(epoch=epoch, line=line)
    except wb.ConfigError:
        return None
    return Place(epoch, line, float(moment))
