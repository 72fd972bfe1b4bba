"""A chart on which a visitor draws the curve of a run before it is trained; then the real one is drawn with it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wb_core.lessons import STOPS, CurveQuestion

from ... import assets
from ...figures import palette
from ...i18n import _
from ...session import state

HERE = Path(__file__).parent
_component = assets.component("curve", HERE / "curve.css")


@dataclass(frozen=True)
class Drawn:
    """The heights of a curve, and whether a finger drew it."""

    heights: Sequence[float]
    finger: bool


def draw(
    question: CurveQuestion,
    commit: Callable[[Drawn], None],
    *,
    key: str,
    name: str,
    asks: str,
    note: str,
    drawn: Sequence[float] | None,
    real: Sequence[float] | None,
) -> None:
    """Draw the chart of the column called `name`: to draw on until there is a `drawn` curve, then with the `real` one.

    Beside it stand what it `asks` and a `note`. `commit` gets the curve, before the next script run.
    """

    def committed() -> None:
        found = parse(question, (state.get(key) or {}).get("curve"))
        if found is not None:
            commit(found)

    _component(
        key=key,
        on_curve_change=committed,
        data={
            "script": assets.url("curve"),
            "stops": STOPS,
            "last": question.epochs - 1,
            "top": question.top,
            "drawn": drawn,
            "real": real,
            "question": asks,
            "note": note,
            "color": COLORS.get(question.column, palette.PREDICTION),
            "words": {
                "chart": _("Your prediction of: {name}").format(name=name),
                "name": name,
                "epoch": _("epoch"),
                "draw": _("Draw the curve here"),
                "commit": _("That's my prediction"),
                "place": _("Epoch {epoch}"),
                "yours": _("yours"),
                "real": _("real"),
                "help": _("Arrow keys: left and right choose a place, up and down move the curve there."),
            },
        },
    )


COLORS = {
    "train_loss": palette.TRAIN,
    "train_accuracy": palette.TRAIN,
    "test_loss": palette.TEST,
    "test_accuracy": palette.TEST,
}


def parse(question: CurveQuestion, value: Any) -> Drawn | None:
    """The curve that the browser sent; None unless it is valid."""
    if not isinstance(value, Mapping):
        return None
    heights, finger = value.get("heights"), value.get("finger")
    if not isinstance(heights, list) or len(heights) != STOPS or type(finger) is not bool:
        return None
    if not all(type(one) in (int, float) and math.isfinite(one) and 0 <= one <= question.top for one in heights):
        return None
    return Drawn([float(one) for one in heights], finger)
