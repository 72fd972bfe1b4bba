"""The time of a matrix product, measured when the visitor asks for it."""

import streamlit as st

import wb_core as wb
from wb_core.hardware.speed import SIZES

from ..i18n import _
from ..session import state
from ..widgets.numbers import number
from ..widgets.table import Cell, Markup, table

APART = 1.6
"""A time that differs from the expected one by more than this factor is explained."""


class DeviceLab:
    """The last measurement of this visit; empty before the first one."""

    def __init__(self) -> None:
        self.timings: tuple[wb.Timing, ...] = ()

    def measure(self) -> None:
        """Measure and store the result; the previous one stays until then."""
        self.timings = wb.time_products()


@st.fragment
def draw() -> None:
    """Draw the button, and what the last measurement of this visit found."""
    lab = state.of(DeviceLab)
    st.header(_("How fast is it?"), anchor=False)
    st.caption(
        _(
            "Two tables of random numbers (matrices) are multiplied, which is what neural networks spend most of their "
            "time on. Of several tries, the middle time counts."
        )
    )
    st.button(_("Measure"), key="device.measure", icon=":material/timer:", type="primary", on_click=lab.measure)
    if lab.timings:
        st.markdown(" ".join(_findings(lab.timings)))
        st.html(_table(lab.timings))
        st.caption(
            _(
                "GFLOP/s: billions of multiplications and additions per second. Other visitors use this server too, so "
                "the times vary."
            )
        )


def _table(timings: tuple[wb.Timing, ...]) -> str:
    longest = max((timing.seconds or 0 for timing in timings), default=0) or 1
    heads = (_("Device"), _("Size"), _("Time"), "GFLOP/s")
    return table(heads, [_row(timing, longest) for timing in timings], css="wb-times")


def _row(timing: wb.Timing, longest: float) -> list[str | Cell]:
    time, speed, share = "–", "–", 0.0
    if timing.seconds is not None and timing.gflops is not None:
        time = f"{_digits(timing.seconds * 1000)} ms"
        speed, share = _digits(timing.gflops), timing.seconds / longest
    bar = f'<span class="wb-bar" style="--used:{share:.3f}" aria-hidden="true"></span>'
    return [
        Markup(f"<code>{timing.device}</code>"),
        Cell(f"{timing.size} × {timing.size}", header=True),
        Markup(f"{time}{bar}"),
        speed,
    ]


def _digits(value: float) -> str:
    """Three digits, as timings vary: 0.051, 7.92, 1,598."""
    return f"{value:,.0f}" if value >= 1000 else number(value, 3)


def _unlike(factor: float) -> list[str]:
    """Why the time did not grow as the work did, if it did not."""
    if factor > 8 * APART:
        return [_("That's more than 8: most likely others used this server meanwhile. Measure again.")]
    if factor < 8 / APART:
        return [_("That's less than 8: small matrices don't keep all of a CPU busy.")]
    return []


def _findings(timings: tuple[wb.Timing, ...]) -> list[str]:
    """A sentence on how the time grows with the size, and which device is faster."""
    by_size = {(timing.device, timing.size): timing.seconds for timing in timings}
    small, large = SIZES[-2:]
    found = []
    here, half = by_size.get(("cpu", large)), by_size.get(("cpu", small))
    if here and half:
        sentence = _(
            "Twice the size is 8 times the work (2 · size³). From {small} to {large} the CPU took {factor} "
            "times as long."
        )
        found.append(sentence.format(small=small, large=large, factor=_digits(here / half)))
        found += _unlike(here / half)
    for device in dict.fromkeys(timing.device for timing in timings if timing.device != "cpu"):
        there = by_size[device, large]
        if there is None:
            found.append(_("The GPU failed, most likely because its memory is full. Try again later."))
        elif here and there < here:
            found.append(
                _("At {large} × {large} the GPU is {factor} times as fast as the CPU.").format(
                    large=large, factor=_digits(here / there)
                )
            )
        elif here:
            found.append(
                _("Even at {large} × {large} the CPU is faster: a job this small leaves most of a GPU idle.").format(
                    large=large
                )
            )
    return found
