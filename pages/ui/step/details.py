"""The details of the line that has just run: its explanation, the tensors before and after, and its arithmetic."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st
import torch

from wb_core.kinds.line.microscope import MADE, WHAT_IFS, Equation, Moment, Trace, equations

from ..i18n import _
from ..session import state
from ..widgets.numbers import close_up, digits_apart
from ..widgets.table import Cell, Markup, Row, changed_mark, table
from . import charts
from .explanations import NOTES, note, sentence
from .runs import Runs
from .view import NAMES, StepView, number_of

KEY = "step.points"
MAX_WIDTH = 57  # characters in a line of arithmetic


def heading(view: StepView, trace: Trace, runs: Runs) -> None:
    """The line's name, what it does, and whether the model's line leaves the chart."""
    number = number_of(view, view.line)
    with st.container(key="line"):
        st.header((f"{number} · " if number else "") + _(NAMES[view.line]), anchor=False)
        st.markdown(" ".join([_(sentence(view)), charts.leaving(view, trace, runs)]).strip())


def memory(view: StepView, trace: Trace) -> None:
    """Draw what the line changed, and every tensor before and after it."""
    inputs = WHAT_IFS[view.what_if].procedure.wrap is not None
    rows = _memory_rows(trace, view.line, inputs=inputs)
    changed = [name for name, row in rows.items() if row.css]
    with st.container(key="memory"):
        st.html(f"<p class='wb-changes'>{_changes(changed)}</p>{_memory_table(rows)}")


def arithmetic(view: StepView, trace: Trace, runs: Runs) -> None:
    """Draw the line's formula with its numbers, in a box that is high enough for every line of this run."""
    config = runs.main.run.config
    by_line = {line: equations(config, trace, line) for line in trace.lines}
    found = by_line[view.line]
    lines = [f"<p><b>{escape(equation.name)}</b> = {escape(_written(equation))}</p>" for equation in found]
    key = note(view.line, config) if found else ""
    words = _(NOTES[key]) if key else "" if found else _("Nothing is computed in this line.")
    height = f"min-height: {max(map(_height, by_line.values())):.1f}rem"
    with st.container(key="sums"):
        st.html(f"<div class='wb-sums' style='{height}'>{''.join(lines)}<small>{escape(words)}</small></div>")


def _height(found: tuple[Equation, ...]) -> float:
    """The height of the equations and their note in a wide window, in rem."""
    rows = sum(1 + len(f"{equation.name} = {_written(equation)}") // MAX_WIDTH for equation in found)
    return 1.125 * rows + 2.3


def points(view: StepView, trace: Trace, runs: Runs) -> None:
    """Draw all points with their predictions."""
    state.prime(KEY, False)
    if not st.toggle(_("Show every point"), key=KEY, persist_state="session"):
        return
    test = view.line == "evaluate"
    data, (_before, after) = runs.main.run.data, trace.around(view.line)
    X, y = (data.X_test, data.y_test) if test else (data.X_train, data.y_train)
    columns = {"X": X, "y": y, "y_pred": after.tensors["test_pred" if test else "y_pred"]}
    columns["y_pred - y"] = after.tensors["test_residuals" if test else "residuals"]
    numbers = {name: tensor.flatten().tolist() for name, tensor in columns.items() if tensor is not None}
    st.dataframe(
        pd.DataFrame(numbers).rename_axis(_("Point")),
        height=260,
        column_config={name: st.column_config.NumberColumn(format="%.4f") for name in numbers},
    )


def _written(equation: Equation) -> str:
    """The terms and the result, with enough digits to show a small step.

    The terms get up to three more digits, until computing with the written numbers gives the written result.
    """
    first = equation.terms[0]
    digits = digits_apart(first, equation.result) if isinstance(first, float) and len(equation.terms) > 1 else 4
    result = close_up(equation.result, digits)
    for more in range(4):
        written = [close_up(term, digits + more) for term in equation.terms if isinstance(term, float)]
        if equation.compute is None or close_up(equation.compute(*map(float, written)), digits) == result:
            return f"{equation.written(lambda value: close_up(value, digits + more))} = {result}"  # noqa: B023
    return f"{equation.written(lambda value: close_up(value, digits))} ≈ {result}"


FEW = 2
"""Of a long tensor, this many numbers at its beginning are written out, and its last one."""


def _changes(names: Sequence[str]) -> str:
    """A sentence on what a line changed, as HTML."""
    if not names:
        return escape(_("This line changes nothing here."))
    before = escape(_("Changed by this line:"))
    return " ".join([before, ", ".join(f"<code>{escape(name)}</code>" for name in names)])


def _memory_table(rows: Mapping[str, Row]) -> str:
    return table((_("Tensor"), _("Shape"), _("Before"), _("After")), list(rows.values()), css="wb-memory")


def _memory_rows(trace: Trace, line: str, *, inputs: bool) -> dict[str, Row]:
    """The rows of the table by name; `inputs` adds one for X as it reached the model."""
    before, after = trace.around(line)
    changed = trace.changed(line)
    mode = "model.training"
    rows = {mode: _row(mode, "", str(before.training), str(after.training), before.training != after.training)}
    for name in after.tensors:
        if name.endswith(".step") or name in ("X_test", "test_residuals") or (name == "X" and not inputs):
            continue
        old, new = before.tensors[name], after.tensors[name]
        digits = _digits(old, new)
        shape = "" if new is None and old is None else _shape(old if new is None else new)
        nothing = "–" if name in MADE else "None"  # the name does not exist yet, or PyTorch has None
        texts = (_text(old, digits) or nothing, _text(new, digits) or nothing)
        label = ROW_LABELS.get(name, name)
        rows[label] = _row(label, shape, *texts, name in changed)
    tracked = "test_loss.requires_grad"
    rows[tracked] = _row(tracked, "", _tracked(before), _tracked(after), line == "evaluate")
    return rows


ROW_LABELS = {"X": "dropout(X_train)", "residuals": "y_pred - y_train"}


def _row(name: str, shape: str, before: str, after: str, changed: bool) -> Row:
    mark = changed_mark(_("changed")) if changed else ""
    head = Cell(Markup(f"{mark}{_breakable(escape(name))}"), header=True)
    return Row((head, shape, before, after), css="wb-changed" if changed else "")


def _breakable(name: str) -> str:
    """Let a long name wrap: one with spaces at a space, any other after a dot or before an underscore."""
    return name if " " in name else name.replace(".", ".<wbr>").replace("_", "<wbr>_")


def _tracked(moment: Moment) -> str:
    return "–" if moment.tensors["test_loss"] is None else str(moment.tracked)


def _digits(before: torch.Tensor | None, after: torch.Tensor | None) -> int:
    if before is None or after is None or before.numel() > 1:
        return 4
    return digits_apart(before.item(), after.item())


def _shape(tensor: torch.Tensor) -> str:
    return str(tuple(tensor.shape))


def _text(tensor: torch.Tensor | None, digits: int) -> str:
    if tensor is None:
        return ""
    flat = tensor.flatten()
    if len(flat) <= FEW + 1:
        return " ".join(close_up(value, digits) for value in flat.tolist())
    first, last = flat[:FEW].tolist(), flat[-1].item()
    return " ".join([*(close_up(value, digits) for value in first), "…", close_up(last, digits)])
