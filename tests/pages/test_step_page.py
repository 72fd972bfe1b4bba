"""What the step page shows and where its buttons lead, without a browser."""

import json
import re
from html import unescape

import pytest

import wb_core as wb
from pages.ui.i18n import translator
from pages.ui.sentences import CODES
from pages.ui.step.explanations import FIRST, SENTENCES
from pages.ui.step.view import NAMES, StepView
from pages.ui.step.walk import Place, parse_place
from pages.ui.widgets.fields import key_of
from pages.ui.widgets.numbers import close_up, number
from tests.pages.app import button, lab_of, open_page, query, widget
from wb_core.base.step import LINES
from wb_core.kinds.line.microscope import CODE, MADE, WHAT_IFS, Microscope, equations


def scope_of(what_if="none", **settings):
    scope = Microscope(wb.LinearConfig(**settings), what_if=what_if)
    while not scope.run.done:
        scope.advance(0.01)
    return scope


def htmls(app):
    return [unescape(part.proto.body) for part in app.get("html")]


def table(app):
    """The rows of the tensor table: name -> shape, before, after, and whether it is marked as changed."""
    [html] = [html for html in htmls(app) if '<table class="wb-memory"' in html]
    rows = {}
    for marked, cells in re.findall(r'<tr(?: class="([^"]*)")?>(.*?)</tr>', html.split("<tbody>")[1]):
        name, *texts = re.findall(r"<t[hd][^>]*>(?:<span.*?</span> )?(.*?)</t[hd]>", cells.replace("<wbr>", ""))
        rows[name] = (*texts, marked == "wb-changed")
    return rows


def sums(app):
    [html] = [html for html in htmls(app) if html.startswith("<div class='wb-sums'")]
    return [re.sub("<.*?>", "", line) for line in re.findall("<p>(.*?)</p>", html)]


def where(app):
    """The epoch and the line that the page shows."""
    heads = [header.value.rpartition("· ")[2] for header in app.header]  # that of the graph is no line
    return widget(app, "Epoch").value, next(line for line, name in NAMES.items() if name in heads)


def walk(app):
    """What the browser knows of the walk."""
    [part] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_walk"]
    return json.loads(part.json)


def go(app, epoch, line):
    """Walk to another place, as the browser does."""
    fields = {"epoch": epoch, "line": line}
    for name, value in fields.items():
        app.session_state[key_of(StepView, name)] = value
    app.run()
    assert not app.exception


def test_the_browser_knows_the_lines_their_numbers_and_the_place():
    known = walk(open_page("step.py", epochs="30", epoch="7", line="loss"))
    assert (known["epoch"], known["line"], known["epochs"]) == (7, "loss", 30)
    assert [line["id"] for line in known["lines"]] == list(LINES)
    assert [line["number"] for line in known["lines"]] == [0, 1, 2, 3, 4, 5, 0]
    assert [line["code"] for line in known["lines"]] == [CODE[line] for line in LINES]
    swapped = walk(open_page("step.py", what_if="swap"))["lines"]
    assert [(line["id"], line["number"], line["mark"]) for line in swapped[3:5]] == [
        ("backward", 3, "moved"),
        ("zero_grad", 4, "moved"),
    ]


def test_every_line_can_be_chosen_and_is_explained():
    app = open_page("step.py")
    for line in LINES:
        go(app, 0, line)
        assert where(app) == (0, line)
        assert FIRST.get(line, SENTENCES[line]) in [markdown.value for markdown in app.markdown]
    go(app, 1, "evaluate")
    assert query(app) == {"epoch": "1", "line": "evaluate"}


@pytest.mark.parametrize(
    "value",
    [
        None, 5, [], {}, {"epoch": 1, "line": "loss"}, {"epoch": "1", "line": "loss", "moment": 1},
        {"epoch": True, "line": "loss", "moment": 1}, {"epoch": -1, "line": "loss", "moment": 1},
        {"epoch": 10**9, "line": "loss", "moment": 1}, {"epoch": 1, "line": "fly", "moment": 1},
        {"epoch": 1, "line": "loss", "moment": None},
    ],
)  # fmt: skip
def test_an_invalid_place_of_a_browser_is_ignored(value):
    assert parse_place(value) is None


def test_a_place_of_a_browser_is_read():
    assert parse_place({"epoch": 3, "line": "loss", "moment": 7.5}) == Place(3, "loss", 7.5)


def test_the_table_says_what_the_line_changed():
    def changed(line):
        [html] = [
            html
            for html in htmls(open_page("step.py", epoch="3", line=line))
            if html.startswith("<p class='wb-changes")
        ]
        return re.sub("<.*?>", "", html.partition("</p>")[0])

    assert changed(StepView().line).startswith("Changed by this line: y_pred")  # what the page opens with
    assert changed("step") == "Changed by this line: weights, bias"
    assert changed("backward") == "Changed by this line: weights.grad, bias.grad"
    assert changed("train").startswith("Changed by this line: model.training")


def test_a_line_that_leaves_the_chart_is_said_to():
    def said(line):
        app = open_page("step.py", line=line, what_if="lr_100")
        return [markdown.value for markdown in app.markdown if "at y =" in markdown.value]

    [sentence] = said("step")
    assert "the line leaves the chart: it's now at y = 100.1 to 138.7" in sentence
    assert said("backward") == []


@pytest.mark.parametrize(
    "settings",
    [{}, {"loss": "mse", "momentum": 0.9, "model": "linear"}, {"loss": "huber", "optimizer": "adam"}],
    ids=lambda settings: "-".join(map(str, settings.values())),
)
def test_tensors_and_arithmetic_are_those_of_the_engine(settings):
    trace = scope_of(**settings).look(3)
    for line in LINES:
        app = open_page("step.py", epoch="3", line=line, **{name: str(value) for name, value in settings.items()})
        before, after = trace.around(line)
        rows = table(app)
        marked = {name for name, (*_, changed) in rows.items() if changed}
        known = {"y_pred - y_train": "residuals"}
        hidden = {"X", "X_test", "test_residuals"}
        shown = {known.get(name, name) for name in marked} - {"model.training", "test_loss.requires_grad"}
        assert shown == {name for name in trace.changed(line) if name not in hidden and not name.endswith(".step")}
        assert rows["model.training"][1:3] == (str(before.training), str(after.training))
        for name, (shape, old, new, _) in rows.items():
            tensors = [moment.tensors.get(known.get(name, name)) for moment in (before, after)]
            if name in ("model.training", "test_loss.requires_grad"):
                continue
            for tensor, text in zip(tensors, (old, new), strict=True):
                if tensor is None:
                    assert text == ("–" if known.get(name, name) in MADE else "None")
                elif tensor.numel() == 1:
                    assert float(text) == pytest.approx(tensor.item(), rel=2e-3, abs=1e-6)
                else:
                    flat = tensor.flatten().tolist()
                    assert text == " ".join([close_up(flat[0]), close_up(flat[1]), "…", close_up(flat[-1])])
                    assert shape == str(tuple(tensor.shape))
        results = [float(text.rpartition("= ")[2]) for text in sums(app)]
        wanted = [equation.result for equation in equations(wb.LinearConfig(**settings), trace, line)]
        assert results == pytest.approx(wanted, rel=2e-3, abs=1e-6)


def test_a_tiny_step_has_enough_digits():
    app = open_page("step.py", lr="0.0001", line="step")
    _, before, after, changed = table(app)["weights"]
    assert changed
    assert before != after
    assert re.fullmatch(rf"weights = {before} - 0.0001 \* \(-0.39\d*\) = {after}", sums(app)[0])


def test_settings_start_and_epochs_of_the_lab_are_used():
    app = open_page(epochs="40", lr="0.02")
    button(app, "Train").click().run()
    button(app, "Continue training").click().run()
    app.switch_page("step.py").run()
    assert widget(app, "Epoch").max == 79
    assert query(app) == {"lr": "0.02", "epochs": "80"}  # the link has the run's epochs
    assert any("lr 0.02 · epochs 80" in caption.value for caption in app.caption)
    widget(app, "Epoch").set_value(70).run()
    go(app, 69, "evaluate")
    row = lab_of(app).run.history.row(69)
    assert where(app) == (69, "evaluate")
    assert table(app)["weights"][2] == close_up(row["weight"])
    assert table(app)["test_loss"][2] == close_up(row["test_loss"])


def test_an_epoch_beyond_the_run_becomes_the_last_one_with_a_warning():
    app = open_page("step.py", epoch="500", line="loss", epochs="20")
    assert not app.exception
    assert where(app) == (19, "loss")
    assert [warning.value for warning in app.warning] == ["This run has no epoch 500, so you see its last one, 19."]
    assert query(app) == {"epochs": "20", "epoch": "19", "line": "loss"}


def test_an_invalid_link_is_reported_and_the_page_works():
    app = open_page("step.py", lr="nan", epoch="-1", line="fly", what_if="panic", loss="mse")
    assert not app.exception
    [warning] = [warning.value for warning in app.warning]
    for label in ("Learning rate", "Epoch", "Line", "What if"):
        assert label in warning
    assert query(app) == {"loss": "mse"}
    go(app, 0, "forward")
    assert where(app) == (0, "forward")


def test_a_diverged_run_ends_in_the_epoch_that_shows_it():
    scope = scope_of(loss="mse", lr=1.0, epochs=2000)
    last = scope.epochs - 1
    app = open_page("step.py", loss="mse", lr="1", epochs="2000", epoch=str(last), line="loss")
    assert not app.exception
    notice, diagnosis = (warning.value for warning in app.warning)
    assert "overflow" in notice
    assert f"stopped at epoch {last}" in diagnosis
    assert walk(app)["epochs"] == last + 1
    for line in LINES:
        app = open_page("step.py", loss="mse", lr="1", epochs="2000", epoch=str(last), line=line)
        assert not app.exception


def test_a_run_of_one_epoch_can_be_shown():
    app = open_page("step.py", epochs="1")
    assert not app.exception
    assert widget(app, "Epoch").disabled


@pytest.mark.parametrize("what_if", [what_if for what_if in WHAT_IFS if what_if != "none"])
def test_a_what_if_shows_its_reason_and_outcome(what_if):
    app = open_page("step.py", epoch="2", line="backward")
    widget(app, "What if").set_value(what_if).run()
    assert not app.exception
    assert query(app) == {"epoch": "2", "line": "backward", "what_if": what_if}
    texts = [markdown.value for markdown in app.markdown]
    assert WHAT_IFS[what_if].why in texts
    end = number(scope_of(what_if).run.history.row(-1)["test_loss"])
    control = Microscope(wb.LinearConfig(), what_if=what_if, control=True)
    while not control.run.done:
        control.advance(0.01)
    compared = number(control.run.history.row(-1)["test_loss"])
    assert f"Test loss at the end of the run: **{end}**. Without this change: **{compared}**." in texts
    for line in WHAT_IFS[what_if].order:
        app = open_page("step.py", epoch="2", line=line, what_if=what_if)
        assert not app.exception
        assert where(app) == (2, line)
        if WHAT_IFS[what_if].marks.get(line) == "skipped":
            assert not any(changed for *_, changed in table(app).values())
            assert sums(app) == []


@pytest.mark.parametrize("optimizer", [{"momentum": "0.9"}, {"optimizer": "adam", "loss": "huber"}])
@pytest.mark.parametrize("what_if", WHAT_IFS)
def test_every_what_if_works_with_every_optimizer_in_every_line(what_if, optimizer):
    app = open_page("step.py", epoch="1", what_if=what_if, epochs="3", **optimizer)
    for line in WHAT_IFS[what_if].order:
        go(app, 1, line)
        assert where(app) == (1, line)


def test_a_link_with_two_errors_reports_both():
    app = open_page("step.py", epoch="500", epochs="20", lr="abc")
    told = " ".join(warning.value for warning in app.warning)
    assert "Learning rate" in told
    assert "no epoch 500" in told


def test_incompatible_settings_are_reported():
    app = open_page()
    widget(app, "X end").set_value(-3.0).run()
    app.switch_page("step.py").run()
    assert not app.exception
    assert [error.value for error in app.error] == [CODES["config.points"]]
    assert where(app) == (0, "forward")  # of the displayed run


def test_every_point_can_be_shown():
    app = open_page("step.py", line="evaluate", epoch="5", noise="0.1")
    widget(app, "Show every point").set_value(True).run()
    [shown] = [frame.value for frame in app.dataframe]
    end = scope_of(noise=0.1).look(5).moments[-1].tensors
    assert shown["y_pred"].tolist() == end["test_pred"].flatten().tolist()
    assert shown["y_pred - y"].tolist() == end["test_residuals"].flatten().tolist()


@pytest.mark.parametrize("line", LINES)
def test_the_page_is_translated_into_korean(line):
    app = open_page("step.py", state={"language": "ko"}, line=line, what_if="skip_zero_grad")
    assert not app.exception
    headings = [header.value for header in app.header]
    assert any(heading.endswith(translator("ko")(NAMES[line])) for heading in headings)
