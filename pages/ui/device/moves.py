"""A tensor there and back: each line of the notes, what it gave a moment ago on this machine, and what that means."""

from collections.abc import Iterable
from html import escape

import streamlit as st

import wb_core as wb
from wb_core.hardware import round_trip

from ..i18n import N_, _
from ..widgets import listing
from ..widgets.markup import coded

MEANING = {
    round_trip.NOTES_LINE: N_("The line of the notes: `cuda` where there is an NVIDIA GPU, else `cpu`."),
    round_trip.NEW_LINE: N_("Newer PyTorch can look by itself, and finds the GPUs of Apple and other makers, too."),
    round_trip.MAKE: N_("A tensor of three numbers. No device was given, so it's in the CPU's memory."),
    "tensor.device": N_("Where its numbers are."),
    "back.numpy()": N_("Now NumPy can have it, on every machine."),
    round_trip.STAND_IN: N_(
        "On a GPU this fails. Here `meta` stands in for one, a device of PyTorch's own that keeps no numbers: the "
        "error is real, and on an NVIDIA GPU it says `cuda:0` instead of `meta`."
    ),
    round_trip.TO_CUDA: N_("Asking for a missing GPU is an error, so let the line above choose."),
}
ON_CPU = {
    "there = tensor.to(device)": N_("It is there already, so nothing is copied: `there` is the same tensor."),
    "there.numpy()": N_("Works, but only because there is no GPU: on a machine with one, the same line fails."),
    "back = there.cpu()": N_("Does nothing here, but lets the script run on a GPU too. A good habit."),
}
ON_GPU = {
    "there = tensor.to(device)": N_("Copies it to the GPU's memory. `tensor` itself stays where it is."),
    "there.numpy()": N_("This fails, and is meant to: NumPy only reaches the processor's memory."),
    "back = there.cpu()": N_("Copies it back to the CPU's memory."),
}

WIDE = 45  # a line of more characters takes the whole width


def draw(device: str) -> None:
    """Draw the device-agnostic lines, and the way to `device` and back."""
    st.header(_("One script for every machine"), anchor=False)
    st.caption(_("Device-agnostic code: one line checks what's available, and the rest of the script says `device`."))
    _lines(wb.device_lines(), MEANING)
    st.header(_("Move a tensor to the device and back"), anchor=False)
    st.caption(_("Run by this server as you opened the page; after each line is what PyTorch said."))
    _lines(wb.there_and_back(device), MEANING | (ON_CPU if device == "cpu" else ON_GPU))
    if device == "cpu":
        st.header(_("What is different with a GPU"), anchor=False)
        st.caption(_("Two errors that everybody meets sooner or later."))
        _lines(wb.without_gpu(), MEANING)


def _lines(answers: Iterable[wb.Answer], meaning: dict[str, str]) -> None:
    rows = "".join(_row(answer, coded(_(meaning[answer.code]))) for answer in answers)
    st.html(f'<ul class="wb-lines">{rows}</ul>')


def _row(answer: wb.Answer, meaning: str) -> str:
    wide = ' class="wb-wide"' if len(answer.code) > WIDE else ""
    code = listing.coloured(answer.code).replace("(", "(<wbr>")  # where a narrow screen may go on in the next line
    return f"<li{wide}><code>{code}</code>{_said(answer)}<p>{meaning}</p></li>"


def _said(answer: wb.Answer) -> str:
    if not answer.failed:
        return f"<samp>{escape(answer.text)}</samp>"
    fails = escape(_("fails"))
    return f'<samp class="wb-fails"><b>✕ {fails}</b> {escape(answer.text)}</samp>'
