"""The session's branches: each is trained once for the displayed run, and kept while that run is displayed."""

import contextlib
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import wb_core as wb
from wb_core.base.fields import applies, specs
from wb_core.kinds import schedules

from ... import training
from ...figures.branches import LETTERS, BranchCurve
from ...training import InTurns
from ...widgets import fields
from ..run_lab import Latest, RunLab
from ..saved import Snapshot
from .view import MOST, BranchesView, BranchForm

Lab = TypeVar("Lab", bound=RunLab)


def first_of(text: str) -> int:
    """The first epoch that a branch has of its own."""
    return int(text.partition(":")[0])


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
        """The first epoch with other settings, or with another weight."""
        return first_of(self.text)

    @property
    def diagnosis(self) -> wb.Diagnosis:
        """The diagnosis of its own epochs."""
        run = self.run
        return self._diagnosis.get(
            (run.epoch, run.diverged_at), lambda: wb.diagnose(run.history, run.config, **run.observed)
        )

    @property
    def curve(self) -> BranchCurve:
        """Its numbers for the charts."""
        return BranchCurve(self.letter, self.first, self.run)

    def stop(self) -> None:
        """Stop the training; the epochs so far stay displayed."""
        self.take_turn()
        self.stopped = True


class Branches(ABC, Generic[Lab]):
    """The branches of a lab's displayed run. Which ones there are is in the widget of `view_class`, as in the link.

    A lab's own class says which settings its form has, and what the diagnosis of a branch says.
    """

    view_class: ClassVar[type[BranchesView]]
    form_class: ClassVar[type[BranchForm]]

    def __init__(self) -> None:
        self.form = False  # whether the form for a new one is open
        self._made: dict[tuple[Any, ...], Branch] = {}
        self._asked = ""
        self._added: tuple[str, str, str, int] | None = None  # the displayed run, a token, the text, the first epoch

    @abstractmethod
    def sentences(self, branch: Branch) -> Sequence[str]:
        """What the diagnosis of a trained branch says."""

    def offered_lr(self, lab: Lab) -> tuple[float, float] | None:
        """The learning rates that the form offers; None for the usual ones."""
        return None

    def proposal(self, lab: Lab, now: Any) -> Mapping[str, Any]:
        """What the form proposes to change of the settings in force: a tenth of the learning rate."""
        lowest, _highest = self.offered_lr(lab) or specs(now)["lr"].offered
        return {"lr": max(float(f"{now.lr / 10:.4g}"), lowest)}

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that the form can change."""
        return tuple(name for name in specs(self.form_class) if name != "epoch")

    @property
    def view(self) -> BranchesView:
        """The branches in the widget."""
        try:
            return self.view_class(**fields.values(self.view_class))
        except wb.ConfigError:
            return self.view_class()

    def follow(self, lab: Lab, config: Any) -> None:
        """Train the run first if its branches come from a link or an earlier session."""
        branches = self.view.branches
        new = branches not in ("", self._asked)
        self._asked = branches
        if new and not lab.training and not lab.run.epoch and not lab.loaded:
            lab.train(config, show="end")

    def of(self, lab: Lab, view: BranchesView) -> tuple[Branch, ...]:
        """The branches that the displayed run can have: those that begin within it."""
        run, made = lab.run, dict[tuple[Any, ...], Branch]()
        start = lab.plain_start()
        for letter, text in zip(LETTERS, view.places, strict=False):
            if not text or not run.epoch or first_of(text) > run.epoch:
                continue
            key = text, run.config, run.epochs, tuple(start.values() if isinstance(start, Mapping) else start)
            with contextlib.suppress(wb.ConfigError):  # of a weight that this network does not have
                made[key] = self._made.get(key) or Branch(text, _run(lab, text))
                made[key].letter = letter
        self._made = made
        return tuple(made.values())

    def trained(self, lab: Lab, view: BranchesView, place: Any) -> tuple[Branch, ...]:
        """The same, each trained to its end; a longer training shows its progress in `place`, an `st.empty()`."""
        found = self.of(lab, view)
        for branch in found:
            if not branch.run.done and not branch.stopped:
                training.train(branch, place, key=f"branch.{branch.letter}")
        return found

    def token(self, lab: Lab) -> dict[str, Any]:
        """How the player shows them: after one was added, it plays from its first epoch."""
        if self._added is None or self._added[0] != lab.token:
            return {"token": lab.token, "show": lab.show, "first": lab.first}
        return {"token": f"{lab.token}-{self._added[1]}", "show": "play", "first": self._added[3]}

    def added(self, lab: Lab) -> str:
        """The text of the branch that was added last to the displayed run; "" if there is none."""
        return self._added[2] if self._added is not None and self._added[0] == lab.token else ""

    def open(self, lab: Lab, frame: int) -> None:
        """Open the form: from the epoch after `frame`, with what is proposed."""
        now = lab.run.config.at(frame)
        settings = {name: getattr(now, name) for name in self.settings} | dict(self.proposal(lab, now))
        fields.fill(self.form_class(epoch=max(1, min(frame + 1, lab.run.epochs - 1)), **settings))
        self.form = True

    def chosen(self, lab: Lab) -> tuple[int, Mapping[str, Any], Any]:
        """The first epoch in the form, the settings in it that apply, and the config of that branch.

        Raises `ConfigError` for a form that no branch has.
        """
        form: Any = self.form_class(**fields.values(self.form_class))
        if form.epoch > lab.run.epoch:
            raise wb.ConfigError("branch.epoch", field="epoch", given=form.epoch, allowed=f"up to {lab.run.epoch}")
        changes = {name: getattr(form, name) for name in self.settings if applies(form, name)}
        return form.epoch, changes, lab.run.config.branch(form.epoch, **changes)

    def add(self, lab: Lab) -> None:
        """Add the branch of the form if it is a new one, and close the form."""
        try:
            epoch, changes, schedule = self.chosen(lab)
        except wb.ConfigError:
            return
        before = lab.run.config.at(max(epoch - 1, 0))
        differs = {name: value for name, value in changes.items() if value != getattr(before, name)}
        if differs:
            self._add(lab, schedules.write([(epoch, differs)], schedule), epoch)
        self.form = False

    @property
    def full(self) -> bool:
        """Whether there is no room for another branch."""
        return len(self.view.texts) >= MOST

    def _add(self, lab: Lab, text: str, epoch: int) -> None:
        """Show a branch, a new one if there is room, from the epoch before `epoch` on."""
        places = [*self.view.places, *[""] * MOST][:MOST]
        if text not in places:
            if self.full:
                return
            places[places.index("")] = text
            self._put(places)
        self._added = lab.token, uuid.uuid4().hex, text, max(epoch - 1, 0)

    def delete(self, *texts: str) -> None:
        """Delete branches. The others keep their letters and colours."""
        self._put(["" if one in texts else one for one in self.view.places])

    def bring_back(self, lab: Lab, snapshot: Snapshot) -> None:
        """Show the branches of a snapshot again."""
        fields.put(self.view_class, {"branches": snapshot.branches})
        lab.branches = snapshot.branches

    def _put(self, places: Sequence[str]) -> None:
        view = self.view_class.of(places)
        self._asked = view.branches
        fields.fill(view)


def config_of(lab: RunLab, text: str) -> Any:
    """The config of a branch of the displayed run. Raises `ConfigError` if the run cannot have it."""
    config = lab.run.config
    for epoch, changes in schedules.read(text, config):
        config = config.branch(epoch, **changes)
    return config


def _run(lab: RunLab, text: str) -> wb.Run:
    run = wb.Run(config_of(lab, text), start=lab.run.start)
    run.epochs = lab.run.epochs
    return run
