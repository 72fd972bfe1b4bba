"""The displayed computation: its line of code, the tensors that go in and come out, and which cells made which."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import streamlit as st
import torch

import wb_core as wb
from wb_core.base.tensors import positions
from wb_core.tensorlab import Call, Outcome
from wb_core.tensorlab.convert import lost
from wb_core.tensorlab.operation import Formula

from ..i18n import _
from . import board, controls, facts, messages, panels
from .board import CellEdit
from .lab import TensorLab

OF_MEMORY = ("reshape", "select", "numpy", "types")
"""Sections that show whether the result shares memory."""


def draw(lab: TensorLab, call: Call, write: Callable[[CellEdit], None], *, current: bool = True) -> panels.Scale | None:
    """Draw the line of code, the tensors that go in and come out, and the messages about them.

    Returns the scale of the colours. If it is not `current`, because the controls now have something invalid, it has
    no advice and no remarks.
    """
    outcome, refused = None, None
    try:
        outcome = lab.outcome(call)
    except wb.TensorError as error:
        refused = error
    with st.container(key="outcome"):
        with st.container(horizontal=True, vertical_alignment="center", key="line-of-code"):
            st.code(lab.lines(call), language="python", wrap_lines=True)
            controls.keep(lab, call, there=outcome is not None)
        scale = _tensors(lab, call, outcome, write)
        with st.container(key="said", gap="xsmall"):
            messages.event(lab)
            if current:
                messages.on_call(lab, call, outcome, refused)
    sources = {name: lab.shelf.tensors[name] for name in call.sources if name in lab.shelf.tensors}
    with st.container(key="about"):
        if len(sources) == len(call.sources):
            messages.stretched(call, sources)
        _facts(lab, call, outcome, sources)
    return scale


def _facts(lab: TensorLab, call: Call, outcome: Outcome | None, sources: dict[str, torch.Tensor]) -> None:
    arrays = {name: _tensor(value) for name, value in (outcome.others if outcome else {}).items() if name == "array"}
    result = None if outcome is None or call.operation.id == "look" else outcome.result
    name = lab.kept.name if lab.kept else call.operation.named or _("result")
    facts.draw({**sources, **arrays}, result, name)


def _tensors(
    lab: TensorLab, call: Call, outcome: Outcome | None, write: Callable[[CellEdit], None]
) -> panels.Scale | None:
    """Draw the tensors of a call, without an outcome only its sources; return the one scale of their colours."""
    sources = {name: lab.shelf.tensors[name] for name in call.sources if name in lab.shelf.tensors}
    others = {name: _tensor(value) for name, value in (outcome.others if outcome else {}).items()}
    section = call.operation.section
    before = {} if section == "look" else {**sources, **others}
    everything = [*sources.values(), *others.values(), *([outcome.result] if outcome else [])]
    scale = panels.scale_of(*everything) if everything else None
    look = {"scale": scale, "digits": 8 if section == "types" else 4}
    marked = cell_marks(lab, call, outcome)
    # After an edit, the displayed tensors are no longer made from each other.
    plain = bool(lab.kept and lab.edits) or call.operation.formula(**call.args, result=None).plain
    shown: list[dict[str, Any]] = []
    for name, tensor in before.items():
        shown.append(
            panels.panel(
                name,
                tensor,
                title=name,
                role="source",
                kind=_kind(call, name, tensor),
                sign="" if not shown else "·" if lab.kept and lab.edits else call.operation.sign,
                editable=name in sources or name == "array",
                marks=marked.get(name),
                **look,
            )
        )
    origins: dict[str, list[list[int]]] = {}
    if outcome is None:
        shown.append(panels.missing_result(sign=_sign(lab, call, len(shown))))
    else:
        sign = _sign(lab, call, len(shown))
        shown.append(_result(lab, call, outcome, sign, sources, marked, look))
        origins = {} if lab.kept and lab.edits else _origins(outcome, {p["id"] for p in shown if p["kind"] == "cells"})
        memory = _memory(call, outcome, sources, look)
        if memory is not None:
            shown.append(memory)
            origins["memory"] = positions(outcome.result).reshape(-1, 1).tolist()
    board.draw(
        shown,
        result="result",
        origins=origins,
        formula=_formula(lab, call),
        plain=plain,
        legend=panels.legend(scale, shown),
        token=f"{call.operation.id}.{len(lab.shelf.program)}.{lab.clicks}",
        write=write,
        key=controls.BOARD,
    )
    return scale


def _kind(call: Call, name: str, tensor: torch.Tensor) -> str:
    """What stands beside the shape of a source instead of its type alone."""
    if name == "array":
        return f"{_dtype(tensor)} · NumPy"
    turned = call.args.get("transpose")
    if any(turned in (place, "both") and call.args[place] == name for place in ("a", "b") if place in call.args):
        return f"{_dtype(tensor)} · .T {tuple(reversed(tensor.shape))}"
    return ""


def _sign(lab: TensorLab, call: Call, sources: int) -> str:
    """The sign before the result: an equation only if a sign stands between its sources, too."""
    if not sources:
        return ""
    if lab.kept and lab.edits:
        return "·"
    return "=" if call.operation.sign and sources > 1 else "→"


def _result(
    lab: TensorLab,
    call: Call,
    outcome: Outcome,
    sign: str,
    sources: dict[str, torch.Tensor],
    marked: dict[str, dict[str, list[int]]],
    look: dict[str, Any],
) -> dict[str, Any]:
    operation, result = call.operation, outcome.result
    title = lab.kept.name if lab.kept else operation.named or _("result")
    if operation.section == "look":
        title = call.args["a"]
    drawn = panels.panel(
        "result",
        result,
        title=title,
        role="result",
        kind=f"{_dtype(result)} · NumPy" if operation.named == "array" else "",
        sign=sign,
        editable=operation.keeps or operation.written is not None,
        marks=marked.get("result"),
        **look,
    )
    if operation.section in OF_MEMORY and (sources or outcome.others):
        drawn["said"] = " ".join([drawn.get("said", ""), _verdict(outcome, sources)]).strip()
    return drawn


def _verdict(outcome: Outcome, sources: dict[str, torch.Tensor]) -> str:
    """Whether the result shares memory with its sources."""
    before = {**sources, **{name: _tensor(value) for name, value in outcome.others.items()}}
    shared = [name for name, tensor in before.items() if wb.shares_memory(tensor, outcome.result)]
    if shared:
        return _("Same memory as {names}.").format(names=", ".join(shared))
    return _("A copy with its own memory.")


def _formula(lab: TensorLab, call: Call) -> dict[str, str] | None:
    """The formula of a cell of the result; None if cells are only moved."""
    formula = call.operation.formula(**call.args, result=None)
    return None if formula == Formula() else asdict(formula)


def _origins(outcome: Outcome, shown: set[str]) -> dict[str, list[list[int]]]:
    """The source cells of each cell, for the panels that write out their cells."""
    there = {name for name in (*outcome.call.sources, *outcome.others) if name in shown}
    if "result" not in shown or len(there) < len({*outcome.call.sources, *outcome.others}):
        return {}
    found = {name: cells for name, cells in outcome.origins.items() if name in shown}
    return {name: [[at for at in row if at >= 0] for row in cells.tolist()] for name, cells in found.items()}


def _memory(
    call: Call, outcome: Outcome, sources: dict[str, torch.Tensor], look: dict[str, Any]
) -> dict[str, Any] | None:
    """The memory of the result, in sections about memory."""
    section, result = call.operation.section, outcome.result
    if section not in ("look", "reshape", "select") or not panels.written_out(result):
        return None
    if section != "look" and not any(wb.shares_memory(tensor, result) for tensor in sources.values()):
        return None
    memory = panels.memory_panel(result, **look)
    if memory is None:
        return None
    at = sorted(set(positions(result).reshape(-1).tolist()))
    lit = {} if len(at) == memory["shape"][0] else {"lit": at}
    return memory | {"said": panels.strides(result), "marks": lit}


def _dtype(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _tensor(value: torch.Tensor | np.ndarray) -> torch.Tensor:
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value


Marks = dict[str, dict[str, list[int]]]


def cell_marks(lab: TensorLab, call: Call, outcome: Outcome | None) -> Marks:
    """The flat positions of the marked cells, by panel and kind of mark."""
    marks: Marks = {}
    for panel, kind, cells in [*_changed(lab, call), *_meant(call, outcome)]:
        marks.setdefault(panel, {})[kind] = cells
    return marks


def _changed(lab: TensorLab, call: Call) -> Iterator[tuple[str, str, list[int]]]:
    """What the last click changed."""
    watched = call.args["a"] if call.operation.section == "look" else lab.kept and lab.kept.name
    for name, cells in lab.event.changed.items():
        at = _where(cells)
        yield name, "changed", at
        if name == watched or (call.operation.written == "numpy" and name == call.args["a"]):
            yield "result", "changed", at
        if lab.kept and name == f"{lab.kept.name}.array":
            yield "array", "changed", at


def _meant(call: Call, outcome: Outcome | None) -> Iterator[tuple[str, str, list[int]]]:
    """The cells to mark: the selected ones, the largest or smallest ones, those that a cast has changed."""
    if outcome is None or not all(map(panels.written_out, (outcome.result, *_sources(outcome)))):
        return
    section = call.operation.section
    kind, source = {"select": ("lit", call.args.get("a")), "aggregate": ("won", "won")}.get(section, ("", None))
    cells = outcome.origins.get(source) if source else None
    if cells is not None:
        yield call.args["a"], kind, sorted(set(cells.reshape(-1).tolist()))
    if section == "types":
        yield "result", "lost", _where(lost(outcome.values["a"].detach(), outcome.result.detach()))


def _sources(outcome: Outcome) -> list[torch.Tensor]:
    return [value for value in outcome.values.values() if isinstance(value, torch.Tensor)]


def _where(cells: torch.Tensor) -> list[int]:
    return cells.reshape(-1).nonzero().reshape(-1).tolist()
