"""What a preset shows, or what to try next, in one line."""

import wb_core as wb
from wb_core.base.fields import N_, defaults

from ...i18n import _
from .. import run_tries
from ..run_tries import Try
from .lab import PointsLab
from .presets import PRESETS, chosen

FIRST = defaults(wb.PointsConfig)

TRIES: tuple[Try, ...] = (
    (
        N_("Press **Train**, and watch the border move until it fits the points."),
        lambda shown: bool(shown.run and shown.run.epochs),
    ),
    (
        N_("Try it: choose another **pattern**. Does the same network still find the border?"),
        lambda shown: shown.settings.data != FIRST["data"],
    ),
    (
        N_("Try it: take units or layers away. How few are enough?"),
        lambda shown: sum(shown.settings.hidden) < sum(FIRST["hidden"]),
    ),
    (
        N_("Try it: drag **Noise** up. Does the test accuracy follow the train accuracy?"),
        lambda shown: shown.settings.noise > FIRST["noise"],
    ),
    (
        N_("Try it: drag the **learning rate** to the right until the border jumps."),
        lambda shown: shown.settings.lr > FIRST["lr"],
    ),
    (
        N_("Try it: go back to an epoch in the middle and press **Branch here**."),
        lambda shown: bool(shown.branches),
    ),
    (
        N_("Try it: choose **My points** as the pattern, or edit the points on the plane."),
        lambda shown: bool(shown.settings.own),
    ),
)


def draw(lab: PointsLab) -> None:
    """Draw the sentence of the chosen preset, or the first try that was not done yet."""
    preset = chosen(lab.seen)
    said = _(PRESETS[preset].sentence) if preset else ""
    run_tries.draw(lab, TRIES, _("A click on a curve shows that epoch."), said)
