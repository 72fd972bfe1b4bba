"""The legend of a sweep's figure: the signs in it, and how many runs have each."""

from collections.abc import Iterator
from html import escape

import numpy as np
import pandas as pd

from ..figures import palette
from ..figures.sweep import INCOMPLETE, OUTLINE, Grid, shows_numbers
from ..i18n import _
from ..widgets.markup import image


def legend(grid: Grid, outcomes: pd.Series, *, limit: bool) -> str:
    """The signs of this figure as an HTML list; `limit` says whether it has the limit of the learning rate."""
    items = "".join(f"<li>{sign}<span>{escape(text)}</span></li>" for sign, text in _signs(grid, outcomes, limit))
    label = escape(_("Signs in the chart"))
    return f'<ul class="wb-signs" aria-label="{label}">{items}</ul>'


def _signs(grid: Grid, outcomes: pd.Series, limit: bool) -> Iterator[tuple[str, str]]:
    on_map = len(grid.axes) == 2
    if grid.best is not None:
        yield _drawn(_BEST), _("best")
        yield _drawn((_FRAME if shows_numbers(grid) else _SPOT) if on_map else _DOT), _("run shown")
    if not on_map and (grid.low != grid.high)[np.isfinite(grid.value)].any():
        yield _drawn(_MIDDLE), _("the middle seed")
        yield _drawn(_BAND), _("from the lowest seed to the highest")
    bounced = _BOUNCED if on_map else f'<path d="M8 2l5 6-5 6-5-6z" fill="{palette.TEST}"/>'
    signs = {
        "bouncing": bounced,
        "exploding": _stroke("M3 3l10 10M13 3l-10 10"),
        "failed": _stroke("M8 2.5l6 11h-12z"),
    }
    for name, text in _counted(outcomes):
        yield _drawn(signs[name]), text
    if on_map and (missing := int(outcomes.isin(INCOMPLETE).sum())):
        yield _drawn(_stroke("M2 2h12v12h-12z", 1)), _("not trained yet: {count}").format(count=f"{missing:,}")
    if limit:
        dashed = f'<path d="M0 8h16" stroke="{palette.WARNING}" stroke-width="2.5" stroke-dasharray="4 2"/>'
        yield _drawn(dashed), _("the limit 2 / λmax: above it, MSE's steps grow each time")


def counted(outcomes: pd.Series) -> list[str]:
    """How many runs went wrong and how, a sentence each."""
    return [f"{text[0].upper()}{text[1:]}." for _name, text in _counted(outcomes)]


def _counted(outcomes: pd.Series) -> Iterator[tuple[str, str]]:
    """The outcomes that there are among these, with what each means and its number of runs."""
    texts = {
        "bouncing": _("bouncing (the loss goes up and down): {count}"),
        "exploding": _("exploded (the loss grew and grew): {count}"),
        "failed": _("failed: {count}"),
    }
    for name, text in texts.items():
        if count := int((outcomes == name).sum()):
            yield name, text.format(count=f"{count:,}")


def _drawn(inner: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">{inner}</svg>'
    return image(svg, 'alt="" width="16" height="16"')


def _stroke(path: str, width: float = 1.5) -> str:
    return f'<path d="{path}" fill="none" stroke="{palette.NEUTRAL}" stroke-width="{width}"/>'


_BEST = f'<circle cx="8" cy="8" r="6" fill="none" stroke="{palette.PREDICTION}" stroke-width="2.5"/>'
_FRAME = f'<path d="M3 3h10v10h-10z" fill="none" stroke="{palette.PATH}" stroke-width="2.5"/>'
_SPOT = '<path d="M4 4h8v8h-8z" fill="#fff" stroke="#111" stroke-width="1.5"/>'
_DOT = f'<circle cx="8" cy="8" r="6" fill="{palette.PATH}"/>'
_MIDDLE = f'<path d="M0 7h16v2h-16zM4 8a4 4 0 0 1 8 0a4 4 0 0 1 -8 0z" fill="{palette.TEST}"/>'
_BAND = f'<path d="M0 2h16v12h-16z" fill="{palette.TEST}" fill-opacity="0.25"/>'
_BOUNCED = '<path d="M0 0h16v16h-16z" fill="#35b779"/>' + "".join(
    f'<path d="M3 3h10v10h-10z" fill="none" stroke="{color}" stroke-width="{width}"/>' for color, width in OUTLINE
)
"""Cells of the map, with the line around them."""
