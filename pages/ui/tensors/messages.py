"""The messages about a call: the advice of an error, the outcome of an edit, broadcasting."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from html import escape

import streamlit as st
import torch

import wb_core as wb
from wb_core.tensorlab import Advice, Call, Edit, Outcome, advise, warning
from wb_core.tensorlab.operation import Message

from ..i18n import _
from ..sentences import explain
from ..widgets import focus
from ..widgets.table import Cell, table
from . import controls, panels
from .lab import TensorLab


def sentence(message: Message) -> str:
    """A sentence of the engine in the visitor's language."""
    return _(message.template).format(**message.values)


def on_call(lab: TensorLab, call: Call, outcome: Outcome | None, refused: wb.TensorError | None) -> None:
    """Draw the advice on a call that failed, or the remarks on its outcome."""
    if refused is not None:
        _refusal(lab, call, refused)
    if outcome is not None:
        _note(outcome)
        _warning(lab, outcome)


def _refusal(lab: TensorLab, call: Call, error: wb.WorkbenchError) -> None:
    """Draw what went wrong, what it means, and what would repair it."""
    with st.container(key="refusal", gap="small"):
        found = advise(error, call, lab.shelf)
        if found is None:
            st.error(explain(error), icon=":material/error:")
        else:
            st.error(sentence(found.message), icon=":material/school:")
            _repairs(lab, found)
        if error.code == "tensor.refused":
            pytorch_message(error)


def _warning(lab: TensorLab, outcome: Outcome) -> None:
    """Draw what a call that ran does other than meant, and what would repair it."""
    found = warning(outcome, lab.shelf)
    if found is not None:
        with st.container(key="warning", gap="small"):
            st.warning(sentence(found.message), icon=":material/school:")
            _repairs(lab, found)


def _repairs(lab: TensorLab, found: Advice) -> None:
    """Draw the shapes of advice with their marks, and a button for each repair."""
    tensors = {name: lab.shelf.tensors[name] for name in found.marks if name in lab.shelf.tensors}
    if tensors:
        shapes = (f"<span>{name} {_shape(t.shape, found.marks[name])}</span>" for name, t in tensors.items())
        st.html(f"<p class='wb-shapes'>{''.join(shapes)}</p>")
    if focus.narrow() or not found.fixes:
        return  # in a lesson, a button would be the solution
    st.markdown(_("To fix it:"))
    with st.container(horizontal=True, gap="small"):
        for number, fix in enumerate(found.fixes[:3]):
            st.button(
                " ; ".join(f"`{line}`" for line in fix.code.splitlines()),
                key=f"tensors.fix.{number}",
                icon=":material/build:",
                on_click=controls.repair,
                args=(lab, fix),
            )


def event(lab: TensorLab) -> None:
    """Say what the last click did."""
    outcome = lab.event
    if outcome.error is not None:
        st.error(explain(outcome.error), icon=":material/error:")
        if outcome.error.code == "tensor.does_not_fit":
            pytorch_message(outcome.error)
    elif outcome.edit is not None:
        st.success(_edited(lab, outcome.edit), icon=":material/edit:")
    elif outcome.kept:
        st.success(_("{name} is now this line's result.").format(name=outcome.kept), icon=":material/check:")


def pytorch_message(error: wb.WorkbenchError) -> None:
    """PyTorch's own message."""
    st.caption(_("PyTorch's message:"))
    st.code(f"{error.values['error']}: {error.message}", language=None, wrap_lines=True)


def _edited(lab: TensorLab, edit: Edit) -> str:
    """What was written where, and which other tensors and arrays changed too, or did not."""
    name = "array" if edit.via else edit.target
    cells = lab.shelf.others[edit.target]["array"] if edit.via == "array" else lab.shelf.tensors[edit.target]
    now = cells[edit.index].item()
    place = ", ".join(map(str, edit.index)) or "()"
    sentences = [_("The result is now on the shelf as {name}.").format(name=lab.event.kept)] if lab.event.kept else []
    sentences.append(_("{name}[{place}] is now {value}.").format(name=name, place=place, value=panels.text(now, 8)))
    if now == now and now != edit.value and abs(now - edit.value) > 1e-6 * abs(edit.value):
        dtype = str(cells.dtype).removeprefix("torch.")
        sentences.append(_("{dtype} can't store {value} exactly.").format(value=edit.value, dtype=dtype))
    written = f"{edit.target}.array" if edit.via == "array" else edit.target if not edit.via else ""
    others = [_plain(other) for other in lab.event.changed if other != written]
    if others:
        sentences.append(_("{names} changed too: they use the same memory.").format(names=", ".join(others)))
    else:
        sentences.append(_stayed(lab, edit, name))
    return " ".join(sentences)


def _stayed(lab: TensorLab, edit: Edit, name: str) -> str:
    """The tensors that could have changed too, and did not."""
    beside: list[str] = []
    if lab.kept is not None and lab.kept.name == edit.target:
        beside = [source for source in lab.kept.call.sources if source != edit.target]
        beside += [edit.target] if edit.via else list(lab.shelf.others.get(edit.target, {}))
    if not lab.event.changed:
        return _("It already had this value.")
    if beside:
        return _("{names} stayed the same: {name} has its own memory.").format(names=", ".join(beside), name=name)
    return _("No other tensor changed.")


def _plain(name: str) -> str:
    """The name of a tensor; for "C.array", that of the array."""
    return "array" if "." in name else name


def _note(outcome: Outcome) -> None:
    """Say what is special about a result."""
    note = outcome.note
    if note is not None:
        st.markdown(":material/lightbulb: " + sentence(note))


def stretched(call: Call, tensors: Mapping[str, torch.Tensor]) -> None:
    """How two shapes become one, step by step, where the operation stretches them (broadcasting)."""
    if not call.operation.stretches or len(call.sources) < 2:
        return
    a, b = tensors[call.args["a"]].shape, tensors[call.args["b"]].shape
    if a == b:
        return
    pairs = list(itertools.zip_longest(reversed(a), reversed(b)))[::-1]
    fits = [None in pair or pair[0] == pair[1] or 1 in pair for pair in pairs]
    rows = [(call.args["a"], [one for one, _other in pairs], [other for _one, other in pairs])]
    rows.append((call.args["b"], rows[0][2], rows[0][1]))
    table_rows: list[list[str | Cell]] = [
        [Cell(name, header=True), *map(_stretch, mine, others)] for name, mine, others in rows
    ]
    ends = [
        Cell(str(max(one or 1, other or 1) if 0 not in (one, other) else 0)) if fit else Cell("✗", css="wb-clash")
        for (one, other), fit in zip(pairs, fits, strict=True)
    ]
    table_rows.append([Cell(_("result"), header=True), *ends])
    words = _(
        "Broadcasting: write the shapes under each other, aligned on the right. A missing size counts as 1, and a 1 "
        "is stretched to match. All other sizes must be equal."
    )
    st.html(f'<div class="wb-stretch">{table((), table_rows)}<p>{escape(words)}</p></div>')


def _stretch(mine: int | None, other: int | None) -> Cell:
    size, target = mine or (1 if mine is None else mine), other if other is not None else 1
    if size == target or (size != 1 and target == 1):
        return Cell(str(size))
    if size == 1:
        start = "–" if mine is None else "1"
        return Cell(f"{start} → {target}", css="wb-grown")
    return Cell(str(size), css="wb-clash")


def _shape(shape: Sequence[int], marked: Collection[int]) -> str:
    sizes = (f"<mark>{size}</mark>" if dim in marked else str(size) for dim, size in enumerate(shape))
    return f"({', '.join(sizes)}{',' if len(shape) == 1 else ''})"
