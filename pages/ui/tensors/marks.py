"""The cells that are marked on the board: what changed, what won, what was selected, what was lost."""

from collections.abc import Iterator

import torch

from wb_core.tensorlab import Call, Outcome
from wb_core.tensorlab.convert import lost

from . import panels
from .lab import TensorLab

Marks = dict[str, dict[str, list[int]]]


def of(lab: TensorLab, call: Call, outcome: Outcome | None) -> Marks:
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
    """What the operation is about: the selected cells, the winners, the numbers that a cast has changed."""
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
