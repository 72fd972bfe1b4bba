"""A tensor moved to the device and back: each line, its result on this machine, and what it means."""

from collections.abc import Iterable
from html import escape

import streamlit as st

import wb_core as wb
from wb_core.hardware import round_trip

from ..i18n import N_, _
from ..widgets import listing
from ..widgets.markup import coded

MEANING = {
    round_trip.USUAL_LINE: N_("The line from the notes: `cuda` if there's an NVIDIA GPU, else `cpu`."),
    round_trip.NEW_LINE: N_("Newer PyTorch can check by itself, and it also finds GPUs from Apple and other makers."),
    round_trip.MAKE: N_("A tensor of three numbers. No device was given, so it's in the CPU's memory."),
    "tensor.device": N_("Where its values are."),
    "back.numpy()": N_("Now NumPy can use it, on any machine."),
    round_trip.STAND_IN: N_(
        "On a GPU this fails. Here `meta` stands in for one, a PyTorch device that stores no values. The error is "
        "real; on an NVIDIA GPU it says `cuda:0` instead of `meta`."
    ),
    round_trip.TO_CUDA: N_("Asking for a missing GPU is an error, so let the line above choose."),
}
ON_CPU = {
    "there = tensor.to(device)": N_("It's already there, so nothing is copied: `there` is the same tensor."),
    "there.numpy()": N_("Works, but only because there's no GPU. On a machine with one, this line fails."),
    "back = there.cpu()": N_("Does nothing here, but lets the script run on a GPU too. A good habit."),
}
ON_GPU = {
    "there = tensor.to(device)": N_("Copies it to the GPU's memory. `tensor` itself stays where it is."),
    "there.numpy()": N_("This fails on purpose: NumPy can only reach the CPU's memory."),
    "back = there.cpu()": N_("Copies it back to the CPU's memory."),
}

MAX_NARROW = 45  # a longer line takes the whole width


def draw(device: str) -> None:
    """Draw the lines that choose a device, and the move to `device` and back."""
    st.caption(_("Device-agnostic code: one line checks what's available, and the rest of the script says `device`."))
    _lines(wb.device_lines(), MEANING)
    st.header(_("Move a tensor to the device and back"), anchor=False)
    st.caption(_("This server ran it when you opened the page. After each line you see PyTorch's result."))
    _lines(wb.device_round_trip(device), MEANING | (ON_CPU if device == "cpu" else ON_GPU))
    if device == "cpu":
        st.header(_("What changes with a GPU"), anchor=False)
        st.caption(_("Two errors everyone runs into sooner or later."))
        _lines(wb.without_gpu(), MEANING)


def _lines(lines: Iterable[wb.EvaluatedLine], meaning: dict[str, str]) -> None:
    rows = "".join(_row(line, coded(_(meaning[line.code]))) for line in lines)
    st.html(f'<ul class="wb-lines">{rows}</ul>')


def _row(line: wb.EvaluatedLine, meaning: str) -> str:
    wide = ' class="wb-wide"' if len(line.code) > MAX_NARROW else ""
    code = listing.coloured(line.code).replace("(", "(<wbr>")  # a narrow screen may wrap here
    return f"<li{wide}><code>{code}</code>{_result(line)}<p>{meaning}</p></li>"


def _result(line: wb.EvaluatedLine) -> str:
    if not line.failed:
        return f"<samp>{escape(line.text)}</samp>"
    fails = escape(_("fails"))
    return f'<samp class="wb-fails"><b>✕ {fails}</b> {escape(line.text)}</samp>'
