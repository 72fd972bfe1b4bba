"""Tables as people have them become the right points; hostile ones are refused in one sentence."""

import math
import resource
import time
from pathlib import Path

import numpy as np
import pytest

import wb_core as wb
from tests.core.table_corpus import PLAIN, TABLES, THREE, UNUSABLE, hostile_files, xlsx
from wb_core.base import wire
from wb_core.tables import protocol
from wb_core.tables.codes import refusal
from wb_core.tables.opener import open_table
from wb_core.tables.table import SANDBOX

HOSTILE = dict(hostile_files())


def refused(data):
    with pytest.raises(wb.DataError) as caught:
        wb.read_table(data).points()
    error = caught.value
    assert error.message == str(error) == wb.TABLE_CODES[error.code].format(**error.values)
    assert "\n" not in error.message
    assert len(error.message) < 250
    return error


@pytest.mark.parametrize("title", TABLES)
def test_a_table_gives_the_right_points(title):
    data, columns, values, left_out = TABLES[title]
    table = wb.read_table(data)
    points = table.points()
    assert table.columns == columns
    assert tuple((one.row, one.given, one.code) for one in points.left_out) == left_out
    if values is not None:
        assert points.values == values
    assert points.good + len(points.left_out) == points.read
    assert all(one.sentence.startswith(f"Row {one.row}: ") for one in points.left_out)
    assert all(math.isfinite(number) for point in points.values for number in point)


@pytest.mark.parametrize("title", UNUSABLE)
def test_what_makes_no_points_is_named_with_its_row_and_column(title):
    data, code, row, column = UNUSABLE[title]
    error = refused(data)
    assert (error.code, error.values.get("row"), error.values.get("column")) == (code, row, column)


def test_columns_are_chosen_by_name():
    table = wb.read_table("name,x,y\nA,1,2\nB,3,4\n")
    assert table.numeric == ("x", "y")
    assert table.points(x="y", y="x").values == ((2.0, 1.0), (4.0, 3.0))
    assert table.points(y="x").values == ((2.0, 1.0), (4.0, 3.0))
    with pytest.raises(wb.DataError, match="There's no column z") as caught:
        table.points(x="z")
    assert caught.value.code == "table.no_column"
    with pytest.raises(wb.DataError) as caught:
        table.points(x="name")
    assert (caught.value.code, caught.value.values["row"], caught.value.values["given"]) == ("table.no_numbers", 2, "A")


# By title: the table, the columns of a point, the classes in their order, the points, and the rows left out.
WITH_CLASSES = {
    "classes in words": (
        "x1,x2,class\n1,2,red\n3,4,blue\n5,6,red\n7,8,blue\n",
        ("x1", "x2", "class"), ("blue", "red"), ((1, 2, 1), (3, 4, 0), (5, 6, 1), (7, 8, 0)), (),
    ),
    "numbers in several ways": (
        "x1;x2;y\n1,5;2;10\n3,5;4;9\n5;6;10,0\n7;8;９\n",
        ("x1", "x2", "y"), ("9", "10"), ((1.5, 2, 1), (3.5, 4, 0), (5, 6, 1), (7, 8, 0)), (),
    ),
    "signs, no header, spaces": (
        "1 2 +\n3 4 -\n5 6 +\n7 8 -\n",
        ("A", "B", "C"), ("+", "-"), ((1, 2, 0), (3, 4, 1), (5, 6, 0), (7, 8, 1)), (),
    ),
    "the class first": (
        "species\tlength\twidth\nB\t1\t1\nA\t2\t1\nB\t3\t2\nA\t4\t2\nC\t5\t1\n",
        ("length", "width", "species"), ("A", "B", "C"), ((1, 1, 1), (2, 1, 0), (3, 2, 1), (4, 2, 0), (5, 1, 2)), (),
    ),
    "rows left out": (
        "x1,x2,class\n1,2,a\n3,4,\n5,6,b\n7,8 kg,c\nx1,x2,class\n9,9,a\n10,1,NaN\n1,1,b\n",
        ("x1", "x2", "class"), ("a", "b"), ((1, 2, 0), (5, 6, 1), (9, 9, 0), (1, 1, 1)),
        ((3, "class"), (5, "x2"), (6, "x1"), (8, "class")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", WITH_CLASSES)
def test_a_table_gives_the_right_points_with_classes(title):
    data, columns, classes, values, left_out = WITH_CLASSES[title]
    points = wb.read_table(data).spots()
    assert (points.x, points.y, points.label) == columns
    assert points.classes == classes
    assert points.values == values
    assert tuple((one.row, one.column) for one in points.left_out) == left_out
    assert wb.PointsConfig(data="own", own=points.values).own == values


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        ("x1,x2\n1,2\n3,4\n5,6\n7,8\n", "table.spot_columns", None),
        ("x1,name,class\n1,d,a\n3,e,b\n5,f,a\n7,g,b\n", "table.one_column", None),
        ("x1,x2,class\n1,2,a\n3,4,b\n", "table.too_few_spots", None),
        ("x1,x2,class\n" + "1,2,a\n" * 6, "table.one_class", 2),
        ("x1,x2,class\n" + "".join(f"{n % 3},{n % 2},a\n" for n in range(9)), "table.one_class", 2),
        ("x1,x2,colour\n" + "".join(f"{n % 3},{n % 2},red\n" for n in range(9)), "table.one_class", 2),
        ("x1,x2,class\n" + "".join(f"{n},1,k{n % 5}\n" for n in range(20)), "table.many_classes", 6),
        ("x1,x2,class\n" + "".join(f"{n},1,k{n}\n" for n in range(20)), "table.many_classes", 6),
    ],
)
def test_a_table_without_two_to_four_classes_is_refused(data, code, row):
    with pytest.raises(wb.DataError) as caught:
        wb.read_table(data).spots()
    assert (caught.value.code, caught.value.values.get("row")) == (code, row)
    assert caught.value.message == wb.TABLE_CODES[code].format(**caught.value.values)


def test_a_sample_of_many_rows_has_every_class():
    table = wb.read_table("x1,x2,class\n" + "".join(f"{n},1,{'rare' if n == 7 else 'usual'}\n" for n in range(20_000)))
    points = table.spots()
    assert len(points.values) == 10_000
    assert points.classes == ("rare", "usual")
    assert [x1 for x1, _, label in points.values if label == 0] == [7]
    assert points == table.spots()


def test_the_sheet_with_numbers_is_named():
    assert wb.read_table(TABLES["XLSX with two sheets"][0]).sheet == "Data"
    assert wb.read_table(PLAIN).sheet == ""


def test_a_sheet_is_chosen_by_its_name():
    data = xlsx({"About": [["Some text"]], "Old": [["a", "b"], [1, 2], [3, 4]], "New": [["a", "b"], [5, 6], [7, 8]]})
    assert (wb.read_table(data).sheet, wb.read_table(data).sheets) == ("Old", ("Old", "New"))
    assert wb.read_table(data, sheet="New").points().values == ((5.0, 6.0), (7.0, 8.0))
    for name in ("About", "x" * 300, "<b>"):
        with pytest.raises(wb.DataError, match="There's no sheet") as caught:
            wb.read_table(data, sheet=name)
        assert caught.value.code == "table.no_sheet"


def test_of_many_rows_a_seeded_sample_is_taken_and_said():
    table = wb.read_table(TABLES["100,000 rows"][0])
    points = table.points()
    assert (points.read, points.good, len(points.values), points.sampled) == (100_000, 100_000, 10_000, True)
    assert list(points.values) == sorted(points.values)
    assert all(y == 2 * x for x, y in points.values)
    assert points == table.points()
    assert points.values != table.points(seed=1).values
    few = wb.read_table(PLAIN).points()
    assert not few.sampled


def test_text_of_the_file_is_cut_and_printable():
    points = wb.read_table(f"{'n' * 90},y\n1,2\n3,4\n5,{'a' * 90}\n7,a\u0085b\u202ec\n").points()
    assert points.x == "n" * 39 + "…"
    assert [one.given for one in points.left_out] == ["a" * 39 + "…", "a b c"]


def test_a_list_of_rows_left_out_ends():
    points = wb.read_table("x,y\n" + "1,2\n3,4\n" + "a,b\n" * 5_000).points()
    assert (len(points.left_out), points.read - points.good) == (1_000, 5_000)


def test_ten_thousand_pasted_rows_are_read_at_once():
    text = "x\ty\n" + "".join(f"{i}\t{i / 8}\n" for i in range(10_000))
    wb.read_table(text)
    began = time.perf_counter()
    assert len(wb.read_table(text).points().values) == 10_000
    assert time.perf_counter() - began < 1.0


def test_other_types_are_a_mistake_of_the_caller():
    with pytest.raises(TypeError):
        wb.read_table(5)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_file_is_refused_in_time(title):
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    refused(HOSTILE[title])
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 100_000


def test_after_hostile_files_a_good_one_is_read():
    for title in ("a zip bomb of a sheet", "a cell at the end of the sheet", "one cell of 4 MB"):
        refused(HOSTILE[title])
    assert wb.read_table(PLAIN).points().values == THREE


def test_the_child_has_few_means():
    assert open_table(xlsx({"S": [["a", "b"], [1, 2]]})).names == ("a", "b")
    wb.read_table(PLAIN)
    maps = Path(f"/proc/{SANDBOX.worker._process.pid}/maps").read_text()
    assert "calamine" in maps
    assert "torch" not in maps


class TestAnswers:
    """A child that a malicious file controls may send anything."""

    CONTENT = open_table(PLAIN.encode())

    def test_what_is_packed_is_unpacked(self):
        content = protocol.unpack(protocol.pack(self.CONTENT))
        assert content.names == self.CONTENT.names
        assert np.array_equal(content.values, self.CONTENT.values)

    @pytest.mark.parametrize(
        "change",
        [
            {"names": ["area"]},
            {"names": ["area", "area"]},
            {"names": ["area", "a\nb"]},
            {"names": ["area", "x" * 100]},
            {"names": 5},
            {"sheet": "\n"},
            {"sheet": "Data"},
            {"sheets": ["Data"]},
            {"sheet": "Data", "sheets": ["Data", "\n"]},
            {"sheet": "Data", "sheets": ["Data"] * 30},
            {"given": [[0, 9, "x"]]},
            {"given": [[5, 0, "x"]]},
            {"given": [[0, 0, "<b>\n"]]},
            {"given": [[0, 0]]},
            {"given": [[0, 0, "x"]] * 3_000},
            {"rows": np.array([1, 1, 2])},
            {"rows": np.array([1.0, 2.0, 3.0])},
            {"values": np.full((2, 3), np.nan)},
            {"values": np.full((2, 3), np.inf)},
            {"values": np.full((2, 3), 1e16)},
            {"codes": np.full((2, 3), 9, np.uint8)},
            {"codes": np.zeros((2, 3))},
            {"kinds": [["a"]]},
            {"kinds": [[], ["x" * 100]]},
            {"kinds": [[], ["x"] * 7]},
            {"labels": np.full((2, 3), 6, np.uint8)},
            {"labels": np.zeros((2, 2), np.uint8)},
            {"labels": np.zeros((2, 3))},
            {"more": 1},
            {"refused": "table.unheard_of", "values": {}},
            {"refused": "table.too_large", "values": {}},
            {"refused": "table.no_numbers", "values": {"row": 1, "column": "a\n", "given": "b"}},
            {"refused": "table.no_numbers", "values": {"row": 1}},
            {"refused": "table.empty", "values": 5},
        ],
    )
    def test_what_no_child_gives_is_a_crash(self, change):
        fields = {"names": self.CONTENT.names, "given": [], "kinds": self.CONTENT.kinds, "sheet": "", "sheets": []}
        arrays = {name: getattr(self.CONTENT, name) for name in protocol.ARRAYS}
        for name, value in change.items():
            (arrays if isinstance(value, np.ndarray) else fields)[name] = value
        with pytest.raises(wb.DataError) as caught:
            protocol.unpack(wire.pack(fields, arrays))
        assert caught.value.code == "table.crashed"

    def test_a_refusal_is_passed_on(self):
        with pytest.raises(wb.DataError, match="isn't a table"):
            protocol.unpack(protocol.pack_refusal(refusal("table.not_a_table")))
