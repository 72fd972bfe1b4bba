"""The figures of sweeps: ticks, colours, markers and the number of lines."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.figures.sweep import (
    Axis,
    Grid,
    Measure,
    curve_figure,
    grid_of,
    map_figure,
    parallel_figure,
    parallel_rows,
    select_run,
)
from pages.ui.figures.sweep.layout import round_ticks
from pages.ui.figures.sweep.outcomes import HOVER_TEMPLATE
from pages.ui.figures.sweep.parallel import MAX_LINES

LOSS = Measure("loss", "Loss")
RIGHT = Measure("right", "Right", percent=True)
LR = Axis("lr", "Learning rate", (0.01, 0.1, 1.0), ("0.01", "0.1", "1"), log=True)
MODEL = Axis("model", "Model", ("a", "b"), ("A", "B"))


def frame(loss, outcome="done"):
    count = len(loss)
    return pd.DataFrame({"loss": loss, "right": [100 - x for x in loss], "outcome": outcome}, index=range(count))


class TestTicks:
    @given(st.floats(1e-4, 1.0), st.floats(1.5, 1e4), st.integers(2, 60), st.integers(2, 9))
    def test_logarithmic_ticks_are_round_and_at_their_positions(self, low, ratio, steps, most):
        values = np.geomspace(low, low * ratio, steps)
        places, texts = round_ticks(values, log=True, most=most)
        self.hold(places, texts, values, most, np.log10)

    @given(st.floats(-5, 5), st.floats(0.01, 100), st.integers(2, 60), st.integers(2, 9))
    def test_linear_ticks_are_round_and_at_their_positions(self, low, width, steps, most):
        values = np.linspace(low, low + width, steps)
        places, texts = round_ticks(values, log=False, most=most)
        self.hold(places, texts, values, most, np.asarray)

    def hold(self, places, texts, values, most, scale):
        assert 2 <= len(places) == len(texts) <= max(most, 2)
        assert places == sorted(places)
        assert len(set(texts)) == len(texts)
        assert places[0] >= 0
        assert places[-1] <= len(values) - 1
        ends = scale(values)[[0, -1]]
        for place, text in zip(places, texts, strict=True):
            at = np.interp(place, [0, len(values) - 1], ends)
            assert at == pytest.approx(scale(float(text)), abs=2e-3 * (ends[1] - ends[0]) + 1e-5)

    def test_ticks_are_powers_of_ten_or_round_steps(self):
        assert round_ticks(np.geomspace(0.0001, 1, 40), log=True, most=6)[1] == ["0.0001", "0.001", "0.01", "0.1", "1"]
        assert round_ticks(np.linspace(-2, 2, 41), log=False, most=5) == (
            [0, 10, 20, 30, 40],
            ["-2", "-1", "0", "1", "2"],
        )

    def test_a_zero_that_has_a_word_is_written_as_it(self):
        sizes = tuple(range(0, 101, 5))
        axis = Axis("batch_size", "Batch size", sizes, ("all", *map(str, sizes[1:])))
        assert axis.ticks(6)[1] == ["all", "20", "40", "60", "80", "100"]


class TestGrid:
    @pytest.mark.parametrize(
        ("seeds", "expected"), [([3, 1], 1), ([3, 1, 2], 2), ([4, 3, 2, 1], 2), ([math.nan, 7], 7)]
    )
    def test_a_cell_is_the_run_of_its_median_seed(self, seeds, expected):
        table = frame([float(seed) for seed in seeds] * 3)
        grid = grid_of(table, [LR], len(seeds), LOSS, "outcome")
        assert grid.value[:, 0].tolist() == [expected] * 3
        assert [table.loss[run] for run in grid.run[:, 0]] == [expected] * 3
        assert grid.cell_of(int(grid.run[2, 0])) == (2, 0)

    @pytest.mark.parametrize(
        ("outcome", "expected"),
        [
            (["bouncing", "converged", "converged"], "converged"),
            (["bouncing", "learning", "converged"], "converged"),  # a tie: the outcome of the median run
            (["exploding", "exploding", "learning"], "exploding"),
        ],
    )
    def test_a_cell_has_the_most_frequent_outcome_of_its_seeds(self, outcome, expected):
        grid = grid_of(frame([1.0, 3.0, 2.0] * 3, outcome * 3), [LR], 3, LOSS, "outcome")
        assert grid.outcome[:, 0].tolist() == [expected] * 3

    def test_the_best_cell_has_the_least_loss_or_the_highest_accuracy(self):
        table = frame([5.0, 4.0, 3.0, 2.0, 1.0, 0.5], ["done"] * 5 + ["exploding"])
        for measure in (LOSS, RIGHT):
            assert grid_of(table, [LR, MODEL], 1, measure, "outcome").best == (2, 0)

    def test_without_comparable_losses_there_is_no_best_cell(self):
        kinds = Axis("loss", "Loss", ("l1", "mse"), ("L1", "MSE"))
        assert grid_of(frame([1.0, 2.0]), [kinds], 1, LOSS, "outcome").best is None
        assert grid_of(frame([1.0, 2.0]), [kinds], 1, RIGHT, "outcome").best == (0, 0)
        assert Grid.empty([LR, MODEL], LOSS).best is None

    def test_an_empty_grid_can_be_drawn(self):
        map_figure(Grid.empty([LR, MODEL], LOSS), (), str)
        curve_figure(Grid.empty([LR], LOSS), (), str)


class TestMap:
    def test_cells_are_clickable_everywhere_and_few_cells_show_their_numbers(self):
        grid = grid_of(frame([1.0, 2.0, 3.0, 4.0, 5.0, 60.0]), [LR, MODEL], 1, LOSS, "outcome")
        figure = map_figure(grid, (), str)
        select_run(figure, 2, 0)
        assert figure.layout.hoverdistance == -1
        [touchable] = [trace for trace in figure.data if trace.hovertemplate == HOVER_TEMPLATE]
        assert list(touchable.selectedpoints) == [2]
        assert figure.data[0].text.tolist() == [["1", "3", "5"], ["2", "4", "60"]]
        assert touchable.customdata[5] == [5]
        assert touchable.hovertext[5] == "Learning rate 1<br>Model B<br>Loss 60<br>done"

    def test_one_line_is_around_the_runs_that_bounced_and_failed_runs_have_a_marker(self):
        table = frame(
            [1.0, 1000.0, 1.0, 1.0, 1.0, math.nan], ["bouncing", "bouncing", "done", "done", "done", "failed"]
        )
        figure = map_figure(grid_of(table, [LR, MODEL], 1, LOSS, "outcome"), (), str)
        dark, light = [trace for trace in figure.data if trace.name == "bouncing"]
        assert (dark.line.color, light.line.color) == ("#111111", "#ffffff")
        sides = np.stack([light.x, light.y], axis=1).reshape(-1, 3, 2)[:, :2]
        assert len(sides) == 6  # around both cells, not between them
        assert (sides.min(axis=(0, 1)).tolist(), sides.max(axis=(0, 1)).tolist()) == ([-0.5, -0.5], [0.5, 1.5])
        [failed] = [trace for trace in figure.data if trace.name == "failed"]
        assert (list(failed.x), list(failed.y)) == ([2], [1])

    def test_cells_to_come_have_an_outline_each(self):
        table = frame([1.0, math.nan, math.nan, 1.0, 1.0, 1.0], ["done", "", "queued", "done", "done", "done"])
        figure = map_figure(grid_of(table, [LR, MODEL], 1, LOSS, "outcome"), (), str)
        [line] = [trace for trace in figure.data if trace.name == "not trained yet"]
        assert len(line.x) == 3 * 8

    @pytest.mark.parametrize("axes", [[LR, MODEL], [MODEL, LR]])
    def test_the_limit_is_drawn_at_its_learning_rate(self, axes):
        grid = grid_of(frame([1.0] * 6), axes, 1, LOSS, "outcome")
        [line] = [trace for trace in map_figure(grid, [10**-0.5, None], str).data if trace.name == "limit"]
        rates, others = (line.x, line.y) if axes[0] is LR else (line.y, line.x)
        assert list(rates) == [1.5, 1.5, None, None]
        assert list(others) == [-0.5, 0.5, 0.5, 1.5]


class TestCurve:
    def test_exploded_runs_are_markers_at_the_edge(self):
        grid = grid_of(frame([1.0, 2.0, 1e30], ["done", "done", "exploding"]), [LR], 1, LOSS, "outcome")
        _band, line, gone, _ring = curve_figure(grid, (), str).data
        assert list(line.y) == [1, 2]
        assert (list(gone.x), list(gone.y)) == ([1.0], [2.0])
        assert gone.customdata[0][0] == 2

    def test_choices_are_points_with_the_range_of_their_seeds(self):
        grid = grid_of(frame([1.0, 2.0, 3.0, 5.0]), [MODEL], 2, LOSS, "outcome")
        points, _ring = curve_figure(grid, (), str).data
        assert points.mode == "markers"
        assert list(points.error_y.array) == [1, 2]


class TestLines:
    def test_of_too_many_runs_the_best_and_an_even_sample_are_drawn(self):
        values = np.arange(5 * MAX_LINES, dtype=float)[::-1]
        table = frame(values.tolist())
        lines = parallel_rows(table, LOSS, "outcome")
        assert len(lines) == MAX_LINES
        assert set(range(MAX_LINES // 4)) <= set(lines.loss.astype(int))
        rest = np.sort(lines.loss)[MAX_LINES // 4 :]
        assert np.diff(rest).max() < 10
        best = parallel_rows(table, RIGHT, "outcome").right
        assert best.max() == 100

    @pytest.mark.parametrize(("measure", "best"), [(LOSS, (1, 2)), (RIGHT, (98, 99))])
    def test_only_the_best_tenth_is_in_color(self, measure, best):
        table = frame([float(number) for number in range(1, 21)]).assign(lr=0.01)
        *_axes, last = parallel_figure(table, [LR], measure).data[0].dimensions
        low, high = last.constraintrange
        inside = [value for value in measure.scaled(table[measure.column].to_numpy()) if low <= value <= high]
        assert sorted(inside) == pytest.approx(sorted(measure.scaled(np.array(best))))

    def test_exploded_runs_are_left_out(self):
        table = frame([1.0, 2.0, math.nan], ["done", "exploding", "failed"]).assign(lr=LR.values)
        lines = parallel_rows(table, LOSS, "outcome")
        assert lines.index.tolist() == [0]
        [lr, loss] = parallel_figure(lines, [LR], LOSS).data[0].dimensions
        assert (list(lr.values), list(lr.ticktext)) == ([0], ["0.01", "0.1", "1"])
        assert list(loss.values) == [0]
