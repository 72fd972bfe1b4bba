"""A tensor as the board draws it: cells with numbers if they fit, else a heat map or an image with a summary."""

import base64
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

import wb_core as wb

from ..i18n import _

MAX_CELLS = 400
MAX_SIDE = 24  # rows or columns that are written out
MAX_SLICES = 36
MAX_PIXELS = 112  # along one side of a heat map


@dataclass(frozen=True)
class Scale:
    """The numbers at the low and the high end of the colours."""

    low: float
    high: float


def scale_of(*tensors: torch.Tensor) -> Scale:
    """The range of all finite numbers of some tensors."""
    found = [finite for tensor in tensors if (finite := _finite(tensor)).numel()]
    if not found:
        return Scale(0.0, 0.0)
    return Scale(min(float(f.min()) for f in found), max(float(f.max()) for f in found))


def panel(
    id_: str,
    tensor: torch.Tensor,
    *,
    title: str,
    role: str,
    kind: str = "",
    scale: Scale | None = None,
    sign: str = "",
    editable: bool = False,
    digits: int = 4,
    marks: Mapping[str, Sequence[int]] | None = None,
) -> dict[str, Any]:
    """One tensor; `role` is "source", "result" or "other", `kind` what its type is called if not PyTorch's."""
    tensor = tensor.detach().cpu()
    made: dict[str, Any] = {
        "id": id_,
        "title": title,
        "facts": f"{shape_text(tensor)} {kind or str(tensor.dtype).removeprefix('torch.')}",
        "shape": list(tensor.shape),
        "role": role,
        "sign": sign,
    }
    if not tensor.numel():
        return made | {"kind": "empty", "slices": [], "said": _("It's empty: one of its dimensions has size 0.")}
    scale = scale or scale_of(tensor)
    if written_out(tensor):
        slices = [_cells(part, label, first, scale, digits) for label, first, part in _slices(tensor)]
        found = {name: list(cells) for name, cells in (marks or {}).items() if len(cells)}
        return made | {"kind": "cells", "slices": slices, "editable": editable, "heads": True, "marks": found}
    if _is_picture(tensor):
        return made | {"kind": "picture", **_picture(tensor)}
    return made | {"kind": "heat", **_heat(tensor, scale)}


def missing_result(sign: str) -> dict[str, Any]:
    """A placeholder for a result that does not exist."""
    return {
        "id": "refused",
        "title": _("result"),
        "facts": "",
        "shape": [],
        "role": "refused",
        "sign": sign,
        "kind": "empty",
        "slices": [],
        "said": _("✗ no result"),
    }


def legend(scale: Scale | None, shown: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The ends of the colours as texts, and whether a cell has a number without a colour; None without colours."""
    coloured = [part for part in shown if part["kind"] in ("cells", "heat")]
    if scale is None or not coloured:
        return None
    ends = [text(end).removesuffix(".0") for end in (scale.low, scale.high)]
    odd = any(-1 in part.get("shades", ()) for panel in coloured for part in panel["slices"])
    return {"low": ends[0], "high": ends[1], "odd": odd}


def written_out(tensor: torch.Tensor) -> bool:
    """Whether the board writes every number of the tensor."""
    rows, columns = _sides(tensor.shape)
    slices = math.prod(tensor.shape[:-2])
    return tensor.numel() <= MAX_CELLS and rows <= MAX_SIDE and columns <= MAX_CELLS // 4 and slices <= MAX_SLICES


def memory_panel(tensor: torch.Tensor, *, scale: Scale | None = None, digits: int = 4) -> dict[str, Any] | None:
    """The storage of a tensor as one row of cells; None if it is too long."""
    storage = torch.empty(0, dtype=tensor.dtype).set_(tensor.detach().cpu().untyped_storage())
    if not 0 < storage.numel() <= 64:
        return None
    row = panel("memory", storage, title=_("In memory"), role="memory-row", scale=scale, digits=digits)
    return row | {"facts": _("{count} values in one row").format(count=storage.numel())}


def strides(tensor: torch.Tensor) -> str:
    """A sentence on what the strides mean."""
    info = wb.describe(tensor)
    if not info.ndim:
        return ""
    steps = [
        _("dimension {dim}: {stride} further").format(dim=dim, stride=stride) for dim, stride in enumerate(info.stride)
    ]
    return _(
        "Strides {strides}: how many values further in memory one step along each dimension goes ({steps})."
    ).format(strides=str(info.stride), steps=", ".join(steps))


def text(value: float | bool, digits: int = 4) -> str:
    """A number as it stands in a cell."""
    if isinstance(value, bool | int):
        return str(value)
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size and (size >= 1e6 or size < 1e-4):
        return re.sub(r"e([+-])0", r"e\1", f"{value:.{max(2, digits - 2)}e}")
    while float(f"{value:.{digits}f}") == round(value) != value and digits < 12:
        digits += 1  # 0.99999 is not 1.0
    written = f"{value:.{digits}f}".rstrip("0")
    return written + "0" if written.endswith(".") else written


def _finite(tensor: torch.Tensor) -> torch.Tensor:
    numbers = tensor.detach().cpu().to(torch.float64).reshape(-1)
    finite = numbers.isfinite()
    return numbers if bool(finite.all()) else numbers[finite]  # the selection is what takes time


def shape_text(tensor: torch.Tensor) -> str:
    """The shape, in words where there is no dimension."""
    return str(tuple(tensor.shape)) if tensor.ndim else "() " + _("one number")


def _sides(shape: Sequence[int]) -> tuple[int, int]:
    return (1 if len(shape) < 2 else shape[-2], 1 if not shape else shape[-1])


def _slices(tensor: torch.Tensor) -> list[tuple[str, int, torch.Tensor]]:
    """The tables of a tensor: the name of each, the flat position of its first cell, and its numbers."""
    rows, columns = _sides(tensor.shape)
    lead = tensor.shape[:-2]
    tables = tensor.reshape(-1, rows, columns)
    return [(_label(number, lead), number * rows * columns, table) for number, table in enumerate(tables)]


def _label(number: int, lead: Sequence[int]) -> str:
    if not lead:
        return ""
    index: list[int] = []
    for size in reversed(lead):
        index.insert(0, number % size)
        number //= size
    return f"[{', '.join(map(str, index))}]"


def _shades(numbers: torch.Tensor, scale: Scale) -> torch.Tensor:
    """0 to 255 from the low to the high end of the scale; 128 if the scale is a single number, -1 if not finite."""
    values = numbers.to(torch.float64)
    length = scale.high - scale.low
    shades = torch.full_like(values, 128) if not length > 0 else ((values - scale.low) / length).clamp(0, 1) * 255
    return torch.where(values.isfinite(), shades, -1).round().to(torch.int64)


def _cells(table: torch.Tensor, label: str, first: int, scale: Scale, digits: int) -> dict[str, Any]:
    return {
        "label": label,
        "first": first,
        "rows": table.shape[0],
        "columns": table.shape[1],
        "texts": [text(value, digits) for value in table.reshape(-1).tolist()],
        "shades": _shades(table, scale).reshape(-1).tolist(),
    }


def _is_picture(tensor: torch.Tensor) -> bool:
    """Whether a tensor can be an RGB image: three channels, first or last, with numbers from 0 to 1."""
    colours = tensor.ndim == 3 and 3 in (tensor.shape[0], tensor.shape[2]) and sorted(tensor.shape)[1] >= 16
    if not colours or not tensor.is_floating_point():
        return False
    scale = scale_of(tensor)
    return scale.low >= 0 and scale.high <= 1


def _every(size: int) -> int:
    return max(1, math.ceil(size / MAX_PIXELS))


def _picture(tensor: torch.Tensor) -> dict[str, Any]:
    image = tensor.permute(1, 2, 0) if tensor.shape[0] == 3 else tensor  # (H, W, 3)
    step = _every(max(image.shape[:2]))
    pixels = (image[::step, ::step].nan_to_num() * 255).round().to(torch.uint8)
    return {
        "slices": [_packed(pixels, pixels.shape[0], pixels.shape[1], "")],
        "said": _(
            "A picture: {height} rows and {width} columns of pixels, each with a red, green and blue value."
        ).format(height=image.shape[0], width=image.shape[1])
        + (" " + _summary(tensor)),
    }


def _heat(tensor: torch.Tensor, scale: Scale) -> dict[str, Any]:
    tables = _slices(tensor)[:6]
    slices = []
    step = max(_every(tables[0][2].shape[0]), _every(tables[0][2].shape[1]))
    for label, _first, table in tables:
        part = table[:: _every(table.shape[0]), :: _every(table.shape[1])]
        shades = _shades(part, scale).clamp(min=0).to(torch.uint8)
        slices.append(_packed(shades, part.shape[0], part.shape[1], label))
    said = _summary(tensor)
    if step > 1:
        said += " " + _("Only 1 in {step} rows and columns is drawn.").format(step=step)
    count = math.prod(tensor.shape[:-2])
    if count > len(tables):
        said = _("The first {shown} of {count} tables.").format(shown=len(tables), count=f"{count:,}") + " " + said
    return {"slices": slices, "said": said}


def _packed(pixels: torch.Tensor, rows: int, columns: int, label: str) -> dict[str, Any]:
    packed = base64.b64encode(pixels.contiguous().numpy().tobytes()).decode("ascii")
    return {"label": label, "rows": rows, "columns": columns, "pixels": packed}


def _summary(tensor: torch.Tensor) -> str:
    finite = _finite(tensor)
    if not finite.numel():
        return _("None of its values are finite.")
    told = _("{count} values from {low} to {high}, {mean} on average.").format(
        count=f"{tensor.numel():,}",
        low=text(_same_kind(finite.min(), tensor)),
        high=text(_same_kind(finite.max(), tensor)),
        mean=text(float(finite.mean())),
    )
    odd = tensor.numel() - finite.numel()
    return told + (" " + _("{count} of them aren't finite.").format(count=f"{odd:,}") if odd else "")


def _same_kind(number: torch.Tensor, tensor: torch.Tensor) -> float | bool:
    """A float64 as the tensor's type has it: an int for integer types."""
    value: float | bool = number.to(tensor.dtype).item()
    return value
