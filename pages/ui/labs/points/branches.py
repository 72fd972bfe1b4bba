"""The branches of a run on points in the plane: what the form can change, and what is said of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.fields import setting, specs

from ..branches import view
from ..branches.runs import Branch, Branches
from .lab import PointsLab
from .verdict import sentences

DECAY = 0.01
"""The weight decay that the form proposes for a run that overfits, unless it has more."""


@dataclass(frozen=True, kw_only=True)
class PointsBranchesView(view.BranchesView):
    """The branches of a run on points."""

    branches: str = view.branches_setting(wb.PointsConfig)


@dataclass(frozen=True, kw_only=True)
class PointsBranchForm(view.BranchForm):
    """The form for a new branch of a run on points."""

    lr: float = setting(0.001, specs(wb.PointsConfig)["lr"])
    optimizer: str = setting("adam", specs(wb.PointsConfig)["optimizer"])
    momentum: float = setting(0.0, specs(wb.PointsConfig)["momentum"])
    weight_decay: float = setting(0.0, specs(wb.PointsConfig)["weight_decay"])


class PointsBranches(Branches[PointsLab]):
    """The session's branches of a run on points."""

    view_class = PointsBranchesView
    form_class = PointsBranchForm

    def sentences(self, branch: Branch) -> Sequence[str]:
        return sentences(branch.run, branch.diagnosis)

    def proposal(self, lab: PointsLab, now: Any) -> Mapping[str, Any]:
        overfits = lab.diagnosis(lab.run.epochs).label == "overfitting"
        return {"weight_decay": DECAY} if overfits and now.weight_decay < DECAY else super().proposal(lab, now)
