"""Images as HTML."""

import base64
import io
from html import escape

import numpy as np
import torch
from PIL import Image

import wb_core as wb

from ...i18n import _
from ...widgets.table import table as html_table

RIGHT, WRONG = "✓", "✗"


def png(pixels: torch.Tensor) -> str:
    """An image (height, width) of uint8 as a data URL for an `img`."""
    file = io.BytesIO()
    Image.fromarray(pixels.numpy().astype(np.uint8)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def plain(pixels: torch.Tensor, title: str) -> str:
    """An image with a title below."""
    return (
        f'<figure class="wb-picture"><img src="{png(pixels)}" alt=""><figcaption>{escape(title)}</figcaption></figure>'
    )


def answered(
    pixels: torch.Tensor, place: int, predictions: wb.Predictions, names: tuple[str, ...], chosen: bool
) -> str:
    """A selectable image with its prediction and, if that is wrong, the true class."""
    predicted, true = names[int(predictions.predicted[place])], names[int(predictions.y[place])]
    right = bool(predictions.right[place])
    confidence = f"{float(predictions.confidence[place]):.0%}"
    label = f"{RIGHT} {predicted}" if right else f"{WRONG} {predicted}"
    truth = escape(_("actually: {name}").format(name=true))
    below = "" if right else f'<span class="wb-truth">{truth}</span>'
    return (
        f'<button type="button" class="wb-picture {"wb-right" if right else "wb-wrong"}" data-click="{place}" '
        f'aria-pressed="{str(chosen).lower()}"><img src="{png(pixels)}" alt="">'
        f'<span class="wb-said">{escape(label)} <small>{confidence}</small></span>{below}</button>'
    )


def maps(output: torch.Tensor) -> str:
    """Feature maps (channels, height, width) as one image each; the maximum of all is white."""
    low, high = output.min(), output.max()
    scaled = ((output - low) / (high - low).clamp_min(1e-12) * 255).to(torch.uint8)
    pictures = (f'<img src="{png(one)}" alt="" title="{number}">' for number, one in enumerate(scaled))
    return f'<div class="wb-maps">{"".join(pictures)}</div>'


def table(heads: list[str], rows: list[list[str]], *, css: str = "") -> str:
    """A small table of numbers."""
    return html_table(heads, rows, css=f"wb-table {css}")
