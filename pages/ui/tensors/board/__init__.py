"""Draws tensors as tables of cells that light up and can be edited in the browser; see `board.js`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import assets
from ...i18n import _
from ...session import state

HERE = Path(__file__).parent
_component = assets.component("board", HERE / "board.css")


@dataclass(frozen=True)
class CellEdit:
    """An edit typed into a cell: the panel, the flat index of the cell, the text, and the browser's clock."""

    panel: str
    cell: int
    text: str
    moment: float = 0.0


def draw(
    panels: Sequence[Mapping[str, Any]],
    *,
    result: str,
    origins: Mapping[str, Sequence[Sequence[int]]],
    formula: Mapping[str, str] | None,
    plain: bool,
    legend: Mapping[str, Any] | None,
    token: str,
    write: Callable[[CellEdit], None],
    key: str,
) -> None:
    """Draw panels (see `panels.py`); `origins` tells for each cell of the panel `result` the cells of others behind it.

    `formula` says how they are computed, unless an edit has made the numbers `plain`. `legend` has the ends of the
    colours. `write` is called with an edit,
    before the next script run.
    """

    def edited() -> None:
        typed = pending_edit(key)
        if typed is not None:
            write(typed)

    _component(
        key=key,
        on_edit_change=edited,
        data={
            "script": assets.url("board"),
            "panels": list(panels),
            "result": result,
            "origins": origins,
            "formula": formula,
            "plain": plain,
            "legend": legend,
            "token": token,
            "words": {
                "hint": _("Hover over a cell to see where it came from. Click it to change it."),
                "tap": _("Tap a cell to see where it came from. Tap it again to change it."),
                "edit": _("Press a cell to change its number."),
                "colors": _("Equal colors mean equal numbers."),
                "odd": _("nan or inf"),
                "changed": _("changed"),
                "won": _("the chosen number"),
                "lit": _("selected"),
                "lost": _("no longer the same number"),
            },
        },
    )


def pending_edit(key: str) -> CellEdit | None:
    """The edit in the board with this key that arrived with this script run."""
    return parse_edit((state.get(key) or {}).get("edit"))


def parse_edit(value: Any) -> CellEdit | None:
    """The edit that the browser sent; None unless it is valid."""
    if not isinstance(value, Mapping):
        return None
    panel, cell, text, moment = (value.get(name) for name in ("panel", "cell", "text", "moment"))
    if not isinstance(panel, str) or type(cell) is not int or not isinstance(text, str):
        return None
    clock = float(moment) if isinstance(moment, int | float) else 0.0
    return CellEdit(panel[:20], cell, text[:60], clock) if 0 <= cell < 2**53 else None
