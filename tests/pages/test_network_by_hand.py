"""What the browser sends about the network of points in the plane: other layers, or another number for a weight."""

import math

import pytest

from pages.ui.labs.points import charts
from pages.ui.labs.points.lab import PointsLab


def test_a_weight_by_hand_is_the_start_of_an_untrained_run():
    lab = PointsLab()
    lab.run.advance(epochs=3)
    expected = lab.run.parameters[1].clone()
    expected[5] = 2.5

    charts.retype(lab, [], {"epoch": 1, "at": 5, "value": 2.5, "branch": ""})
    assert lab.run.start.tolist() == expected.tolist()
    assert (lab.run.epoch, lab.can_resume) == (0, True)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "weight",
        {"epoch": 3, "at": 0, "value": 1.0},
        {"epoch": -2, "at": 0, "value": 1.0},
        {"epoch": 0, "at": -1, "value": 1.0},
        {"epoch": 0, "at": 10**6, "value": 1.0},
        {"epoch": 0, "at": 0, "value": math.nan},
        {"epoch": 0, "at": 0, "value": 1e300},
        {"epoch": 0, "at": 0, "value": 10**400},
        {"epoch": 0, "at": 0, "value": "1"},
        {"epoch": 0.5, "at": 0, "value": 1},
        {"epoch": 0, "at": 0, "value": 1, "branch": None},
    ],
)
def test_nonsense_changes_nothing(sent):
    lab = PointsLab()
    lab.run.advance(epochs=3)
    run = lab.run

    charts.retype(lab, [], {"branch": "", **sent} if isinstance(sent, dict) else sent)
    assert lab.run is run
