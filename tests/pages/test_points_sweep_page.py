"""The sweep page of points in the plane: presets, accuracy as a measure, and the selected run."""

import pytest

import wb_core as wb
from pages.ui.session import share
from pages.ui.sweep.batched import BatchedSweepLab
from pages.ui.sweep.points import PRESETS, VIEW
from pages.ui.sweep.view import AxisRange, full_range
from tests.pages.app import button, open_page, query, widget

AXES = wb.kind_of(wb.PointsConfig).sweepable
FEW = {"points": "50", "hidden": "3", "epochs": "5", "x_steps": "2", "y": "none"}


def lab_of(app) -> BatchedSweepLab:
    return app.session_state["pages.ui.sweep.kinds.SweepLabs"].of("points")


def opened(**query_):
    app = open_page("sweep.py", kind="points", **query_)
    assert not app.exception
    return app


def link(x, y=None, **more):
    """The part of a link that says these axes."""
    return share.encode(VIEW(**x.fields("x"), **({"y": "none"} if y is None else y.fields("y")), **more))


def run(app):
    button(app, "Run the sweep").click().run()
    assert not app.exception
    return lab_of(app)


def axis(name, *rest):
    return AxisRange(name, *rest, config=wb.PointsConfig)


def test_accuracy_is_the_first_measure_and_the_highest_is_the_best():
    app = opened(**FEW)
    lab = run(app)
    assert widget(app, "Which number").value == "final_test_accuracy"
    frame = lab.work.result.frame()
    best = frame.final_test_accuracy.max()
    assert any(text.value.startswith(f"Best of 2 runs: {best:.2f}%") for text in app.markdown)
    assert lab.chosen == frame.final_test_accuracy.idxmax()


def test_the_selected_run_opens_in_its_lab():
    app = opened(**FEW)
    lab = run(app)
    lab.choose(0)
    app.run()
    assert lab.selected.config == wb.PointsConfig(points=50, hidden=(3,), epochs=5, lr=0.001)
    button(app, "Open it in its lab").click().run()
    assert not app.exception
    shown = app.session_state["pages.ui.labs.points.lab.PointsLab"].run
    assert shown.config == lab.selected.config
    assert lab.marked == 0
    assert shown.epoch == 5


def test_the_settings_of_every_run_are_said_with_the_network():
    app = opened(**FEW, optimizer="adam")
    run(app)
    [same] = [text.value for text in app.caption if text.value.startswith("Same in every run")]
    assert "Hidden layers 3, " in same
    assert ("Classes" in same, "Momentum" in same) == (False, False)


@pytest.mark.parametrize("name", [name for name in AXES if name != "seed"])
def test_every_setting_can_be_an_axis(name):
    other = None if name == "lr" else axis("lr", 0.01, 0.1, 2, True)
    app = opened(**{**FEW, **link(full_range(name, 2, wb.PointsConfig), other)}, batch_size="50")
    lab = run(app)
    assert list(lab.axes.values) == [name, *([] if name == "lr" else ["lr"]), "seed"]
    for way in ("lines", "table"):
        app.session_state["sweep.shown.PointsConfig"] = way
        app.run()
        assert not app.exception


def test_a_preset_has_its_own_settings_and_only_these(monkeypatch):
    monkeypatch.setattr(BatchedSweepLab, "begin", lambda self, config, axes, view: begun.append((config, view)))
    begun, app = [], opened(**FEW, seed="7")
    for name, preset in PRESETS.items():
        button(app, name).click().run()
        config, view = begun.pop()
        named = {name for other in PRESETS.values() for name in other.settings}
        first = {name: value for name, value in vars(wb.PointsConfig(seed=7)).items() if name in named}
        kept = {name: value for name, value in vars(config).items() if name not in named}
        assert view == preset.view
        assert config == wb.PointsConfig(**{**kept, **first, **preset.settings})
        assert kept["seed"] == 7
    assert query(app)["data"] == "xor"


def test_the_preset_whose_settings_are_in_the_controls_is_marked(monkeypatch):
    monkeypatch.setattr(BatchedSweepLab, "begin", lambda *_: None)
    app = opened(**FEW)

    def marked():
        return [name for name in PRESETS if button(app, name).proto.type == "primary"]

    assert marked() == []
    button(app, "Noise × dropout").click().run()
    assert marked() == ["Noise × dropout"]
    widget(app, "Seeds").set_value(2).run()
    assert marked() == []


def test_the_same_sweep_again_says_that_it_comes_out_the_same():
    app = opened(**FEW)
    run(app)
    assert not app.toast
    run(app)
    assert app.toast[0].value == "The same settings and seeds give the same results."


def test_a_preset_leaves_ones_own_points():
    own = "p".join(f"{n}x{n % 3}c{n % 2}" for n in range(8))
    app = opened(**FEW, data="own", own=own)
    button(app, "Learning rate × activation").click().run()
    assert not app.exception
    config = lab_of(app).axes.config
    assert (len(config.own), config.data, config.optimizer) == (8, "own", "adam")


def test_an_own_pattern_is_offered_only_with_points_of_ones_own():
    options = widget(opened(**FEW), "Pattern").options
    assert "My points" not in options
    assert "Circles" in options
