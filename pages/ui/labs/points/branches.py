"""The branches of a run on points in the plane: what the form can change, and what is said of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.fields import setting, specs
from wb_core.kinds import schedules
from wb_core.kinds.typed_weights import TYPED, place_at

from ..branches import view
from ..branches.runs import Branch, Branches, config_of
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

    def retype(self, lab: PointsLab, parent: Branch | None, epoch: int, at: int, value: float) -> None:
        """Add a branch whose weight at a place in the row of all parameters is another one from an epoch on.

        It has all other changes of its parent, a branch, or of the run.

        Raises `ConfigError` for a number that no weight can have or for too many changes, and `ValueError` if there is
        no weight at the place.
        """
        config, changes = lab.run.config, dict(schedules.read(parent.text, lab.run.config) if parent else ())
        name = place_at(at, config.sizes).name
        changes[epoch] = {**changes.get(epoch, {}), name: TYPED.check(name, value)}
        text = schedules.write(sorted(changes.items()), config)
        config_of(lab, text)
        self._add(lab, text, epoch)

    def proposal(self, lab: PointsLab, now: Any) -> Mapping[str, Any]:
        overfits = lab.diagnosis(lab.run.epochs).label == "overfitting"
        return {"weight_decay": DECAY} if overfits and now.weight_decay < DECAY else super().proposal(lab, now)
