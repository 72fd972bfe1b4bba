"""What the browser sends about the network of points in the plane: other layers, or another number for a weight."""

import math

import pytest
import torch

from pages.ui.labs.points import charts
from pages.ui.labs.points.branches import PointsBranches, PointsBranchesView
from pages.ui.labs.points.lab import PointsLab


class Branches(PointsBranches):
    """Branches in no widget."""

    view = PointsBranchesView()

    def _put(self, places):
        self.view = self.view_class.of(places)


def trained(epochs):
    lab = PointsLab()
    lab.run.advance(epochs=epochs)
    return lab


def typed(epoch, at=5, value=2.5, branch=""):
    return {"epoch": epoch, "at": at, "value": value, "branch": branch}


@pytest.mark.parametrize(("epoch", "trained_epochs"), [(-1, 3), (-1, 0), (199, 200)])
def test_a_weight_by_hand_is_a_start_before_the_first_epoch_and_after_the_last(epoch, trained_epochs):
    lab, branches = trained(trained_epochs), Branches()
    expected = (lab.run.start if epoch < 0 else lab.run.parameters[epoch]).clone()
    expected[5] = 2.5

    charts.retype(lab, branches, [], typed(epoch))
    assert lab.run.start.tolist() == expected.tolist()
    assert (lab.run.epoch, lab.can_resume, branches.view.texts) == (0, True, ())


def test_a_weight_by_hand_between_them_is_a_branch():
    lab, branches = trained(3), Branches()
    run = lab.run

    charts.retype(lab, branches, [], typed(2))
    assert (lab.run, branches.view.branches) == (run, "3:w1.2.1=2.5")
    assert branches.token(lab)["first"] == 2
    [branch] = branches.of(lab, branches.view)
    branch.run.finish()
    expected = run.branch(3, **{"w1.2.1": 2.5})
    expected.finish()
    assert torch.equal(branch.run.parameters, expected.parameters)

    run.advance(epochs=9)
    charts.retype(lab, branches, branches.of(lab, branches.view), typed(9, 24, -1, "A"))  # the first weight of layer 2
    charts.retype(lab, branches, branches.of(lab, branches.view), typed(2, 6, 0.3))
    assert branches.view.places == ("3:w1.2.1=2.5", "3:w1.2.1=2.5;10:w2.0.0=-1", "3:w1.3.0=0.3")


def test_a_fifth_branch_is_none_and_the_same_one_is_shown_again():
    lab, branches = trained(9), Branches()
    for epoch in range(4):
        charts.retype(lab, branches, [], typed(epoch))
    full, added = branches.view, branches.added(lab)
    charts.retype(lab, branches, [], typed(5))
    assert (branches.view, branches.added(lab)) == (full, added)
    charts.retype(lab, branches, [], typed(0))
    assert (branches.view, branches.added(lab)) == (full, "1:w1.2.1=2.5")


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
        {"epoch": 0, "at": 16, "value": 1.0},  # a bias
    ],
)
def test_nonsense_changes_nothing(sent):
    lab, branches = trained(3), Branches()
    run = lab.run

    charts.retype(lab, branches, [], {"branch": "", **sent} if isinstance(sent, dict) else sent)
    assert (lab.run, branches.view.texts) == (run, ())
