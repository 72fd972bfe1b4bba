"""The controls of the image lab."""

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...widgets import drawer, fields
from . import download
from .lab import ImageLab


def config() -> wb.ImageConfig:
    """The config in the controls."""
    return wb.ImageConfig(**fields.values(wb.ImageConfig))


def draw(lab: ImageLab) -> None:
    """Draw the controls in the order of the workflow: data, model, training."""
    with st.container(key="controls"):
        fields.name_beside(wb.ImageConfig)
        st.header(_("1 Data"), anchor=False)
        fields.draw_all(wb.ImageConfig, "dataset")
        if config().dataset == "fashion_mnist":
            download.draw()
        st.header(_("2 Model"), anchor=False)
        fields.draw_all(wb.ImageConfig, "model", "hidden_units")
        st.header(_("3 Training"), anchor=False)
        fields.draw_all(wb.ImageConfig, "batch_size", "lr", "epochs", "optimizer", "momentum", "seed", "device")
    _actions(lab)


def _actions(lab: ImageLab) -> None:
    """Draw the buttons. Their callbacks run before the script, so that everything it draws is up to date."""
    missing = config().dataset == "fashion_mnist" and not download.there()
    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            on_click=fields.with_config,
            args=(wb.ImageConfig, lab.train),
            disabled=missing,
        )
        if lab.busy:
            st.button(
                _("Cancel"),
                icon=":material/stop:",
                help=_("Stop training. Everything up to the last complete epoch is kept."),
                on_click=lab.cancel,
            )
        elif lab.loaded:
            st.button(
                _("Continue training"),
                help=_("Train the model from your file, with these settings."),
                on_click=fields.with_config,
                args=(wb.ImageConfig, lab.resume),
                disabled=missing or not lab.can_resume(config()),
            )
