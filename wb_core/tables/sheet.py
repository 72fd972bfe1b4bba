"""From an Excel file to rows of cells. Runs only in the child, where a hostile file can do no harm."""

import datetime
import io
import re
import zipfile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, XmlError, ZipError

from .codes import MAX_CELLS, MAX_COLUMNS, refusal
from .protocol import MAX_SHEETS
from .text import Row

MAX_ENTRIES = 2_000
MAX_UNPACKED = 60_000_000


def check_archive(data: bytes) -> None:
    """Raise `DataError` unless a zip is a workbook that does not grow beyond measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise refusal("table.damaged") from None
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        other = re.search(r"xl/workbook\.bin|content\.xml|Index/|\.numbers", "\n".join(names[:MAX_ENTRIES]))
        raise refusal("table.other_format" if other else "table.not_a_table")
    if len(names) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise refusal("table.memory_limit")
    if len(set(names)) < len(names) or any(entry.flag_bits & 1 for entry in entries):
        raise refusal("table.damaged")


def sheets_of(data: bytes) -> list[tuple[str, list[Row]]]:
    """The name and the rows of each visible sheet that has cells, up to the first few."""
    check_archive(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        plain = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        return [(name, rows) for name in plain[:MAX_SHEETS] if (rows := _rows(book, name))]
    except PasswordError:
        raise refusal("table.old_excel") from None
    except (CalamineError, XmlError, ZipError):
        raise refusal("table.damaged") from None


def _rows(book: CalamineWorkbook, name: str) -> list[Row]:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return []
    if sheet.width > MAX_COLUMNS or sheet.width * sheet.height > MAX_CELLS:
        raise refusal("table.too_many_cells")
    first = sheet.start[0] + 1
    return [(first + place, list(map(_cell, cells))) for place, cells in enumerate(sheet.to_python())]


def _cell(value: object) -> object:
    """A number or a text."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    if isinstance(value, datetime.timedelta):
        return f"{value.total_seconds() / 3600:.0f}:00"
    return value if isinstance(value, int | float) else str(value)
