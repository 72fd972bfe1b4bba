"""The line on show with its tensors: what goes in, what comes out, and which cells made which."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
import torch

import wb_core as wb
from wb_core.tensorlab import Call, Outcome
from wb_core.tensorlab.convert import lost
from wb_core.tensors import positions

from ..i18n import _
from . import board, facts, panels, told
from .board import Written
from .lab import TensorLab

SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "matmul": "@", "seeds": "=="}
OWN_SCALE = ("compute", "aggregate")
MOST_ORIGINS = 6000
"""So many cells behind cells are told to the browser; with more, nobody could follow them."""


def draw(lab: TensorLab, call: Call, write: Callable[[Written], None]) -> None:
    """Draw the line of code, the tensors that go in and come out, and what is to be said of them."""
    st.code(lab.lines(call), language="python")
    outcome, refused = None, None
    try:
        outcome = lab.outcome(call)
    except wb.TensorError as error:
        refused = error
    _tensors(lab, call, outcome, write)
    if refused is not None:
        told.refusal(lab, call, refused)
    told.event(lab)
    if outcome is not None:
        told.note(outcome)
    sources = {name: lab.shelf.tensors[name] for name in call.sources if name in lab.shelf.tensors}
    if len(sources) == len(call.sources):
        told.stretched(call, sources)
    result = None if outcome is None or call.operation.id == "look" else outcome.result
    facts.draw(sources, result, lab.kept.name if lab.kept else _("result"))


def _tensors(lab: TensorLab, call: Call, outcome: Outcome | None, write: Callable[[Written], None]) -> None:
    """Draw the tensors of a call; without an outcome only those that went in."""
    sources = {name: lab.shelf.tensors[name] for name in call.sources if name in lab.shelf.tensors}
    others = {name: _tensor(value) for name, value in (outcome.others if outcome else {}).items()}
    if call.operation.id == "look":
        sources = {}
    digits = 8 if call.operation.section == "types" else 4
    shown: list[dict[str, Any]] = []
    everything = [*sources.values(), *others.values(), *([outcome.result] if outcome else [])]
    scale = None if call.operation.section in OWN_SCALE or not everything else panels.scale_of(*everything)
    marks = _marks(lab, call, outcome)
    for name, tensor in {**sources, **others}.items():
        role, kind = ("other", "") if name in others else ("source", "")
        if name == "array":
            kind = f"{outcome.others[name].dtype if outcome else ''} · NumPy"
        sign = SIGNS.get(call.operation.id, "") if shown else ""
        shown.append(
            panels.panel(
                name, tensor, title=name, role=role, kind=kind, scale=scale, sign=sign, digits=digits,
                editable=_editable(lab, name), marks=marks.get(name),
            )
        )  # fmt: skip
    origins: dict[str, list[list[int]]] = {}
    if outcome is not None:
        shown.append(_result(lab, call, outcome, scale, digits, marks, "=" if shown else ""))
        origins = _origins(outcome, {panel["id"] for panel in shown if panel["kind"] == "cells"})
        memory = _memory(call, outcome, sources, digits)
        if memory is not None and origins is not None and panels.written_out(outcome.result):
            shown.append(memory)
            origins["memory"] = positions(outcome.result).reshape(-1, 1).tolist()
    else:
        shown.append(panels.refused())
    formula = call.operation.formula(**call.args, result=None)
    written = {name: getattr(formula, name) for name in ("before", "pair", "join", "after")}
    board.draw(
        shown,
        result="result",
        origins=origins,
        formula=written if any((formula.before, formula.pair, formula.after, formula.join != ", ")) else None,
        token=f"{call.operation.id}.{len(lab.shelf.program)}.{lab.clicks}",
        write=write,
        key="tensors.board",
    )


def _result(
    lab: TensorLab,
    call: Call,
    outcome: Outcome,
    scale: panels.Scale | None,
    digits: int,
    marks: dict[str, dict[str, list[int]]],
    sign: str,
) -> dict[str, Any]:
    title = lab.kept.name if lab.kept else _("result")
    kind = ""
    if call.operation.id == "look":
        title = call.args["a"]
    if call.operation.id == "numpy":
        title, kind = "array", f"{outcome.result.numpy().dtype} · NumPy"
    return panels.panel(
        "result", outcome.result, title=title, role="result", kind=kind, scale=scale, sign=sign, digits=digits,
        editable=True, marks=marks.get("result"),
    )  # fmt: skip


def _editable(lab: TensorLab, name: str) -> bool:
    """A tensor on the shelf always; an array once its tensor is there, too."""
    return name in lab.shelf.tensors or (name == "array" and lab.kept is not None)


def _marks(lab: TensorLab, call: Call, outcome: Outcome | None) -> dict[str, dict[str, list[int]]]:
    """The cells to mark, by panel and kind of mark."""
    marks: dict[str, dict[str, list[int]]] = {}
    for name, cells in lab.event.changed.items():
        at = cells.reshape(-1).nonzero().reshape(-1).tolist()
        marks.setdefault(name, {})["changed"] = at
        watched = call.args["a"] if call.operation.id == "look" else lab.kept and lab.kept.name
        if watched == name:
            marks.setdefault("result", {})["changed"] = at
    if outcome is None or not panels.written_out(outcome.result):
        return marks
    section = call.operation.section
    kind, source = {"select": ("lit", call.args.get("a")), "aggregate": ("won", "won")}.get(section, ("", None))
    cells = outcome.origins.get(source) if source else None
    if cells is not None:
        marks.setdefault(call.args["a"], {})[kind] = sorted(set(cells.reshape(-1).tolist()))
    if section == "types":
        source = lab.shelf.tensors[call.args["a"]].detach()
        at = lost(source, outcome.result.detach()).reshape(-1).nonzero().reshape(-1).tolist()
        marks.setdefault("result", {})["lost"] = at
    return marks


def _origins(outcome: Outcome, shown: set[str]) -> dict[str, list[list[int]]]:
    if "result" not in shown or outcome.result.numel() > panels.MOST_CELLS:
        return {}
    found = {name: cells for name, cells in outcome.origins.items() if name in shown}
    if sum(cells.numel() for cells in found.values()) > MOST_ORIGINS:
        return {}
    return {name: [[at for at in row if at >= 0] for row in cells.tolist()] for name, cells in found.items()}


def _memory(call: Call, outcome: Outcome, sources: dict[str, torch.Tensor], digits: int) -> dict[str, Any] | None:
    """The memory of the result, where it is what the section is about."""
    section = call.operation.section
    shared = any(wb.shares_memory(tensor, outcome.result) for tensor in sources.values())
    if section != "look" and not (section in ("reshape", "select") and shared):
        return None
    memory = panels.memory_panel(outcome.result, digits)
    return None if memory is None else memory | {"said": panels.strides(outcome.result)}


def _tensor(value: Any) -> torch.Tensor:
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value
