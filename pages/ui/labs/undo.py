"""Undo and redo: what a lab displayed before, as plain data, from which each run is trained again."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from wb_core.base.points import PointList

from .saved import Snapshot

MOST = 30
"""The most steps that are kept, to undo and to redo together."""

MOST_POINTS = 100_000
"""The most points of one's own in these steps."""


@dataclass
class Undo:
    """What is displayed `now`, and the last of what was displayed before it and, after an undo, behind it."""

    now: Snapshot
    past: list[Snapshot] = field(default_factory=list)
    future: list[Snapshot] = field(default_factory=list)

    def note(self, now: Snapshot) -> None:
        """Remember what is displayed now. A training that was stopped is still the same step."""
        if now == self.now:
            return
        if not _stopped(self.now, now):
            self.past = _bounded([*self.past, self.now][-MOST:])
            self.future = []
        self.now = now

    def back(self) -> Snapshot | None:
        """Undo a step; returns what to display, or None if there is nothing to undo."""
        return self._move(self.past, self.future)

    def forward(self) -> Snapshot | None:
        """Redo a step; returns what to display, or None if there is nothing to redo."""
        return self._move(self.future, self.past)

    def _move(self, source: list[Snapshot], target: list[Snapshot]) -> Snapshot | None:
        if not source:
            return None
        target.append(self.now)
        self.now = source.pop()
        return self.now

    def with_points(self, known: Iterable[PointList]) -> "Undo":
        """The steps without those whose own points are not `known`, nor any beyond them."""
        these = {(), *known}

        def reached(steps: list[Snapshot]) -> list[Snapshot]:
            missing = (place for place, step in enumerate(steps, 1) if step.points not in these)
            return steps[max(missing, default=0) :]

        return Undo(self.now, reached(self.past), reached(self.future))

    def plain(self) -> dict[str, Any]:
        """The steps as JSON; {} for a session in which nothing has happened yet."""
        if self == Undo(Snapshot(settings=type(self.now.settings)(), run=None)):
            return {}
        past, future = ([step.plain() for step in steps] for steps in (self.past, self.future))
        return {"now": self.now.plain(), "past": past, "future": future}

    @classmethod
    def read(cls, given: Any, config_class: type) -> "Undo":
        """The steps that `plain` has written. Raises `ValueError` for anything else."""
        if not isinstance(given, dict) or given.keys() != {"now", "past", "future"}:
            raise ValueError("these are no steps")
        past, future = given["past"], given["future"]
        if not isinstance(past, list) or not isinstance(future, list) or len(past) + len(future) > MOST:
            raise ValueError("there are at most so many steps")

        def snapshots(steps: list[Any]) -> list[Snapshot]:
            return [Snapshot.read(step, config_class) for step in steps]

        [now] = snapshots([given["now"]])
        return cls(now, snapshots(past), snapshots(future))


def _bounded(steps: list[Snapshot]) -> list[Snapshot]:
    """The last of these steps whose own points are at most `MOST_POINTS` in all."""
    room, counted = MOST_POINTS, set[PointList]()
    for place in reversed(range(len(steps))):
        points = PointList(steps[place].points)
        room -= 0 if points in counted else len(points)
        if room < 0:
            return steps[place + 1 :]
        counted.add(points)
    return steps


def _stopped(before: Snapshot, now: Snapshot) -> bool:
    """Whether only a training was stopped between the two."""
    if before.run is None or now.run is None or now.run.epochs > before.run.epochs:
        return False
    return replace(before, run=replace(before.run, epochs=now.run.epochs)) == now
