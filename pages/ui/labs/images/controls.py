"""The controls of the image lab."""

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...widgets import drawer, fields, more
from . import download
from .lab import ImageLab


def config() -> wb.ImageConfig:
    """The config in the controls."""
    return wb.ImageConfig(**fields.values(wb.ImageConfig))


MORE = "optimizer", "momentum", "seed", "device"
"""The settings that are folded away."""


def draw(lab: ImageLab) -> None:
    """Draw the controls: first what a beginner changes."""
    with st.container(key="controls"):
        fields.name_beside(wb.ImageConfig)
        fields.draw_all(wb.ImageConfig, "model", "hidden_units", "lr", "epochs", "batch_size", "dataset")
        if config().dataset == "fashion_mnist":
            download.draw()
        fold = more.settings(wb.ImageConfig, *MORE, key="images.more")
        if fold is not None:
            with fold, st.container(key="more"):
                fields.draw_all(wb.ImageConfig, *MORE)
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
            help=_("These pictures aren't on this server yet: download them above, or choose 6,000.")
            if missing
            else None,
            on_click=fields.with_config,
            args=(wb.ImageConfig, lab.train),
            disabled=missing,
        )
        if lab.busy:
            st.button(
                _("Stop"),
                icon=":material/stop:",
                help=_("Stop training. Everything up to the last complete epoch is kept."),
                on_click=lab.cancel,
            )
        elif lab.loaded:
            st.button(
                _("Continue training"),
                key="continue",
                icon=":material/resume:",
                help=_("Train the model from your file, with these settings."),
                on_click=fields.with_config,
                args=(wb.ImageConfig, lab.resume),
                disabled=missing or not lab.can_resume(config()),
            )
        elif lab.report is not None:
            _continue(lab, lab.report)


def _continue(lab: ImageLab, report: wb.Report) -> None:
    """Draw the button that trains the displayed training longer, or says why it cannot."""
    longer, stale = lab.longer(), lab.stale(config())
    if longer is None:
        reason = _("There's nothing to continue: the run has the most epochs, exploded or failed.")
    elif stale:
        reason = _("The settings have changed since this run. Press Train to see what they do.")
    else:
        reason = _("Train {count} more epochs. The first ones come out the same, to the last bit.").format(
            count=longer.epochs - report.epochs
        )
    st.button(
        _("Continue training"),
        key="continue",
        icon=":material/resume:",
        help=reason,
        on_click=_go_on,
        args=(lab, longer),
        disabled=longer is None or stale,
    )


def _go_on(lab: ImageLab, config: wb.ImageConfig) -> None:
    fields.put(wb.ImageConfig, {"epochs": config.epochs})
    lab.go_on(config)
