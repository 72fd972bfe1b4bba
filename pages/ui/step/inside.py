"""What the line that has just run did: in words, in memory, and in arithmetic."""

from html import escape

import pandas as pd
import streamlit as st

from wb_core.kinds.line.microscope import WHAT_IFS, Equation, Trace, equations

from ..i18n import _
from ..session import state
from ..widgets.numbers import close_up, digits_apart
from . import memory as memory_table
from .runs import Runs
from .view import NAMES, StepView
from .words import NOTES, note, sentence

KEY = "step.points"
WIDE = 88  # letters in a line of arithmetic


def heading(view: StepView) -> None:
    """The line's name and what it does."""
    at = WHAT_IFS[view.what_if].order.index(view.line)
    number = f"{at} · " if view.line not in ("train", "evaluate") else ""  # there are five of them
    with st.container(key="line"):
        st.header(number + _(NAMES[view.line]), anchor=False)
        st.markdown(_(sentence(view)))


def memory(view: StepView, trace: Trace) -> None:
    """Every tensor before and after the line."""
    inputs = WHAT_IFS[view.what_if].procedure.wrap is not None
    st.html(memory_table.table(trace, view.line, inputs=inputs))


def arithmetic(view: StepView, trace: Trace, runs: Runs) -> None:
    """The numbers put into the formula of the line, in a place that is high enough for every line of this run."""
    config = runs.scope.run.config
    by_line = {line: equations(config, trace, line) for line in trace.lines}
    found = by_line[view.line]
    lines = [f"<p><b>{escape(equation.name)}</b> = {escape(_written(equation))}</p>" for equation in found]
    key = note(view.line, config) if found else ""
    words = _(NOTES[key]) if key else "" if found else _("Nothing is computed in this line.")
    height = f"min-height: {max(map(_height, by_line.values())):.1f}rem"
    st.html(f"<div class='wb-sums' style='{height}'>{''.join(lines)}<small>{escape(words)}</small></div>")


def _height(found: tuple[Equation, ...]) -> float:
    """How high they stand on a wide window, in rem, with the note under them."""
    rows = sum(1 + (len(f"{equation.name} = {_written(equation)}") > WIDE) for equation in found)
    return 1.26 * rows + 2.6


def points(view: StepView, trace: Trace, runs: Runs) -> None:
    """All points with their predictions, for who wants to see every number."""
    state.prime(KEY, False)
    if not st.toggle(_("Show every point"), key=KEY, persist_state="session"):
        return
    test = view.line == "evaluate"
    data, (_before, after) = runs.scope.run.data, trace.around(view.line)
    X, y = (data.X_test, data.y_test) if test else (data.X_train, data.y_train)
    columns = {"X": X, "y": y, "y_pred": after.tensors["test_pred" if test else "y_pred"]}
    columns["y_pred - y"] = after.tensors["test_residuals" if test else "residuals"]
    table = {name: tensor.flatten().tolist() for name, tensor in columns.items() if tensor is not None}
    st.dataframe(
        pd.DataFrame(table),
        height=260,
        column_config={name: st.column_config.NumberColumn(format="%.4f") for name in table},
    )


def _written(equation: Equation) -> str:
    """The terms and the result, with as many digits as it takes to see a step that is small."""
    first = equation.terms[0]
    digits = digits_apart(first, equation.result) if isinstance(first, float) and len(equation.terms) > 1 else 4
    return f"{equation.written(lambda value: close_up(value, digits))} = {close_up(equation.result, digits)}"
