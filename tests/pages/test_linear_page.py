"""The controls of the linear-regression lab, without a browser."""

import re

import pytest

import wb_core as wb
from pages.ui.sentences import CODES
from tests.pages.app import button, lab_of, open_page, query, widget
from tests.runs import finished


def trained(**settings):
    return finished(wb.LinearConfig(**settings))


def same_history(run, other):
    return run.history.frame().equals(other.history.frame())


CHANGES = [
    ("Weight", -1.25, "weight"),
    ("Bias", 2.0, "bias"),
    ("Noise", 0.5, "noise"),
    ("Training fraction", 0.1, "train_fraction"),
    ("Shuffle", True, "shuffle"),
    ("Standardize", True, "standardise"),
    ("Model", "linear", "model"),
    ("Seed", 9999, "seed"),
    ("Loss", "huber", "loss"),
    ("Optimizer", "adam", "optimizer"),
    ("Learning rate", 0.5, "lr"),
    ("Epochs", 7, "epochs"),
    ("Momentum", 0.9, "momentum"),
    ("Device", "auto", "device"),
]


@pytest.mark.parametrize(("label", "value", "field"), CHANGES)
def test_a_control_changes_its_setting_and_nothing_else(label, value, field):
    app = open_page()
    widget(app, label).set_value(value).run()
    button(app, "Train").click().run()
    assert not app.exception
    assert lab_of(app).run.config == wb.LinearConfig(**{field: value})
    assert same_history(lab_of(app).run, trained(**{field: value}))


def test_train_reset_and_continue_work():
    app = open_page(epochs="40", seed="7")
    assert button(app, "Continue training").disabled
    start = lab_of(app).run.line
    button(app, "Train").click().run()
    assert same_history(lab_of(app).run, trained(epochs=40, seed=7))
    button(app, "Continue training").click().run()
    assert same_history(lab_of(app).run, trained(epochs=80, seed=7))
    button(app, "Reset").click().run()
    assert lab_of(app).run.epoch == 0
    assert lab_of(app).run.line == start


def test_once_trained_every_change_shows_the_trained_run_until_reset():
    app = open_page()
    widget(app, "Weight").set_value(0.5).run()
    assert lab_of(app).run.epoch == 0
    button(app, "Train").click().run()
    assert lab_of(app).show == "play"
    widget(app, "Learning rate").set_value(0.05).run()
    assert same_history(lab_of(app).run, trained(weight=0.5, lr=0.05))
    assert lab_of(app).show == "end"
    widget(app, "Loss").set_value("mse").run()
    widget(app, "Epochs").set_value(7).run()
    assert same_history(lab_of(app).run, trained(weight=0.5, lr=0.05, loss="mse", epochs=7))
    button(app, "Reset").click().run()
    widget(app, "Seed").set_value(7).run()
    assert lab_of(app).run.epoch == 0
    assert lab_of(app).run.config == wb.LinearConfig(weight=0.5, lr=0.05, loss="mse", epochs=7, seed=7)


def test_folded_settings_keep_their_values_and_are_named():
    app = open_page(seed="7", state={"linear.more": False})
    assert "Loss" not in [choice.label for choice in app.selectbox]
    app.session_state["linear.more"] = True
    widget(app.run(), "Loss").set_value("huber").run()
    app.session_state["linear.more"] = False
    app.run()
    assert "Changed: Seed, Loss" in [caption.value for caption in app.caption]
    app.switch_page("tensors.py").run()
    app.switch_page("linear.py").run()
    button(app, "Train").click().run()
    assert lab_of(app).run.config == wb.LinearConfig(seed=7, loss="huber")


def test_defaults_puts_all_settings_back_and_undo_brings_them_again():
    app = open_page(lr="0.5", loss="mse", weight="2")
    button(app, "Defaults").click().run()
    assert lab_of(app).run.config == wb.LinearConfig()
    button(app, "Undo").click().run()
    assert lab_of(app).run.config == wb.LinearConfig(lr=0.5, loss="mse", weight=2)


def test_the_numbers_of_an_earlier_start_that_a_browser_sends_late_are_no_start_by_hand():
    app = open_page()
    widget(app, "Weight at the start").set_value(0.7645)
    widget(app, "Bias at the start").set_value(0.83)
    app.run()
    assert query(app) == {}


def test_a_start_by_hand_is_a_setting_that_one_can_take_back():
    app = open_page()
    widget(app, "Weight at the start").set_value(-1.5).run()
    config = wb.LinearConfig(init="-1.5,0.1288")
    assert lab_of(app).run.config == config
    assert query(app) == {"init": "-1.5-0.1288"}
    button(app, "Train").click().run()
    assert same_history(lab_of(app).run, finished(config))
    button(app, "Random start").click().run()
    assert same_history(lab_of(app).run, trained())


def test_what_to_try_stands_there_until_it_was_done():
    app = open_page()
    assert tip(app).startswith("Press **Train**")
    button(app, "Train").click().run()
    assert "learning rate" in tip(app)
    widget(app, "Learning rate").set_value(0.2).run()
    assert "Noise" in tip(app)
    widget(app, "Weight at the start").set_value(2.0).run()
    assert "Noise" in tip(app)
    widget(app, "Noise").set_value(0.1).run()
    assert "Branch here" in tip(app)
    button(app, "Undo").click().run()
    assert "Branch here" in tip(app)


def test_after_an_explosion_the_next_thing_to_try_is_what_the_diagnosis_suggests():
    app = open_page(loss="mse", lr="1")
    button(app, "Train").click().run()
    assert "This run exploded" in tip(app)
    app.button(key="diagnosis.try").click().run()
    assert tip(app).startswith("Try it:")


def tip(app):
    """The line above the charts."""
    [found] = [line.value for line in app.markdown if line.value.startswith(("Press **Train**", "Try it:", "This run"))]
    return found


def test_momentum_is_only_for_sgd():
    app = open_page(optimizer="adam", momentum="0.9")
    assert widget(app, "Momentum").disabled
    button(app, "Train").click().run()
    assert not app.exception


def test_incompatible_settings_are_explained_and_the_model_stays():
    app = open_page()
    button(app, "Train").click().run()
    widget(app, "X end").set_value(-3.0).run()
    assert not app.exception
    assert [error.value for error in app.error] == [CODES["config.points"]]
    assert same_history(lab_of(app).run, trained())
    button(app, "Train").click().run()
    assert same_history(lab_of(app).run, trained())
    widget(app, "X end").set_value(2.0).run()
    assert not app.error
    assert same_history(lab_of(app).run, trained(end=2.0))


def test_a_diverging_run_is_a_warning_and_not_an_error():
    app = open_page(loss="mse", lr="1", epochs="1000")
    button(app, "Train").click().run()
    assert not app.exception
    assert not app.error
    [warning] = [warning.value for warning in app.warning]
    assert f"stopped at epoch {lab_of(app).run.diverged_at}" in warning
    assert "limit for these points, 0.8625" in warning


def test_a_link_fills_the_controls_and_trains_to_the_same_numbers():
    app = open_page(lr="0.02", epochs="200", model="linear", seed="7")
    assert widget(app, "Learning rate").value == 0.02
    assert widget(app, "Epochs").value == 200
    assert widget(app, "Model").value == "linear"
    button(app, "Train").click().run()
    assert same_history(lab_of(app).run, trained(lr=0.02, epochs=200, model="linear", seed=7))


def test_errors_in_a_link_are_named_and_defaults_used():
    app = open_page(lr="2000", epochs="many", seed="7", colour="red")
    [notice] = [warning.value for warning in app.warning]
    for name in ("Learning rate", "Epochs", "colour"):
        assert name in notice
    assert "Seed" not in notice
    assert lab_of(app).run.config == wb.LinearConfig(seed=7)
    assert query(app) == {"seed": "7"}


def test_the_address_follows_the_controls():
    app = open_page()
    widget(app, "Learning rate").set_value(0.02).run()
    widget(app, "Model").set_value("linear").run()
    assert query(app) == {"lr": "0.02", "model": "linear"}
    widget(app, "Learning rate").set_value(0.01).run()
    assert query(app) == {"model": "linear"}


def test_values_survive_a_visit_to_another_page():
    app = open_page(lr="0.02")
    widget(app, "Epochs").set_value(7).run()
    button(app, "Train").click().run()
    app.switch_page("home.py").run()
    app.switch_page("linear.py").run()
    assert not app.exception
    assert widget(app, "Learning rate").value == 0.02
    assert widget(app, "Epochs").value == 7
    assert same_history(lab_of(app).run, trained(lr=0.02, epochs=7))


def test_a_refused_upload_is_explained_and_changes_nothing():
    app = open_page()
    app.segmented_control(key="linear.panel").set_value("checkpoint").run()
    lab = lab_of(app)
    run, weights = lab.run, {name: tensor.clone() for name, tensor in lab.run.model.state_dict().items()}
    app.file_uploader[0].upload("model.pth", b"this is no checkpoint", "application/octet-stream").run()
    assert not app.exception
    assert len(app.error) == 1
    assert lab_of(app).run is run
    assert all(tensor.equal(weights[name]) for name, tensor in run.model.state_dict().items())


def test_an_uploaded_model_is_displayed_and_can_be_trained():
    app, saved = open_page(), trained(lr=0.05)
    app.segmented_control(key="linear.panel").set_value("checkpoint").run()
    app.file_uploader[0].upload("model.pth", wb.save_checkpoint(saved), "application/octet-stream").run()
    assert not app.exception
    assert lab_of(app).run.line == saved.line
    assert app.success[0].value == "Loaded: the model now has the weights from the file."
    button(app, "Continue training").click().run()
    again = wb.Run(wb.LinearConfig(), start=saved.line)
    again.finish()
    assert same_history(lab_of(app).run, again)


def names_beside(app):
    """The PyTorch names beside the labels, by setting."""
    [style] = [part.proto.body for part in app.get("html") if "::after{content" in part.proto.body]
    return dict(re.findall(r"st-key-LinearConfig-(\w+) [^{]*{content:'(.*?)'/'';}", style))


def test_the_pytorch_name_stands_beside_a_label_that_is_another_word():
    beside = names_beside(open_page())
    assert beside["lr"] == "lr"
    assert beside["loss"] == "nn.L1Loss"
    assert beside["seed"] == "manual_seed"
    assert not {"weight", "bias", "momentum", "epochs"} & beside.keys()
    assert names_beside(open_page(state={"language": "ko"}))["epochs"] == "epochs"


def test_the_log_has_the_last_lines_of_a_long_run_and_says_so():
    app = open_page(epochs="1200")
    app.session_state["linear.every"] = 1
    button(app, "Train").click().run()
    app.run()
    log = next(one.proto.body for one in app.get("html") if "wb-log" in one.proto.body)
    assert (log.count("<tr"), ">700<" in log, ">699<" in log, ">1199<" in log) == (1 + 500, True, False, True)
    assert any(one.value.startswith("These are the last 500 lines.") for one in app.caption)
