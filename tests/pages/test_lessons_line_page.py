"""The page of a line in a lesson: only what the lesson needs, and all that it needs."""

import pytest

from pages.ui.lessons.current import OURS
from tests.pages.app import button, open_page, widget


def in_lesson(name, **settings):
    lesson = OURS[name]
    return open_page(lesson=name, **({**lesson.start, **settings} if settings else {}))


def labels(app):
    kinds = (app.slider, app.select_slider, app.selectbox, app.number_input, app.toggle)
    return {widget.label for kind in kinds for widget in kind}


def said(app):
    return " ".join(box.value for box in (*app.warning, *app.success, *app.info))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two-numbers", {"Weight at the start", "Bias at the start"}),
        ("outlier", {"Epochs", "Loss"}),
        ("scale", {"Learning rate", "Standardize"}),
        ("momentum", {"Momentum"}),
    ],
)
def test_a_lesson_shows_its_few_settings_unfolded(name, shown):
    app = in_lesson(name)
    settings = {"Learning rate", "Epochs", "Noise", "Weight", "Bias", "Seed", "Optimizer", "Device"}
    assert labels(app) & (settings | shown) == shown
    assert not app.header
    assert "Defaults" not in [button.label for button in app.button]


def test_a_run_that_exploded_gets_no_button_that_solves_the_lesson():
    app = in_lesson("step-size", lr="1")
    button(app, "Train").click().run()
    assert "Exploded" in said(app) or "Exploding" in said(app)
    assert not [button for button in app.button if button.label.startswith("Try ")]


def test_a_branch_solves_its_lesson():
    app = in_lesson("branch")
    button(app, "Train").click().run()
    button(app, "Check").click().run()
    assert "Press Branch here" in said(app)
    app.session_state["pages.ui.labs.line.branches.LineBranches"].form = True
    app.session_state["BranchForm.epoch"], app.session_state["BranchForm.lr"] = 100, 0.005
    app.run()
    assert widget(app, "From epoch").value == 100
    assert not {"Momentum", "Optimizer", "Loss"} & labels(app)
    button(app, "Train branch").click().run()
    button(app, "Check").click().run()
    assert "Solved." in said(app)
