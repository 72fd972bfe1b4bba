"""The output of `nvidia-smi`, where that is installed."""

from html import escape

import streamlit as st

import wb_core as wb
from wb_core.hardware.nvidia import LIMIT

from ..i18n import _


def draw(machine: wb.Machine) -> None:
    """Run it, and draw the outcome in a sentence with the output below."""
    st.caption(
        _(
            "A program that comes with NVIDIA's driver. It lists the GPUs, their memory and what's using them. In a "
            "notebook: `!nvidia-smi`."
        )
    )
    place = st.empty()
    place.markdown(_("Running it …"))
    smi = wb.nvidia_smi()
    place.markdown(_sentence(smi, machine))
    if smi.output.strip():
        # It scrolls sideways, so the keyboard must be able to reach it.
        start = '<pre class="wb-terminal" tabindex="0" role="region" aria-label="nvidia-smi">'
        st.html(f"{start}{escape(smi.output.rstrip())}</pre>")


def _sentence(smi: wb.NvidiaSmi, machine: wb.Machine) -> str:
    if smi.state == "slow":
        return _("It didn't answer within {seconds} seconds, so it was stopped. Reload the page to try again.").format(
            seconds=f"{LIMIT:g}"
        )
    if smi.state == "unreadable":
        return _("Its output isn't text, so there's nothing to show.")
    if smi.state == "absent" or (smi.state == "failed" and smi.code is None):
        return _("It's installed here but couldn't be started.")
    if smi.state == "failed":
        return _("It's installed here but failed (exit code {code}). Most often the driver isn't running.").format(
            code=smi.code
        )
    if machine.cuda_available:
        return _("Its output now:")
    if machine.cuda is None:
        return _("It runs, but this PyTorch ({version}) was built without CUDA and can't use the GPU.").format(
            version=f"`{machine.torch}`"
        )
    return _("It runs, but PyTorch can't use the GPU. Often the driver is too old for CUDA {version}.").format(
        version=machine.cuda
    )
