"""Reads tables that visitors bring along, pasted or as a file: which are untrusted input.

table.py     read_table: a table of numbers, and points from its columns
points.py    the points that it gives, and the rows that it leaves out
opener.py    opens a file in the child of a sandbox (wb_core/sandbox)
encoding.py  from bytes to text
text.py      from text to rows: separators, quotes
sheet.py     from an Excel file to rows
layout.py    from rows to columns: titles, the header, blank lines
kinds.py     from cells to the few different contents of a column, which may be classes
numbers.py   from cells to numbers: decimal comma, thousands, full-width digits
protocol.py  the child's answer as plain bytes, checked on arrival
codes.py     the reasons to refuse a file or to leave out a row, with their sentences
"""
