"""What `nvidia-smi` says, or why it says nothing."""

from html import escape

import streamlit as st

import wb_core as wb
from wb_core.hardware.nvidia import LIMIT

from ..i18n import _


def draw(machine: wb.Machine) -> None:
    """Ask it, and draw a sentence on what became of that, and its own words below."""
    st.header("nvidia-smi", anchor=False)
    st.caption(
        _(
            "A program that comes with NVIDIA's driver. It lists the GPUs, their memory and what's using them. In a "
            "notebook: `!nvidia-smi`."
        )
    )
    place = st.empty()
    if wb.has_nvidia_smi():
        place.markdown(_("Running it …"))
    smi = wb.nvidia_smi()
    place.markdown(_sentence(smi, machine))
    if smi.output.strip():
        # It scrolls sideways, so the keyboard must be able to reach it.
        start = '<pre class="wb-terminal" tabindex="0" role="region" aria-label="nvidia-smi">'
        st.html(f"{start}{escape(smi.output.rstrip())}</pre>")


def _sentence(smi: wb.NvidiaSmi, machine: wb.Machine) -> str:
    if smi.state == "absent" and machine.cuda_available:
        return _("There is a card, but this server does not find the program: its folder is not in the `PATH`.")
    if smi.state == "absent":
        return _(
            "It is not here, since this machine has no NVIDIA driver. On one with a card its report would be here."
        )
    if smi.state == "slow":
        return _("It did not answer within {seconds} seconds and was stopped. Reload the page to ask again.").format(
            seconds=f"{LIMIT:g}"
        )
    if smi.state == "unreadable":
        return _("It answered with something that is no text, so there is nothing to show.")
    if smi.state == "failed" and smi.code is None:
        return _("It is installed here, but could not be started.")
    if smi.state == "failed":
        return _("It is installed here, but failed (exit code {code}); most often the driver is not running.").format(
            code=smi.code
        )
    if machine.cuda_available:
        return _("What it says now:")
    if machine.cuda is None:
        return _("It answers, but this PyTorch ({version}) was built without CUDA and cannot use the card.").format(
            version=f"`{machine.torch}`"
        )
    return _("It answers, but PyTorch cannot use the card: often the driver is too old for CUDA {version}.").format(
        version=machine.cuda
    )
