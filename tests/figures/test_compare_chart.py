"""The chart of saved runs, as plain data."""

import math

import pytest

from pages.ui.figures.compare import CURVE_STYLES, RunCurve, compare_figure
from wb_core import MAX_KEPT


def words(text):
    return f"<{text}>"


def line(values, style=0, **more):
    return RunCurve(more.pop("name", "a"), style, range(len(values)), values, **more)


def test_every_run_has_its_own_style_even_without_colour():
    assert len(CURVE_STYLES) == MAX_KEPT
    assert len({color for color, _, _ in CURVE_STYLES}) == MAX_KEPT
    assert len({symbol for _, _, symbol in CURVE_STYLES}) == MAX_KEPT


def test_a_curve_has_the_numbers_name_and_style_of_its_run():
    figure = compare_figure([line([3.0, 1.0], style=2, name="mine"), line([2.0, 2.5], style=5)], "loss", words)
    first, second = figure.data
    assert (list(first.x), list(first.y), first.name) == ([0, 1], [3.0, 1.0], "mine")
    assert (first.line.color, first.line.dash, first.marker.symbol) == CURVE_STYLES[2]
    assert (second.line.color, second.line.dash, second.marker.symbol) == CURVE_STYLES[5]
    assert figure.layout.xaxis.title.text == "<epoch>"
    assert figure.layout.yaxis.title.text == "loss"


def test_a_name_is_escaped():
    [trace] = compare_figure([line([1.0], name='<b onclick="x">&')], "loss", words).data
    assert trace.name == "&lt;b onclick=&quot;x&quot;&gt;&amp;"
    assert "onclick" not in trace.hovertemplate


def test_an_exploded_run_does_not_flatten_the_others():
    lines = [line([1.0, 0.5]), line([1.0, 1e30], style=1, exploded=True)]
    low, high = compare_figure(lines, "loss", words).layout.yaxis.range
    assert low == 0
    assert 1 < high < 2
    assert compare_figure(lines[1:], "loss", words).layout.yaxis.range[1] > 1e30


@pytest.mark.parametrize("values", [[0.0], [0.0, 0.0], [5.0], [1e-12, 1e-13], [1e300, 1.0]])
@pytest.mark.parametrize("zero", [True, False])
def test_the_axes_fit_any_numbers(values, zero):
    layout = compare_figure([line(values)], "loss", words, zero=zero).layout
    for axis in (layout.xaxis, layout.yaxis):
        low, high = axis.range
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low < high


def test_a_logarithmic_axis_counts_in_powers_of_ten():
    assert compare_figure([line([1.0, 0.1])], "loss", words, log=True).layout.yaxis.type == "log"
    assert compare_figure([line([1.0, 0.1])], "loss", words).layout.yaxis.type != "log"


def test_ticks_of_few_epochs_are_integers():
    assert compare_figure([line([3.0, 1.0, 1.0])], "loss", words).layout.xaxis.dtick == 1
    assert compare_figure([line([1.0] * 100)], "loss", words).layout.xaxis.dtick is None


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_tick_is_beyond_the_last_epoch(count):
    """A single epoch is in the middle."""
    axis = compare_figure([line([1.0] * count)], "loss", words).layout.xaxis
    low, high = axis.range
    assert [tick for tick in range(-2, 9) if low <= tick <= high] == list(range(count))
    assert low + high == pytest.approx(count - 1)
