"""The example data sets have the numbers that are known of them, and a line can be learned from each."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

import wb_core as wb
from tests.runs import finished

every_spot_example = pytest.mark.parametrize("id_", wb.SPOT_EXAMPLES)
every_example = pytest.mark.parametrize("id_", wb.EXAMPLES)


def columns(id_):
    return np.array(wb.EXAMPLES[id_].points).T


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_anscombes_four_have_the_same_statistics(number):
    X, y = columns(f"anscombe_{number}")
    assert len(X) == 11
    assert (X.mean(), X.var(ddof=1)) == (9, 11)
    assert y.mean() == pytest.approx(7.50, abs=0.005)
    assert y.var(ddof=1) == pytest.approx(4.125, abs=0.003)
    assert np.corrcoef(X, y)[0, 1] == pytest.approx(0.816, abs=0.001)
    assert np.polyfit(X, y, 1) == pytest.approx([0.500, 3.00], abs=0.003)


@pytest.mark.parametrize(
    ("id_", "points", "line"),
    [("cars", 50, (3.9324, -17.5791)), ("boiling", 17, (0.52289, -81.06373)), ("galaxies", 24, (454.16, -40.784))],
)
def test_the_least_squares_are_the_published_ones(id_, points, line):
    X, y = columns(id_)
    assert len(X) == points
    assert np.polyfit(X, y, 1) == pytest.approx(line, rel=1e-4)


def test_planets_follow_keplers_third_law():
    X, y = columns("planets")
    assert len(X) == 8
    assert y**2 / X**3 == pytest.approx(np.ones(8), rel=0.005)


@every_example
def test_an_example_is_learned_once_it_is_standardised(id_):
    config = wb.LinearConfig(points=wb.EXAMPLES[id_].points, standardise=True, loss="mse", lr=0.3)
    run = finished(config)
    assert wb.diagnose(run.history, config).label == "converged"
    best = wb.best_line(wb.own_data(config), "mse")
    assert (run.own_line["weight"], run.own_line["bias"]) == pytest.approx((best.weight, best.bias), rel=1e-3)


@every_example
def test_an_example_names_its_source_and_travels_in_a_link(id_):
    example = wb.EXAMPLES[id_]
    assert example.licence == "Public domain"
    assert example.source
    assert len(example.points) <= 100
    assert wb.LinearConfig(points=example.points).points is example.points


def test_the_irises_are_fishers():
    iris = load_iris()
    firsts = np.concatenate([np.flatnonzero(iris.target == species)[:33] for species in range(3)])
    points = np.array(wb.SPOT_EXAMPLES["irises"].points)
    assert np.array_equal(points[:, :2], iris.data[firsts][:, 2:])
    assert np.array_equal(points[:, 2], iris.target[firsts])


def test_the_midges_have_the_published_wing_lengths():
    points = np.array(wb.SPOT_EXAMPLES["midges"].points)
    wings = np.sort(points[points[:, 2] == 0][:, 1])
    assert wings.tolist() == [1.64, 1.70, 1.72, 1.74, 1.82, 1.82, 1.82, 1.90, 2.08]  # Hoff (2009), chapter 5
    assert points[points[:, 2] == 0].mean(axis=0) == pytest.approx([1.413, 1.804, 0], abs=0.001)
    assert points[points[:, 2] == 1].mean(axis=0) == pytest.approx([1.227, 1.927, 1], abs=0.001)


@every_spot_example
def test_an_example_with_classes_is_learned_and_travels_in_a_link(id_):
    example = wb.SPOT_EXAMPLES[id_]
    config = wb.PointsConfig(
        data="own", own=example.points, hidden=(8, 8), activation="tanh", optimizer="adam", lr=0.02, epochs=300
    )
    assert finished(config).history.row(-1)["train_accuracy"] >= 95
    assert config.own is example.points
    assert len(example.points) <= 100
    assert len(example.classes) == config.n_classes
    assert example.source
