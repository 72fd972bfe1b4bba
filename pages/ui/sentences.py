"""Errors of the engine in the visitor's words."""

import wb_core as wb
from wb_core.fields import N_, specs

from .i18n import _

CODES = {
    "config.points": N_(
        "X start, X end and X step must make 2 to 10,000 points: put X end above X start, or change X step."
    ),
    "device.unavailable": N_("This machine has no device of that kind ({device}). What it has: {available}."),
}


def explain(error: wb.WorkbenchError) -> str:
    """One sentence that says what is wrong and what to do."""
    template = CODES.get(error.code) or wb.CHECKPOINT_CODES.get(error.code)
    if template is None:
        spec = specs(wb.LinearConfig).get(error.values.get("field", ""))
        return _("{field} has a value that is not allowed.").format(field=_(spec.label) if spec else "–")
    return _(template).format(**error.values)
