"""The visitor's tray: the runs that were kept for comparison, each with its own curve style."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import wb_core as wb


@dataclass(frozen=True)
class Entry:
    """A run in the tray. `number` is its own, never given again; `style` is its place among the looks of curves."""

    number: int
    style: int
    run: wb.KeptRun


class Tray:
    """At most `MAX_KEPT` runs, for the visit. What goes in is all or nothing."""

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.cleared: tuple[Entry, ...] = ()  # what `clear` took out, until something is kept again
        self._next = 0

    def keep(self, *runs: wb.KeptRun) -> int:
        """Put runs in, without those that are there already; says how many are new. `TrayError` if there is no room."""
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
        """Whether this run is in the tray, whatever it is called there."""
        return any(run.same_as(entry.run) for entry in self.entries)

    def drop(self, number: int) -> None:
        """Take a run out."""
        self.entries = tuple(entry for entry in self.entries if entry.number != number)

    def rename(self, number: int, name: str) -> None:
        """Call a run something else; what cannot be a name is made one, or else changes nothing."""
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
        """Take everything out."""
        self.cleared, self.entries = self.entries, ()

    def undo(self) -> None:
        """Put back what `clear` took out."""
        if not self.entries:
            self.entries, self.cleared = self.cleared, ()

    def _put(self, run: wb.KeptRun) -> None:
        taken = {entry.style for entry in self.entries}
        style = next(style for style in range(wb.MAX_KEPT) if style not in taken)
        name = unique_name(run.name, {entry.run.name for entry in self.entries})
        self.entries = (*self.entries, Entry(self._next, style, dataclasses.replace(run, name=name)))
        self.cleared = ()
        self._next += 1


def comparable(entries: Iterable[Entry]) -> bool:
    """Whether these runs have the same loss: L1 and MSE cannot be compared."""
    return len({entry.run.config.loss for entry in entries}) == 1


def rank_value(entry: Entry) -> float:
    """The last number of the kind's last metric, turned around where higher is better: smaller is better here."""
    metric = wb.kind_of(entry.run.config).metrics[-1]
    last = entry.run.last(metric.name)
    return metric.highest - last if metric.higher_is_better else last


def clean_name(name: str) -> str:
    """What of a text can be a name: what can be seen of it, without spaces around it, and not too long."""
    seen = "".join(letter if letter.isprintable() else " " for letter in name)
    return seen.strip()[: wb.KeptRun.MAX_NAME].strip()


def unique_name(name: str, taken: Iterable[str]) -> str:
    """The name, or with the first number behind it that makes it unique."""
    names, count, found = set(taken), 1, name
    while found in names:
        count += 1
        found = f"{name[: wb.KeptRun.MAX_NAME - 3].strip()} {count}"
    return found
