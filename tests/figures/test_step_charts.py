"""The two charts of one epoch, as plain data: lines, residuals, marks and ranges."""

import math

import numpy as np
import pytest

from pages.ui.figures import palette
from pages.ui.figures.loss import EXPLODED
from pages.ui.figures.step import EpochSnapshot, LossCurve, curve_chart, line_chart, outside, step_recording

X_TRAIN, X_TEST = np.linspace(0, 0.78, 40), np.linspace(0.8, 0.98, 10)
BEFORE, AFTER = (0.34, 0.13), (0.35, 0.15)
TRAIN = [0.31, 0.3, 0.29, 0.27, 0.24]
TEST = [0.49, 0.47, 0.46, 0.43, 0.41]
CONTROL = [0.31, 0.28, 0.2, 0.1, 0.05]
OUTSIDE = " (outside the chart)"


def snapshot(**changes):
    parts = {
        "X_train": X_TRAIN,
        "y_train": 0.7 * X_TRAIN + 0.3,
        "X_test": X_TEST,
        "y_test": 0.7 * X_TEST + 0.3,
        "before": BEFORE,
        "after": AFTER,
        "residuals": None,
        "tested": False,
        "epoch": 2,
        "curve": TRAIN,
        "test_curve": TEST,
        "control": None,
        "goal": 5,
        **changes,
    }
    parts.setdefault("end", parts["after"] or AFTER)
    curves = {name: LossCurve(parts[name]) for name in ("curve", "test_curve", "control") if parts[name] is not None}
    return EpochSnapshot(**{**parts, **curves})


def charts(shown):
    recording = step_recording(shown)
    line = line_chart(shown, recording, "The line", "A chart", str)
    return line, curve_chart(shown, recording, "The loss", "A chart", "nn.L1Loss", str)


def bound(chart, recording):
    """The x and y of each trace of a chart, by the name of its y column."""
    columns = recording.columns
    return {binding.y: (columns[binding.x], columns[binding.y]) for binding in chart.bindings}


def on(weight_and_bias, x):
    return pytest.approx(weight_and_bias[0] * x + weight_and_bias[1])


def finite(bounds):
    return all(map(math.isfinite, bounds)) and bounds[0] < bounds[1]


def test_every_trace_has_one_binding_whose_columns_are_of_one_length():
    for shown in (
        snapshot(),
        snapshot(after=None),
        snapshot(tested=True, control=CONTROL, residuals=(X_TRAIN, X_TRAIN, X_TRAIN)),
        snapshot(curve=[], test_curve=[], epoch=0),
    ):
        recording = step_recording(shown)
        for chart in charts(shown):
            assert len(chart.bindings) == len(chart.figure.data)
            assert all(trace.x is None and trace.y is None for trace in chart.figure.data)
            assert all(binding.kind == "whole" for binding in chart.bindings)
            assert all(len(x) == len(y) for x, y in bound(chart, recording).values())
        assert (recording.frames, recording.goal) == (1, 5)


def test_the_points_are_drawn_as_they_are():
    shown = snapshot()
    drawn = bound(charts(shown)[0], step_recording(shown))
    assert [list(values) for values in drawn["y_train"]] == [list(shown.X_train), list(shown.y_train)]
    assert [list(values) for values in drawn["y_test"]] == [list(shown.X_test), list(shown.y_test)]


def test_the_two_lines_are_those_before_and_after_the_step():
    shown = snapshot()
    drawn = bound(charts(shown)[0], step_recording(shown))
    for name, line in (("line_before", BEFORE), ("line_now", AFTER)):
        x, y = drawn[name]
        assert [x[0], x[-1]] == [X_TRAIN[0], X_TEST[-1]]
        assert y == on(line, x)


def test_an_arrow_points_to_a_line_that_has_left_the_chart():
    shown = snapshot(after=(39.0, 100.0))
    [line, _], drawn = charts(shown), bound(charts(shown)[0], step_recording(shown))
    low, high = line.layout["yaxis.range"]
    (shaft_x, shaft_y), (head_x, head_y) = drawn["shaft_y"], drawn["up_y"]
    assert shaft_y[0] == on(BEFORE, shaft_x[0])  # from where the line was
    assert [head_x[0], head_y[0]] == [shaft_x[1], shaft_y[1]]
    assert low < head_y[0] < high
    assert len(drawn["down_y"][0]) == 0
    assert outside(shown) == pytest.approx((100, 100 + 39 * X_TEST[-1]))
    below = snapshot(after=(39.0, -100.0))
    assert len(bound(charts(below)[0], step_recording(below))["down_y"][0]) == 1
    assert outside(snapshot()) is None


def test_the_axes_stay_through_an_epoch():
    before, after = (snapshot(after=line, end=(2.0, 0.5)) for line in (None, (2.0, 0.5)))
    assert charts(before)[0].layout == charts(after)[0].layout


def test_before_the_step_there_is_one_line_and_one_legend_entry():
    shown = snapshot(after=None)
    [line, _], recording = charts(shown), step_recording(shown)
    drawn = bound(line, recording)
    assert [len(values) for values in drawn["line_now"]] == [0, 0]
    assert drawn["line_before"][1] == on(BEFORE, drawn["line_before"][0])
    assert "after the step" not in [key.name for key in line.legend]
    assert "after the step" in [key.name for key in charts(snapshot())[0].legend]


@pytest.mark.parametrize("part", ["train", "test"])
def test_each_residual_goes_from_its_point_to_its_prediction(part):
    shown = snapshot()
    X, y = getattr(shown, f"X_{part}"), getattr(shown, f"y_{part}")
    y_pred = BEFORE[0] * X + BEFORE[1]
    shown = snapshot(residuals=(X, y, y_pred))
    x, ends = (column.reshape(-1, 3) for column in bound(charts(shown)[0], step_recording(shown))["stick_y"])
    assert len(x) == len(X)
    assert (x[:, :2] == X[:, None]).all()
    assert (ends[:, 0] == y).all()
    assert (ends[:, 1] == y_pred).all()
    assert (np.abs(ends[:, 0] - ends[:, 1]) > 0.1).all()
    assert np.isnan(x[:, 2]).all() or np.isnan(ends[:, 2]).all()  # a gap, so that residuals aren't connected


def test_without_predictions_there_are_no_residuals():
    assert [len(column) for column in bound(charts(snapshot())[0], step_recording(snapshot()))["stick_y"]] == [0, 0]


@pytest.mark.parametrize("epoch", [0, 2, 4])
def test_the_marks_are_at_the_losses_of_this_epoch(epoch):
    for tested in (False, True):
        shown = snapshot(epoch=epoch, tested=tested, control=CONTROL)
        drawn = bound(charts(shown)[1], step_recording(shown))
        assert [list(column) for column in drawn["at_loss"]] == [[epoch], [TRAIN[epoch]]]
        wanted = [[epoch], [TEST[epoch]]] if tested else [[], []]
        assert [list(column) for column in drawn["tested_loss"]] == wanted


def test_the_epoch_that_diverged_is_not_on_the_curve():
    shown = snapshot(epoch=len(TRAIN), tested=True)
    drawn = bound(charts(shown)[1], step_recording(shown))
    assert [len(column) for name in ("at_loss", "tested_loss") for column in drawn[name]] == [0, 0, 0, 0]


def test_the_curves_are_the_losses_given():
    shown = snapshot(control=CONTROL)
    drawn = bound(charts(shown)[1], step_recording(shown))
    for name, losses in (("curve_loss", TRAIN), ("test_loss", TEST), ("control_loss", CONTROL)):
        assert [list(column) for column in drawn[name]] == [[0, 1, 2, 3, 4], losses]
    assert "train, without the change" in [key.name for key in charts(shown)[1].legend]
    shown = snapshot()
    assert [len(column) for column in bound(charts(shown)[1], step_recording(shown))["control_loss"]] == [0, 0]
    assert "train, without the change" not in [key.name for key in charts(shown)[1].legend]


def test_each_legend_mark_is_in_the_chart_and_differs_by_more_than_colour():
    shown = snapshot(control=CONTROL, tested=True)
    for chart in charts(shown):
        assert len({key.mark for key in chart.legend}) == len(chart.legend)
        colours = {part.color for trace in chart.figure.data for part in (trace.marker, trace.line)}
        assert {key.color for key in chart.legend} <= colours
    meaning = {key.name: key.color for chart in charts(shown) for key in chart.legend}
    assert (meaning["train"], meaning["test"]) == (palette.TRAIN, palette.TEST)


def test_the_line_chart_fits_the_points_and_a_near_line():
    for shown in (snapshot(), snapshot(after=None), snapshot(after=(0.7, -0.3))):
        layout = charts(shown)[0].layout
        low, high = layout["yaxis.range"]
        weight, bias = shown.after or shown.before
        seen = [*shown.y_train, *shown.y_test, bias, weight * X_TEST[-1] + bias]
        assert low < min(seen) < max(seen) < high
        assert layout["xaxis.range"][0] < X_TRAIN[0] < X_TEST[-1] < layout["xaxis.range"][1]


@pytest.mark.parametrize("far", [(0.7, 1000.0), (0.7, -1000.0), (0.0, 3e38)])
def test_the_title_says_that_the_line_is_outside_the_chart(far):
    beside = snapshot(after=far)
    line, _ = charts(beside)
    assert line.titles.many == line.titles.one == line.titles.untrained == "The line" + OUTSIDE
    low, high = line.layout["yaxis.range"]
    assert low < 0.3
    assert high > 0.986
    assert high - low < 5  # the points can still be distinguished
    assert charts(snapshot(before=far, after=None))[0].titles.many == "The line" + OUTSIDE


@pytest.mark.parametrize(
    "shown",
    [snapshot(), snapshot(after=None), snapshot(before=(0.7, 1000.0)), snapshot(after=(1000.0, -400.0))],
    ids=["both", "not yet", "it came back", "steep, but through the picture"],
)
def test_the_title_does_not_mention_a_visible_line(shown):
    assert charts(shown)[0].titles.many == "The line"


def test_the_loss_axis_starts_at_zero_and_fits_all_curves():
    layout = charts(snapshot(control=[0.31, 0.9, 1.2]))[1].layout
    assert layout["yaxis.type"] == "linear"
    assert layout["yaxis.range"][0] <= 0
    assert layout["yaxis.range"][1] > 1.2
    assert layout["xaxis.range"][0] < 0
    assert layout["xaxis.range"][1] > 4


@pytest.mark.parametrize("which", ["curve", "test_curve", "control"])
def test_the_loss_axis_is_logarithmic_where_losses_explode(which):
    calm, wild = (0.3 * factor ** np.arange(5.0) for factor in (2, 2 * EXPLODED))
    layout = charts(snapshot(**{which: list(calm)}))[1].layout
    assert layout["yaxis.type"] == "linear"
    layout = charts(snapshot(**{which: list(wild)}))[1].layout
    assert layout["yaxis.type"] == "log"
    low, high = layout["yaxis.range"]
    assert low < math.log10(min(*TRAIN, *TEST)) < math.log10(wild[-1]) < high < 20


def test_losses_of_zero_are_left_out_of_a_logarithmic_axis():
    layout = charts(snapshot(curve=[1.0, 0.0, 1e9]))[1].layout
    assert layout["yaxis.type"] == "log"
    assert finite(layout["yaxis.range"])


@pytest.mark.parametrize("losses", [[], [0.0], [0.0, 0.0, 0.0], [0.4]])
def test_few_or_no_losses_leave_finite_axes(losses):
    layout = charts(snapshot(curve=losses, test_curve=losses, epoch=0, goal=1))[1].layout
    assert layout["yaxis.type"] == "linear"
    assert finite(layout["yaxis.range"])
    assert finite(layout["xaxis.range"])


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_line_without_finite_numbers_leaves_finite_axes(number):
    for line in ((number, 0.3), (0.7, number), (number, number)):
        for changes in ({"after": line}, {"before": line}, {"before": line, "after": None}):
            with np.errstate(invalid="ignore"):  # inf times an X of 0 is nan
                layout = charts(snapshot(**changes))[0].layout
            assert finite(layout["xaxis.range"])
            assert finite(layout["yaxis.range"])
            assert layout["yaxis.range"][1] - layout["yaxis.range"][0] < 5


@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_the_axes_fit_the_other_line_if_one_is_not_finite(number):
    shown = snapshot(before=(0.7, -0.1), after=(0.7, number))
    low, high = charts(shown)[0].layout["yaxis.range"]
    assert low < -0.1 < 0.986 < high


def zig_zag(epochs):
    """Distinct losses that jump down and up from epoch to epoch."""
    return [0.1 + 1e-5 * epoch + 0.5 * (epoch % 2) for epoch in range(epochs)]


@pytest.mark.parametrize("epochs", [1, 2, 399, 400, 401, 999, 4000, 49_999])
@pytest.mark.parametrize("part", [0, 0.31, 0.62, 1])
def test_a_thinned_curve_keeps_its_extremes_its_end_and_the_displayed_epoch(epochs, part):
    losses = zig_zag(epochs)
    at = round(part * (epochs - 1))
    columns = step_recording(snapshot(curve=losses, test_curve=losses, epoch=at, goal=epochs)).columns
    for which in ("curve", "test"):
        shown, drawn = columns[f"{which}_epoch"], columns[f"{which}_loss"]
        assert len(shown) <= 1100
        assert (np.diff(shown) > 0).all()
        assert list(drawn) == [losses[int(epoch)] for epoch in shown]
        assert epochs - 1 in shown
        assert {0, at} <= set(map(int, shown))


@pytest.mark.parametrize("shape", ["zig-zag", "one high", "noise"])
def test_every_stretch_of_a_thinned_curve_has_its_least_and_greatest_loss(shape):
    losses = {
        "zig-zag": zig_zag(4000),
        "one high": [9.0 if epoch == 2017 else 0.5 - 1e-4 * epoch for epoch in range(4000)],
        "noise": list(np.random.default_rng(0).random(4000)),
    }[shape]
    columns = step_recording(snapshot(curve=losses, epoch=1234, goal=4000)).columns
    drawn = {int(epoch): loss for epoch, loss in zip(columns["curve_epoch"], columns["curve_loss"], strict=True)}
    assert len(drawn) <= 1100
    room = 0.1 * (max(losses) - min(losses))  # a stretch may end between two points of the curve
    for first in range(0, 4000, 50):
        stretch = losses[first : first + 50]
        shown = [loss for epoch, loss in drawn.items() if first <= epoch < first + 50]
        assert min(shown) <= min(stretch) + room
        assert max(shown) >= max(stretch) - room


@pytest.mark.parametrize(("losses", "mode"), [([0.3, 0.8] * 50, "lines+markers"), ([0.3, 0.8] * 10, "lines")])
def test_many_ups_and_downs_are_dots_which_do_not_fill_the_chart(losses, mode):
    _line, curve = charts(snapshot(curve=losses, test_curve=losses, goal=len(losses)))
    for trace, binding in zip(curve.figure.data, curve.bindings, strict=True):
        if binding.y in ("curve_loss", "test_loss"):
            assert trace.mode == mode


@pytest.mark.parametrize("number", [math.inf, math.nan])
@pytest.mark.parametrize("which", ["curve", "test_curve", "control"])
def test_losses_without_finite_numbers_leave_finite_axes(which, number):
    for losses in ([0.3, 0.2, number], [0.3, 1e9, number], [number, 0.3], [number]):
        layout = charts(snapshot(epoch=0, **{which: losses}))[1].layout
        assert finite(layout["yaxis.range"])
        assert finite(layout["xaxis.range"])
