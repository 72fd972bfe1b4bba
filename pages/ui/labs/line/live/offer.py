"""What the browser must know to fetch the neighbours of a slider."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from plotly.colors import get_colorscale

import wb_core as wb
from wb_core.base.fields import specs

from ....figures import palette
from ....figures.linear import CHARTS
from ....i18n import _
from ....session import share
from ....widgets.fields import key_of
from .message import FIELDS

PALETTE = get_colorscale(palette.SURFACE)  # which takes several milliseconds


def offer(
    config: wb.LinearConfig,
    *,
    trained: bool,
    controls: type = wb.LinearConfig,
    at_once: bool = False,
    outcomes: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """The settings in the controls, and the words and colours for their neighbours; None for a run that has none.

    With `trained`, a changed setting shows a trained run. `controls` is the class whose fields the sliders are. With
    `at_once`, the first slider does not wait for a hand to fetch its neighbours. `outcomes` are a page's own words for
    the labels of runs. Runs on a GPU have other numbers than the neighbours, and so do those that start from a
    checkpoint: offer none for them. Points of which a link has only the number cannot be asked for.
    """
    if config.device != "cpu" or not specs(config)["points"].offers(config.points):
        return None
    fields = [field for field in FIELDS if field in specs(controls)]
    return {
        "address": "neighbours",
        "prefix": key_of(controls, "x").removesuffix(".x"),
        "fields": fields,
        "values": {field: getattr(config, field) for field in fields},
        "at_once": at_once,
        "outcomes": outcomes or {},
        "charts": CHARTS,
        "query": urlencode(share.encode(config)),
        "trained": trained,
        "loss": "" if config.standardise else config.loss,  # the browser has no scaled points to make a landscape of
        "palette": PALETTE,
        "colours": {"best": palette.PREDICTION, "exploded": palette.NEUTRAL, "unknown": "var(--wb-track)"},
        "words": {
            "test_loss": _("Test loss"),
            "hint": _("Let go to keep it, Escape goes back. Faint: the run before."),
        },
    }
