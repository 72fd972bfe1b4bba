"""The recording of an image run: its frames, their columns, and the two charts."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from pages.ui.figures import palette
from pages.ui.figures.images import MAX_FRAMES, frame_ends, image_charts, image_recording
from pages.ui.i18n import translator

COLUMNS = {"x", "train_loss", "seen", "done", "test_loss", "test_accuracy", "test_loss_at", "test_accuracy_at"}
SAMPLES = 100


def losses_of(count):
    """Distinct losses, as float32."""
    return (2.5 - np.log1p(np.arange(count)) / 10).astype(np.float32)


def rows_of(count):
    return [
        {"train_loss": 1.0, "test_loss": 2.0 / (epoch + 1), "test_accuracy": 50.0 + epoch / 10, "seconds": 0.5}
        for epoch in range(count)
    ]


def report(epochs=3, batch_size=10, learned=0, tested=None, losses=None, **more):
    """A report of a run on 100 images, with `learned` batches and `tested` epochs."""
    batches = math.ceil(SAMPLES / batch_size)
    return wb.Report(
        wb.Job(wb.ImageConfig(epochs=epochs, batch_size=batch_size)),
        state=more.pop("state", "running"),
        rows=rows_of(learned // batches if tested is None else tested),
        batch_losses=losses_of(learned) if losses is None else np.array(losses, np.float32),
        **{"batches": batches, "samples": SAMPLES, **more},
    )


EXAM = wb.Evaluation(0.5, 81.25, torch.zeros(1, 10))
NAN = math.nan
CASES = {
    "queued": report(state="queued", batches=0, samples=0),
    "before the first batch": report(),
    "in the middle of an epoch": report(learned=14),
    "after an epoch, before its test": report(learned=10, tested=0),
    "after an epoch": report(learned=10),
    "at the end": report(learned=30, state="done", evaluation=EXAM),
    "diverged at once": report(losses=[NAN], tested=0, state="done", diverged_at=0),
    "diverged later": report(losses=[*losses_of(10), 7.0, 9e9, NAN], tested=1, state="done", diverged_at=1),
    "diverged in the test": report(learned=20, tested=1, state="done", diverged_at=1),
    "a test only": report(state="done", evaluation=EXAM),
    "many epochs": report(epochs=150, learned=1234),
    "a batch larger than the set": report(batch_size=512, learned=2),
    "one batch, one epoch": report(epochs=1, batch_size=100, learned=1),
}


@pytest.fixture(params=CASES)
def shown(request):
    recording = image_recording(CASES[request.param])
    return CASES[request.param], recording, image_charts(recording, "nn.CrossEntropyLoss", str)


def ends_of(recording, batches):
    return np.rint(recording.columns["x"] * batches).astype(int)


@st.composite
def moments(draw):
    """Batches, epochs and learned batches at any moment of a training."""
    batches, epochs = draw(st.integers(1, 2000)), draw(st.integers(1, MAX_FRAMES))
    return batches, epochs, draw(st.integers(0, batches * epochs) | st.integers(0, epochs).map(lambda e: e * batches))


@given(moments())
def test_frames_end_in_order_and_the_last_at_the_last_batch(moment):
    batches, epochs, learned = moment
    ends = frame_ends(batches, epochs, learned)
    assert (np.diff(ends, prepend=0) > 0).all()
    assert ends[-1:].tolist() == ([learned] if learned else [])


@given(moments())
def test_frames_are_limited_and_each_finished_epoch_ends_with_one(moment):
    batches, epochs, learned = moment
    ends = frame_ends(batches, epochs, learned)
    assert len(ends) <= MAX_FRAMES + 1
    assert set(range(batches, learned + 1, batches)) <= set(ends.tolist())


@given(moments(), st.integers(0, 10_000))
def test_a_finished_frame_does_not_change_as_training_continues(moment, more):
    batches, epochs, learned = moment
    later = frame_ends(batches, epochs, min(learned + more, batches * epochs))
    assert set(frame_ends(batches, epochs, learned)[:-1].tolist()) <= set(later.tolist())


def test_a_short_training_has_a_frame_for_every_batch():
    assert frame_ends(3, 2, 6).tolist() == [1, 2, 3, 4, 5, 6]


def test_every_column_has_a_number_for_every_frame(shown):
    _, recording, _ = shown
    assert recording.columns.keys() == COLUMNS
    assert {len(values) for values in recording.columns.values()} == {recording.frames}


def test_the_train_loss_of_a_frame_is_the_mean_over_its_batches(shown):
    told, recording, _ = shown
    losses = np.array(told.batch_losses, np.float64)
    if not recording.trained:
        assert np.isnan(recording.columns["train_loss"]).all()
        return
    first = 0
    for end, mean in zip(ends_of(recording, told.batches), recording.columns["train_loss"], strict=True):
        assert mean == pytest.approx(np.mean(losses[first:end]))
        first = end


def test_images_seen_are_counted_batch_by_batch(shown):
    told, recording, _ = shown
    if not recording.trained:
        assert recording.columns["seen"].tolist() == [0]
        return
    size = told.job.config.batch_size
    sizes = [min(size, SAMPLES - first) for first in range(0, SAMPLES, size)] * told.job.config.epochs
    assert recording.columns["seen"].tolist() == [sum(sizes[:end]) for end in ends_of(recording, told.batches)]


def test_the_last_test_is_carried_forward(shown):
    told, recording, _ = shown
    columns = recording.columns
    if not recording.trained:
        return
    for frame, end in enumerate(ends_of(recording, told.batches)):
        done = min(end // told.batches, len(told.rows))
        at_its_test = end == done * told.batches
        assert columns["done"][frame] == done
        for name in ("test_loss", "test_accuracy"):
            value = told.rows[done - 1][name] if done else math.nan
            np.testing.assert_equal(columns[name][frame], value)
            np.testing.assert_equal(columns[f"{name}_at"][frame], value if at_its_test else math.nan)


@given(st.integers(1, 6), st.integers(1, 60), st.data())
def test_later_epochs_do_not_change_earlier_frames(epochs, batch_size, data):
    whole = report(epochs=epochs, batch_size=batch_size, learned=epochs * math.ceil(SAMPLES / batch_size))
    learned = data.draw(st.integers(1, len(whole.batch_losses)))
    now = image_recording(report(epochs=epochs, batch_size=batch_size, learned=learned))
    then = image_recording(whole)
    for name in COLUMNS:  # the last frame may still be growing
        over = now.frames - 1
        np.testing.assert_equal(now.columns[name][:over], then.columns[name][:over])


def test_before_training_only_a_checkpoints_test_is_recorded():
    untrained, tested = (image_recording(CASES[case]) for case in ("before the first batch", "a test only"))
    assert not untrained.trained
    assert not tested.trained
    assert math.isnan(untrained.columns["test_loss"][0])
    assert (tested.columns["test_loss"][0], tested.columns["test_accuracy"][0]) == (0.5, 81.25)
    assert (tested.columns["test_loss_at"][0], tested.columns["test_accuracy_at"][0]) == (0.5, 81.25)  # the marks


def test_a_diverged_run_is_recorded_up_to_its_last_finite_loss():
    recording = image_recording(CASES["diverged later"])
    assert np.isfinite(recording.columns["train_loss"]).all()
    assert ends_of(recording, 10)[-1] == 12
    assert recording.columns["train_loss"].max() > 1e9
    assert not image_recording(CASES["diverged at once"]).trained


def test_an_epoch_whose_test_failed_has_no_test():
    recording = image_recording(CASES["diverged in the test"])
    assert np.flatnonzero(np.isfinite(recording.columns["test_loss_at"])).tolist() == [9]
    assert recording.columns["done"][-1] == 1


def test_the_goal_is_the_requested_number_of_epochs(shown):
    told, recording, _ = shown
    assert recording.goal == told.job.config.epochs


def test_each_trace_has_one_binding_and_no_data(shown):
    for chart in shown[2]:
        assert len(chart.bindings) == len(chart.figure.data)
        assert all(trace.x is None and trace.y is None for trace in chart.figure.data)


def test_charts_name_only_existing_columns(shown):
    for chart in shown[2]:
        assert {name for binding in chart.bindings for name in (binding.x, binding.y)} <= COLUMNS
        for titles in (chart.titles, chart.summary):
            for text in (titles.untrained, titles.one, titles.many):
                assert set(re.findall(r"\{(.*?)\}", text)) <= COLUMNS | {"count"}


def test_the_loss_chart_fits_every_loss_and_epoch(shown):
    _, recording, (chart, _) = shown
    columns, low_high = recording.columns, chart.layout["yaxis.range"]
    losses = np.concatenate([columns["train_loss"], columns["test_loss"]])
    losses = losses[np.isfinite(losses)]
    if chart.layout["yaxis.type"] == "log":
        losses = np.log10(losses)
    assert all(low_high[0] <= loss <= low_high[1] for loss in losses)
    assert chart.layout["xaxis.range"][0] <= 0 <= recording.goal <= chart.layout["xaxis.range"][1]


def test_only_losses_that_exploded_are_shown_in_powers_of_ten():
    kinds = {}
    for name, told in CASES.items():
        chart, _ = image_charts(image_recording(told), "nn.CrossEntropyLoss", str)
        kinds[name] = chart.layout["yaxis.type"]
    assert [name for name, kind in kinds.items() if kind == "log"] == ["diverged later"]


def test_a_mark_of_the_legend_has_the_colour_of_its_curve(shown):
    for chart in shown[2]:
        assert len({key.mark for key in chart.legend}) == len(chart.legend)
        colours = {trace.marker.color for trace in chart.figure.data}
        assert {key.color for key in chart.legend} == colours <= {palette.TRAIN, palette.TEST}


def test_every_text_is_translated_into_korean(shown):
    say = translator("ko")
    for chart in image_charts(shown[1], "nn.CrossEntropyLoss", say):
        axes = [chart.figure.layout.xaxis.title.text, chart.figure.layout.yaxis.title.text]
        hover = [trace.hovertemplate for trace in chart.figure.data if trace.hovertemplate]
        titles = [text for part in (chart.titles, chart.summary) for text in (part.untrained, part.one, part.many)]
        for text in (*axes, *hover, *titles, *(key.name for key in chart.legend)):
            words = re.sub(r"\{.*?\}|<.*?>|\(nn\.\w+\)", "", text)
            assert re.search("[가-힣]", words), text
            assert not re.search("[a-zA-Z]{3}", words), text
