"""The sweep page without a browser: axes, invalid input, figures, and the selected run."""

import math

import plotly.graph_objects as go
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import wb_core as wb
from pages.ui.figures.sweep import Axis, Measure, curve_figure, grid_of, map_figure, parallel_figure, parallel_rows
from pages.ui.sentences import CODES
from pages.ui.session import share
from pages.ui.sweep.batched import BatchedSweepLab
from pages.ui.sweep.line import CONTROLS, VIEW
from pages.ui.sweep.selection import run_of_point
from pages.ui.sweep.view import AxisRange, full_range
from tests.pages.app import button, open_page, query, widget

AXES = wb.kind_of(wb.LinearConfig).sweepable
LR = Axis("lr", "Learning rate", (0.01, 0.1, 5.0), ("0.01", "0.1", "5"), log=True)
WEIGHT = Axis("weight", "Weight", (-1.0, 1.0), ("-1", "1"))
FINAL, BEST = Measure("final_test_loss", "loss"), Measure("best_test_loss", "loss")
FEW = {
    "loss": "mse",
    "epochs": "20",
    "x_low": "0.01",
    "x_steps": "3",
    "y": "weight",
    "y_low": "-1",
    "y_high": "1",
    "y_steps": "2",
}


def lab_of(app) -> BatchedSweepLab:
    return app.session_state["pages.ui.sweep.kinds.SweepLabs"].of("linear")


def link(x, y=None, **more):
    """The part of a link that says these axes."""
    return share.encode(VIEW(**x.fields("x"), **({"y": "none"} if y is None else y.fields("y")), **more))


def opened(**query_):
    app = open_page("sweep.py", **query_)
    assert not app.exception
    return app


def run(app):
    button(app, "Run the sweep").click().run()
    assert not app.exception
    return lab_of(app)


class TestSpan:
    @pytest.mark.parametrize("name", AXES)
    def test_every_setting_can_be_an_axis_and_survives_its_text(self, name):
        span = full_range(name)
        assert len(span.values) == len(set(span.values)) > 1
        for value in span.values:
            wb.LinearConfig(**{name: value})

    @given(st.floats(0.001, 0.5), st.floats(0.6, 1.0), st.integers(2, 200), st.booleans())
    def test_values_ascend_from_one_bound_to_the_other(self, low, high, steps, log):
        values = AxisRange("lr", low, high, steps, log).values
        assert list(values) == sorted(values)
        assert values[0] == pytest.approx(low, rel=1e-4)
        assert values[-1] == pytest.approx(high, rel=1e-4)
        assert low <= values[0]
        assert values[-1] <= high

    @given(st.text(max_size=60))
    @example("lr*0.1*0.1*3*log")
    @example("lr*1*0.1*3*log")
    @example("lr*0*1*3*log")
    @example("device*0*1*3*log")
    @example("lr*nan*1*3*log")
    @example("lr*0.1*1*" + "9" * 400 + "*log")
    @example("epochs*1e9*1e9*3*lin")
    @example("seed*0*9*3*lin")
    def test_any_text_in_a_link_is_an_axis_or_ignored(self, text):
        [view], ignored = share.decode({"x": text}, VIEW)
        assert ignored == () or (ignored == ("x",) and view == VIEW())

    @pytest.mark.parametrize(
        ("text", "axis"),
        [
            ("lr*0.01*1*3*log", AxisRange("lr", 0.01, 1, 3, True)),
            ("weight*-1.5*1e0*2*lin", AxisRange("weight", -1.5, 1, 2)),
            ("epochs*10*500*5*lin", AxisRange("epochs", 10, 500, 5)),
            ("loss", AxisRange("loss")),
        ],
    )
    def test_a_link_of_former_versions_has_the_same_axis(self, text, axis):
        assert share.decode({"x": text, "y": "noise*0*0.5*3*lin", "seeds": "2"}, VIEW) == (
            (VIEW(**axis.fields("x"), **AxisRange("noise", 0, 0.5, 3).fields("y"), seeds=2),),
            (),
        )
        assert share.decode({"x": text, "y": "none"}, VIEW) == ((VIEW(**axis.fields("x"), y="none"),), ())

    @pytest.mark.parametrize(
        ("span", "code"),
        [
            (("lr", 0.5, 0.5, 3), "span.empty"),
            (("lr", 0.5, 0.1, 3), "span.empty"),
            (("lr", 0.1, 0.5, 1), "span.one_step"),
            (("lr", 0.1, 0.5, 1_000_000), "span.too_many_steps"),
            (("lr", 0.1, 5000, 3), "span.outside"),
            (("weight", -1, 1, 3, True), "span.no_ratio"),
        ],
    )
    def test_each_invalid_bound_has_its_message(self, span, code):
        with pytest.raises(wb.ConfigError) as caught:
            AxisRange(*span)
        assert caught.value.code == code
        assert code in CODES

    def test_integers_stay_integers(self):
        assert repr(full_range("epochs", 5).values) == "(10, 132, 255, 378, 500)"


class TestPage:
    def test_it_opens_with_a_finished_map_of_the_default_settings_and_only_of_those(self):
        lab = lab_of(opened())
        assert (len(lab.work.axes), lab.work.done) == (24 * 12, True)
        assert lab_of(opened(**FEW)).work is None
        few = BatchedSweepLab(VIEW())
        few.begin(wb.LinearConfig(epochs=5), {"lr": [0.1, 1.0]}, VIEW(y="none"))
        lab.take_over(few.saved, CONTROLS.axes)  # that of an earlier session, which comes later
        assert lab.work.axes.config.epochs == 5

    def test_the_page_shows_the_number_of_runs_and_trains_them(self):
        app = opened(**FEW)
        assert any("3 × 2 = **6 runs** of 20 epochs each." in text.value for text in app.markdown)
        lab = run(app)
        assert lab.work.done
        config = wb.LinearConfig(loss="mse", epochs=20)
        alone = wb.sweep(config, lr=[0.01, 0.1, 1.0], weight=[-1.0, 1.0], seed=[42])
        assert lab.work.result.frame().equals(alone.frame())
        assert any(text.value.startswith("Best of 6 runs: ") for text in app.markdown)

    def test_a_preset_sets_the_axes_and_trains_at_once(self):
        app = opened()
        button(app, "20 seeds").click().run()
        assert not app.exception
        assert query(app) == {"y": "none", "seeds": "20"}
        assert (len(lab_of(app).work.axes), lab_of(app).work.done) == (24 * 20, True)

    def test_a_stopped_sweep_says_how_many_runs_it_has(self):
        app = opened(**FEW)
        lab = run(app)
        lab.stop()
        app.run()
        assert "Stopped: 6 of 6 runs finished." in [text.value for text in app.markdown]

    def test_the_selected_run_is_that_of_the_cell(self):
        app = opened(**FEW)
        lab = run(app)
        lab.choose(3)
        app.run()
        assert not app.exception
        assert lab.selected.config == wb.LinearConfig(loss="mse", epochs=20, lr=0.1, weight=1.0)
        button(app, "Open it in its lab").click().run()
        assert not app.exception
        assert widget(app, "Learning rate").value == 0.1
        assert widget(app, "Weight").value == 1.0

    def test_a_redraw_sets_a_slider_only_where_the_selection_has_changed(self):
        """Setting it again would undo a move that has not reached the server yet."""
        app = opened(**FEW)
        lab = run(app)
        slider = "sweep.at.1.weight"
        assert app.select_slider(key=slider).proto.set_value
        app.run()
        assert not app.select_slider(key=slider).proto.set_value
        app.select_slider(key=slider).set_value(0).run()
        assert lab.selected.config.weight == -1.0
        assert not app.select_slider(key=slider).proto.set_value
        lab.choose(5)
        app.run()
        assert app.select_slider(key=slider).proto.set_value
        assert app.select_slider(key=slider).value == 1

    def test_one_axis_works_with_several_seeds(self):
        app = opened(**link(AxisRange("lr", 0.01, 1, 4, True), seeds=3), epochs="10")
        lab = run(app)
        assert len(lab.work.axes) == 12
        for way in ("lines", "table", "map"):
            app.session_state["sweep.shown.LinearConfig"] = way
            app.run()
            assert not app.exception
            pictures = [chart.proto.alt for chart in app.get("plotly_chart")]
            finding = "Final test loss of every run in the sweep. Best of 4 combinations"
            assert [picture.partition(":")[0] for picture in pictures] == ([] if way == "table" else [finding])

    def test_the_settings_of_every_run_are_those_that_count_for_its_points(self):
        axes = link(AxisRange("lr", 0.01, 0.1, 2, True), seeds=2)
        for more, names in (
            ({"points": "1x2p3x4p5x7", "standardise": "on", "shuffle": "on"}, "Shuffle, Standardize"),
            ({"optimizer": "adam"}, "Noise 0"),
        ):
            app = opened(**axes, **more, epochs="5")
            run(app)
            [same] = [one.value for one in app.caption if one.value.startswith("Same in every run")]
            assert same.endswith(f", {names}.")
            assert ("Noise" in same, "Momentum" in same) == ("points" not in more, "optimizer" not in more)

    @pytest.mark.parametrize("name", [name for name in AXES if name != "seed"])
    def test_every_axis_has_a_figure(self, name):
        other = None if name == "lr" else AxisRange("lr", 0.01, 0.1, 2, True)
        app = opened(**link(full_range(name, 3), other), epochs="5")
        assert list(run(app).axes.values) == [name, *([] if name == "lr" else ["lr"]), "seed"]

    @pytest.mark.parametrize(
        ("label", "value", "code"),
        [("From", 2000.0, "span.outside"), ("From", 1.0, "span.empty"), ("Values", 1, "span.one_step")],
    )
    def test_invalid_input_is_explained_and_loses_nothing(self, label, value, code):
        app = opened(**FEW)
        lab = run(app)
        before = lab.work
        [box, *_] = [box for box in app.number_input if box.label == label]
        box.set_value(value).run()
        assert not app.exception
        expected = "Learning rate: " + CODES[code].format(low="1e-12", high="1000", most="200")
        assert [error.value for error in app.error] == [expected]
        assert button(app, "Run the sweep").disabled
        assert lab.work is before

    def test_too_many_runs_are_refused_with_their_number(self):
        app = opened(**link(AxisRange("lr", 0.01, 1, 200, True), AxisRange("weight", -1, 1, 200), seeds=50))
        [error] = app.error
        assert "200 × 200 × 50 = 2,000,000" in error.value
        assert button(app, "Run the sweep").disabled

    @pytest.mark.parametrize("axis", ["x", "y"])
    def test_a_momentum_axis_without_sgd_is_reported_before_the_sweep(self, axis):
        both = {"x": "lr*0.01*1*3*log", "y": "weight*-1*1*2*lin", axis: "momentum*0*0.9*3*lin"}
        said = "Momentum has no effect unless Optimizer is SGD: runs that differ only in it come out the same."
        assert said not in [info.value for info in opened(**both).info]
        assert said in [info.value for info in opened(**both, optimizer="adam").info]

    def test_the_same_setting_cannot_be_on_both_axes(self):
        app = opened(**FEW)
        widget(app, "Second axis").set_value("lr").run()
        assert not app.exception
        assert widget(app, "First axis").value == "weight"

    def test_the_link_carries_the_sweep(self):
        assert query(opened(**FEW)) == FEW
        app = opened(x="device*1*2*3*log", y="none")
        assert "First axis" in app.warning[0].value
        assert query(opened()) == {}

    @given(st.permutations([name for name in AXES if name != "seed"]), st.integers(1, 50))
    def test_every_view_survives_its_link(self, names, seeds):
        x, y, *_rest = names
        view = VIEW(**full_range(x, 7).fields("x"), **full_range(y, 3).fields("y"), seeds=seeds)
        [again], ignored = share.decode(share.encode(view), VIEW)
        assert (again, ignored) == (view, ())

    @pytest.mark.parametrize(
        "link",
        [
            {"x": "none"},
            {"x": "none", "y": "none"},
            {"x": "seed*0*9*3*lin"},
            {"y": "seed*0*9*3*lin"},
            {"y": "lr*0.1*1*3*log"},
            {"x": "loss", "y": "loss"},
            {"x_low": "2"},
            {"y": "lr", "y_low": "0.1", "y_high": "1"},
            {"y": "noise", "y_log": "on"},
        ],
        ids=str,
    )
    def test_incompatible_axes_are_left_out_and_reported(self, link):
        app = opened(**link)
        assert len(app.warning) == 1
        assert query(app) == {}
        app = opened(**link, epochs="3")
        assert len(run(app).work.axes) == 24 * 12

    def test_the_table_has_labels_and_the_file_ids(self):
        app = opened(**link(AxisRange("loss"), AxisRange("lr", 0.001, 1, 2, True)), epochs="5")
        lab = run(app)
        app.session_state["sweep.shown.LinearConfig"] = "table"
        app.run()
        table, frame = app.dataframe[0].value, lab.work.result.frame()
        assert set(table["Loss"]) == {"L1 (absolute)", "MSE (squared)", "Huber (mixed)"}
        assert set(table["Diagnosis"]) <= {"learning", "too slow", "bouncing", "converged", "exploded"}
        assert set(frame["loss"]) == {"l1", "mse", "huber"}

    def test_a_run_whose_line_looks_like_the_best_is_a_good_fit_and_has_no_marker(self):
        lab = BatchedSweepLab(VIEW())
        lab.begin(wb.LinearConfig(epochs=400), {"lr": [0.01, 0.5]}, VIEW())
        lab.work.finish()
        assert lab.work.result.frame()["diagnosis"].tolist() == ["bouncing", "bouncing"]
        assert lab.frame()["diagnosis"].tolist() == ["good", "bouncing"]

    def test_the_table_and_the_figure_are_made_once(self):
        lab = BatchedSweepLab(VIEW())
        lab.begin(wb.LinearConfig(epochs=2), {"seed": [1]}, VIEW())
        assert lab.cached(("a",), object) is not lab.cached(("a",), object)  # it is still growing
        lab.work.finish()
        assert lab.cached(("a",), object) is lab.cached(("a",), object)

    def test_only_the_latest_variant_of_a_cached_value_is_kept(self):
        lab = BatchedSweepLab(VIEW())
        lab.begin(wb.LinearConfig(epochs=2), {"seed": [1]}, VIEW())
        lab.work.finish()
        made = [lab.cached(("a",), object, now=marked) for marked in (1, 2, 2, 1)]
        assert made[1] is made[2]
        assert len({id(one) for one in made}) == 3
        assert len(lab._made) == 1

    def test_a_superseded_script_run_does_not_affect_the_next_sweep(self):
        lab = BatchedSweepLab(VIEW())
        lab.begin(wb.LinearConfig(epochs=2), {"seed": [1]}, VIEW())
        lab.work.finish()
        before = lab.work.result.frame

        def slow():
            """A table so slow that another sweep starts and ends meanwhile."""
            lab.begin(wb.LinearConfig(epochs=2), {"seed": [1, 2, 3]}, VIEW())
            lab.work.finish()
            return before()

        lab.table = slow
        assert len(lab.frame()) == 1
        del lab.table
        assert len(lab.frame()) == 3


class TestPictures:
    FRAME = wb.sweep(
        wb.LinearConfig(loss="mse", epochs=30), lr=[0.01, 0.1, 5.0], weight=[-1.0, 1.0], seed=[1, 2]
    ).frame()

    def land(self, measure=FINAL):
        return grid_of(self.FRAME, [LR, WEIGHT], 2, measure, "diagnosis")

    def test_a_cell_is_the_median_over_its_seeds_and_opens_that_run(self):
        land = self.land()
        for x, lr in enumerate((0.01, 0.1, 5.0)):
            for y, weight in enumerate((-1.0, 1.0)):
                rows = self.FRAME[(self.FRAME.lr == lr) & (self.FRAME.weight == weight)]
                assert land.value[x, y] == rows.final_test_loss.quantile(interpolation="lower")
                assert land.run[x, y] in rows.index
        assert land.value[land.best] == land.value.min()

    def test_exploded_runs_have_a_marker_and_no_colour(self):
        figure = map_figure(self.land(), [0.8625, 0.8625], str)
        heat = figure.data[0]
        assert heat.zmax <= math.log10(self.land().value[:2].max()) + 1e-9
        [signs] = [trace for trace in figure.data if trace.name == "exploded"]
        assert set(signs.x) == {2}
        [limit] = [trace for trace in figure.data if trace.name == "limit"]
        assert list(limit.y) == [-0.5, 0.5, 0.5, 1.5]
        assert 1 < limit.x[0] < 2  # between 0.1 and 5

    def test_every_cell_can_be_clicked_and_names_its_run(self):
        figure = map_figure(self.land(), (), str)
        [touchable] = [trace for trace in figure.data if trace.customdata is not None]
        assert [row[0] for row in touchable.customdata] == self.land().run.flatten().tolist()

    def test_a_curve_has_a_band_and_parallel_lines_show_all_axes(self):
        frame = wb.sweep(wb.LinearConfig(epochs=10), loss=["l1", "mse"], seed=[1, 2, 3]).frame()
        loss = Axis("loss", "Loss", ("l1", "mse"), ("L1", "MSE"))
        seed = Axis("seed", "Seed", (1, 2, 3), ("1", "2", "3"))
        land = grid_of(frame, [loss], 3, BEST, "diagnosis")
        figure = curve_figure(land, (), str)
        assert isinstance(figure, go.Figure)
        assert list(figure.data[0].error_y.array) == (land.high - land.value)[:, 0].tolist()
        lines = parallel_figure(parallel_rows(frame, BEST, "diagnosis"), [loss, seed], BEST)
        assert [dimension.label for dimension in lines.data[0].dimensions] == ["Loss", "Seed", "loss"]

    @pytest.mark.parametrize(
        ("point", "expected"),
        [
            ({"customdata": [3, "a"]}, 3),
            ({"customdata": {"0": 4}}, 4),
            ({"customdata": []}, None),
            ({"customdata": ["x"]}, None),
            ({"customdata": [math.nan]}, None),
            ({"customdata": [math.inf]}, None),
            ({"customdata": [10**400]}, 10**400),
            ({"customdata": {"0": -math.inf}}, None),
            ({"customdata": [True]}, None),
            ({}, None),
            (None, None),
        ],
    )
    def test_invalid_selections_of_a_browser_are_ignored(self, point, expected):
        assert run_of_point(point) == expected

    def test_only_runs_of_the_sweep_can_be_chosen(self):
        lab = BatchedSweepLab(VIEW())
        lab.choose(0)
        assert lab.selected is None
        lab.begin(wb.LinearConfig(epochs=2), {"seed": [1]}, VIEW())
        lab.choose(5)
        assert lab.selected is None
