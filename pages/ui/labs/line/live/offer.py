"""What the browser must know to fetch the neighbours of a slider."""

from typing import Any
from urllib.parse import urlencode

from plotly.colors import get_colorscale

import wb_core as wb

from ....figures import palette
from ....i18n import _
from ....session import share
from ....widgets.fields import key_of
from ..lab import LinearLab
from .message import FIELDS

PALETTE = get_colorscale(palette.SURFACE)  # which takes several milliseconds


def offer(lab: LinearLab, config: wb.LinearConfig, *, trained: bool) -> dict[str, Any] | None:
    """The settings in the controls, and the words and colours for their neighbours; None for a run that has none.

    With `trained`, a changed setting shows a trained run. Runs on a GPU, and those that start from a checkpoint, have
    other numbers than the neighbours.
    """
    if lab.loaded or config.device != "cpu":
        return None
    return {
        "address": "neighbours",
        "prefix": key_of(config, "x").removesuffix(".x"),
        "fields": FIELDS,
        "values": {field: getattr(config, field) for field in FIELDS},
        "query": urlencode(share.encode(config)),
        "trained": trained,
        "loss": config.loss,
        "palette": PALETTE,
        "colours": {"best": palette.PREDICTION, "exploded": palette.NEUTRAL, "unknown": "var(--wb-track)"},
        "words": {"test_loss": _("Test loss"), "hint": _("Let go to keep it, Escape goes back. Faint: the run before.")},
    }
