"""Lessons in the labs for pictures and for points: what is in view, and a check before, while and after a training."""

import pytest

import wb_core as wb
from pages.ui.labs.images import work
from pages.ui.labs.points.lab import PointsLab
from tests.pages.app import button, open_page
from tests.pages.image_jobs import FakeWork, learned
from wb_core.base.fields import specs

SEEK = "pages.ui.player.seek.Seek"
OF_PICTURES = [lesson for lesson in wb.LESSONS if lesson.page == "images"]


@pytest.fixture
def fake(monkeypatch):
    fake = FakeWork()
    monkeypatch.setattr(work, "WORK", fake)
    monkeypatch.setattr(work, "keep", lambda ticket: None)
    return fake


def check(app):
    """Press Check, and return what it says."""
    button(app, "Check").click().run()
    return said(app)


def said(app):
    return " ".join(box.value for kind in (app.info, app.warning, app.success) for box in kind)


def test_a_lesson_with_pictures_judges_only_a_training_that_has_ended(fake):
    app = open_page("images.py", lesson="three-epochs")
    assert "press Train first" in check(app)
    assert app.radio
    button(app, "Train").click().run()
    assert "press Train first" not in said(app)
    [ticket] = fake.reports
    fake.change(ticket, **learned(fake.reports[ticket].job.config, epochs=1))
    assert "still training" in check(app)
    button(app, "Stop").click().run()
    assert "still training" not in said(app)
    assert "Epoch 1: test accuracy 81.25%. Asked for: at least 83%." in check(app)
    assert app.session_state[SEEK].wish["epoch"] == 0


def test_too_many_units_are_named_without_giving_the_answer_away():
    app = open_page("points.py", lesson="few-units")
    button(app, "Train").click().run()
    check(app)
    assert app.warning[0].value == "Units per hidden layer: 8. It works, and at least one unit can still go."


@pytest.mark.parametrize("lesson", OF_PICTURES, ids=lambda lesson: lesson.id)
def test_a_lesson_with_pictures_asks_no_other_question(fake, lesson):
    app = open_page("images.py", lesson=lesson.id)
    assert not any("Can it learn shirts?" in html.proto.body for html in app.get("html"))
    in_view = {widget.label for kind in (app.slider, app.select_slider, app.selectbox) for widget in kind}
    labels = {name: spec.label for name, spec in specs(wb.ImageConfig).items()}
    assert in_view.intersection(labels.values()) == {labels[name] for name in lesson.opened}


def test_a_run_on_points_counts_as_running_until_it_ends_or_is_stopped():
    lab = PointsLab()
    lab.train(wb.PointsConfig())
    assert not lab.record.finished
    lab.stop()
    assert lab.record.finished
