"""What the browser must know to let a hand draw, move and remove the points of a run, each with its class."""

import contextlib
from typing import Any

import torch

import wb_core as wb
from wb_core.kinds.points.own import MAX_CLASSES, Spot

from ...i18n import _
from ...intake.origin import origin_of
from ...intake.shape import PLANE
from .. import by_hand

MOST = 400
"""Of more points, none can be moved by hand."""

DIGITS = 4
"""The points of a pattern become one's own with so many digits after the point: a link has to carry them."""


def offer(run: wb.PointsRun) -> dict[str, Any]:
    """The points in their order, how they are split, and the words for what can be done with them."""
    config = run.config
    return {
        "points": [list(spot) for spot in spots_of(run)] if config.size <= MOST else None,
        "most": MOST,
        "fraction": config.train_fraction,
        "shuffled": by_hand.sides(MOST, config.train_fraction, config.seed),
        "words": _words(config),
    }


def spots_of(run: wb.PointsRun) -> tuple[Spot, ...]:
    """The points of a run as one's own."""
    if run.config.own:
        return run.config.own
    data = run.data
    points = torch.cat([data.points_train, data.points_test]).tolist()
    labels = torch.cat([data.y_train, data.y_test]).int().tolist()
    return tuple((round(x1, DIGITS), round(x2, DIGITS), label) for (x1, x2), label in zip(points, labels, strict=True))


def put(points: Any) -> None:
    """Learn from the points that the browser sent, in a callback before the script run."""
    with contextlib.suppress(wb.ConfigError, TypeError):
        if points and len(points) <= MOST:
            PLANE.put(wb.PointsConfig(data="own", own=points).own)


def class_names(config: wb.PointsConfig, count: int) -> list[str]:
    """What the first `count` classes are called: as in the visitor's table, else by their numbers."""
    names = list(origin_of(config.own, PLANE).classes)
    return [*names, *(_("class {number}").format(number=number) for number in range(len(names), count))][:count]


def axis_names(config: wb.PointsConfig) -> list[str]:
    """What the axes are called: as the columns of the visitor's table."""
    origin = origin_of(config.own, PLANE)
    return [origin.x or "x1", origin.y or "x2"]


def _words(config: wb.PointsConfig) -> dict[str, Any]:
    return {
        **by_hand.words(MOST, own=bool(config.own), becomes=_("The pattern's points become your own.")),
        "how": _(
            "A click or tap adds a point of this class, a drag moves it, Delete or a drag out of the chart removes it."
        ),
        "keys": _(
            "Arrows move the point, with Shift further. Enter adds one of the chosen class, Delete removes it, Tab "
            "goes to the next, the numbers choose the class, Escape ends."
        ),
        "point": _("Point {number} of {count}, {label}, for training: x1 {x}, x2 {y}."),
        "test_point": _("Point {number} of {count}, {label}, for testing: x1 {x}, x2 {y}."),
        "new_test_point": _("Your new point is a test point: the network doesn't learn from it."),
        "last": _("The last point of a class can't go, or its number would be missing."),
        "few": _("A network needs at least four points, of two classes."),
        "brush": _("Class of new points"),
        "classes": class_names(config, MAX_CLASSES),
    }
