"""The session's tray of runs kept for comparison, each with its own curve style."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import wb_core as wb
from wb_core.base.points import points_fields


@dataclass(frozen=True)
class Entry:
    """A run in the tray. `number` is never reused; `style` is an index into `CURVE_STYLES`."""

    number: int
    style: int
    run: wb.KeptRun


class Tray:
    """The kept runs of a session, at most `MAX_KEPT`."""

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.removed: list[tuple[Entry, ...]] = []  # for `undo`, the last at the end, until another run is kept
        self._next = 0

    def keep(self, *runs: wb.KeptRun) -> int:
        """Add the runs that are new; returns how many. Raises `TrayError`, and adds none, if they do not fit."""
        new: list[wb.KeptRun] = []
        for run in runs:
            if not self.holds(run) and not any(run.same_as(other) for other in new):
                new.append(run)
        room = wb.MAX_KEPT - len(self.entries)
        if len(new) > room:
            message = f"there is room for {room} more runs, not for {len(new)}"
            code = "tray.full" if len(new) == 1 else "tray.no_room"
            raise wb.TrayError(code, message, most=wb.MAX_KEPT, room=room, count=len(new))
        for run in new:
            self._put(run)
        return len(new)

    def holds(self, run: wb.KeptRun) -> bool:
        """Whether this run is in the tray, under any name."""
        return any(run.same_as(entry.run) for entry in self.entries)

    def drop(self, number: int) -> None:
        """Remove a run."""
        self._remove(entry for entry in self.entries if entry.number == number)

    def rename(self, number: int, name: str) -> None:
        """Rename a run, after cleaning the name; a name that cleans to nothing is ignored."""
        name = clean_name(name)
        if not name:
            return
        self.entries = tuple(
            dataclasses.replace(entry, run=dataclasses.replace(entry.run, name=name))
            if entry.number == number
            else entry
            for entry in self.entries
        )

    def clear(self) -> None:
        """Remove all runs."""
        self._remove(self.entries)

    def undo(self) -> None:
        """Restore the runs that the last `drop` or `clear` removed."""
        if self.removed:
            self.entries = tuple(sorted((*self.entries, *self.removed.pop()), key=lambda entry: entry.number))

    def _remove(self, entries: Iterable[Entry]) -> None:
        if gone := tuple(entries):
            self.entries = tuple(entry for entry in self.entries if entry not in gone)
            self.removed.append(gone)

    def _put(self, run: wb.KeptRun) -> None:
        taken = {entry.style for entry in self.entries}
        style = next(style for style in range(wb.MAX_KEPT) if style not in taken)
        name = unique_name(run.name, {entry.run.name for entry in self.entries})
        self.entries = (*self.entries, Entry(self._next, style, dataclasses.replace(run, name=name)))
        self.removed = []
        self._next += 1


def incomparable(entries: Iterable[Entry]) -> str:
    """The setting in which the runs differ so that their losses cannot be compared, such as L1 and MSE; "" if none."""
    configs = [entry.run.config for entry in entries]
    for name in ("loss", "data", *points_fields(configs[0]), "standardise"):
        if len({getattr(config, name, None) for config in configs}) > 1:
            return name
    return ""


def rank_value(entry: Entry) -> float:
    """The last value of the kind's last metric, inverted if higher is better, so that lower ranks first."""
    metric = wb.kind_of(entry.run.config).metrics[-1]
    last = entry.run.last(metric.name)
    return metric.highest - last if metric.higher_is_better else last


def clean_name(name: str) -> str:
    """A text as a valid name: only printable characters, stripped and cut to `MAX_NAME`. May be empty."""
    seen = "".join(letter if letter.isprintable() else " " for letter in name)
    return seen.strip()[: wb.KeptRun.MAX_NAME].strip()


def unique_name(name: str, taken: Iterable[str]) -> str:
    """The name, with a number appended if it is taken."""
    names, count, found = set(taken), 1, name
    while found in names:
        count += 1
        found = f"{name[: wb.KeptRun.MAX_NAME - 3].strip()} {count}"
    return found
