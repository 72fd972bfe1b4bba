"""The noise that suits each pattern: what it begins with, and how far its slider goes."""

from typing import NamedTuple

import wb_core as wb

from ...intake import choice as points_choice
from ...session import state
from ...widgets import fields


class Noise(NamedTuple):
    """The noise of a pattern: the usual one, and the most that still shows the pattern."""

    usual: float
    most: float


NOISE = {
    "circles": Noise(0.05, 0.3),
    "moons": Noise(0.15, 0.5),
    "xor": Noise(0.05, 0.5),
    "blobs": Noise(1.0, 4.0),
    "spirals": Noise(0.03, 0.2),
}


class Pattern:
    """The pattern that the controls had in the last script run."""

    def __init__(self) -> None:
        self.before = "circles"


def draw() -> None:
    """Draw the choice of the pattern, and what belongs to the chosen one."""
    pattern = state.of(Pattern).before = fields.current(wb.PointsConfig, "data")
    points_choice.draw(wb.PointsConfig, then=_chosen)
    if pattern in NOISE:
        fields.draw(wb.PointsConfig, "points")
        if pattern == "blobs":
            fields.draw(wb.PointsConfig, "classes")
        fields.draw(wb.PointsConfig, "noise", offered=(0.0, NOISE[pattern].most))


def _chosen() -> None:
    """Give another pattern the noise that suits it, unless the visitor has set one that does."""
    noise = fields.current(wb.PointsConfig, "noise")
    before, now = (NOISE.get(name) for name in (state.of(Pattern).before, fields.current(wb.PointsConfig, "data")))
    if now and (noise > now.most or before is None or noise == before.usual):
        fields.put(wb.PointsConfig, {"noise": now.usual})
