# ruff: noqa: E501
"""Tables as people have them, and hostile files, made here: `TABLES` and `hostile_files()`."""

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""
RELS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="xl/workbook.xml"/></Relationships>"""
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<styleSheet {MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>
</styleSheet>"""


class Raw(str):
    """The XML of a cell, with {ref} for its address."""


def letters(place):
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def cell(value, ref):
    if isinstance(value, Raw):
        return value.replace("{ref}", ref)
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""
    return f'<c r="{ref}"><v>{value!r}</v></c>'


def sheet_xml(rows, first=1, more=""):
    lines = (
        f'<row r="{number}">' + "".join(cell(v, f"{letters(i)}{number}") for i, v in enumerate(row)) + "</row>"
        for number, row in enumerate(rows, start=first)
    )
    return f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData>{more}</worksheet>"


def xlsx(sheets, *, extra=(), compression=zipfile.ZIP_DEFLATED):
    """A workbook: the rows, or the XML, of each sheet by its name; `extra` parts."""
    file = io.BytesIO()
    names = list(sheets)
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        listed = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(names, start=1))
        archive.writestr("xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>')
        links = "".join(
            f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(names) + 1)
        )
        links += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
        links += f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        archive.writestr("xl/_rels/workbook.xml.rels", f"{head}{links}</Relationships>")
        archive.writestr("xl/styles.xml", STYLES)
        for i, name in enumerate(names, start=1):
            content = sheets[name]
            archive.writestr(f"xl/worksheets/sheet{i}.xml", content if isinstance(content, str) else sheet_xml(content))
        for name, content in extra:
            archive.writestr(name, content)
    return file.getvalue()


FORMULA = Raw('<c r="{ref}"><f>A2*2</f><v>20</v></c>')
UNCOMPUTED = Raw('<c r="{ref}"><f>A3*2</f></c>')
DAY = Raw('<c r="{ref}" s="1"><v>45000</v></c>')
WRONG = Raw('<c r="{ref}" t="e"><v>#DIV/0!</v></c>')
ROWS = [["area", "price"], [10, 1.5], [20, 2.5], [30, 3]]
THREE = ((10, 1.5), (20, 2.5), (30, 3))
PLAIN = "area,price\n10,1.5\n20,2.5\n30,3\n"
KOREAN = "넓이,가격\n10,1.5\n20,2.5\n30,3\n"

# By title: the table, the names of its columns, the points in the first two with numbers, and what is left out:
# (row, what was given there, code).
TABLES = {
    "Excel paste": ("area\tprice\n10\t1.5\n20\t2.5\n30\t3\n", ("area", "price"), THREE, ()),
    "Excel paste, no header": ("10\t1.5\r\n20\t2.5\r\n30\t3\r\n", ("A", "B"), THREE, ()),
    "CSV": (PLAIN, ("area", "price"), THREE, ()),
    "CSV, bytes": (PLAIN.encode(), ("area", "price"), THREE, ()),
    "CSV, old Mac lines": (PLAIN.replace("\n", "\r").encode(), ("area", "price"), THREE, ()),
    "semicolons, decimal comma": ("area;price\n10;1,5\n20;2,5\n30;3,0\n", ("area", "price"), THREE, ()),
    "tabs, decimal comma": ("10\t1,5\n20\t2,5\n30\t3\n", ("A", "B"), THREE, ()),
    "spaces": ("10 1.5\n20 2.5\n30   3\n", ("A", "B"), THREE, ()),
    "spaces, decimal comma": ("10,0 1,5\n20,0 2,5\n30,0 3,0\n", ("A", "B"), THREE, ()),
    "bars": ("area|price\n10|1.5\n20|2.5\n30|3\n", ("area", "price"), THREE, ()),
    "comma and space": ("10, 1.5\n20, 2.5\n30, 3\n", ("A", "B"), THREE, ()),
    "thousands": ('x,y\n"1,200",1\n"2,500",2\n"1,000,000",3\n', ("x", "y"), ((1200, 1), (2500, 2), (1e6, 3)), ()),
    "thousands by points": ("x;y\n1.200,5;1\n2.500,25;2\n", ("x", "y"), ((1200.5, 1), (2500.25, 2)), ()),
    "a point alone, among decimal commas": ("x;y\n1.200;1,5\n2.500;2,5\n", ("x", "y"), ((1200, 1.5), (2500, 2.5)), ()),
    "three decimals": ("x,y\n1.200,1\n2.500,2\n", ("x", "y"), ((1.2, 1), (2.5, 2)), ()),
    "three decimals with a comma": ("x;y\n1,200;1\n2,500;2\n", ("x", "y"), ((1.2, 1), (2.5, 2)), ()),
    "thousands by spaces": ("x\ty\n1 200\t1\n2\u202f500,5\t2\n", ("x", "y"), ((1200, 1), (2500.5, 2)), ()),
    "thousands in Switzerland": ("x\ty\n1'200.5\t1\n2’500\t2\n", ("x", "y"), ((1200.5, 1), (2500, 2)), ()),
    "currency": ("x\ty\n$1,200\t1 €\n₩2,500\t-$2\n", ("x", "y"), ((1200, 1), (2500, -2)), ()),
    "quoted headers": ('"a, b","say ""y"""\n1,2\n3,4\n', ("a, b", 'say "y"'), ((1, 2), (3, 4)), ()),
    "header of two lines": ('"area\n(m²)",price\n10,1.5\n20,2.5\n30,3\n', ("area (m²)", "price"), THREE, ()),
    "blank lines": ("\n\nx,y\n\n1,2\n,\n3,4\n\n", ("x", "y"), ((1, 2), (3, 4)), ()),
    "full-width": ("ｘ\tｙ\n１２\t３．５\n－２\t４\n", ("ｘ", "ｙ"), ((12, 3.5), (-2, 4)), ()),
    "Arabic digits": ("x,y\n١٢,3\n٤,5\n", ("x", "y"), ((12, 3), (4, 5)), ()),
    "minus signs": ("x,y\n−1,2\n+3,-4\n", ("x", "y"), ((-1, 2), (3, -4)), ()),
    "exponents": ("x,y\n1e3,2E-2\n-1.5e+2,.5\n", ("x", "y"), ((1000, 0.02), (-150, 0.5)), ()),
    "UTF-8 with BOM": (KOREAN.encode("utf-8-sig"), ("넓이", "가격"), THREE, ()),
    "UTF-16": (KOREAN.encode("utf-16"), ("넓이", "가격"), THREE, ()),
    "UTF-16 without BOM": (PLAIN.encode("utf-16-le"), ("area", "price"), THREE, ()),
    "cp949": (KOREAN.encode("cp949"), ("넓이", "가격"), THREE, ()),
    "latin-1": ("Größe;Höhe\n10;1,5\n20;2,5\n30;3\n".encode("latin-1"), ("Größe", "Höhe"), THREE, ()),
    "gaps": ("x,y\n1,\n2,3\nNA,4\n5,6\n-,\n", ("x", "y"), ((2, 3), (5, 6)),
             ((2, "", "cell.empty"), (4, "", "cell.empty"), (6, "", "cell.empty"))),
    "units": ("x,y\n12.5 kg,1\n2,3\n4,50%\n5,6\n", ("x", "y"), ((2, 3), (5, 6)),
              ((2, "12.5 kg", "cell.unit"), (4, "50%", "cell.unit"))),
    "dates": ("x,y\n2024-01-05,1\n2,3\n4,5\n6,12:30\n31.12.2024,7\n", ("x", "y"), ((2, 3), (4, 5)),
              ((2, "2024-01-05", "cell.date"), (5, "12:30", "cell.date"), (6, "31.12.2024", "cell.date"))),
    "words": ("x,y\nabc,1\n2,3\n4,5\ntotal,8\n", ("x", "y"), ((2, 3), (4, 5)),
              ((2, "abc", "cell.not_a_number"), (5, "total", "cell.not_a_number"))),
    "too large": ("x,y\n1e16,1\n2,3\n4,5\n1e999,2\n", ("x", "y"), ((2, 3), (4, 5)),
                  ((2, "1e16", "cell.too_large"), (5, "1e999", "cell.too_large"))),
    "a title above, a column of names": ("Prices 2024\n\nname,x,y\nA,1,2\nB,3,4\n", ("name", "x", "y"), ((1, 2), (3, 4)), ()),
    "units below the names": ("area,price\n(m2),(won)\n10,1.5\n20,2.5\n30,3\n", ("area", "price"), THREE,
                              ((2, "(m2)", "cell.not_a_number"),)),
    "rows of other lengths": ("x,y\n1,2,9\n3\n4,5\n", ("x", "y", "C"), ((1, 2), (4, 5)), ((3, "", "cell.empty"),)),
    "an open quotation mark": ('x,y\n1,2\n3,4\n"5,6\n', ("x", "y"), ((1, 2), (3, 4)), ((4, '"5', "cell.unit"),)),
    "names twice": ("x,x,x\n1,2,3\n4,5,6\n", ("x", "x (2)", "x (3)"), ((1, 2), (4, 5)), ()),
    "columns of empty cells": ("x,,y,,\n1,,2,,\n3,,4,,\n", ("x", "y"), ((1, 2), (3, 4)), ()),
    "XLSX": (xlsx({"S": ROWS}), ("area", "price"), THREE, ()),
    "XLSX, below and beside": (xlsx({"S": sheet_xml([["", *row] for row in ROWS], first=5)}), ("area", "price"), THREE, ()),
    "XLSX with formulas": (xlsx({"S": [["x", "y"], [10, FORMULA], [3, UNCOMPUTED], [4, WRONG], [5, 6]]}), ("x", "y"),
                           ((10, 20), (5, 6)), ((3, "", "cell.empty"), (4, "", "cell.empty"))),
    "XLSX with a date and texts": (xlsx({"S": [["x", "y"], [DAY, 1], ["1,5", "2"], [3.5, 4]]}), ("x", "y"),
                                   ((1.5, 2), (3.5, 4)), ((2, "2023-03-15", "cell.date"),)),
    "XLSX with merged cells": (xlsx({"S": sheet_xml([["Prices", ""], ["area", "price"], *ROWS[1:]],
                                                    more='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')}),
                               ("area", "price"), THREE, ()),
    "XLSX with two sheets": (xlsx({"About": [["Some text"]], "Data": ROWS}), ("area", "price"), THREE, ()),
    "XLSX with Korean": (xlsx({"자료": [["넓이", "가격"], *ROWS[1:]]}), ("넓이", "가격"), THREE, ()),
    "100,000 rows": ("x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(100_000)), ("x", "y"), None, ()),
}  # fmt: skip

# Tables that make no points: the code, and the row and the column that the sentence names, if any.
UNUSABLE = {
    "empty": ("", "table.empty", None, None),
    "blank": (" \n\t\n", "table.empty", None, None),
    "one column": ("x\n1\n2\n", "table.one_column", None, "x"),
    "one column of decimals": ("1.5\n2.5\n", "table.one_column", None, "A"),
    "constant X": ("x,y\n5,1\n5,2\n5,3\n", "table.same_x", 2, "x"),
    "one row": ("x,y\n5,1\n", "table.too_few", None, "x"),
    "only words": ("a,b\nc,d\ne,f\n", "table.no_numbers", 2, "a"),
    "dates and numbers": ("day,y\n2024-01-05,1\n2024-01-06,2\n", "table.dates", 2, "day"),
    "numbers with units": ("area,price\n59.8 m²,1\n84.9 m²,2\n", "table.units", 2, "area"),
    "only numbers with units": ("면적,비율\n59.8㎡,12 %\n84.9㎡,14 %\n", "table.units", 2, "면적"),
    "numbers that are too large": ("year,x\n2020,1e30\n2021,2e30\n", "table.huge", 2, "x"),
    "numbers in different rows": ("x,y\n1,\n,2\n3,\n", "table.too_few", None, "x"),
    "XLSX without cells": (xlsx({"S": []}), "table.empty", None, None),
}


def zipped(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def patched(data, old, new):
    assert len(old) == len(new)
    assert old in data
    return data.replace(old, new)


def lying_size(data):
    """A workbook whose sheet says in both headers that it is one byte long."""
    at = data.index(b"xl/worksheets/sheet1.xml") - 30
    size = data[at + 22 : at + 26]
    return data.replace(size, struct.pack("<I", 1))


def bomb(inner):
    return xlsx({"S": inner})


def hostile_files():
    """By title, files that must be refused in one sentence."""
    workbook = xlsx({"S": ROWS})
    far = '<c r="{}"><v>1</v></c>'
    entities = '<!DOCTYPE z [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    yield "a billion columns", b"1" + b"," * 4_000_000
    yield "a billion columns, twice", (b"1" + b"," * 1_000_000 + b"1\n") * 2
    yield "wide and long", (b"1," * 150 + b"\n") * 9_000
    yield "only separators", b",\n" * 100_000
    yield "only quotation marks", b'"' * 1_000_000
    yield "open quotation mark over everything", b'"' + b"a" * 1_000_000
    yield "one cell of 4 MB", b"9" * 4_000_000
    yield "one cell of 4 MB of decimals", b"0." + b"9" * 4_000_000
    yield "a number of spaces", b"1 " * 2_000_000
    yield "half a million rows of nothing", b"a\n" * 500_000
    yield "too large", b"1,2\n" * 1_500_000
    yield "zeros", bytes(100_000)
    yield "control characters", b"1,2\n\x01\x02,3\n"
    yield "escape codes of a terminal", b"\x1b[31m1,2\n3,4\n"
    yield "a byte order mark alone", b"\xff\xfe"
    yield "half a character of UTF-16", "x,y\n1,2".encode("utf-16")[:-1]
    yield "UTF-32, broken", b"\xff\xfe\0\0\xff\xff\xff\xff"
    yield "a surrogate in UTF-16", b"\xff\xfe\x00\xd8\x01\x00"
    yield "formulas", b"=1+1,=2\n@SUM(A1),+cmd|' /C calc'!A0\n"
    yield "links", b'=HYPERLINK("http://x";"1"),=IMPORTXML("http://x","y")\n'
    yield "markup", b"<b>1</b>,<script>2</script>\n<img src=x onerror=1>,$\\frac{1}{0}$\n"
    yield "HTML", b"<!DOCTYPE html><table><tr><td>1</td></tr></table>"
    yield "XML", b"<?xml version='1.0'?><a/>"
    yield "XML with entities", (entities + "]><z>&i;</z>").encode()
    yield "JSON", b"[[1, 2], [3, 4]]"
    yield "RTF", b"{\\rtf1 1,2}"
    yield "PDF", b"%PDF-1.7\n1,2\n3,4"
    yield "PNG", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "JPEG", b"\xff\xd8\xff\xe0" + bytes(100)
    yield "gzip", b"\x1f\x8b\x08" + zlib.compress(b"1,2\n3,4")
    yield "7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)
    yield "pickle", b"\x80\x04cos\nsystem\n(S'touch /tmp/x'\ntR."
    yield "Parquet", b"PAR1" + bytes(100) + b"PAR1"
    yield "SQLite", b"SQLite format 3\0" + bytes(100)
    yield "program", b"\x7fELF" + bytes(100)
    yield "old Excel", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000)
    yield "an empty zip", zipped([])
    yield "a zip with other files", zipped([("a.txt", "1,2")])
    yield "a Word file", zipped([("[Content_Types].xml", TYPES), ("word/document.xml", "<a/>")])
    yield (
        "an OpenDocument table",
        zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")]),
    )
    yield "a binary workbook", zipped([("[Content_Types].xml", TYPES), ("xl/workbook.bin", "")])
    yield "a workbook without sheets", xlsx({})
    yield "a workbook without relations", zipped([("xl/workbook.xml", "<workbook/>")])
    yield "a workbook that is no XML", zipped([("[Content_Types].xml", TYPES), ("xl/workbook.xml", "\0\1\2")])
    yield "a cut workbook", workbook[: len(workbook) // 2]
    yield "a workbook without its end", workbook[:-30]
    yield "a workbook with a wrong CRC", patched(workbook, b"PK\x03\x04", b"PK\x03\x05")
    yield "a workbook with changed bytes", workbook[:400] + bytes(200) + workbook[600:]
    yield "a zip bomb of a sheet", bomb(sheet_xml([["x" * 100_000_000]]))
    yield "a zip bomb of rows", bomb(f"<worksheet {MAIN}><sheetData>" + "<row><c><v>1</v></c></row>" * 3_000_000)
    yield "a zip bomb of spaces", bomb(" " * 80_000_000)
    yield "a zip bomb beside the sheet", xlsx({"S": ROWS}, extra=[("xl/media/a.bin", bytes(100_000_000))])
    yield "a bomb that lies about its size", lying_size(bomb(sheet_xml([["x" * 50_000_000]])))
    yield (
        "a bomb of shared texts",
        xlsx(
            {"S": [[Raw('<c r="{ref}" t="s"><v>0</v></c>')] * 150] * 6_000},
            extra=[("xl/sharedStrings.xml", f"<sst {MAIN}><si><t>{'y' * 100_000}</t></si></sst>")],
        ),
    )
    yield "three thousand entries", xlsx({"S": ROWS}, extra=[(f"a{i}", "") for i in range(3_000)])
    yield (
        "a cell at the end of the sheet",
        bomb(
            f'<worksheet {MAIN}><sheetData><row r="1">{far.format("A1")}</row>'
            f'<row r="1048576">{far.format("XFD1048576")}</row></sheetData></worksheet>'
        ),
    )
    yield (
        "a cell far below",
        bomb(f"<worksheet {MAIN}><sheetData>{far.format('A1')}{far.format('GR900000')}</sheetData></worksheet>"),
    )
    yield (
        "a cell beyond the sheet",
        bomb(
            f'<worksheet {MAIN}><sheetData><row r="9">{far.format("ZZZZZZ99999999999")}</row></sheetData></worksheet>'
        ),
    )
    yield (
        "entities in a sheet",
        bomb(
            entities
            + f"]><worksheet {MAIN}><sheetData><row><c t='inlineStr'><is><t>&i;</t></is></c></row></sheetData></worksheet>"
        ),
    )
    yield (
        "an outer entity in a sheet",
        bomb(
            f'<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet {MAIN}><sheetData><row r="1">'
            f'<c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
        ),
    )
    yield "a sheet of nested elements", bomb("<a>" * 1_000_000)
    yield "a sheet that is no XML", bomb("\0\1\2")
    yield "a workbook in a workbook", zipped([("book.xlsx", workbook)])
