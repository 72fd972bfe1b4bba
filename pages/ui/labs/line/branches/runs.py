"""The session's branches: each is trained once for the displayed run, and kept while that run is displayed."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import wb_core as wb
from wb_core.kinds import schedules

from ....figures.branches import BranchCurve
from ....session import state
from ....training import InTurns
from ....widgets import fields
from ...run_lab import Latest
from ..lab import LinearLab
from .view import MOST, BranchesView, BranchForm

LETTERS = "ABCD"


class Branch(InTurns):
    """A branch that `training.train` can train in slices, by one script run at a time."""

    def __init__(self, text: str, run: wb.Run) -> None:
        super().__init__()
        self.text = text
        self.run = run
        self.letter = ""
        self.stopped = False
        self._diagnosis = Latest[wb.Diagnosis]()

    @property
    def first(self) -> int:
        """The first epoch with other settings."""
        return int(self.text.partition(":")[0])

    @property
    def diagnosis(self) -> wb.Diagnosis:
        """The diagnosis of its own epochs."""
        run = self.run
        return self._diagnosis.get(
            (run.epoch, run.diverged_at), lambda: wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
        )

    @property
    def curve(self) -> BranchCurve:
        """Its numbers for the charts."""
        return BranchCurve(self.letter, self.first, self.run)

    def stop(self) -> None:
        """Stop the training; the epochs so far stay displayed."""
        self.take_turn()
        self.stopped = True


class Branches:
    """The branches of the displayed run. Which ones there are is in the widget of `BranchesView`, as in the link."""

    def __init__(self) -> None:
        self.form = False  # whether the form for a new one is open
        self._inspected: Branch | None = None
        self._made: dict[tuple[Any, ...], Branch] = {}
        self._asked = ""
        self._added: tuple[str, str, int] | None = None  # the displayed run, a token, the first epoch

    def follow(self, lab: LinearLab, view: BranchesView, config: wb.LinearConfig) -> None:
        """Train the run first if its branches come from a link or an earlier session."""
        new = view.branches not in ("", self._asked)
        self._asked = view.branches
        if new and not lab.training and not lab.run.epoch and not lab.loaded:
            lab.train(config, show="end")

    def of(self, lab: LinearLab, view: BranchesView) -> tuple[Branch, ...]:
        """The branches that the displayed run has: those that begin within it."""
        run, made = lab.run, dict[tuple[Any, ...], Branch]()
        for letter, text in zip(LETTERS, view.places, strict=False):
            changes = schedules.read(text, run.config)
            if not text or not run.epoch or int(text.partition(":")[0]) > run.epoch:
                continue
            key = text, run.config, run.epochs, *run.start.values()
            made[key] = self._made.get(key) or Branch(text, _run(lab, changes))
            made[key].letter = letter
        self._made = made
        return tuple(made.values())

    def token(self, lab: LinearLab) -> dict[str, Any]:
        """How the player shows them: after one was added, it plays from its first epoch."""
        if self._added is None or self._added[0] != lab.token:
            return {"token": lab.token, "show": lab.show, "first": lab.first}
        return {"token": f"{lab.token}-{self._added[1]}", "show": "play", "first": self._added[2]}

    def open(self, lab: LinearLab, frame: int) -> None:
        """Open the form: from the epoch after `frame`, with a tenth of the learning rate."""
        now = lab.run.config.at(frame)
        fields.fill(
            BranchForm(
                epoch=max(1, min(frame + 1, lab.run.epochs - 1)),
                lr=max(float(f"{now.lr / 10:.4g}"), lab.limits.offered_lr(now)[0]),
                optimizer=now.optimizer,
                momentum=now.momentum,
                loss=now.loss,
            )
        )
        self.form = True

    def add(self, lab: LinearLab, epoch: int, changes: Mapping[str, Any]) -> None:
        """Add a branch, and close the form."""
        view = current()
        schedule = lab.run.config.branch(epoch, **changes)
        differs = {n: v for n, v in changes.items() if v != getattr(lab.run.config.at(max(epoch - 1, 0)), n)}
        text = schedules.write([(epoch, differs)], schedule) if differs else ""
        if text and text not in view.texts and len(view.texts) < MOST:
            self._added = lab.token, uuid.uuid4().hex, max(epoch - 1, 0)
            places = [*view.places, *[""] * MOST][:MOST]
            places[places.index("")] = text
            self._put(places)
        self.form = False

    def inspect(self, branch: Branch) -> None:
        """Ask to see a branch line by line."""
        self._inspected = branch

    def inspected(self) -> Branch | None:
        """The branch that was just asked for."""
        found, self._inspected = self._inspected, None
        return found

    def delete(self, text: str) -> None:
        """Delete a branch. The others keep their letters and colours."""
        self._put(["" if one == text else one for one in current().places])

    def _put(self, places: Sequence[str]) -> None:
        view = BranchesView.of(places)
        self._asked = view.branches
        fields.fill(view)


def current() -> BranchesView:
    """The branches in the widget."""
    try:
        return BranchesView(**fields.values(BranchesView))
    except wb.ConfigError:
        return BranchesView()


def here() -> Branches:
    """The session's branches."""
    return state.of(Branches)


def _run(lab: LinearLab, changes: schedules.Schedule) -> wb.Run:
    config = lab.run.config
    for epoch, there in changes:
        config = config.branch(epoch, **there)
    run = wb.Run(config, start=lab.run.start)
    run.epochs = lab.run.epochs
    return run
