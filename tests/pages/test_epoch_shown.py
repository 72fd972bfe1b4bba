"""The panels show the model of the epoch at which the player rests."""

import pytest

import wb_core as wb
from pages.ui.player import resting
from tests.pages.app import button, lab_of, open_page
from tests.runs import finished


@pytest.mark.parametrize(
    ("sent", "frame"),
    [
        ({"frame": {"token": "mine", "frame": 4}}, 4),
        ({"frame": {"token": "mine", "frame": 0}}, 0),
        ({"frame": {"token": "mine", "frame": -1}}, -1),
        ({"frame": {"token": "other", "frame": 4}}, 9),
        *(({"frame": {"token": "mine", "frame": wrong}}, 9) for wrong in (10, -2, True, 4.0, "4", None, 10**30)),
        *((wrong, 9) for wrong in (None, {}, "x", {"frame": 4}, {"frame": {"token": ["mine"]}})),
    ],
)
def test_only_a_frame_of_the_displayed_recording_is_believed(sent, frame):
    assert resting.told(sent, "mine", 10) == frame


@pytest.fixture
def at(monkeypatch):
    """Let the player rest at a frame."""

    def rest(frame):
        monkeypatch.setattr(resting, "told", lambda sent, token, frames: min(frame, frames - 1))

    return rest


def listens(app):
    return [part for part in app.get("bidi_component") if part.proto.component_name == "workbench_resting"] != []


def trained_page(panel):
    app = open_page(state={"linear.panel": panel}, epochs="30", lr="0.02", noise="0.1")
    assert not listens(app)
    return button(app, "Train").click().run()


def run_of(epochs):
    return finished(wb.LinearConfig(epochs=epochs, lr=0.02, noise=0.1))


def test_the_model_is_that_of_the_epoch(at):
    app = trained_page("model")
    for frame, epochs in ((29, 30), (0, 1), (12, 13)):
        at(frame)
        app.run()
        weights = run_of(epochs).model.state_dict()["weights"]
        assert f"weights: {weights}" in app.code[1].value
        assert f"Model after epoch {frame}" in [caption.value for caption in app.caption]
    at(-1)
    app.run()
    assert f"weights: {wb.Run(run_of(30).config).model.state_dict()['weights']}" in app.code[1].value
    assert lab_of(app).run.line == run_of(30).line


def test_the_tensors_have_the_values_and_gradients_of_the_epoch(at):
    app = trained_page("tensors")
    at(12)
    app.run()
    table = app.dataframe[0].value.set_index("name")["item"]
    row = run_of(13).history.row(-1)
    for name, column in (("weights", "weight"), ("weights.grad", "weight_grad"), ("bias.grad", "bias_grad")):
        assert table[name] == f"{row[column]:.6g}"


def test_the_code_ends_with_the_model_of_the_epoch(at):
    app = trained_page("code")
    at(12)
    app.run()
    assert app.code[0].value.strip() == wb.to_script(wb.LinearConfig(epochs=13, lr=0.02, noise=0.1)).strip()
    assert "up to epoch 12" in app.markdown[-1].value
    at(29)
    app.run()
    assert app.code[0].value.strip() == wb.to_script(wb.LinearConfig(epochs=30, lr=0.02, noise=0.1)).strip()
    assert "up to" not in app.markdown[-1].value


@pytest.mark.parametrize("panel", ["printout", "device"])
def test_a_panel_that_shows_no_epoch_asks_for_none(panel):
    assert not listens(trained_page(panel))
    assert listens(trained_page("model"))


def test_the_epoch_of_another_run_is_not_believed(at):
    app = trained_page("model")
    at(12)
    app.run()
    button(app, "Reset").click().run()
    assert not [caption for caption in app.caption if "after epoch" in caption.value]
    assert "0.3367" in app.code[1].value
