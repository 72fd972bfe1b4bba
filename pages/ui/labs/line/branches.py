"""The branches of a line's run: what the form can change, and what is said of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

import wb_core as wb
from wb_core.base.fields import setting, specs

from ...i18n import _
from ..branches import view
from ..branches.runs import Branch, Branches
from .diagnosis_sentences import sentences
from .lab import LinearLab


@dataclass(frozen=True, kw_only=True)
class BranchesView(view.BranchesView):
    """The branches of a line's run."""

    branches: str = view.branches_setting(wb.LinearConfig)


@dataclass(frozen=True, kw_only=True)
class BranchForm(view.BranchForm):
    """The form for a new branch of a line's run."""

    lr: float = setting(0.001, specs(wb.LinearConfig)["lr"])
    optimizer: str = setting("sgd", specs(wb.LinearConfig)["optimizer"])
    momentum: float = setting(0.0, specs(wb.LinearConfig)["momentum"])
    loss: str = setting("l1", specs(wb.LinearConfig)["loss"])


class LineBranches(Branches[LinearLab]):
    """The session's branches of a line's run, one of which can be asked for line by line."""

    view_class = BranchesView
    form_class = BranchForm

    def __init__(self) -> None:
        super().__init__()
        self._inspected: Branch | None = None

    def sentences(self, branch: Branch) -> Sequence[str]:
        return sentences(branch.run, branch.diagnosis)

    def offered_lr(self, lab: LinearLab) -> tuple[float, float]:
        return lab.limits.offered_lr(lab.run.config)

    def draw_inspect(self, branch: Branch, *, loaded: bool) -> None:
        """Draw the button that asks for a branch; not for a run from a file, which the other page does not know."""
        st.button(
            _("Line by line"),
            key=f"branch-{branch.letter}-step",
            help=_("See what every line of code did in the first epoch of this branch."),
            disabled=branch.run.epoch <= branch.first or loaded,
            on_click=self._inspect,
            args=(branch,),
        )

    def inspected(self) -> Branch | None:
        """The branch that was just asked for."""
        found, self._inspected = self._inspected, None
        return found

    def _inspect(self, branch: Branch) -> None:
        self._inspected = branch
