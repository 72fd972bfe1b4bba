"""The reasons to refuse a table or to leave out a row: a stable code and a sentence for each.

`given` and `column` are text of the file, printable and short: display them as plain text, never as Markdown.
"""

from typing import Any

from ..base.errors import DataError
from ..base.fields import N_

CELL_CODES: dict[str, str] = {
    "cell.empty": N_("Row {row}: {column} is empty."),
    "cell.not_a_number": N_("Row {row}: {given} in {column} isn't a number."),
    "cell.unit": N_("Row {row}: {given} in {column} is a number with something else. Leave only the number."),
    "cell.date": N_("Row {row}: {given} in {column} looks like a date or a time. Write it as a number, such as days."),
    "cell.too_large": N_("Row {row}: {given} in {column} is too large. Use a larger unit, such as thousands."),
}
"""The English sentence for each reason to leave out a row, a `str.format` template."""

TABLE_CODES: dict[str, str] = {
    "table.empty": N_("There's nothing in it. Paste or upload two columns of numbers."),
    "table.too_large": N_(
        "This has {size:,} bytes, and at most {limit:,} are allowed here: use fewer rows or columns."
    ),
    "table.not_a_table": N_("This isn't a table: use CSV, TSV, plain text or Excel (.xlsx)."),
    "table.other_format": N_("Files of this program can't be read here: save the table as CSV or Excel (.xlsx)."),
    "table.old_excel": N_("This is an old or protected Excel file: save it as .xlsx without a password."),
    "table.damaged": N_("The file is damaged: save it again and upload the new file."),
    "table.too_many_cells": N_("This table is too large: use at most {columns:,} columns and {cells:,} cells."),
    "table.memory_limit": N_("Opening this table takes more memory than allowed here: use fewer rows or columns."),
    "table.time_limit": N_("Opening this table takes more time than allowed here: use fewer rows or columns."),
    "table.crashed": N_("This table can't be opened: save it as CSV and upload that."),
    "table.busy": N_("Too many files are being checked right now: try again in a moment."),
    # columns that make no points
    "table.no_numbers": N_("There are no numbers in {column}: row {row} has {given}."),
    "table.units": N_(
        "The numbers in {column} have something else beside them: row {row} has {given}. Leave only the numbers."
    ),
    "table.dates": N_(
        "{column} has dates or times: row {row} has {given}. Write them as numbers, such as days or years."
    ),
    "table.huge": N_(
        "The numbers in {column} are too large: row {row} has {given}. Use a larger unit, such as millions."
    ),
    "table.one_column": N_("There's only one column of numbers ({column}), and points need two: one for X, one for y."),
    "table.no_sheet": N_("There's no sheet {sheet} with numbers."),
    "table.no_column": N_("There's no column {column}."),
    "table.too_few": N_("Rows with a number in both columns: {count}. At least two are needed."),
    "table.spot_columns": N_(
        "Points with classes need three columns: two of numbers, and one that says the class. This table has too few."
    ),
    "table.too_few_spots": N_("Rows with two numbers and a class: {count}. At least {least} are needed."),
    "table.one_class": N_(
        "Every row has the same class ({given} in {column}), so there's nothing to tell apart. Choose another column "
        "for the class."
    ),
    "table.many_classes": N_(
        "{column} has more than {most} different classes: row {row} has {given}. Choose a column with 2 to {most}."
    ),
    "table.same_x": N_("Every X is the same ({given}), so no line can be learned. Choose another column for X."),
}
"""The English sentence for each code, a `str.format` template for the error's `values`."""

FROM_CHILD = {code for code, sentence in TABLE_CODES.items() if "{" not in sentence} - {"table.spot_columns"} | {
    "table.too_many_cells",
    "table.no_numbers",
}
"""The codes with which a child may refuse a file."""

MAX_COLUMNS = 200
MAX_CELLS = 1_000_000


def refusal(code: str, **values: Any) -> DataError:
    """The error with this code and values."""
    if code == "table.too_many_cells":
        values = {"columns": MAX_COLUMNS, "cells": MAX_CELLS}
    return DataError(code, TABLE_CODES[code].format(**values), **values)
