"""Branches on the page of points: the bits of the engine, what the browser gets of them, and what carries them."""

import base64
import dataclasses

import numpy as np
import pytest
import torch

import wb_core as wb
from pages.ui.figures import points as points_figures
from pages.ui.figures.points import points_charts, points_recording
from pages.ui.figures.points_branches import charts_with_branches, networks, with_branches
from pages.ui.labs.points import charts
from pages.ui.labs.points.branches import PointsBranches, PointsBranchesView
from pages.ui.labs.points.lab import PointsLab
from pages.ui.labs.points.presets import PRESETS
from pages.ui.sentences import CODES
from pages.ui.session.share import decode, encode
from tests.pages.app import button, finish, kept, open_page, player_of, points_lab_of, query, send_kept, widget
from tests.runs import finished

CONFIG = wb.PointsConfig(data="moons", noise=0.2, lr=0.1, epochs=40, hidden=(4,))
LINK = encode(CONFIG)
BRANCH = "21:lr=0.01"
TYPED = "21:w1.0.1=-7.5|5:lr=0.01;31:w2.0.3=1e-05"
STATE = "pages.ui.labs.points.branches.PointsBranches"


def trained(config=CONFIG):
    lab = PointsLab()
    lab.train(config)
    finish(lab)
    return lab


def shown(lab, branches=BRANCH):
    found = PointsBranches().of(lab, PointsBranchesView(branches=branches))
    for branch in found:
        branch.run.finish()
    return found


def with_link(branches="21-lr-0.01"):
    return open_page("points.py", **LINK, branches=branches)


def letters(app):
    return [branch.letter for branch in app.session_state[STATE]._made.values()]


@pytest.mark.parametrize("branches", [BRANCH, "1:weight_decay=0.1|30:lr=0.001,optimizer=sgd,momentum=0.9", TYPED])
def test_branches_survive_their_link(branches):
    view = PointsBranchesView(branches=branches)
    assert decode(encode(CONFIG, view), wb.PointsConfig, PointsBranchesView) == ((CONFIG, view), ())


@pytest.mark.parametrize("text", ["21-loss-mse", "21-hidden-4", "21-weight_decay-99", "<b>", "21-w1.0.1-1e9"])
def test_a_link_with_other_branches_is_ignored(text):
    assert decode({"branches": text}, wb.PointsConfig, PointsBranchesView)[1] == ("branches",)


def test_a_branch_is_the_branch_of_the_engine():
    lab = trained()
    [branch] = shown(lab)
    engine = lab.run.branch(21, lr=0.01)
    engine.finish()
    assert torch.equal(branch.run.parameters, engine.parameters)
    assert branch.diagnosis == wb.diagnose(engine.history, engine.config, **engine.observed)


@pytest.mark.parametrize("room", [points_figures.MOST_PARAMETERS, 1000])
def test_the_browser_gets_the_parameters_of_every_branch(room, monkeypatch):
    monkeypatch.setattr(points_figures, "MOST_PARAMETERS", room)
    lab = trained()
    curves = [branch.curve for branch in shown(lab, f"{BRANCH}|5:weight_decay=0.01")]
    recording = with_branches(points_recording(lab.run), lab.run, curves)
    every = charts.plane(lab.run, runs=3)["every"]
    assert (every == 1) == (room > 1000)
    assert np.array_equal(recording.columns["parameters"], lab.run.parameters[::every])
    for curve, network in zip(curves, networks(lab.run, curves), strict=True):
        own = recording.columns[curve.column("parameters")]
        assert np.array_equal(own, curve.run.parameters[::every][network["row"] :])
        assert curve.first <= network["row"] * every < curve.first + every
        assert np.array_equal(recording.columns[curve.column("last_parameters")], curve.run.parameters[-1])
        accuracies = recording.columns[curve.column("test_accuracy")]
        numbers = curve.run.history.column("test_accuracy")
        assert accuracies[curve.first - 1 :].tolist() == list(numbers[curve.first - 1 :])
        assert np.isnan(accuracies[: curve.first - 1]).all()


def test_both_charts_have_the_curve_of_a_branch():
    lab = trained()
    curves = [branch.curve for branch in shown(lab)]
    recording = points_recording(lab.run)
    before = points_charts(recording, str)
    after = charts_with_branches(before, with_branches(recording, lab.run, curves), curves)
    for one, both, column in zip(before, after, ("A_test_loss", "A_test_accuracy"), strict=True):
        assert {binding.y for binding in both.bindings} - {binding.y for binding in one.bindings} == {column}
        assert both.legend[-1].name == "A"


def test_the_form_trains_a_branch_shows_it_and_the_row_deletes_it():
    app = button(open_page("points.py", **LINK), "Train").click().run()
    app.session_state[STATE].form = True
    app.session_state["PointsBranchForm.epoch"] = 21
    app.session_state["PointsBranchForm.lr"] = 0.01
    button(app.run(), "Train branch").click().run()
    assert query(app)["branches"] == "21-lr-0.01"
    plane = player_of(app)["plane"]
    assert (plane["chosen"], [network["letter"] for network in plane["branches"]]) == ("A", ["A"])
    assert player_of(app)["live"] is None
    button(app, "Delete").click().run()
    assert "branches" not in query(app)
    button(app, "Undo").click().run()
    assert letters(app) == ["A"]


def test_a_link_trains_the_run_and_its_branches_which_a_reload_brings_back(monkeypatch):
    app = with_link("21-lr-0.01---31-weight_decay-0.1")
    assert letters(app) == ["A", "B"]
    assert torch.equal(points_lab_of(app).run.parameters, finished(CONFIG).parameters)
    column = np.frombuffer(base64.b64decode(player_of(app)["columns"]["A_last_parameters"]), "<f4")
    assert column.tolist() == finished(CONFIG.branch(21, lr=0.01)).parameters[-1].tolist()
    send_kept(monkeypatch, kept(app.run()))
    assert letters(open_page("points.py", **query(app))) == ["A", "B"]


def test_the_code_of_a_branch_can_be_chosen():
    app = with_link()
    app.button_group(key="points.panel").set_value("code").run()
    widget(app, "Code of").set_value("A").run()
    assert app.code[0].value == wb.to_script(CONFIG.branch(21, lr=0.01)).rstrip("\n")


def test_an_example_has_no_branches():
    app = with_link()
    app.button_group(key="points.preset").set_value("xor").run()
    assert (letters(app), points_lab_of(app).run.config) == ([], PRESETS["xor"].config)


def test_typed_weights_are_branches_that_a_link_and_a_reload_bring_back(monkeypatch):
    app = with_link("21-w1.0.1-m7.5---5-lr-0.01--31-w2.0.3-0.25")
    rows = [one.body for one in app.get("html") if "<strong>Branch" in one.body]
    assert "from epoch 21: Weight from x2 to h1.1: −7.5" in rows[0]
    assert "from epoch 31: Weight from h1.4 to output: 0.25" in rows[1]
    expected = [
        finished(CONFIG.branch(21, **{"w1.0.1": -7.5})),
        finished(CONFIG.branch(5, lr=0.01).branch(31, **{"w2.0.3": 0.25})),
    ]
    for letter, run in zip("AB", expected, strict=True):
        column = np.frombuffer(base64.b64decode(player_of(app)["columns"][f"{letter}_last_parameters"]), "<f4")
        assert column.tolist() == run.parameters[-1].tolist()
    app.button_group(key="points.panel").set_value("code").run()
    widget(app, "Code of").set_value("A").run()
    assert app.code[0].value == wb.to_script(expected[0].config).rstrip("\n")
    send_kept(monkeypatch, kept(app.run()))
    assert letters(open_page("points.py", **query(app))) == ["A", "B"]


def test_a_branch_of_a_weight_that_another_network_lacks_waits_for_it_or_is_deleted():
    app = with_link("21-w1.3.1-0.5")
    for hidden, found in (((3,), []), ((5,), ["A"]), ((3,), [])):
        app.session_state["PointsConfig.hidden"] = hidden
        app.run()
        assert (letters(app), [error.message for error in app.exception]) == (found, [])
    assert "Branches with a weight that this network doesn't have: 1" in [one.value for one in app.caption]
    button(app, "Delete").click().run()
    assert "branches" not in query(app)


def test_a_run_with_a_typed_weight_is_opened_from_its_link_and_loses_it():
    link = {**LINK, "schedule": "21-w1.3.1-0.5"}
    app = button(open_page("points.py", **link), "Train").click().run()
    assert points_lab_of(app).run.config == CONFIG.branch(21, **{"w1.3.1": 0.5})
    app.session_state["PointsConfig.hidden"] = (3,)
    app.run()
    assert [one.value for one in app.error] == [CODES["schedule.weight"]]
    button(app, "Remove").click().run()
    assert points_lab_of(app).run.config == dataclasses.replace(CONFIG, hidden=(3,))


@pytest.mark.parametrize("data", ["moons", "own"])
def test_only_the_change_of_a_weight_that_the_network_lacks_is_left_out_of_a_link(data):
    wrong = {"schedule": "21-w1.4.0-1"} | ({} if data == "moons" else {"data": "own"})
    (found,), ignored = decode({**LINK, **wrong}, wb.PointsConfig)
    assert (found, {*ignored}) == (CONFIG if data == "moons" else dataclasses.replace(CONFIG, data="circles"), {*wrong})


def test_the_form_proposes_weight_decay_for_a_run_that_overfits():
    lab, branches = PointsLab(), PointsBranches()
    lab.run = finished(PRESETS["overfitting"].config)
    now = lab.run.config
    assert branches.proposal(lab, now) == {"weight_decay": 0.01}
    lab = trained()
    assert branches.proposal(lab, lab.run.config) == {"lr": 0.01}
