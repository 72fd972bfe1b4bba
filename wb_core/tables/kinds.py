"""From cells to kinds: which of a few different texts each cell of a column has. Runs only in the child."""

from collections.abc import Sequence

from .numbers import MISSING, plain, read

MAX_KINDS = 6
"""More different texts of a column have no names."""

NO_KIND = MISSING - {"-", "–", "—", "--", ".", "..", "?", "none", "없음"}
"""What is no class either. A minus, for example, is one beside a plus."""


def read_kinds(cells: Sequence[object], sign: str) -> tuple[list[object], list[int]]:
    """The different contents of a column, in their order, and which one each cell has.

    That is 1 for the first one, 0 for an empty cell, and `MAX_KINDS + 1` for all cells from the first one on that has
    one too many. `sign` separates decimals.
    """
    kinds: dict[str, int] = {}
    known: dict[object, int] = {}
    first: list[object] = []
    labels: list[int] = []
    for at, cell in enumerate(cells):
        if cell not in known:
            text = _text(cell, sign)
            if text and text not in kinds:
                if len(kinds) == MAX_KINDS:
                    return first, labels + [MAX_KINDS + 1] * (len(cells) - at)
                kinds[text] = len(kinds) + 1
                first.append(text)
            known[cell] = kinds.get(text, 0)
        labels.append(known[cell])
    return first, labels


def _text(cell: object, sign: str) -> str:
    """What a cell says, the same for every way to write a number."""
    value, code = read(cell, sign)
    if code == 0:
        return f"{value:.10g}"
    text = plain(str(cell)[:1000])
    return "" if text.casefold() in NO_KIND else text
