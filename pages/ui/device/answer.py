"""The first thing in sight: what PyTorch will compute on here."""

from html import escape

import streamlit as st

import wb_core as wb

from ..i18n import _


def draw(machine: wb.Machine) -> None:
    """Draw the answer in one sentence, and what follows from it in another."""
    first, second = _sentences(machine)
    st.html(
        f'<div class="wb-answer"><code>{machine.device}</code>'
        f"<div><p>{escape(first)}</p><p>{escape(second)}</p></div></div>"
    )


def _sentences(machine: wb.Machine) -> tuple[str, str]:
    if machine.device != "cpu":
        return _on_gpu(machine), _(
            "Only when you tell it to: models and data start on the CPU, and you have to move them."
        )
    first = _("PyTorch uses the CPU here: there's no GPU it can use.")
    if machine.gpu_build:
        return first, _(
            "This PyTorch could use a GPU, but finds none with a working driver. The models here are small enough "
            "for a CPU."
        )
    return first, _(
        "This PyTorch was built for the CPU only and wouldn't use a GPU even if there were one. The models here are "
        "small enough for a CPU."
    )


def _on_gpu(machine: wb.Machine) -> str:
    names = ", ".join(dict.fromkeys(gpu.name for gpu in machine.gpus))
    if machine.device == "mps":
        return _("PyTorch can use this Mac's GPU.")
    if len(machine.gpus) == 1:
        return _("PyTorch can use the GPU here: {name}.").format(name=names)
    return _("PyTorch can use {count} GPUs here: {names}.").format(count=len(machine.gpus), names=names)
