"""The three charts of a linear run, as plain data: traces, columns and ranges."""

import itertools
import math
import re

import numpy as np
import pytest

import wb_core as wb
from pages.ui.figures import palette
from pages.ui.figures.landscape import FAR
from pages.ui.figures.linear import fit_layout, linear_charts, linear_layouts, linear_recording
from pages.ui.figures.loss import EXPLODED
from tests.runs import finished

PER_FRAME = {"epoch", "train_loss", "test_loss", "weight", "bias"}
CASES = {
    "untrained": (wb.LinearConfig(), 0),
    "one epoch": (wb.LinearConfig(epochs=1), 1),
    "trained": (wb.LinearConfig(), 100),
    "stopped half-way": (wb.LinearConfig(), 50),
    "to the last digit": (wb.LinearConfig(loss="mse", lr=0.5, epochs=2000), 2000),
    "diverged": (wb.LinearConfig(loss="mse", lr=1.0, epochs=1000), 1000),
    "noisy": (wb.LinearConfig(noise=0.5, model="linear", optimizer="adam", lr=0.1, weight=-2, start=-5, end=5), 100),
    "two points": (wb.LinearConfig(step=0.5, train_fraction=0.1), 100),
    "a flat line": (wb.LinearConfig(weight=0, bias=0), 100),
}


@pytest.fixture(scope="module", params=CASES)
def shown(request):
    config, epochs = CASES[request.param]
    run = wb.Run(config)
    run.advance(epochs=epochs)
    recording = linear_recording(run)
    return run, recording, {chart.id: chart for chart in linear_charts(recording, "nn.L1Loss", str)}


def inside(values, bounds):
    return bounds[0] <= np.min(values) and np.max(values) <= bounds[1]


def test_a_recording_has_every_epoch_and_only_finite_numbers(shown):
    run, recording, _ = shown
    assert recording.trained == (run.epoch > 0)
    assert recording.frames == max(run.epoch, 1)
    for column in PER_FRAME:
        assert len(recording.columns[column]) == recording.frames
    for column in ("train_loss", "test_loss", "weight", "bias"):
        if recording.trained:
            assert list(recording.columns[column]) == list(run.history.column(column))
        else:
            assert recording.columns[column][0] == {**run.losses(), **run.line}[column]
    for values in recording.columns.values():
        assert np.isfinite(values.astype(np.float32)).all()  # what the browser gets


def test_each_trace_has_one_binding_and_no_data(shown):
    for chart in shown[2].values():
        assert len(chart.bindings) == len(chart.figure.data)
        assert all(trace.x is None and trace.y is None for trace in chart.figure.data)


def test_bindings_name_columns_of_the_right_length(shown):
    _, recording, charts = shown
    columns, frames = recording.columns, recording.frames
    for binding in (binding for chart in charts.values() for binding in chart.bindings):
        x = columns[binding.x]
        match binding.kind:
            case "whole":
                assert len(columns[binding.y]) == len(x)
                assert not binding.text or len(columns[binding.text]) == len(x)
            case "prefix":
                assert len(columns[binding.y]) == len(x) == frames + binding.lead
            case "point":
                assert len(columns[binding.y]) == len(x) == frames
            case "line":
                assert len(columns[binding.slope]) == len(columns[binding.intercept]) == frames
            case "grid":
                assert len(columns[binding.z]) == len(x) * len(columns[binding.y])
                assert not binding.log or columns[binding.z].min() > 0


def test_titles_and_summaries_only_name_columns_that_change_and_the_ends_of_the_path(shown):
    ends = {f"{end}_{name}" for end in ("start", "best") for name in ("weight", "bias")}
    assert all(len(shown[1].columns[name]) == 1 for name in ends)
    for chart in shown[2].values():
        for titles in (chart.titles, chart.summary):
            for text in (titles.untrained, titles.one, titles.many):
                assert {name.lstrip("+") for name in re.findall(r"\{(.*?)\}", text)} <= PER_FRAME | ends | {"count"}


def test_the_loss_chart_fits_all_losses_and_requested_epochs(shown):
    run, recording, charts = shown
    layout = charts["loss"].layout
    losses = np.concatenate([recording.columns["train_loss"], recording.columns["test_loss"]])
    assert inside([0, recording.frames - 1], layout["xaxis.range"])
    assert inside([0, (run.epochs if run.diverged_at is None else recording.frames) - 1], layout["xaxis.range"])
    if layout["yaxis.type"] == "log":
        assert layout["yaxis.range"][1] > math.log10(losses.max())
        floor = max(losses[losses > 0].min(), losses[0] * 1e-9)
        assert inside(np.log10(losses[losses >= floor]), layout["yaxis.range"])
    else:
        assert inside([0, losses.max()], layout["yaxis.range"])


def test_the_loss_axis_is_logarithmic_if_losses_span_a_factor_of_1000(shown):
    _, recording, charts = shown
    losses = recording.columns["train_loss"]
    log = bool(losses.max() > EXPLODED * losses[0] > 0)
    assert charts["loss"].layout["yaxis.type"] == ("log" if log else "linear")
    [ground] = [binding for binding in charts["landscape"].bindings if binding.kind == "grid"]
    assert ground.log == log


def test_the_data_chart_fits_all_points(shown):
    run, _, charts = shown
    layout, data = charts["fit"].layout, run.data
    for X, y in ((data.X_train, data.y_train), (data.X_test, data.y_test)):
        assert inside(X.numpy(), layout["xaxis.range"])
        assert inside(y.numpy(), layout["yaxis.range"])


@pytest.mark.parametrize("bias", [-2.0, 2.0, 15.0])
def test_the_data_chart_fits_the_untrained_line(bias):
    run = wb.Run(wb.LinearConfig(bias=bias))
    recording = linear_recording(run)
    ends = run.line["weight"] * recording.columns["line_x"] + run.line["bias"]
    assert inside(ends, fit_layout(recording)["yaxis.range"])


def test_the_best_line_is_that_of_the_chosen_loss(shown):
    run, recording, charts = shown
    best = wb.best_line(run.data, run.config.loss)
    columns = recording.columns
    assert columns["best_y"] == pytest.approx(best.weight * columns["line_x"] + best.bias)
    [drawn] = [binding for binding in charts["fit"].bindings if binding.y == "best_y"]
    assert (drawn.kind, drawn.x) == ("whole", "line_x")
    assert inside(columns["best_y"], charts["fit"].layout["yaxis.range"])


def test_with_noise_l1_and_mse_draw_different_best_lines():
    lines = [
        linear_recording(wb.Run(wb.LinearConfig(noise=0.3, loss=loss))).columns["best_y"] for loss in ("l1", "mse")
    ]
    assert np.abs(lines[0] - lines[1]).max() > 0.01


def test_the_landscape_fits_start_goal_and_path(shown):
    run, recording, charts = shown
    for name, axis in (("weight", "xaxis"), ("bias", "yaxis")):
        bounds, true = charts["landscape"].layout[f"{axis}.range"], getattr(run.config, name)
        assert inside([true], bounds)
        assert inside(np.clip(recording.columns[f"path_{name}"], true - FAR, true + FAR), bounds)
        assert recording.columns[f"path_{name}"][0] == run.start[name]
        grid = recording.columns[f"grid_{name}"]
        assert [grid[0], grid[-1]] == bounds


def test_the_landscape_shows_the_losses_of_its_lines(shown):
    run, recording, _ = shown
    columns, width = recording.columns, len(recording.columns["grid_weight"])
    for row, column in ((0, 0), (5, 30), (width - 1, 2)):
        line = {"weight": float(columns["grid_weight"][column]), "bias": float(columns["grid_bias"][row])}
        loss = wb.Run(run.config, start=line).losses()["train_loss"]
        assert columns["grid_loss"][row * width + column] == pytest.approx(loss, rel=1e-3)


def test_colours_are_those_of_okabe_and_ito_and_mean_the_same_in_every_chart(shown):
    meaning = {"train": "#0072B2", "test": "#009E73", "predictions": "#D55E00", "now": "#CC79A7", "target": "#E69F00"}
    named = [palette.TRAIN, palette.TEST, palette.PREDICTION, palette.PATH, palette.WARNING]
    assert named == list(meaning.values())
    for chart in shown[2].values():
        marks = [(key.name, key.mark) for key in chart.legend]
        assert len({mark for _, mark in marks}) == len(marks)  # traces differ by more than their colour
        for key in chart.legend:
            assert key.color == meaning.get(key.name, palette.NEUTRAL)
            scatters = [trace for trace in chart.figure.data if trace.type == "scatter"]
            colours = [part.color for trace in scatters for part in (trace.marker, trace.line)]
            assert key.color in colours


def test_every_axis_has_a_name_and_every_word_can_be_translated(shown):
    charts = linear_charts(shown[1], "nn.L1Loss", str.upper)
    for chart in charts:
        for axis in (chart.figure.layout.xaxis, chart.figure.layout.yaxis):
            assert axis.title.text
            assert axis.title.text.replace("(nn.L1Loss)", "").isupper() or axis.title.text == "y"
        assert all(key.name.isupper() for key in chart.legend)


def test_while_a_run_grows_its_axes_grow_in_steps():
    run = wb.Run(wb.LinearConfig(loss="mse", lr=0.87, epochs=400))  # a little above the limit: the loss grows slowly
    layouts, changes = None, 0
    while not run.done:
        run.advance(epochs=1)
        recording = linear_recording(run)
        before, layouts = layouts, linear_layouts(recording, layouts)
        exact = linear_layouts(recording)
        changes += before is not None and layouts[1] != before[1]
        for chart, needed in zip(layouts, exact, strict=True):
            assert inside(needed["yaxis.range"], chart["yaxis.range"])
            assert chart["xaxis.range"] == needed["xaxis.range"]
    assert run.history.row(-1)["train_loss"] > 2 * run.history.row(0)["train_loss"]
    assert 0 < changes < run.epochs / 5
    assert exact == [chart.layout for chart in linear_charts(recording, "nn.MSELoss", str)]


def test_runs_of_close_learning_rates_have_the_same_axes():
    stops = wb.neighbours(wb.LinearConfig(loss="mse"), "lr")
    converging = [lr for lr, label in zip(stops.values, stops.labels, strict=True) if label != "exploding"]
    layouts = [linear_layouts(linear_recording(finished(wb.LinearConfig(loss="mse", lr=lr)))) for lr in converging]
    assert len(converging) > 30
    assert sum(one != other for one, other in itertools.pairwise(layouts)) < len(converging) / 2


def test_a_landscape_stays_as_long_as_it_shows_the_path():
    run = wb.Run(wb.LinearConfig(epochs=60, momentum=0.9, lr=0.1))
    run.advance(epochs=1)
    recording, grids = linear_recording(run), set()
    while not run.done:
        run.advance(epochs=1)
        recording = linear_recording(run, before=recording)
        grids.add(id(recording.columns["grid_loss"]))
        for name in ("weight", "bias"):
            assert inside(recording.columns[f"path_{name}"], recording.columns[f"grid_{name}"][[0, -1]])
    assert 1 < len(grids) < 12
