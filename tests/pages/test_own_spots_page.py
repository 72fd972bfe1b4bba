"""Points with classes of a visitor's own: what the dialog reads, what is refused, and what travels."""

import numpy as np
import pytest

import wb_core as wb
from pages.ui.labs.points import own
from pages.ui.widgets import fields
from tests.pages.app import button, kept, open_page, player_of, query, send_kept, widget
from tests.pages.intake import dialog, html, open_dialog, use, words

PASTED = """length\twidth\tkind
1\t2\told
3\t4\tnew
5\t6 cm\tnew
7\t8\t
2\t1\told
4\t3\tnew
"""
FOUR = ((1, 2, 1), (3, 4, 0), (2, 1, 1), (4, 3, 0))
LINK = "0x0c0p0x1c1p1x0c1p1x1c0"
MANY = "x1,x2,class\n" + "".join(f"{n % 7},{n},{n % 2}\n" for n in range(150))


def open_points(**query):
    return open_page("points.py", **query)


def config(app):
    return app.session_state["pages.ui.labs.points.lab.PointsLab"].run.config


def test_a_pasted_table_with_classes_in_words_is_learned_from(paste):
    app = paste(open_points(), PASTED)
    assert "6 rows read, 4 points. Rows left out: 2" in words(app)
    assert "Row 4: `6 cm` in `width` is a number with something else" in words(app)
    assert "Row 5: `kind` is empty" in words(app)
    assert config(app).data == "circles"
    use(app)
    assert not dialog(app)
    assert config(app).own == FOUR
    assert widget(app, "Pattern").value == "own"
    assert "4 points: width against length. new, old" in html(app)
    assert not app.exception


def test_the_columns_are_chosen_by_name(paste):
    app = paste(open_points(), "a,b,c,d\n1,2,9,no\n4,5,8,yes\n7,8,8,no\n1,2,9,yes\n")
    assert widget(app, "Column for the class").value == 3
    widget(app, "Column for x2").set_value(0).run()
    widget(app, "Column for the class").set_value(2).run()
    use(app)
    assert config(app).own == ((1, 1, 1), (4, 4, 0), (7, 7, 0), (1, 1, 1))


def test_large_numbers_are_standardised_unless_the_visitor_says_no(paste):
    text = "age,income,group\n" + "".join(f"{20 + n},{30_000 + 450 * n},{'ab'[n > 9]}\n" for n in range(20))
    app = paste(open_points(), text)
    assert "divided by its standard deviation" in words(app)
    use(app)
    places = np.array(config(app).own)[:, :2]
    assert np.abs(places.mean(axis=0)).max() < 1e-3
    assert places.std(axis=0) == pytest.approx([1, 1], abs=1e-3)
    assert "income (standardized) against age (standardized)" in html(app)

    app = paste(open_points(), text)
    widget(app, "Standardize").set_value(False).run()
    use(app)
    assert config(app).own[1] == (21, 30_450, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x1,x2,class\n1,2,a\n3,4,b\n", "Rows with two numbers and a class: 2. At least 4 are needed."),
        ("x1,x2,class\n" + "1,2,a\n" * 9, "Every row has the same class (`a` in `class`)"),
        ("x1,x2,class\n" + "".join(f"{n},1,{n}\n" for n in range(99)), "row 6 has `4`. Choose a column with 2 to 4."),
        ("x1,x2\n" + "".join(f"{n},{n}\n" for n in range(9)), "need three columns"),
        ("x1,x2,class\n1,<img>,a\n3,<img>,b\n4,<img>,b\n5,<img>,b\n", "only one column of numbers"),
    ],
)
def test_what_makes_no_points_with_classes_is_one_sentence(paste, text, said):
    app = open_points(lr="0.02")
    button(app, "Train").click().run()
    before = config(app)
    paste(app, text)
    [error] = app.error
    assert said in error.value
    assert "<img" not in html(app)
    assert app.button(key="points.use").disabled
    app.button(key="points.cancel").click().run()
    assert config(app) == before


def test_of_more_than_ten_thousand_rows_a_sample_is_taken_and_said(paste):
    app = paste(open_points(), "x1,x2,class\n" + "".join(f"{n},{n},{n % 3}\n" for n in range(10_500)))
    assert "it gets 10,000 of them" in words(app)
    use(app)
    assert len(config(app).own) == 10_000


def test_examples_have_their_source_and_the_names_of_their_classes():
    app = open_points()
    open_dialog(app)
    app.segmented_control(key="points.source").set_value("example").run()
    assert "R. A. Fisher" in html(app)
    assert "Public domain" in html(app)
    use(app)
    assert config(app).own == wb.SPOT_EXAMPLES["irises"].points
    assert "99 points · Three irises: Petal width (cm) against Petal length (cm). Iris setosa" in html(app)


def type_into(app, *rows):
    """Change cells of the table as the browser would: each row is its place and its three texts."""
    app.session_state["spots.typed"] = {
        "edited_rows": {place: dict(zip(("x1", "x2", "class"), cells, strict=True)) for place, *cells in rows},
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def test_a_typed_table_has_a_column_for_the_class(paste):
    app = open_points()
    open_dialog(app)
    app.segmented_control(key="points.source").set_value("typed").run()
    assert "Type at least four points" in words(app)
    type_into(app, *((n, str(n), "1,5", "a") for n in range(4)))
    assert "Every row has the same class" in words(app)
    type_into(app, *((n, str(n), "1,5", "ab"[n % 2]) for n in range(4)))
    use(app)
    assert config(app).own == tuple((n, 1.5, n % 2) for n in range(4))
    button(app, "Change").click().run()
    type_into(app, (1, "9", "2.5", "b"))
    use(app)
    assert config(app).own == ((0, 1.5, 0), (9, 2.5, 1), (2, 1.5, 0), (3, 1.5, 1))
    assert "a, b" in html(app)


def test_a_pattern_puts_the_points_away_and_brings_them_back():
    app = open_points(data="own", own=LINK)
    assert len(config(app).own) == 4
    widget(app, "Pattern").set_value("xor").run()
    assert (config(app).data, config(app).own) == ("xor", ())
    widget(app, "Pattern").set_value("own").run()
    assert len(config(app).own) == 4
    assert not dialog(app)
    assert not app.exception


def test_a_dialog_that_is_closed_leaves_the_pattern():
    app = open_points(data="moons")
    open_dialog(app)
    assert dialog(app)
    app.button(key="points.cancel").click().run()
    assert not dialog(app)
    assert not app.error
    assert (config(app).data, widget(app, "Pattern").value) == ("moons", "moons")


def test_a_dialog_is_not_open_on_another_page():
    app = open_points()
    open_dialog(app)
    app.switch_page("linear.py").run()
    assert not dialog(app)


def test_a_link_has_up_to_a_hundred_points_and_says_when_it_has_none(paste):
    app = open_points(data="own", own=LINK, lr="0.2")
    assert (query(app)["data"], query(app)["own"]) == ("own", LINK)
    assert not app.warning
    app = use(paste(open_points(lr="0.2"), MANY))
    name = query(app)["own"]
    assert name.startswith("150-")
    other = open_points(data="own", own=name, lr="0.2")
    assert (config(other).data, config(other).own, config(other).lr) == ("circles", (), 0.2)
    [warning] = other.warning
    assert "The points aren't in this link" in warning.value


@pytest.mark.parametrize("own", ["1x2c0", "1x2c0p1x1c0p2x2c0p3x3c0", "1x2c0p1x1c9p2x2c0p3x3c1", "1x2p3x4", "x" * 5000])
def test_a_link_with_points_that_are_none_keeps_the_other_settings(own):
    app = open_points(data="own", own=own, lr="0.2")
    assert (config(app).data, config(app).lr) == ("circles", 0.2)
    assert len(app.warning) == 1
    assert not app.exception


def test_a_reload_brings_back_the_points_and_the_names_of_their_classes(paste, monkeypatch):
    app = use(paste(open_points(), PASTED))
    app.run()
    send_kept(monkeypatch, kept(app))
    again = open_points(**query(app))
    assert config(again).own == FOUR
    assert "4 points: width against length. new, old" in html(again)
    assert not again.warning
    assert not again.exception


def test_the_code_of_many_points_reads_a_file(paste):
    app = open_page("points.py", state={"points.panel": "code"})
    app = use(paste(app, "x1,x2,class\n" + "".join(f"{n % 7},{n},{n % 2}\n" for n in range(250))))
    assert "points.csv" in app.code[0].value
    assert "Download your points (points.csv)" in [one.label for one in app.get("download_button")]


def test_the_browser_gets_the_points_their_sides_and_the_names_of_the_visitors_table(paste):
    app = use(paste(open_points(), PASTED))
    plane = player_of(app)["plane"]
    assert plane["edit"]["points"] == [list(spot) for spot in FOUR]
    assert plane["edit"]["words"]["classes"] == ["new", "old", "class 2", "class 3"]
    assert (plane["axes"], plane["words"]["classes"]) == (["length", "width"], ["new", "old"])
    sides = [side == "1" for side in plane["edit"]["shuffled"][:4]]
    assert sum(sides) == len(wb.Run(config(app)).data.y_train)


def test_the_points_of_a_pattern_become_ones_own_with_few_digits():
    run = wb.Run(wb.PointsConfig(data="moons", points=50, noise=0.1))
    spots = own.spots_of(run)
    assert len(spots) == 50
    assert {label for _, _, label in spots} == {0, 1}
    assert [x1 for x1, _, _ in spots[:40]] == pytest.approx(run.data.points_train[:, 0].tolist(), abs=1e-4)
    assert own.offer(wb.Run(wb.PointsConfig(points=own.MOST + 1)))["points"] is None
    assert wb.PointsConfig().size < own.MOST  # the first points that one meets have room for more


@pytest.fixture
def put(monkeypatch):
    """The settings that were put into the widgets."""
    found = []
    monkeypatch.setattr(fields, "put", lambda kind, changes: found.append((kind, changes)))
    return found


def test_sent_points_become_the_settings(put):
    own.put([[0, 0.5, 0], [1, 1, 1], [2, 2, 0], [3, 3, 2]])
    assert put == [(wb.PointsConfig, {"own": ((0, 0.5, 0), (1, 1, 1), (2, 2, 0), (3, 3, 2)), "data": "own"})]


@pytest.mark.parametrize(
    "sent",
    [
        None, [], 7, "12", {"a": 1}, [[1, 2, 0]] * 4,
        [[1, 2, 0], [1, 2, 1]], [[1, 2]] * 4, [[1, 2, 0], [3, 4, "1"]] * 2,
        [[1, 2, 0], [3, None, 1]] * 2, [[1, 2, 0], [3, float("nan"), 1]] * 2, [[1, 2, 0], [3, 1, 9]] * 2,
        [[1, 2, 0], [3, 1, 2]] * 2, [[n, n, n % 2] for n in range(own.MOST + 1)],
    ],
)  # fmt: skip
def test_other_things_change_nothing(put, sent):
    own.put(sent)
    assert put == []


def test_a_link_has_the_names_of_columns_and_classes(paste):
    app = paste(open_points(), PASTED.replace("old", "a|b"))
    use(app)
    assert query(app)["class_names"] == "a/b|new"
    other = open_points(**query(app))
    assert "4 points: width against length. a/b, new" in html(other)
    assert query(other) == query(app)
    assert player_of(other)["plane"]["words"]["classes"] == ["a/b", "new"]


@pytest.mark.parametrize("names", ["a|b|c|d|e", "a||b", "x" * 41, "a|b\u202e", "|"])
def test_other_names_of_classes_in_a_link_are_ignored(names):
    app = open_points(data="own", own=LINK, class_names=names)
    assert "class_names" not in query(app)
    assert "Names of the classes" in app.warning[0].value
    assert not app.exception


def test_names_of_classes_in_a_link_stay_text():
    app = open_points(data="own", own=LINK, class_names="<img src=x>|$x$")
    assert query(app)["class_names"] == "<img src=x>|$x$"
    assert "<img" not in html(app)


def test_own_points_leave_the_settings_of_patterns_to_patterns(paste):
    app = paste(open_points(data="moons", points="50", noise="0.3"), PASTED)
    use(app)
    assert query(app).keys() == {"data", "own", "x_name", "y_name", "class_names"}
    widget(app, "Pattern").set_value("moons").run()
    assert config(app).points == 50
