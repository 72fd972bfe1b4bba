"""The slips: the faulty and the repaired code of the chosen one, and what PyTorch says to each."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..figures.loss import snippet_figure
from ..i18n import _, language, translator
from ..sentences import explain
from ..session import state
from ..widgets import fields, listing
from .view import FIRST_SLIP, StepView

KEY = fields.key_of(StepView, "slip")


def draw() -> None:
    """Draw the choice of slips and the chosen one, the only one that is run."""
    state.prime(KEY, FIRST_SLIP)
    chosen = st.selectbox(
        _("Mistake"),
        list(wb.SLIPS),
        format_func=lambda slip: _(wb.SLIPS[slip].title),
        key=KEY,
        persist_state="session",
        help=_("In the order of the notes. PyTorch ran both versions on this server, so all the output is real."),
    )
    st.caption(_("Real mistakes, nearly all from a beginner's notes on PyTorch. Everyone makes them."))
    try:
        slip, outcome = wb.SLIPS[chosen], wb.run_slip(chosen)
    except wb.DataError as error:
        st.error(explain(error), icon=":material/folder_off:")
        return
    with st.container(key="slip-lesson", gap="xsmall"):
        st.caption(_(slip.where))
        st.markdown(_(slip.lesson))
        st.markdown(":material/lightbulb: " + _(slip.avoid))
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="slip-faulty", gap="xsmall"):
        _code(slip.faulty, _("The mistake"), _("Lines with the mistake: {lines}"))
        _result(outcome.faulty, faulty=True)
    with right, st.container(key="slip-repaired", gap="xsmall"):
        _code(slip.repaired, _("Fixed"), _("Lines of the fix: {lines}"))
        _result(outcome.repaired, faulty=False)
    if slip.compare:
        st.markdown(_(slip.compare))
    if slip.note:
        st.caption(_(slip.note))
    before = _("The code before it (same for both)")
    with st.expander(before, key="slip-before"):
        listing.draw(slip.before, name=before)


def _code(snippet: wb.Snippet, name: str, words: str) -> None:
    """Draw a snippet with its marked lines, whose numbers are also written out."""
    st.header(name, anchor=False)
    listing.draw(snippet.code, name=name, marked=snippet.marked)
    st.caption(words.format(lines=_ranges(snippet.marked)))


def _result(result: wb.ExecutionResult, *, faulty: bool) -> None:
    """Draw a snippet's result: its output, its curves and its exception."""
    if not faulty:
        st.markdown(":material/check_circle: " + _("It runs and prints:"))
    elif result.line is None:
        st.markdown(":material/warning: " + _("There's no error. It prints:"))
    else:
        st.markdown(":material/error: " + _("It stops at line {line} with this error:").format(line=result.line + 1))
    lines = [result.printed.rstrip()] if result.printed else []
    if result.error is not None:
        lines.append(f"{result.error}: {result.message}".rstrip())
    st.code("\n".join(lines), language=None, wrap_lines=True)
    if result.curves:
        st.plotly_chart(
            snippet_figure(result.curves, translator(language())),
            key=f"slip-curves-{faulty}",
            config={"staticPlot": True},
        )


def _ranges(lines: Sequence[int]) -> str:
    """Line numbers from 1 as text: [0, 1, 2, 5] are "1–3, 6"."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][-1] + 1:
            ranges[-1].append(line)
        else:
            ranges.append([line])
    return ", ".join(f"{run[0] + 1}–{run[-1] + 1}" if len(run) > 1 else f"{run[0] + 1}" for run in ranges)
