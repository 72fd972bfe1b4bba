"""HTML tables with escaped cells. Headers have a scope, so that screen readers announce them with each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape


class Markup(str):
    """HTML, which tables do not escape."""

    __slots__ = ()


@dataclass(frozen=True)
class Cell:
    """A cell with CSS classes; the header of its row if `header`."""

    content: str
    css: str = ""
    header: bool = False


@dataclass(frozen=True)
class Row:
    """A row with CSS classes; a plain string is a cell without classes."""

    cells: Sequence[str | Cell]
    css: str = ""


def table(
    heads: Sequence[str | Cell],
    rows: Sequence[Row | Sequence[str | Cell]],
    *,
    css: str = "",
    attributes: Mapping[str, str] | None = None,
    caption: str = "",
) -> str:
    """A table as HTML, with a header row if there are `heads`. Escapes texts except `Markup`."""
    title = f"<caption>{_escaped(caption)}</caption>" if caption else ""
    head = "".join(_cell(cell, scope="col") for cell in heads)
    body = "".join(_row(row if isinstance(row, Row) else Row(row)) for row in rows)
    return (
        f"<table{_attributes({'class': css, **(attributes or {})})}>{title}"
        f"{f'<thead><tr>{head}</tr></thead>' if heads else ''}<tbody>{body}</tbody></table>"
    )


def scrollable(html: str, *, css: str, label: str) -> str:
    """A region that scrolls sideways and is a tab stop, so that the keyboard can scroll it."""
    return f'<div class="{css}" role="region" tabindex="0" aria-label="{escape(label)}">{html}</div>'


def changed_mark(label: str) -> Markup:
    """The mark of a changed row, labelled for screen readers."""
    return Markup(f'<span role="img" aria-label="{escape(label)}">●</span> ')


def _row(row: Row) -> str:
    cells = "".join(_cell(cell) for cell in row.cells)
    return f"<tr{_attributes({'class': row.css})}>{cells}</tr>"


def _cell(cell: str | Cell, scope: str = "") -> str:
    cell = cell if isinstance(cell, Cell) else Cell(cell)
    scope = scope or ("row" if cell.header else "")
    tag = "th" if scope and cell.content else "td"  # a heading without words is none
    scope = scope if tag == "th" else ""
    return f"<{tag}{_attributes({'scope': scope, 'class': cell.css})}>{_escaped(cell.content)}</{tag}>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)


def _escaped(text: str) -> str:
    return text if isinstance(text, Markup) else escape(text)
