"""The log panel of a line."""

import pandas as pd

import wb_core as wb

from ....i18n import _
from ... import log_panel
from ..lab import LinearLab

SCALED = {name: f"{name} (scaled)" for name in ("weight", "bias")}


def draw(lab: LinearLab) -> None:
    notes = [_("The train loss is from before its epoch's step; the test loss, weight and bias are from after it.")]
    if lab.run.config.standardise:
        notes.append(_("The points are standardized, so all these numbers are in the model's scaled units."))
    log_panel.draw(table_of(lab.run), notes, "linear.every")


def table_of(run: wb.Run) -> pd.DataFrame:
    """All epochs of a run; the names of the columns say whether its line is in the scaled units of the model."""
    frame = run.history.frame()
    return frame.rename(columns=SCALED) if run.config.standardise else frame
