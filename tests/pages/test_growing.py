"""The route by which a player fetches a training while it runs: every bit of it, bounded, and for nobody else."""

import base64
import gc
import json

import numpy as np
import pytest
from starlette.requests import Request

import wb_core as wb
from pages.ui import training
from pages.ui.figures.linear import linear_charts
from pages.ui.labs.line.diagnosis_sentences import sentences
from pages.ui.labs.line.lab import LinearLab
from pages.ui.player import growing
from tests.coroutines import result_of
from tests.pages.app import button, lab_of, open_page, player_of
from tests.runs import finished

CONFIG = wb.LinearConfig(epochs=60, optimizer="adam", lr=0.1)
NUMBERS = ("train_loss", "test_loss", "weight", "bias")


def ask(token, since):
    scope = {"type": "http", "path_params": {"token": token}, "query_string": f"since={since}".encode(), "headers": []}
    answer = result_of(growing.answer(Request(scope)))
    return answer.status_code, json.loads(answer.body or "null")


def news(lab, since):
    status, found = ask(lab.growing.token, since)
    assert status == 200
    return found


def unpacked(found, name):
    start, text = found["columns"][name]
    return start, np.frombuffer(base64.b64decode(text), "<f4")


def lab_in_training(config=CONFIG, epochs=20):
    """A lab whose run is at this epoch, and whose player has been drawn."""
    lab = LinearLab()
    lab.train(config)
    lab.run.advance(epochs=epochs)
    assert lab.growing.token == lab.token
    return lab


@pytest.mark.parametrize(("since", "epochs"), [(20, 0), (20, 1), (20, 40), (7, 3), (0, 0)])
def test_an_answer_has_the_bits_of_all_later_epochs(since, epochs):
    lab = lab_in_training()
    lab.run.advance(epochs=epochs)
    run = finished(CONFIG)
    found = news(lab, since)
    assert found["frames"] == 20 + epochs
    assert not found["ended"]
    for name in NUMBERS:
        start, values = unpacked(found, name)
        assert (start, values.tolist()) == (since, np.float32(run.history.column(name)[since : 20 + epochs]).tolist())
    for name in ("weight", "bias"):  # the path begins before the first epoch
        start, values = unpacked(found, f"path_{name}")
        assert start == since + 1
        assert np.array_equal(values, unpacked(found, name)[1])


def test_the_answer_has_the_axes_of_the_page():
    lab = lab_in_training(wb.LinearConfig(epochs=60))  # slow enough to stay inside of all axes
    lab.run.advance(epochs=40)
    found = news(lab, 20)
    assert found["layouts"] == [chart.layout for chart in linear_charts(lab.recording, "nn.L1Loss", str)]
    assert "grid_loss" not in found["columns"]


def test_the_landscape_is_sent_again_when_the_path_has_left_it():
    config = wb.LinearConfig(epochs=60, optimizer="sgd", momentum=0.9, lr=0.1)
    lab = lab_in_training(config, epochs=1)
    before = news(lab, 1)["layouts"]
    lab.run.advance(epochs=20)
    found = news(lab, 1)
    assert found["layouts"][2] != before[2]
    for axis, name in (("xaxis", "weight"), ("yaxis", "bias")):
        low, high = found["layouts"][2][f"{axis}.range"]
        _, grid = unpacked(found, f"grid_{name}")
        assert (grid[0], grid[-1]) == (np.float32(low), np.float32(high))
        assert low < min(lab.run.history.column(name)) < max(lab.run.history.column(name)) < high
    assert len(unpacked(found, "grid_loss")[1]) == 33 * 33
    assert "grid_loss" not in news(lab, 21)["columns"]
    assert np.array_equal(unpacked(found, "grid_loss")[1], np.float32(lab.recording.columns["grid_loss"]))


def test_an_answer_is_bounded_and_the_last_one_says_so(monkeypatch):
    monkeypatch.setattr(growing, "MAX_ROWS", 25)
    lab = lab_in_training(epochs=1)
    lab.run.finish()
    lab.ended()
    answers, frames = [], 0
    while not answers or not answers[-1]["ended"]:
        answers.append(news(lab, frames))
        assert len(unpacked(answers[-1], "weight")[1]) == answers[-1]["frames"] - frames
        frames = answers[-1]["frames"]
    assert [found["frames"] for found in answers] == [25, 50, 60]
    weights = np.concatenate([unpacked(found, "weight")[1] for found in answers])
    assert np.array_equal(weights, np.float32(finished(CONFIG).history.column("weight")))


@pytest.mark.parametrize("since", ["", "-1", "21", "1e1", "²", "0x1", "9" * 400, "1&since=x"])
def test_a_wrong_number_is_refused(since):
    lab = lab_in_training()
    assert ask(lab.token, since) == (400, None)


def test_only_the_token_of_a_living_lab_is_known():
    lab = lab_in_training()
    token = lab.token
    for foreign in ("", "welcome", token[:-1], token.upper(), LinearLab().token):
        assert ask(foreign, 0) == (204, None)
    assert ask(token, 0)[0] == 200
    del lab
    gc.collect()
    assert ask(token, 0) == (204, None)


@pytest.mark.parametrize("act", [LinearLab.stop, lambda lab: lab.reset(CONFIG), lambda lab: lab.train(CONFIG)])
def test_a_training_that_another_click_has_ended_says_so(act):
    lab = lab_in_training()
    growing_run = lab.growing
    act(lab)
    assert ask(growing_run.token, 20)[1]["ended"]


def test_stop_leaves_the_recording_in_its_player():
    lab = lab_in_training()
    token, landscape = lab.token, lab.recording.columns["grid_loss"]
    lab.stop()
    assert (lab.token, lab.show) == (token, "end")
    assert lab.recording.columns["grid_loss"] is landscape
    assert lab.recording.frames == 20


def test_after_a_long_training_the_page_has_the_whole_run_and_its_verdict(monkeypatch):
    monkeypatch.setattr(training, "LONG", 0)
    monkeypatch.setattr(training, "GUESS_AFTER", 0)
    monkeypatch.setattr(training, "REPORT", 0)  # however fast the machine is
    monkeypatch.setattr(training, "SLICE", 0.001)
    app = open_page(epochs="200")
    button(app, "Train").click().run()
    assert not app.exception
    assert lab_of(app).growing.ended
    found = player_of(app)
    assert (found["token"], found["frames"], found["revision"]) == (lab_of(app).growing.token, 200, "200")
    assert found["growing"] is None
    assert lab_of(app).run.history.frame().equals(finished(wb.LinearConfig(epochs=200)).history.frame())
    run = lab_of(app).run
    verdict = " ".join(sentences(run, wb.diagnose(run.history, run.config)))
    assert verdict in [box.value for box in (*app.success, *app.info, *app.warning)]
