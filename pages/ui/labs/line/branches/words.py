"""A schedule in words."""

import wb_core as wb
from wb_core.base.fields import Choice, specs
from wb_core.kinds import schedules

from ....i18n import _


def changes_text(schedule: str) -> str:
    """The changes of a schedule: from epoch 141: Learning rate 0.001."""
    known, parts = specs(wb.LinearConfig), []
    for epoch, changes in schedules.read(schedule, wb.LinearConfig):
        named = []
        for name, value in changes.items():
            spec = known[name]
            label, shown = _(spec.label), _(spec.options[value][0]) if isinstance(spec, Choice) else f"{value:.10g}"
            named.append(f"{label} {shown}")
        parts.append(_("from epoch {epoch}: {changes}").format(epoch=f"{epoch:,}", changes=", ".join(named)))
    return "; ".join(parts)
