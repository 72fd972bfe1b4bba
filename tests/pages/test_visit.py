"""A visit in the browser's storage: everything comes back, and nothing else does."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import wb_core as wb
from pages.ui.labs.line.lab import MAX_EPOCHS, LinearLab
from pages.ui.labs.saved import SavedRun, Snapshot
from pages.ui.labs.undo import MOST, Undo
from pages.ui.session import browser_storage
from tests.pages.app import button, kept, lab_of, open_page, query, send_kept
from tests.runs import finished
from wb_core.tensorlab import OPERATIONS, Call, Step, write_program

TRAY = "pages.ui.compare.tray.Tray"


def tray(app):
    return [entry.run for entry in app.session_state[TRAY].entries] if TRAY in app.session_state else []


def test_a_new_visit_leaves_nothing_in_the_browser():
    assert kept(open_page("home.py")) == {"visit": "", "language": "", "points": "", "tray": "", "lessons": ""}


def test_the_browser_knows_its_page_before_it_is_asked_for_the_visit(monkeypatch):
    """Its answer names its page. Without one it would be led to the start page."""
    order = []

    def note(module, name):
        original = getattr(module, name)

        def noted(*args, **more):
            order.append(name)
            return original(*args, **more)

        monkeypatch.setattr(module, name, noted)

    note(st, "navigation")
    note(browser_storage, "draw")
    open_page()
    assert order[:2] == ["navigation", "draw"]


def test_settings_run_and_saved_runs_come_back(monkeypatch):
    app = open_page(epochs="30", lr="0.02")
    button(app, "Train").click().run()
    button(app, "Continue training").click().run()
    button(app, "Save this run").click().run()
    app.run()
    send_kept(monkeypatch, kept(app))
    for page in ("compare.py", "step.py", "linear.py"):  # the run is trained where it is shown
        again = open_page(page)
        assert not again.exception
        assert tray(again) == tray(app)
    assert lab_of(open_page("step.py")).saved == lab_of(app).saved
    assert open_page("home.py").switch_page("linear.py").run().session_state["LinearConfig.lr"] == 0.02
    again = open_page(epochs="30", lr="0.02")
    assert query(again) == {"epochs": "30", "lr": "0.02"}
    assert lab_of(again).run.history.frame().equals(finished(wb.LinearConfig(lr=0.02, epochs=60)).history.frame())
    assert lab_of(again).show == "end"


def test_a_visit_comes_back_although_a_click_interrupts_the_script_run_that_restores_it(monkeypatch):
    app = open_page(epochs="30", lr="0.02")
    button(app, "Train").click().run()
    button(app, "Continue training").click().run()
    button(app, "Save this run").click().run()
    parts, order, take_over = kept(app.run()), [], LinearLab.take_over
    send_kept(monkeypatch, parts)

    def interrupted(lab, undo):
        order.append("restored" if order else "interrupted")
        if order == ["interrupted"]:
            # As Streamlit does where a script touches the session's state, when the browser asks for another run.
            monkeypatch.setattr(browser_storage, "draw", lambda *args, **options: None)
            st.stop()
        take_over(lab, undo)

    monkeypatch.setattr(LinearLab, "take_over", interrupted)
    again = open_page(epochs="30", lr="0.02").run()
    assert order == ["interrupted", "restored"]
    assert tray(again) == tray(app)
    assert lab_of(again).run.epoch == 60


def test_the_open_panels_and_the_table_of_points_come_back(monkeypatch):
    app = open_page()
    app.session_state["linear.panel"] = "code"
    app.run().switch_page("step.py").run()
    app.toggle(key="step.points").set_value(True).run()
    send_kept(monkeypatch, kept(app.run()))
    again = open_page("step.py")
    assert len(again.dataframe) == 1
    again.switch_page("linear.py").run()
    assert not again.exception
    assert again.session_state["linear.panel"] == "code"


@pytest.mark.parametrize(
    "choices",
    [
        {"linear.panel": "no such panel", "step.points": 1, "images.panel": ["code"]},
        {"linear.panel": {}, "language": "ko", "LinearConfig.lr": 5},
        ["linear.panel"],
        7,
    ],
    ids=str,
)
def test_choices_that_no_page_has_are_left_out(monkeypatch, choices):
    send_kept(monkeypatch, {"visit": json.dumps({"choices": choices})})
    app = open_page()
    assert not app.exception
    assert app.session_state["linear.panel"] == "printout"
    assert app.session_state["LinearConfig.lr"] == 0.01
    assert not open_page("step.py").dataframe


def test_a_run_from_a_checkpoint_comes_back_with_its_first_parameters(monkeypatch):
    config = wb.LinearConfig(epochs=20)
    saved = SavedRun(config=config, epochs=20, planned=30, start={"weight": 0.125, "bias": -3.5})
    snapshot = Snapshot(settings=config, run=saved)
    send_kept(
        monkeypatch,
        {"visit": json.dumps({"settings": {"LinearConfig": {"epochs": "20"}}, "line": Undo(snapshot).plain()})},
    )
    lab = lab_of(open_page(epochs="20"))
    run = wb.Run(config, start=saved.start)
    run.finish()
    assert (lab.loaded, lab.run.epoch, lab.run.epochs) == (True, 20, 30)
    assert lab.run.history.frame().equals(run.history.frame())


def test_a_link_goes_before_the_settings_of_the_visit_and_shows_its_trained_run(monkeypatch):
    app = open_page(epochs="30", lr="0.02")
    send_kept(monkeypatch, kept(button(app, "Train").click().run().run()))
    again = open_page(epochs="30", lr="0.5")
    assert query(again) == {"epochs": "30", "lr": "0.5"}
    assert lab_of(again).run.history.frame().equals(finished(wb.LinearConfig(epochs=30, lr=0.5)).history.frame())
    button(again, "Undo").click().run()
    assert query(again) == {"epochs": "30", "lr": "0.02"}
    assert lab_of(again).run.history.frame().equals(lab_of(app).run.history.frame())


def test_a_connection_that_was_lost_for_a_moment_changes_nothing(monkeypatch):
    app = open_page(epochs="30")
    session = app.session_state["pages.ui.visit.Visit"].session
    run = SavedRun(config=wb.LinearConfig(), epochs=5, planned=5)
    steps = Undo(Snapshot(settings=wb.LinearConfig(), run=run)).plain()
    send_kept(monkeypatch, {"visit": json.dumps({"line": steps})}, session=session, again=True)
    assert lab_of(app.run()).run.epoch == 0


def test_a_session_listens_once(monkeypatch):
    run = SavedRun(config=wb.LinearConfig(), epochs=5, planned=5)
    steps = Undo(Snapshot(settings=wb.LinearConfig(), run=run)).plain()
    send_kept(monkeypatch, {"visit": json.dumps({"line": steps})})
    app = open_page()
    assert lab_of(app).run.epoch == 5
    button(app, "Reset").click().run()
    assert lab_of(app).run.epoch == 0


def test_the_language_comes_back(monkeypatch):
    app = open_page(state={"language": "ko"})
    assert kept(app)["language"] == "ko"
    send_kept(monkeypatch, kept(app))
    assert open_page().title[0].value == "선형 회귀"


def test_a_sweep_is_trained_again(monkeypatch):
    app = open_page("sweep.py", x_steps="3", y="none", epochs="10")
    button(app, "Run the sweep").click().run()
    send_kept(monkeypatch, kept(app.run()))
    again = open_page("sweep.py", x_steps="3", y="none", epochs="10")
    labs = [page.session_state["pages.ui.sweep.kinds.SweepLabs"].of("linear") for page in (app, again)]
    assert labs[1].table().equals(labs[0].table())


def test_random_tensors_without_a_seed_keep_their_numbers(monkeypatch):
    calls = [Call.of(OPERATIONS["rand"], {"size": (rows,), "seed": None}) for rows in (2, 3)]
    link = {"shelf": write_program((Step("A", calls[0]),)), "do": calls[1].text}
    app = open_page("tensors.py", **link)
    send_kept(monkeypatch, kept(app.run()))
    again = open_page("tensors.py", **link)
    before, after = (page.session_state["pages.ui.tensors.lab.TensorLab"] for page in (app, again))
    assert after.shelf.tensors["A"].equal(before.shelf.tensors["A"])
    assert after.outcome(after.call).result.equal(before.outcome(before.call).result)


LINE = SavedRun(config=wb.LinearConfig(), epochs=5, planned=9).plain()
STEP = {"settings": {}, "run": LINE}
TEXTS = ["", "{", "[]", "null", "3", "NaN", '{"line": NaN}', "[" * 50_000, '{"a":' * 9_000, "9" * 9_000]
VISITS = [
    {"settings": []},
    {
        "settings": {
            "LinearConfig": {"lr": 3},
            "ImageConfig": {"data_dir": "/"},
            "TensorView": {"shelf": "A_zeros_9x9e9"},
        }
    },
    {"settings": {"LinearConfig": {"lr": "7000", "epochs": "1e9", "model": "<b>", "__class__": "x"}}},
    {"images": {"ticket": "x"}, "sweeps": {"linear": {}, "other": {}}},
    {"sweeps": {"linear": {"settings": {}, "view": {"x_steps": "999999"}}}},
    {"tensors": {"shelf": "A_rand_2x2", "seeds": [2**31], "rng_seed": 0}},
    {"tensors": {"shelf": "A_rand_2x2", "seeds": "1", "rng_seed": 0}},
    {"tensors": {"shelf": "A_rand_2x2", "seeds": [], "rng_seed": True}},
    {"line": LINE},
    {"line": STEP},
    {"line": {"now": STEP, "past": [STEP] * (MOST + 1), "future": []}},
    {"line": {"now": STEP, "past": {}, "future": []}},
    {"line": {"now": STEP, "past": [3], "future": []}},
    {"line": {"now": STEP, "past": [], "future": [{"settings": {"lr": "0.5"}, "run": LINE}]}},
    {"line": {"now": {"settings": {"lr": "9000"}, "run": None}, "past": [], "future": []}},
    *(
        {"line": {"now": {"settings": {}, "run": LINE | wrong}, "past": [], "future": []}}
        for wrong in (
            {"epochs": 10},
            {"planned": MAX_EPOCHS * 9},
            {"epochs": True},
            {"epochs": -1},
            {"start": {"weight": 1.0}},
            {"start": {"weight": 1.0, "bias": 1e300}},
            {"config": {"lr": "9000"}},
            {"config": {"step": "0.0001"}},
            {"other": 1},
        )
    ),
]
TRAYS = ["{}", "[" * 99_999, "\ud800", '{"format":"torch-workbench-tray","version":2,"runs":[{}]}']


def test_what_no_visit_has_written_is_left_out_in_silence():
    def script():
        from pages.ui import visit
        from pages.ui.compare.tray import Tray
        from pages.ui.session import state
        from pages.ui.tensors.lab import TensorLab
        from tests.pages.test_visit import TEXTS, TRAYS, VISITS, json

        state.of(TensorLab)
        before = visit.written()
        for text in [*TEXTS, *map(json.dumps, VISITS)]:
            visit.restore({"visit": text, "language": "<script>"})
            assert visit.written() == before, text
        for text in TRAYS:
            visit.restore({"tray": text})
            assert state.of(Tray).entries == ()

    app = AppTest.from_function(script).run()
    assert [error.message for error in app.exception] == []


def test_only_texts_of_allowed_length_are_read():
    long = {part: "x" * (most + 1) for part, most in browser_storage.MAX_LENGTHS.items()}
    for sent in ({}, {"visit": 3, "tray": None, "language": []}, long):
        assert browser_storage.checked(sent) == {}
    assert browser_storage.checked({"visit": "{}", "other": "x"}) == {"visit": "{}"}


def test_the_browser_keeps_little_more_than_a_megabyte():
    places = browser_storage.AREAS
    assert sum(len(places[part]) * most for part, most in browser_storage.MAX_LENGTHS.items()) <= 1_100_000
    assert browser_storage.MAX_LENGTHS["tray"] >= wb.records.MAX_BYTES
