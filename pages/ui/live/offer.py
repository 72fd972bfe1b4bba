"""What the browser must know to fetch the neighbours of a slider."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from plotly.colors import get_colorscale

import wb_core as wb
from wb_core.base.fields import specs
from wb_core.base.points import points_fields

from ..figures import palette
from ..i18n import _
from ..session import share
from ..widgets.fields import key_of
from .kinds import LIVE

PALETTE = get_colorscale(palette.SURFACE)  # which takes several milliseconds


def offer(
    config: Any,
    *,
    trained: bool,
    controls: type | None = None,
    at_once: bool = False,
    outcomes: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """What the player's `live` needs to show the neighbours of this run; None for a run that has none.

    With `trained`, a changed setting shows a trained run. `controls` is the class whose fields the sliders are, that of
    the config if there is no other. With `at_once`, the first slider does not wait for a hand to fetch its neighbours.
    `outcomes` are a page's own words for the labels of runs. Runs on a GPU have other numbers than the neighbours, and
    so do those that start from a checkpoint: offer none for them. Runs that draw random numbers in every step have
    none. Points of which a link has only the number cannot be asked for.

    The browser then fetches a message of `message.py` for each slider that a hand grabs. For each stop, `live.js` gives
    the player the columns of `LiveKind.over_time` and `LiveKind.others`, with the columns of the server's own recording
    for all else, and as many frames as the stop has epochs. So every number of a frame, such as its row of `parameters`
    for points (see `points.py`), is of the epoch that the column `epoch` says.
    """
    live = LIVE[wb.kind_of(config).id]
    known, controls = specs(config), controls or live.config
    if not live.has_neighbours(config) or not all(
        known[name].offers(getattr(config, name)) for name in points_fields(config)
    ):
        return None
    fields = [field for field in live.fields if field in specs(controls)]
    return {
        "address": "neighbours",
        "prefix": key_of(controls, "x").removesuffix(".x"),
        "fields": fields,
        "values": {field: getattr(config, field) for field in fields},
        "at_once": at_once,
        "outcomes": outcomes or {},
        "charts": live.charts,
        "query": urlencode({"kind": live.kind.id} | share.encode(config)),
        "trained": trained,
        "loss": live.loss(config),
        "palette": PALETTE,
        "colours": {"best": palette.PREDICTION, "exploded": palette.NEUTRAL, "unknown": "var(--wb-track)"},
        "words": {
            "test_loss": _("Test loss"),
            "hint": _("Let go to keep it, Escape goes back. Faint: the run before."),
            "touch_hint": _("Let go to keep it. Faint: the run before."),
        },
    }
