"""Points of a visitor's own: each way to bring them, what is refused, and what travels."""

import base64
import json
import math
import zlib

import pytest

import wb_core as wb
from pages.ui.labs.line import fit
from pages.ui.labs.line.panels import log
from pages.ui.session import browser_storage, own_points
from tests.core.table_corpus import TABLES, UNUSABLE, hostile_files, xlsx
from tests.pages.app import button, kept, lab_of, open_page, query, send_kept, widget
from tests.pages.intake import dialog, html, open_dialog, use, words
from tests.runs import finished
from wb_core.base.points import PointList

PASTED = """speed\tdistance\tcar
4\t2\tA
7\t4\tB
8\t16 ft\tC
9\t\tD
11\t28\tE
14\tnone at all\tF
15\t1/2/2024\tG
16\t40\tH
"""
FOUR = ((4, 2), (7, 4), (11, 28), (16, 40))
MANY = tuple((x / 7, 3.0 * x) for x in range(450))


def points(app):
    return lab_of(app).run.config.points


def axes(app):
    [player] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_player"]
    layout = json.loads(player.json)["charts"][0]["figure"]["layout"]
    return [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")]


def readouts(app):
    [player] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_player"]
    return json.loads(player.json)["readouts"]


def test_a_pasted_table_is_learned_from(paste):
    app = paste(open_page(), PASTED)
    assert "8 rows read, 4 points. Rows left out: 4" in words(app)
    assert "Row 4: `16 ft` in `distance` is a number with something else" in words(app)
    assert "Row 5: `distance` is empty" in words(app)
    use(app)
    assert not dialog(app)
    assert points(app) == FOUR
    assert axes(app) == ["speed", "distance"]
    assert "4 points: distance against speed" in html(app)
    button(app, "Train").click().run()
    assert lab_of(app).run.history.frame().equals(finished(wb.LinearConfig(points=FOUR)).history.frame())


def test_a_text_that_comes_with_the_click_is_used(paste):
    app = paste(open_page(), "1,2\n3,4\n")
    app.button(key="points.use").click()
    paste(app, "1,2\n3,4\n5,5\n")
    assert points(app) == ((1, 2), (3, 4), (5, 5))


def test_columns_are_chosen_by_name(paste):
    app = paste(open_page(), "a,b,c\n1,2,3\n4,5,9\n")
    widget(app, "Column for X").set_value(2).run()
    widget(app, "Column for y").set_value(0).run()
    use(app)
    assert points(app) == ((3, 1), (9, 4))
    assert axes(app) == ["c", "a"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "X;y\n1,5;2\n2,5;3\n".encode("utf-16")),
        ("b.txt", b"1.5 2\n2.5 3\n"),
    ],
)
def test_an_uploaded_table_is_learned_from(name, data):
    app = open_page(state={"points.source": "file"})
    open_dialog(app)
    app.file_uploader[0].upload(name, data, "").run()
    use(app)
    assert points(app) == ((1.5, 2), (2.5, 3))
    assert f"2 points · {name}" in html(app)


def type_into(app, *rows):
    """Change cells of the table as the browser would: each row is its place and its two texts."""
    app.session_state["points.typed"] = {
        "edited_rows": {place: {"x": x, "y": y} for place, x, y in rows},
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def test_of_a_workbook_another_sheet_can_be_chosen():
    app = open_page()
    open_dialog(app)
    app.segmented_control(key="points.source").set_value("file").run()
    data = xlsx({"Old": [["a", "b"], [1, 2], [3, 4]], "New": [["c", "d"], [5, 6], [7, 9]]})
    app.file_uploader[0].upload("two.xlsx", data, "").run()
    assert widget(app, "Sheet").value == "Old"
    widget(app, "Sheet").select("New").run()
    use(app)
    assert lab_of(app).run.config.points == ((5, 6), (7, 9))


def test_a_typed_table_is_read_as_a_pasted_one():
    app = open_page(state={"points.source": "typed"})
    open_dialog(app)
    type_into(app, (0, "3,5", "1e3"), (1, "4,25", "2"), (3, "5", "16 ft"))
    assert "3 rows read, 2 points. Rows left out: 1" in words(app)
    assert "Row 4: `16 ft` in `y` is a number with something else" in words(app)
    use(app)
    assert points(app) == ((3.5, 1000), (4.25, 2))
    button(app, "Change").click().run()
    type_into(app, (1, "3,5", "2"))
    assert "Every X is the same, so no line can be learned. Change one of them." in words(app)


@pytest.mark.parametrize("title", [*TABLES][::7])
def test_good_tables_are_learned_from(title):
    data, _names, values, left_out = TABLES[title]
    app = open_page(state={"points.source": "file"})
    open_dialog(app)
    app.file_uploader[0].upload("x", data.encode() if isinstance(data, str) else data, "").run()
    assert not app.error
    assert all(f"Row {row}: " in words(app) for row, _given, _code in left_out)
    use(app)
    assert points(app) == values if values else len(points(app)) == 10_000
    assert not app.exception


def test_examples_have_their_source_beside_them():
    app = open_page(state={"points.source": "example"})
    open_dialog(app)
    app.radio(key="points.example").set_value("boiling").run()
    assert "J. D. Forbes" in html(app)
    assert "Public domain" in html(app)
    use(app)
    assert points(app) == wb.EXAMPLES["boiling"].points
    assert axes(app) == ["Boiling point (°F)", "Air pressure (inHg)"]


def test_a_line_puts_the_points_away_and_brings_them_back():
    app = open_page(points="1x2p3x4p5x5")
    assert "Weight" not in [slider.label for slider in app.slider]
    app.segmented_control(key="points.kind").set_value("line").run()
    assert points(app) == ()
    assert widget(app, "Weight").value == 0.7
    app.segmented_control(key="points.kind").set_value("own").run()
    assert points(app) == ((1, 2), (3, 4), (5, 5))
    assert not dialog(app)


def test_a_change_begins_with_the_present_points_and_another_tab_keeps_what_is_typed():
    app = open_page(points="1.234x2p3x4p5x5")
    button(app, "Change").click().run()
    use(app)
    assert points(app) == ((1.234, 2), (3, 4), (5, 5))
    button(app, "Change").click().run()
    type_into(app, (1, "3,5", "4"))
    for source in ("paste", "typed"):
        app.segmented_control(key="points.source").set_value(source).run()
    use(app)
    assert points(app) == ((1.234, 2), (3.5, 4), (5, 5))


def test_the_target_of_own_points_is_their_best_line():
    app = open_page(points="1x2p3x4p5x6p7x9", loss="mse")
    assert [one["target"] for one in readouts(app)] == [None, None, pytest.approx(1), pytest.approx(1)]


@pytest.mark.parametrize("standardise", ["on", "off"])
def test_readouts_and_charts_are_in_the_units_of_the_points(standardise):
    app = open_page(points="1001x2p1003x4p1005x7p1007x9p1009x10", loss="mse", standardise=standardise, lr="1e-07")
    button(app, "Train").click().run()
    run, columns = lab_of(app).run, lab_of(app).recording.columns
    weight, bias = (columns[one["column"]][-1] for one in readouts(app)[2:])
    assert (weight, bias) == pytest.approx(tuple(run.own_line.values()), rel=1e-5)
    assert [*columns["X_train"], *columns["X_test"]] == [1001, 1003, 1005, 1007, 1009]


@pytest.mark.parametrize("title", UNUSABLE)
def test_a_refused_table_changes_nothing(title):
    data, code, _row, _column = UNUSABLE[title]
    app = open_page(lr="0.02", state={"points.source": "file"})
    button(app, "Train").click().run()
    before = lab_of(app).run
    open_dialog(app)
    app.file_uploader[0].upload("x", data.encode("utf-8-sig") if isinstance(data, str) else data, "").run()
    [error] = app.error
    assert wb.TABLE_CODES[code].partition("{")[0].rstrip("(") in error.value
    assert app.button(key="points.use").disabled
    app.button(key="points.cancel").click().run()
    assert lab_of(app).run is before


def test_a_text_that_stayed_in_the_browser_is_refused(paste):
    app = paste(open_page(), "", 3_000_000)
    assert "3,000,000 bytes" in app.error[0].value


HOSTILE = {name: data for name, data in hostile_files() if len(data) <= 2_000_000}


@pytest.mark.parametrize("name", [*HOSTILE][::7])
def test_hostile_files_get_one_sentence(name):
    app = open_page(state={"points.source": "file"})
    open_dialog(app)
    app.file_uploader[0].upload("x.xlsx", HOSTILE[name], "").run()
    assert not app.exception
    assert len(app.error) <= 1
    assert points(app) == ()


EVIL = ["<img src=x onerror=alert(1)>", "**a** [b](http://c)", ":red[x] `y` $z$", "{0.__class__} %s \\"]


@pytest.mark.parametrize("name", EVIL)
def test_names_of_a_file_stay_text(paste, name):
    quoted = f'"{name}"'
    app = paste(open_page(), f"{quoted}\tother\n1\t2\n3\t{name}\n5\t9\n6\t11\n")
    assert "<img" not in html(app)
    for one in (*app.markdown, *app.caption, *app.error):
        outside = one.value
        for fence in ("```", "``", "`"):
            outside = "".join(outside.split(fence)[::2])
        assert name not in outside
    use(app)
    assert "<img" not in html(app)
    assert "<img" not in axes(app)[0]


def test_a_link_has_up_to_a_hundred_points():
    app = open_page(points="1x2p3x4")
    assert query(app)["points"] == "1x2p3x4"
    assert not app.warning


def test_a_link_has_the_names_of_the_columns(paste):
    app = paste(open_page(), "living area\tprice (€)\n1\t2\n3\t4")
    use(app)
    assert (query(app)["x_name"], query(app)["y_name"]) == ("living area", "price (€)")
    other = open_page(**query(app))
    assert axes(other) == ["living area", "price (€)"]
    assert query(other) == query(app)
    other.segmented_control(key="points.kind").set_value("line").run()
    assert "x_name" not in query(other)


@pytest.mark.parametrize("name", ["x" * 41, "a\nb", "a\u202eb", "\x00"])
def test_other_names_in_a_link_are_ignored(name):
    app = open_page(points="1x2p3x4", x_name=name)
    assert "x_name" not in query(app)
    assert "Name of X" in app.warning[0].value


@pytest.mark.parametrize("name", EVIL)
def test_names_of_a_link_stay_text(name):
    app = open_page(points="1x2p3x4", x_name=name)
    assert query(app)["x_name"] == name
    assert "<img" not in html(app)
    assert "<img" not in axes(app)[0]
    assert name not in "".join(one.value for one in (*app.markdown, *app.caption, *app.warning))


def test_more_points_are_not_in_a_link_which_says_so(paste):
    app = paste(open_page(), "\n".join(f"{x}\t{y}" for x, y in MANY))
    use(app)
    name = query(app)["points"]
    assert name.startswith("450-")
    other = open_page(points=name)
    assert points(other) == ()
    assert "The points aren't in this link" in other.warning[0].value
    assert len(other.warning) == 1


def test_a_reload_brings_the_points_back(paste, monkeypatch):
    app = paste(open_page(epochs="30"), "time,height\n" + "\n".join(f"{x},{y}" for x, y in MANY))
    use(app)
    button(app, "Train").click().run()
    app.run()
    send_kept(monkeypatch, kept(app))
    again = open_page(**query(app))
    assert not again.exception
    assert points(again) == MANY
    assert not again.warning
    assert lab_of(again).run.epoch == 30
    assert axes(again) == ["time", "height"]


def test_steps_with_points_that_found_no_room_are_not_kept(paste):
    app = open_page()
    for shift in range(3):
        paste(app, "\n".join(f"{x + shift}\t{x}" for x in range(6000)))
        use(app)
    assert "6,000 points: B against A. The chart shows about 2,000 of them." in html(app)
    parts = kept(app)
    assert [len(found) for found in own_points.unpack(parts["points"])] == [6000]
    assert json.loads(parts["visit"])["line"]["past"] == []


@pytest.mark.parametrize("digits", [2, 14])
def test_the_browser_keeps_ten_thousand_points_if_they_are_short(digits):
    points = PointList((x / 7, round(math.sin(x), digits)) for x in range(10_000))
    short = PointList((round(x, digits), y) for x, y in points)
    assert (len(own_points.pack([short])) <= browser_storage.MAX_LENGTHS["points"]) == (digits == 2)
    assert own_points.unpack(own_points.pack([short, short])) == [[list(point) for point in short]] * 2


@pytest.mark.parametrize("text", ["", "abc", "\u00e9", own_points.pack([PointList([(1, 2), (3, 4)])])[:-6]])
def test_packed_points_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        own_points.unpack(text)


def test_packed_points_that_would_unpack_to_gigabytes_are_refused():
    bomb = base64.b85encode(zlib.compress(bytes(100_000_000))).decode()
    with pytest.raises(ValueError, match="too long"):
        own_points.unpack(bomb)


def test_the_code_of_many_points_reads_a_file(paste):
    app = paste(open_page(state={"linear.panel": "code"}), "\n".join(f"{x}\t{y}" for x, y in MANY))
    use(app)
    assert "points.csv" in app.code[0].value
    assert "Download your points (points.csv)" in [one.label for one in app.get("download_button")]


def test_the_learning_rates_are_those_that_the_points_ask_for():
    app = open_page(points="2001x2p2003x4p2005x7p2007x9p2009x10", loss="mse", lr="1e-08")
    options = [float(option) for option in widget(app, "Learning rate").options]
    assert min(options) < lab_of(app).limits.lr(lab_of(app).run.config) < max(options)
    assert not app.warning
    widget(app, "Standardize").set_value(True).run()
    assert len(widget(app, "Learning rate").options) == len([option for option in options if option >= 1e-4]) + 1


def test_standardizing_is_shown_with_its_numbers():
    app = open_page(points="1x2p3x4p5x6p7x9", loss="mse", standardise="on", train_fraction="0.5")
    assert "`x' = (X − 2.000) / 1.000`" in words(app)
    button(app, "Train").click().run()
    assert "`y = " in words(app)
    assert ">Weight (scaled)<" in html(app)
    assert {"weight (scaled)", "bias (scaled)"} < set(log.table_of(lab_of(app).run).columns)
    assert "scaled" in fit.offer(lab_of(app).run, None)["words"]["loss"]
    widget(app, "Standardize").set_value(False).run()
    assert ">Weight<" in html(app)
    assert "scaled" not in fit.offer(lab_of(app).run, None)["words"]["loss"]


def test_too_many_points_to_save_say_so():
    app = open_page(state={"LinearConfig.points": tuple((x, 2 * x) for x in range(2_000)), "LinearConfig.epochs": 5})
    button(app, "Train").click().run()
    app.run()
    assert not app.exception
    save = button(app, "Save this run")
    assert save.disabled
    assert "2,000 points" in save.help


def test_steps_to_undo_hold_a_bounded_number_of_points():
    app = open_page()
    for shift in range(12):
        app.session_state["LinearConfig.points"] = tuple((x, x + shift) for x in range(10_000))
        app.run()
    assert 9 <= len(lab_of(app).undo.past) <= 10
