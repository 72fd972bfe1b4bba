"""The settings that change during a run: in words, and with a button that takes the changes away."""

from typing import Any

import streamlit as st

from wb_core.base.fields import Choice, specs
from wb_core.kinds import schedules

from ..i18n import _
from ..widgets import fields
from .run_lab import RunLab


def changes_text(config: Any, schedule: str) -> str:
    """The changes of a schedule for a config or its class: from epoch 141: Learning rate 0.001."""
    known, parts = specs(config), []
    for epoch, changes in schedules.read(schedule, config):
        named = []
        for name, value in changes.items():
            spec = known[name]
            label, shown = _(spec.label), _(spec.options[value][0]) if isinstance(spec, Choice) else f"{value:.10g}"
            named.append(f"{label} {shown}")
        parts.append(_("from epoch {epoch}: {changes}").format(epoch=f"{epoch:,}", changes=", ".join(named)))
    return "; ".join(parts)


def draw(lab: RunLab) -> None:
    """Say which settings change during the run, with a button that takes these changes away."""
    kind = lab.config_class
    if schedule := fields.current(kind, "schedule"):
        with st.container(horizontal=True, vertical_alignment="center", key="schedule"):
            st.caption(changes_text(kind, schedule))
            st.button(
                _("Remove"),
                key="schedule.remove",
                help=_("Train with the settings above from the first epoch to the last."),
                on_click=fields.put,
                args=(kind, {"schedule": ""}),
            )
