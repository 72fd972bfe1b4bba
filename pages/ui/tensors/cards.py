"""The shelf at the top of the page: a card for each of the four places."""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st
import torch
from plotly.colors import sample_colorscale

from wb_core.tensorlab import NAMES, OPERATIONS, Call, Edit, Shelf, write_program

from ..figures import palette
from ..i18n import _
from . import controls, panels
from .lab import TensorLab

ROWS, COLUMNS = 5, 10  # of the preview on a card
WIDTH = 36  # characters of the line of code on a card


def draw(lab: TensorLab, scale: panels.Scale | None) -> None:
    """Draw a card for each place. The tensors of the displayed line have its colours, the others none."""
    shown = {*(lab.call.sources if lab.call else ()), *([lab.kept.name] if lab.kept else [])}
    with st.container(key="shelf"):
        for name in NAMES:
            with st.container(key=f"card-{name}", gap=None):
                if name in lab.shelf.tensors:
                    _card(lab, name, scale if name in shown else None)
                else:
                    free = escape(_("free"))
                    st.html(f"<div class='wb-place-empty'><b>{name}</b> {free}</div>")


def buttons(lab: TensorLab, first: Shelf) -> None:
    """Draw the buttons for the whole shelf, of which one restores the `first`."""
    st.button(
        _("Undo"),
        icon=":material/undo:",
        disabled=not lab.past,
        on_click=_after_typing,
        args=(lab, lab.undo),
        type="tertiary",
    )
    st.button(
        _("Start over"),
        icon=":material/restart_alt:",
        disabled=lab.text == write_program(first.program),
        on_click=_after_typing,
        args=(lab, lab.start_over, first),
        type="tertiary",
    )
    with st.popover(_("All lines so far"), icon=":material/code:", type="tertiary"):
        st.code("\n".join(["import torch", "import numpy as np", "", *lab.shelf.code]), language="python")


def _after_typing(lab: TensorLab, act: Callable[..., None], *args: Any) -> None:
    """Change the shelf, after applying an edit that arrived in the same run."""
    controls.take_typed(lab)
    act(*args)


def _card(lab: TensorLab, name: str, scale: panels.Scale | None) -> None:
    tensor = lab.shelf.tensors[name]
    shape, dtype = panels.shape_text(tensor), str(tensor.dtype).removeprefix("torch.")
    marked = " wb-place-changed" if name in lab.event.changed else ""
    line = lab.shelf.made[name].splitlines()[-1]
    edited = any(isinstance(step, Edit) and step.target == name for step in lab.shelf.program)
    line += "  ✎" if edited else ""
    gray = "" if scale else _("gray: not in this line")
    st.html(
        f"<div class='wb-place{marked}'><p><b>{name}</b> <code>{shape} {dtype}</code></p>"
        f"<div class='wb-looks'>"
        f"<div class='wb-mini' style='{_mini_sides(tensor)}'>{_mini(tensor, scale)}</div>"
        f"<small>{escape(gray)}</small></div>"
        f"<p class='wb-place-line' title='{escape(line, quote=True)}'>{escape(shorten(line))}</p></div>"
    )
    with st.container(horizontal=True, gap="small", key=f"card-{name}-buttons"):
        st.button(
            _("Inspect {name}").format(name=name),
            key=f"tensors.look.{name}",
            type="tertiary",
            on_click=controls.go_to,
            args=(lab, Call.of(OPERATIONS["look"], {"a": name})),
        )
        st.button(
            _("Remove {name}").format(name=name),
            key=f"tensors.drop.{name}",
            icon=":material/close:",
            type="tertiary",
            help=_("Remove {name} from the shelf: del {name}").format(name=name),
            on_click=_after_typing,
            args=(lab, lab.drop, name),
        )


def shorten(line: str) -> str:
    """The beginning of a line of code, as long as a card is wide."""
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _table(tensor: torch.Tensor) -> torch.Tensor:
    """The first rows and columns of its first table."""
    table = tensor.detach().cpu()
    table = (
        table.reshape(1, 1) if table.ndim == 0 else table.reshape(-1, table.shape[-1]) if table.numel() else table[:0]
    )
    return table[:ROWS, :COLUMNS] if table.ndim == 2 else table.reshape(0, 0)


def _mini_sides(tensor: torch.Tensor) -> str:
    rows, columns = _table(tensor).shape
    return f"--rows:{max(1, rows)};--columns:{max(1, columns)}"


def _mini(tensor: torch.Tensor, scale: panels.Scale | None) -> str:
    table = _table(tensor)
    if scale is None:
        return "<i></i>" * table.numel()
    length = scale.high - scale.low or 1.0
    places = ((table.to(torch.float64).nan_to_num() - scale.low) / length).clamp(0, 1).reshape(-1).tolist()
    return "".join(f"<i style='background:{c}'></i>" for c in sample_colorscale(palette.SURFACE, places))
