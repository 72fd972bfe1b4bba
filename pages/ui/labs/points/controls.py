"""The controls of the lab for points in the plane."""

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...sentences import explain
from ...widgets import drawer, fields
from .lab import PointsLab


def chosen(lab: PointsLab) -> tuple[wb.PointsConfig, wb.ConfigError | None]:
    """The config of the controls and None; if that is invalid, the last valid one and the error."""
    try:
        return wb.PointsConfig(**fields.values(wb.PointsConfig)), None
    except wb.ConfigError as error:
        return lab.seen, error


def draw(lab: PointsLab, error: wb.ConfigError | None) -> None:
    with st.container(key="controls"):
        fields.name_beside(wb.PointsConfig)
        fields.draw_all(wb.PointsConfig, "data", "noise", "points", "activation", "lr", "epochs")
        if error:
            st.error(explain(error), icon=":material/error:")
    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            on_click=fields.with_config,
            args=(wb.PointsConfig, lab.train),
        )
        st.button(_("Reset"), on_click=fields.with_config, args=(wb.PointsConfig, lab.reset))
