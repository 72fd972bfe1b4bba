"""The metadata of the tensors before and after a line, side by side, with changes marked."""

from collections.abc import Iterable, Mapping

import streamlit as st
import torch

import wb_core as wb

from ..i18n import N_, _
from ..widgets.markup import hint
from ..widgets.table import Cell, Markup, Row, changed_mark, table

FACTS = {
    "shape": N_("How many values in each dimension."),
    "ndim": N_("How many dimensions the shape has."),
    "dtype": N_("The type of its values."),
    "device": N_("Where its values are stored."),
    "numel": N_("How many values it holds."),
    "itemsize": N_("How many bytes one value takes up."),
    "nbytes": N_("How many bytes all its values take up."),
    "stride": N_("How far one step along each dimension moves in memory."),
    "storage_offset": N_("Where the first value sits in its memory."),
    "is_contiguous": N_("Whether the values are in memory in the order you read them."),
    "requires_grad": N_("Whether PyTorch tracks what you compute with it, to find its gradient."),
    "is_leaf": N_("True if it wasn't computed from tensors that track gradients."),
    "grad_fn": N_("The function that goes back through the computation behind it."),
}
ARRAY = "array"
"""A NumPy array, which has only some of these facts."""

FIRST = ("shape", "dtype", "device")
"""The facts that everybody needs; the others are folded."""

TORCH_ONLY = ("device", "storage_offset", "is_contiguous", "requires_grad", "is_leaf", "grad_fn", "stride")


def draw(before: Mapping[str, torch.Tensor], result: torch.Tensor | None, name: str) -> None:
    """Draw the facts: a column for each tensor before, and one for the result."""
    infos = {title: wb.describe(tensor) for title, tensor in before.items()}
    if result is not None:
        infos[name] = wb.describe(result)
    if not infos:
        return
    rows = {}
    for fact, help_ in FACTS.items():
        values = [
            "–" if title == ARRAY and fact in TORCH_ONLY else _written(getattr(info, fact))
            for title, info in infos.items()
        ]
        changed = result is not None and bool(before) and values[0] not in ("–", values[-1])
        rows[fact] = _row(len(rows), fact, _(help_), values, changed)
    if result is not None and before:
        shared = [title for title, tensor in before.items() if wb.shares_memory(tensor, result)]
        text = _("the same as {names}").format(names=", ".join(shared)) if shared else _("its own")
        values = [""] * (len(infos) - 1) + [text]
        rows["memory"] = _row(
            len(rows), _("memory"), _("Whether changing one changes the other."), values, bool(shared)
        )
    st.html(_table(infos, [rows.pop(fact) for fact in FIRST]))
    with st.expander(_("All facts"), key="tensors-facts"):
        st.html(_table(infos, list(rows.values())))


def _table(titles: Iterable[str], rows: list[Row]) -> str:
    return table([_("Fact"), *titles], rows, css="wb-memory wb-facts")


def _row(number: int, fact: str, help_: str, values: list[str], changed: bool) -> Row:
    mark = changed_mark(_("changed")) if changed else ""
    head = Cell(Markup(f"{mark}{hint(fact, help_, number)}"), header=True)
    return Row((head, *values), css="wb-changed" if changed else "")


def _written(value: object) -> str:
    return str(value).removeprefix("torch.")
