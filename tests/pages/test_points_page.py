"""The lab for points in the plane: its controls, presets, verdict, panels, links, and what a reload brings back."""

import dataclasses
import time

import pytest
import torch

import wb_core as wb
from pages.ui.compare import outcome
from pages.ui.i18n import LANGUAGES
from pages.ui.labs.points import panels, verdict
from pages.ui.labs.points.code import recipe
from pages.ui.labs.points.lab import PointsLab
from pages.ui.labs.points.patterns import NOISE
from pages.ui.labs.points.presets import PRESETS
from pages.ui.session import share
from pages.ui.widgets.markup import as_it_is
from tests.pages.app import button, kept, open_page, points_lab_of, query, send_kept, widget
from tests.runs import finished

LAB = "pages.ui.labs.points.lab.PointsLab"
OWN = tuple((float(n % 5) / 3, float(n // 5), (n // 5) % 2) for n in range(20))
OWN_LINK = share.encode(wb.PointsConfig(data="own", own=OWN))


def opened(**link):
    return open_page("points.py", **link)


def trained(**link):
    return button(opened(**link), "Train").click().run()


def said(app):
    return " ".join(box.value for kind in (app.success, app.info, app.warning) for box in kind)


def pick(app, key, value):
    return app.button_group(key=key).set_value(value).run()


def choice(app, key):
    return app.button_group(key=key).value


def same(app, config):
    """Whether the page shows the finished run of this config, to the last bit."""
    return torch.equal(points_lab_of(app).run.parameters, finished(config).parameters)


# --- the main path


def test_the_first_minute_ends_with_a_border_that_holds_for_new_points():
    app = opened()
    assert "Not trained yet" in said(app)
    button(app, "Train").click().run()
    assert said(app).startswith("**Learned.**")
    assert '<p class="wb-outcome wb-with-hint wb-success">Learned.</p>' in [part.proto.body for part in app.get("html")]
    last = points_lab_of(app).run.history.row(-1)
    assert min(last["train_accuracy"], last["test_accuracy"]) >= 95
    assert query(app) == {}
    assert same(app, wb.PointsConfig())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", panels.PANELS)
@pytest.mark.parametrize("epochs", [0, 5])
def test_a_panel_runs_before_and_after_training(panel, language, epochs):
    lab = PointsLab()
    lab.run.advance(epochs=epochs)
    app = open_page("points.py", state={"language": language, panels.KEY: panel, LAB: lab})
    assert not app.exception
    assert choice(app, panels.KEY) == panel


def test_the_model_panel_names_every_layer_with_its_shape_and_parameters():
    app = open_page("points.py", state={panels.KEY: "model"}, hidden="8-4", activation="relu")
    [table] = [html.proto.body for html in app.get("html") if "<table" in html.proto.body]
    for part in ("(160, 2)", "(160, 8)", "nn.Linear(2, 8)", "nn.ReLU()", "nn.Linear(8, 4)", "(160, 1)"):
        assert part in table
    assert f"**{2 * 8 + 8 + 8 * 4 + 4 + 4 + 1}**" in " ".join(text.value for text in app.markdown)


# --- controls


def test_another_pattern_gets_the_noise_that_suits_it_unless_the_visitor_has_set_one():
    app = opened()
    for pattern in ("moons", "blobs", "spirals"):
        widget(app, "Pattern").set_value(pattern).run()
        assert widget(app, "Noise").value == NOISE[pattern].usual
        assert widget(app, "Noise").max == NOISE[pattern].most
    widget(app, "Noise").set_value(0.12).run()
    widget(app, "Pattern").set_value("moons").run()
    assert widget(app, "Noise").value == 0.12
    assert not app.exception


def test_classes_are_asked_for_where_a_pattern_has_several():
    app = opened()
    assert "Classes" not in [box.label for box in app.selectbox]
    widget(app, "Pattern").set_value("blobs").run()
    widget(app, "Classes").set_value(4).run()
    assert points_lab_of(app).run.config.outputs == 4


def test_the_network_is_built_by_numbers():
    app = opened()
    pick(app, "points.layers", 3)
    assert points_lab_of(app).run.config.hidden == (8, 8, 8)
    app.number_input(key="points.units.2").set_value(3).run()
    pick(app, "points.layers", 2)
    assert query(app) == {"hidden": "8-3"}
    pick(app, "points.layers", 0)
    assert query(app) == {"hidden": "none"}
    pick(app, "points.layers", 1)
    assert points_lab_of(app).run.config.hidden == (8,)
    button(app, "Undo").click().run()
    assert choice(app, "points.layers") == 0


def test_a_number_of_units_that_arrives_after_its_layer_is_gone_changes_nothing():
    app = opened()
    app.number_input(key="points.units.2").set_value(3)
    pick(app, "points.layers", 1)
    assert not app.exception
    assert points_lab_of(app).run.config.hidden == (8,)


def test_the_network_sees_at_least_one_input():
    app = opened()
    pick(app, "PointsConfig.features", ["x1_squared", "x1"])
    assert points_lab_of(app).run.config.features == ("x1", "x1_squared")
    pick(app, "PointsConfig.features", [])
    assert choice(app, "PointsConfig.features") == ["x1", "x1_squared"]
    assert query(app) == {"features": "x1-x1_squared"}


def test_undo_redo_continue_and_defaults_are_those_of_the_line_lab():
    app = trained(epochs="20")
    widget(app, "Learning rate").set_value(0.1).run()
    button(app, "Continue training").click().run()
    assert same(app, wb.PointsConfig(lr=0.1, epochs=40))
    for lr, epochs in ((0.1, 20), (0.03, 20), (0.03, 0)):
        button(app, "Undo").click().run()
        assert (widget(app, "Learning rate").value, points_lab_of(app).run.epoch) == (lr, epochs)
    for _ in range(3):
        button(app, "Redo").click().run()
    assert same(app, wb.PointsConfig(lr=0.1, epochs=40))
    button(app, "Defaults").click().run()
    assert query(app) == {}


# --- presets


LESSONS = {
    "xor": "too_small",
    "relu": "learned",
    "spirals": "too_small",
    "overfitting": "overfitting",
    "decay": "learned",
    "blobs": "learned",
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_shows_what_it_says_and_is_a_link(name):
    preset = PRESETS[name]
    app = pick(opened(), "points.preset", name)
    assert preset.sentence in [text.value for text in app.markdown]
    run = points_lab_of(app).run
    assert run.config == preset.config
    assert query(app) == share.encode(preset.config)
    assert choice(opened(**query(app)), "points.preset") == name
    found = wb.diagnose(run.history, run.config, parameters=run.parameters)
    assert found.label == LESSONS[name]


def test_xor_and_spirals_are_learned_with_the_layers_that_their_presets_ask_for():
    for name, hidden in (("xor", (8,)), ("spirals", (16, 16))):
        run = finished(dataclasses.replace(PRESETS[name].config, hidden=hidden))
        assert run.history.row(-1)["test_accuracy"] >= 90


def bends(run):
    """The share of the places on a line at which what the network says is bent."""
    points = torch.stack([torch.linspace(-1, 1, 400), torch.linspace(-0.6, 0.9, 400)], dim=1)
    second = run.predict(points).double().diff(n=2).abs()
    return float((second > 1e-4).double().mean())


def test_relu_draws_straight_pieces_and_tanh_bends_everywhere():
    relu = PRESETS["relu"].config
    assert bends(finished(relu)) < 0.1
    assert bends(finished(dataclasses.replace(relu, activation="tanh"))) > 0.5


def test_weight_decay_cures_the_overfitting():
    ill, cured = (finished(PRESETS[name].config).history.row(-1) for name in ("overfitting", "decay"))
    assert cured["test_loss"] < 0.5 * ill["test_loss"]
    assert cured["test_accuracy"] > ill["test_accuracy"]


# --- the verdict


@pytest.mark.parametrize("label", verdict.LOOKS)
def test_every_diagnosis_has_words_with_numbers(label):
    evidence = {
        "exploding": {"epoch": 7},
        "overfitting": {"since": 1, "best": 0.2, "test_loss": 0.5, "apart": 10.0},
        "learned": {"accuracy": 98.75, "reachable": 97.0},
        "over_regularised": {"pull": 80.0, "weight_decay": 1.0},
        "dead_units": {"layer": 1, "units": 8, "since": 0},
        "bouncing": {"ups": 40.0, "swing": 12.0, "thrown": 1.1},
        "too_small": {"accuracy": 60.0, "possible": 62.5, "units": 2},
        "too_slow": {"accuracy": 60.0, "falls": 3.0},
    }[label]
    run = finished(wb.PointsConfig(epochs=2))
    sentences = verdict.sentences(run, wb.Diagnosis(label, (0, 1), evidence))
    assert sentences[0].startswith("**")
    assert any(char.isdigit() for char in sentences[0])


@pytest.mark.parametrize("link", [{"lr": "0.0001"}, {"data": "xor", "hidden": "none"}, {"lr": "1"}])
def test_the_button_of_the_verdict_changes_settings_and_trains(link):
    app = trained(**link)
    before = points_lab_of(app).run.config
    [advice] = [found for found in app.button if found.key == "diagnosis.try"]
    advice.click().run()
    run = points_lab_of(app).run
    assert run.config != before
    assert run.epoch == run.config.epochs
    assert not app.exception


def test_a_run_that_explodes_says_what_nan_is():
    app = trained(activation="none", optimizer="sgd", lr="1", momentum="0.99", weight_decay="1", epochs="5000")
    run = points_lab_of(app).run
    assert (run.diverged_at is not None) == ("NaN" in said(app))


# --- links and reloads


@pytest.mark.parametrize(
    ("link", "left"),
    [
        ({"hidden": "-".join("8" * 99)}, {}),
        ({"hidden": "17"}, {}),
        ({"features": "x3"}, {}),
        ({"data": "own"}, {}),
        ({"data": "own", "own": "1x1c0p2x2c0p3x3c0p1x2c0"}, {}),
        ({"data": "own", "own": "1x1c0p2x2c1"}, {}),
        ({"own": OWN_LINK["own"]}, {}),
        ({"noise": "99"}, {}),
        ({"weight": "0.5"}, {}),
    ],
    ids=lambda part: "-".join(part)[:40],
)
def test_a_bad_link_is_one_sentence_and_loses_nothing_else(link, left):
    app = opened(**link, lr="0.1", seed="7")
    assert not app.exception
    [warning] = app.warning
    assert warning.value
    assert query(app) == {"lr": "0.1", "seed": "7", **left}


def test_a_link_may_change_settings_during_the_run_which_the_page_says_and_takes_away():
    app = trained(epochs="40", schedule="20-weight_decay-0.01-lr-0.3")
    assert same(app, wb.PointsConfig(epochs=40, schedule="20:weight_decay=0.01,lr=0.3"))
    said = as_it_is("from epoch 20: Weight decay 0.01, Learning rate 0.3")
    assert said in [caption.value for caption in app.caption]
    button(app, "Remove").click().run()
    assert same(app, wb.PointsConfig(epochs=40))


def test_own_points_come_from_a_link_and_go_into_it():
    app = trained(**OWN_LINK, epochs="10")
    assert same(app, wb.PointsConfig(data="own", own=OWN, epochs=10))
    assert query(app) == {**OWN_LINK, "epochs": "10"}


def test_a_reload_brings_back_the_run_its_steps_and_own_points(monkeypatch):
    app = trained(**OWN_LINK, epochs="10")
    widget(app, "Learning rate").set_value(0.1).run()
    button(app, "Continue training").click().run()
    app.session_state[panels.KEY] = "code"
    send_kept(monkeypatch, kept(app.run()))
    again = opened(**query(app))
    assert not again.exception
    assert same(again, wb.PointsConfig(data="own", own=OWN, epochs=20, lr=0.1))
    assert choice(again, panels.KEY) == "code"
    button(again, "Undo").click().run()
    button(again, "Undo").click().run()
    assert same(again, wb.PointsConfig(data="own", own=OWN, epochs=10))


def test_a_reload_brings_back_a_model_from_a_file(monkeypatch):
    app = opened(epochs="5", seed="3")
    lab, other = points_lab_of(app), finished(wb.PointsConfig(epochs=9))
    lab.load(lab.seen, wb.read_checkpoint(wb.save_checkpoint(other)))
    button(app.run(), "Continue training").click().run()
    send_kept(monkeypatch, kept(app))
    again = points_lab_of(opened(epochs="5", seed="3"))
    assert again.loaded
    assert torch.equal(again.run.start, other.parameters[-1])
    assert torch.equal(again.run.parameters, points_lab_of(app).run.parameters)


def test_the_steps_of_a_large_network_from_files_fit_into_the_browser():
    app = opened(hidden="16-16-16-16")
    lab = points_lab_of(app)
    for seed in range(12):
        run = wb.Run(wb.PointsConfig(hidden=(16,) * 4, seed=seed))
        lab.load(lab.seen, wb.read_checkpoint(wb.save_checkpoint(run)))
        lab.note()
    assert 0 < len(kept(app.run())["visit"]) < 40_000


# --- checkpoint, code, comparison


@pytest.mark.parametrize("hidden", [(), (8,), (8, 4, 2)])
def test_a_file_of_other_layers_is_refused_and_its_layers_are_offered(hidden):
    app = opened()
    pick(app, panels.KEY, "checkpoint")
    other = wb.Run(wb.PointsConfig(hidden=hidden))
    app.file_uploader[0].upload("some.pth", wb.save_checkpoint(other), "application/octet-stream").run()
    assert app.error[0].value.startswith(f"This is a checkpoint of “{' · '.join(map(str, (2, *hidden, 1)))}”.")
    button(app, "Use these settings and load it").click().run()
    assert not app.exception
    assert not app.error
    assert torch.equal(points_lab_of(app).run.start, other.start)


def test_the_code_is_that_of_the_run_and_of_the_epoch_on_show():
    app = trained(epochs="6", hidden="3")
    lab = points_lab_of(app)
    assert "class PointsModel(nn.Module)" in recipe(lab).script(str)
    assert "epochs = 3  #" in recipe(lab, 2).script(str)


def test_two_runs_are_compared_by_accuracy_and_in_the_words_of_their_diagnosis():
    app = trained()
    button(app, "Save this run").click().run()
    pick(app, "points.preset", "xor")
    button(app, "Save this run").click().run()
    entries = app.session_state["pages.ui.compare.tray.Tray"].entries
    assert [entry.run.name for entry in entries] == ["Default settings", "XOR squares, Hidden layers none"]
    assert [outcome.outcome(entry.run) for entry in entries] == ["Learned", "Too small"]
    app.switch_page("compare.py").run()
    assert not app.exception
    text = " ".join(html.proto.body for html in app.get("html"))
    assert "Test accuracy" in text
    assert "8 · 8" in text


# --- long runs


def test_a_slice_of_training_ends_within_an_epoch_of_many_batches():
    run = wb.Run(wb.PointsConfig(points=2000, batch_size=1, epochs=5000))
    run.advance(batches=5)
    began = time.perf_counter()
    run.advance(seconds=0.05)
    assert time.perf_counter() - began < 0.5
    assert run.epoch == 0
    assert run.progress().batch > 5


def test_a_run_of_too_many_steps_is_one_sentence_and_nothing_trains():
    app = opened(points="2000", batch_size="1", epochs="5000")
    assert "5,000 × 1,600 = 8,000,000 steps" in app.error[0].value
    button(app, "Train").click().run()
    assert points_lab_of(app).run.config == wb.PointsConfig()
    assert not points_lab_of(app).training
    widget(app, "Epochs").set_value(300).run()
    assert not app.error


def test_a_long_training_stops_where_the_visitor_stops_it_and_goes_on_after_a_reload(monkeypatch):
    config = wb.PointsConfig(points=50, batch_size=4, epochs=30)
    app = opened(**share.encode(config))
    lab = points_lab_of(app)
    lab.train(config)
    lab.run.advance(batches=27)
    lab.stop()
    assert "Stopped after 2 of 30 epochs." in said(app.run())
    send_kept(monkeypatch, kept(app))
    again = opened(**share.encode(config))
    assert "Stopped after 2 of 30 epochs." in said(again)
    button(again, "Continue training").click().run()
    assert same(again, config)
