"""Test pictures, and below each what every model said of it."""

from collections.abc import Sequence
from html import escape

import wb_core as wb
from wb_core.kinds.images.data import CLASSES

from ..i18n import _
from ..labs.images import pixels
from . import swatch
from .tray import Entry


def html(entries: Sequence[Entry], side: wb.SideBySide, pictures: wb.Pictures, places: Sequence[int]) -> str:
    """The pictures at these places, in this order, below which curve is whose."""
    names = "".join(f"<li>{swatch.html(entry.look)}<span>{escape(entry.run.name)}</span></li>" for entry in entries)
    cards = "".join(_picture(entries, side, pictures, place) for place in places)
    return f'<ul class="wb-legend">{names}</ul><div class="wb-side">{cards}</div>'


def _picture(entries: Sequence[Entry], side: wb.SideBySide, pictures: wb.Pictures, place: int) -> str:
    truth = CLASSES[int(side.y[place])]
    alt = _("Test picture {number}: {name}").format(number=f"{place:,}", name=truth)
    said = zip(
        entries,
        side.predicted[:, place].tolist(),
        side.confidence[:, place].tolist(),
        side.right[:, place].tolist(),
        strict=True,
    )
    lines = "".join(_line(entry, CLASSES[number], sure, right=right) for entry, number, sure, right in said)
    return (
        f'<figure><figcaption><img src="{pixels.png(pictures.pixels[place])}" alt="{escape(alt)}">'
        f"<b>{escape(truth)}</b></figcaption><ul>{lines}</ul></figure>"
    )


def _line(entry: Entry, said: str, sure: int, *, right: bool) -> str:
    sign, kind = (pixels.RIGHT, "wb-right") if right else (pixels.WRONG, "wb-wrong")
    return (
        f'<li class="{kind}">{swatch.html(entry.look, entry.run.name)}<span>{sign} {escape(said)}</span>'
        f"<small>{sure} %</small></li>"
    )
