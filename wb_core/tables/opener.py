"""Opens tables in the child of a sandbox."""

import io
from dataclasses import replace

import pandas as pd

from ..base.errors import DataError
from .codes import refusal
from .encoding import decode
from .layout import content_of, shown
from .protocol import Content, pack, pack_refusal, question, read_question
from .sheet import sheets_of
from .text import rows_of

EXTRA_BYTES = 100_000_000
"""A table may take this much memory on top of what the worker uses already."""


def prepare() -> None:
    """Read a small table, so that all lazy imports are done before the first one."""
    pd.read_csv(io.StringIO("1,2\n"), header=None, dtype=str)
    answer(question("넓이;값\n1;2\n".encode("cp949"), ""))


def answer(data: bytes) -> bytes:
    """The columns of the table that a question asks for, or why it is refused."""
    try:
        return pack(open_table(*read_question(data)))
    except DataError as refused:
        return pack_refusal(refused)
    except (MemoryError, SystemError):
        return pack_refusal(refusal("table.memory_limit"))
    except Exception:  # noqa: BLE001  # the readers raise many types for unreadable files
        return pack_refusal(refusal("table.damaged"))


def open_table(data: bytes, sheet: str = "") -> Content:
    """The columns of a table: of a text, or of this sheet or else the first with numbers in two columns."""
    if not data.startswith(b"PK\x03\x04"):
        text = decode(data)
        if not text.strip():
            raise refusal("table.empty")
        return content_of(*rows_of(text))
    sheets = sheets_of(data)
    if not sheets:
        raise refusal("table.empty")
    found = [content_of(rows, "", shown(name)) for name, rows in sheets]
    best = max(min(2, _columns_with_numbers(one)) for one in found)
    usable = {one.sheet: one for one in found if _columns_with_numbers(one) >= best}
    chosen = usable.get(sheet) or next(iter(usable.values()))
    return replace(chosen, sheets=tuple(usable))


def _columns_with_numbers(content: Content) -> int:
    return int((content.codes == 0).any(axis=1).sum())
