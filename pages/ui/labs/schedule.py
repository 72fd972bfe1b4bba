"""The settings and weights that change during a run: in words, and with a button that takes the changes away."""

from typing import Any

import streamlit as st

from wb_core.base.fields import Choice, specs
from wb_core.kinds import schedules

from ..i18n import _
from ..widgets import fields
from ..widgets.markup import as_it_is
from .points import weight_names
from .run_lab import RunLab


def changes_text(config: Any, schedule: str) -> str:
    """The changes of a schedule of a config: from epoch 141: Learning rate 0.001."""
    parts = []
    for epoch, changes in schedules.read(schedule, type(config)):
        named = ", ".join(_change(config, name, value) for name, value in changes.items())
        parts.append(_("from epoch {epoch}: {changes}").format(epoch=f"{epoch:,}", changes=named))
    return "; ".join(parts)


def _change(config: Any, name: str, value: Any) -> str:
    spec = specs(config).get(name)
    if spec is None:
        return weight_names.text(config, name, value)
    shown = _(spec.options[value][0]) if isinstance(spec, Choice) else f"{value:.10g}"
    return _(spec.label) + " " + shown


def draw(lab: RunLab) -> None:
    """Say what changes during the run, with a button that takes these changes away."""
    kind = lab.config_class
    if schedule := fields.current(kind, "schedule"):
        with st.container(horizontal=True, vertical_alignment="center", key="schedule"):
            st.caption(as_it_is(changes_text(lab.seen, schedule)))
            st.button(
                _("Remove"),
                key="schedule.remove",
                help=_("Train with the settings above from the first epoch to the last."),
                on_click=fields.put,
                args=(kind, {"schedule": ""}),
            )
