"""The page's diagnosis of a run, the button that applies it, and the limit on the learning-rate slider."""

import math
from dataclasses import replace

import pytest

import wb_core as wb
from pages.ui.labs import run_link
from pages.ui.labs.line import controls, diagnosis_sentences
from pages.ui.labs.line import lab as line_lab
from pages.ui.start import experiment
from tests.pages.app import button, lab_of, open_page, widget
from tests.runs import finished
from wb_core.base.fields import log_stops

CASES = {
    "learning": {},
    "learning, more of it than anybody can tell": {"loss": "mse", "momentum": "0.99", "lr": "0.1", "epochs": "200"},
    "learning, and just there": {"noise": "0.05", "loss": "mse", "lr": "0.2", "epochs": "200"},
    "converged": {"loss": "mse", "lr": "0.5", "epochs": "300"},
    "too slow": {"lr": "0.0001"},
    "bouncing": {"epochs": "300"},
    "bouncing with momentum": {"epochs": "300", "momentum": "0.9"},
    "exploding": {"loss": "mse", "lr": "1"},
    "exploded": {"loss": "mse", "lr": "1", "epochs": "1000"},
    "overfitting": {"noise": "0.3", "train_fraction": "0.1", "loss": "mse", "lr": "0.8", "epochs": "5000"},
    "a single epoch": {"epochs": "1"},
}
NUMBERS = {
    "learning": ("first", "last"),
    "too_slow": ("first", "last"),
    "converged": ("last",),
    "bouncing": ("low", "high"),
    "exploding": ("lowest", "last"),
}


def trained_page(**query):
    app = open_page(**query)
    button(app, "Train").click().run()
    return app


def said(app):
    boxes = [box.value for kind in (app.success, app.info, app.warning) for box in kind]
    [sentence] = boxes
    return sentence


def diagnosis(app):
    run = lab_of(app).run
    return wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)


def advice(app):
    """The button that applies the suggestion, or None."""
    found = [button for button in app.button if button.key == "diagnosis.try"]
    return found[0] if found else None


@pytest.mark.parametrize("query", CASES.values(), ids=CASES)
def test_every_diagnosis_has_a_text_with_its_numbers_in_both_languages(query):
    app = trained_page(**query)
    found = diagnosis(app)
    shown = NUMBERS[found.label] if lab_of(app).run.diverged_at is None else ()
    for language in ("en", "ko"):
        app.session_state["language"] = language
        app.run()
        assert not app.exception
        sentence = said(app)
        assert "{" not in sentence
        assert not any(word in sentence for word in ("nan", "inf", "None"))
        assert all(diagnosis_sentences.number(found.evidence[name]) in sentence for name in shown)


@pytest.mark.parametrize(
    ("query", "words", "label"),
    [
        ({}, "**Learning.** The train loss went down from 0.3129", "Train 100 more epochs"),
        ({"lr": "0.0001"}, "**Too slow.**", "Try learning rate 0.02"),
        ({"loss": "mse", "lr": "1"}, "**Exploding** since epoch 0", "Try learning rate 0.4, 120 epochs"),
        ({"lr": "0.5"}, "learning rate × gradient = 0.5 × 1 = 0.5", "Try learning rate 0.0012, 2,000 epochs"),
        ({"momentum": "0.9", "epochs": "300"}, "**Good fit.**", "Try learning rate 0.001"),
        (
            {"momentum": "0.9", "epochs": "300", "lr": "0.05"},
            "Each step moves the bias by about",
            "Try learning rate 0.0005, 400 epochs",
        ),
        ({"optimizer": "adam", "lr": "0.8"}, "Each step moves the", "Try learning rate 0.006, 400 epochs"),
    ],
)
def test_a_diagnosis_is_shown_with_its_suggestion(query, words, label):
    app = trained_page(**query)
    assert words in said(app)
    assert advice(app).label == label


def test_a_converged_run_gets_no_suggestion():
    app = trained_page(loss="mse", lr="0.5", epochs="300")
    assert "**Converged** at epoch" in said(app)
    assert advice(app) is None


@pytest.mark.parametrize("query", [q for name, q in CASES.items() if name not in ("converged", "overfitting")])
def test_the_button_applies_the_suggestion_and_trains(query):
    app = trained_page(**query)
    before = lab_of(app).run
    suggestion = wb.diagnose(before.history, before.config, diverged_at=before.diverged_at).suggestion
    old = before.epoch
    advice(app).click().run()
    assert not app.exception
    run = lab_of(app).run
    labels = {"lr": "Learning rate", "epochs": "Epochs", "momentum": "Momentum"}
    for name, value in suggestion.changes.items():
        assert widget(app, labels[name]).value == value
    if suggestion.resume:
        assert run is before
        assert run.epoch == old + suggestion.changes["epochs"]
    else:
        assert run is not before
        assert {name: getattr(run.config, name) for name in suggestion.changes} == suggestion.changes
        assert run.done
    again = wb.Run(run.config)
    again.extend(run.epoch)
    again.finish()
    assert run.history.frame().equals(again.history.frame())


def test_overfitting_is_reported_with_more_training_points_suggested():
    app = trained_page(**CASES["overfitting"])
    assert "**Overfitting.** Since epoch" in said(app)
    assert not app.success  # whatever has converged, this is no success
    assert advice(app).label == "Try training fraction 0.8"
    advice(app).click().run()
    assert widget(app, "Training fraction").value == 0.8
    assert lab_of(app).run.config.train_fraction == 0.8
    assert lab_of(app).run.done


def test_following_the_suggestions_leads_to_the_best_line():
    app = trained_page(lr="0.0001")
    for _ in range(6):
        if advice(app) is None:
            break
        advice(app).click().run()
    assert "**Converged**" in said(app)


def test_the_run_of_the_defaults_gets_better_until_it_is_good_and_no_box_scolds_it():
    app = trained_page()
    assert "won't be able to tell its line from the best one" in said(app)
    advice(app).click().run()
    assert "**Good fit.**" in said(app)
    assert app.success
    assert not app.warning
    advice(app).click().run()
    assert "**Converged**" in said(app)


def test_the_start_page_ends_on_a_run_that_converged():
    [box] = open_page("home.py").success
    assert box.value.startswith("**Just right.**")
    run = finished(replace(experiment.CONFIG, lr=experiment.StartConfig().lr))
    assert wb.diagnose(run.history, run.config).label == "converged"


def test_a_changed_setting_gets_the_diagnosis_of_its_own_run():
    app = trained_page()
    assert diagnosis(app).label == "learning"
    widget(app, "Learning rate").set_value(0.5).run()
    assert diagnosis(app).label == "bouncing"
    assert "learning rate × gradient = 0.5 × 1 = 0.5" in said(app)
    assert advice(app).label == "Try learning rate 0.0012, 2,000 epochs"


def test_a_stopped_run_is_diagnosed_and_can_be_continued():
    app = open_page(epochs="5000", lr="0.0001")
    lab = lab_of(app)
    lab.train(wb.LinearConfig(epochs=5000, lr=0.0001))
    lab.run.advance(epochs=50)
    lab.stop()
    app.run()
    assert "Stopped after 50 of 5,000 epochs" in said(app)
    assert "**Learning.**" in said(app) or "**Too slow.**" in said(app)


@pytest.mark.parametrize("query", [{}, {"lr": "0.02", "epochs": "50"}, {"lr": "0.5"}])
def test_a_continued_run_and_its_link_get_the_same_advice_and_it_leads_to_the_same_run(query):
    app = trained_page(**query)
    button(app, "Continue training").click().run()
    lab, epochs = lab_of(app), widget(app, "Epochs").value
    other = trained_page(**{**query, "epochs": str(run_link.linked(lab, wb.LinearConfig(epochs=epochs)).epochs)})
    assert lab.epochs == lab_of(other).run.epochs
    assert said(app) == said(other)
    assert advice(app).label == advice(other).label
    for page in (app, other):
        advice(page).click().run()
    assert lab_of(app).run.history.frame().equals(lab_of(other).run.history.frame())


def test_advice_after_a_checkpoint_leads_to_the_best_line_from_the_seed_where_a_new_training_starts():
    far = wb.Run(wb.LinearConfig(), start={"weight": 300.0, "bias": -300.0})
    app = open_page(state={"linear.panel": "checkpoint"}, epochs="20", lr="0.5")
    app.file_uploader[0].upload("model.pth", wb.save_checkpoint(far), "application/octet-stream").run()
    app.session_state["linear.panel"] = "printout"
    button(app, "Continue training").click().run()
    assert "**Too slow.**" in said(app)
    advice(app).click().run()
    assert not lab_of(app).loaded
    assert "**Converged**" in said(app)


def test_a_run_of_maximal_length_gets_no_more_epochs(monkeypatch):
    monkeypatch.setattr(line_lab, "MAX_EPOCHS", 500)
    app = open_page()
    lab = lab_of(app)
    lab.train(wb.LinearConfig(lr=1e-4))
    lab.run.extend(500)
    lab.run.finish()
    lab.stop()
    assert not lab.can_resume
    widget(app, "Learning rate").set_value(1e-4).run()
    found = advice(app)
    assert found is None or found.label.startswith("Try")


class TestLimit:
    def mark(self, app):
        # AppTest does not support st.html; the text is in the element's message.
        return [part.proto.body for part in app.get("html") if 'class="wb-limit ' in part.proto.body]

    @pytest.mark.parametrize(
        ("query", "number"),
        [({"loss": "mse"}, "0.8625"), ({"loss": "mse", "momentum": "0.5"}, "1.294"), ({"loss": "huber"}, "1.725")],
    )
    def test_the_limit_is_drawn_with_its_number(self, query, number):
        [mark] = self.mark(open_page(**query))
        assert f"limit {number}" in mark
        assert ("→" in mark) == (float(number) > 1)
        assert "λmax" in mark

    @pytest.mark.parametrize("query", [{}, {"loss": "mse", "optimizer": "adam"}])
    def test_l1_and_adam_have_no_limit(self, query):
        assert self.mark(open_page(**query)) == []

    def test_the_limit_follows_the_controls(self):
        app = trained_page(loss="mse", lr="0.5")
        widget(app, "Momentum").set_value(0.5).run()
        assert "limit 1.294" in self.mark(app)[0]

    def test_positions_on_the_slider_follow_its_stops(self):
        stops = log_stops(0.0001, 1.0)
        places = [controls.slider_position(stop, stops) for stop in stops]
        assert places == pytest.approx([i / (len(stops) - 1) for i in range(len(stops))])
        between = controls.slider_position(math.sqrt(0.8 * 1.0), stops)
        assert between == pytest.approx((places[-1] + places[-2]) / 2)
        assert controls.slider_position(0.00001, stops) < 0
        assert controls.slider_position(1.7, stops) > 1
