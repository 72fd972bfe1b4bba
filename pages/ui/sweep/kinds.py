"""The kinds of sweep, and the one that the user chose."""

import itertools
from dataclasses import dataclass
from typing import Any

from wb_core.base.fields import N_, Choice, setting

from ..i18n import _
from ..session import share
from ..widgets import fields
from ..widgets.choice import one_of
from . import images, line, points
from .batched import BatchedSweepLab
from .jobs import JobSweepLab
from .kind import SweepKind
from .lab import SweepLab

SWEEPS: dict[str, SweepKind] = {sweep.kind.id: sweep for sweep in (line.SWEEP, points.SWEEP, images.SWEEP)}
"""All kinds of sweep, by the id of the kind of their runs."""

KIND = Choice(N_("What to train"), options={name: (sweep.kind.label, "") for name, sweep in SWEEPS.items()})


@dataclass(frozen=True, kw_only=True)
class SweepChoice:
    """The kind of the runs, which decides what else a link to a sweep may contain."""

    kind: str = setting(next(iter(SWEEPS)), KIND)


class SweepLabs:
    """The session's sweeps, one of each kind."""

    def __init__(self) -> None:
        self._labs: dict[str, SweepLab] = {}
        self._numbers = itertools.count(1)

    def of(self, kind: str) -> SweepLab:
        """The session's sweep of a kind: batched if the kind can train in batches, else of jobs."""
        if kind not in self._labs:
            sweep = SWEEPS[kind]
            execution = BatchedSweepLab if sweep.kind.batch else JobSweepLab
            self._labs[kind] = execution(sweep.controls.view_class(), self._numbers)
        return self._labs[kind]

    @property
    def saved(self) -> dict[str, Any]:
        """What a later session needs to display the sweeps again."""
        return {kind: lab.saved for kind, lab in self._labs.items() if lab.saved}

    def take_over(self, saved: Any) -> None:
        """Display the sweeps of an earlier session. Raises `ValueError`, `KeyError` or `ConfigError`."""
        if not isinstance(saved, dict) or not all(isinstance(sweep, dict) for sweep in saved.values()):
            raise ValueError("these are no sweeps")
        for kind, sweep in saved.items():
            self.of(kind).take_over(sweep, SWEEPS[kind].controls.axes)


def chosen() -> SweepChoice:
    """The kind in a new link, or else in the widget."""
    found: SweepChoice = share.read_first("sweep", SweepChoice)
    return found


def draw_choice() -> None:
    """Draw the choice of the kind."""
    options = {name: words for name, (words, _torch) in KIND.options.items()}
    one_of(_(KIND.label), options, fields.key_of(SweepChoice, "kind"))
