"""How many pictures of each class each model gets right: a row for each class, a column for each run."""

from collections.abc import Sequence
from html import escape

import wb_core as wb
from wb_core.kinds.images.data import CLASSES

from ..figures.compare import LOOKS
from ..i18n import _
from . import swatch
from .tray import Entry


def html(entries: Sequence[Entry], side: wb.SideBySide) -> str:
    """The table, with a bar below each number; what a model knows least is marked."""
    heads = "".join(
        f'<th scope="col"><span>{swatch.html(entry.look)}<span>{escape(entry.run.name)}</span></span></th>'
        for entry in entries
    )
    digits = 0 if int(side.counts.max()) <= 100 else 1
    rates = side.class_accuracy.tolist()
    rows = []
    for number, name in enumerate(CLASSES):
        cells = [
            _cell(rates[place][number], digits, LOOKS[entry.look][0], weakest=number in side.weakest[place])
            for place, entry in enumerate(entries)
        ]
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>')
    label, corner = escape(_("Right predictions per class")), escape(_("Class"))
    return (
        f'<div class="wb-classes" role="region" tabindex="0" aria-label="{label}"><table style="--runs:{len(entries)}">'
        f'<thead><tr><th scope="col">{corner}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(rate: float, digits: int, color: str, *, weakest: bool) -> str:
    word = escape(_("the weakest"))
    mark = f'<span role="img" aria-label="{word}" title="{word}">▼</span> ' if weakest else ""
    bar = f'<i style="--part:{rate / 100:.3f};--run:{color}"></i>'
    return f"<td{' class=wb-weakest' if weakest else ''}>{mark}{rate:.{digits}f} %{bar}</td>"
