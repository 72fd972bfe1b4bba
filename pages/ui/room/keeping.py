"""Chosen seats of a saved room become kept runs: each is trained again, a slice at a time, in turns with others."""

import time
from collections import Counter
from collections.abc import Sequence

import wb_core as wb
from wb_core.kinds import kind_of
from wb_core.lessons.places import NO_WHAT_IF

from ..compare.tray import Tray, clean_name
from ..training import InTurns
from .seats import Seat

MAX_SECONDS = 5.0
"""A run that takes longer is left out."""

BUDGET = 90.0
"""After so many seconds of work, what is done is kept."""


def keepable(seats: Sequence[Seat]) -> list[Seat]:
    """Those that show a run that could be kept."""
    return [
        seat
        for seat in seats
        if seat.show
        and seat.show.attempt.page in ("linear", "points", "step")
        and seat.show.attempt.what_if == NO_WHAT_IF
    ]


class Keeping(InTurns):
    """The seats that are being trained, and those of them that were."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, Seat]] = []
        self.most = 0
        self.count = 0
        self._run: wb.Run | None = None
        self._done: list[wb.KeptRun] = []
        self._left = BUDGET
        self.kept: int | None = None  # how many the last time
        self.error: wb.TrayError | None = None

    def begin(self, named: Sequence[tuple[str, Seat]], most: int) -> None:
        """Train these seats, whose runs are called so; the best `most` of them are kept."""
        self.take_turn()
        self.waiting, self.most, self.count = [*named], most, len(named)
        self._run, self._done, self._left, self.kept, self.error = None, [], BUDGET, None, None

    def stop(self) -> None:
        """Keep nothing."""
        self.take_turn()
        self.waiting, self._run = [], None

    def keep(self, tray: Tray) -> None:
        """Keep the best of what is trained."""
        kinds = Counter(type(run.config) for run in self._done)
        usual = kinds.most_common(1)[0][0] if kinds else None
        same = sorted((run for run in self._done if type(run.config) is usual), key=_rank)
        chosen = same[: self.most] if len(self._done) > self.most else self._done
        self._done = []
        try:
            self.kept = tray.keep(*chosen)
        except wb.TrayError as error:
            self.error = error

    def _train(self, seconds: float) -> None:
        if not self.waiting:
            return
        began, (name, seat) = time.monotonic(), self.waiting[0]
        try:
            ended = self._advance(name, seat, seconds)
        except wb.WorkbenchError:  # a device that is not here, too many points to keep, ...
            ended = True
        if ended:
            self.waiting, self._run = self.waiting[1:], None
        self._left -= time.monotonic() - began
        if self._left < 0:
            self.waiting = []

    def _advance(self, name: str, seat: Seat, seconds: float) -> bool:
        assert seat.show is not None  # noqa: S101
        attempt = seat.show.attempt
        self._run = run = self._run or attempt.run()
        if not run.done:
            run.advance(seconds=seconds)
            return run.seconds > MAX_SECONDS
        record = wb.record_of(run)
        if record.rows:
            self._done.append(wb.KeptRun.of_record(clean_name(name), record, loaded=attempt.start is not None))
        return True


def _rank(run: wb.KeptRun) -> float:
    """Lower is better; a run that exploded is the worst."""
    metric = kind_of(run.config).metrics[-1]
    last = run.last(metric.name)
    return float("inf") if run.outcome == "exploded" else metric.highest - last if metric.higher_is_better else last
