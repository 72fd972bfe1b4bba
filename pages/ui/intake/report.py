"""What was read from a table: its first rows, how many points there are, and which rows were left out and why."""

from collections.abc import Sequence
from html import escape

import streamlit as st

import wb_core as wb
from wb_core.base.points import MAX_POINTS

from ..i18n import _
from ..sentences import explain_row
from ..widgets.table import Cell, scrollable, table
from .shape import Shape

ROWS, COLUMNS = 4, 8
"""How much of a table the preview shows."""

REASONS, MORE_REASONS = 3, 50
"""How many rows that were left out are listed at once, and on demand."""


def preview(read: wb.DataTable, shape: Shape, chosen: Sequence[str]) -> None:
    """Draw the first rows, with the chosen columns first and marked."""
    names = [*dict.fromkeys(chosen), *(name for name in read.columns if name not in chosen)][:COLUMNS]
    places = [read.columns.index(name) for name in names]
    uses = {name: [use for use, one in zip(shape.columns, chosen, strict=False) if one == name] for name in chosen}
    signs = {name: ", ".join(found) + " · " for name, found in uses.items()}
    css = dict.fromkeys(chosen, "wb-chosen")
    heads = [Cell(_("Row")), *(Cell(signs.get(name, "") + name, css.get(name, "")) for name in names)]
    rows = [
        [str(number), *(Cell(cells[at], css.get(name, "")) for at, name in zip(places, names, strict=True))]
        for number, cells in read.head(ROWS)
    ]
    st.html(scrollable(table(heads, rows, css="wb-preview"), css="wb-preview-box", label=_("The first rows")))


def counts(points: wb.Points) -> None:
    """Say how many rows were read and how many points they are, and list the rows that were left out."""
    out = points.read - points.good
    texts = [_("{rows} rows read, {points} points.").format(rows=f"{points.read:,}", points=f"{points.good:,}")]
    if points.sampled:
        texts.append(
            _("That's more than a run here can have: it gets {most} of them, chosen at random.").format(
                most=f"{MAX_POINTS:,}"
            )
        )
    if out:
        texts.append(_("Rows left out: {count}").format(count=f"{out:,}"))
    st.markdown(" ".join(texts))
    if out:
        _reasons(points.left_out[:REASONS])
        rest = points.left_out[REASONS:MORE_REASONS]
        if rest:
            with st.expander(_("Other rows left out"), type="compact"):
                _reasons(rest)
                if out > REASONS + len(rest):
                    st.caption(_("And {count} more.").format(count=f"{out - REASONS - len(rest):,}"))


def _reasons(rows: tuple[wb.LeftOut, ...]) -> None:
    st.markdown("\n".join(f"- {explain_row(row)}" for row in rows))


def example(one: wb.Example, shape: Shape) -> None:
    """Draw what an example is, with its source and its licence."""
    title = escape(_(one.title))
    texts = (
        _(one.remark),
        _(shape.one_example).format(count=len(one.points), x=_(one.x), y=_(one.y)),
        *([_("Classes: {names}").format(names=", ".join(one.classes))] if one.classes else []),
        _("Source: {source}").format(source=one.source),
        _("License: {license}").format(license=one.licence),
    )
    st.html(f"<p><strong>{title}</strong></p>" + "".join(f"<p>{escape(text)}</p>" for text in texts))
