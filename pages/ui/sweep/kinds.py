"""The kinds of sweep, and the one that the visitor has chosen."""

from dataclasses import dataclass

from wb_core.base.fields import N_, Choice, setting

from ..i18n import _
from ..session import share
from ..widgets import fields
from ..widgets.choice import one_of
from . import images, line
from .batched import BatchedSweepLab
from .jobs import JobSweepLab
from .kind import SweepKind
from .lab import SweepLab

SWEEPS: dict[str, SweepKind] = {sweep.kind.id: sweep for sweep in (line.SWEEP, images.SWEEP)}
"""Every kind of sweep, by the id of the kind of its runs."""

KIND = Choice(
    label=N_("What to train"),
    help="",
    torch="",
    options={name: (sweep.kind.label, "") for name, sweep in SWEEPS.items()},
)


@dataclass(frozen=True, kw_only=True)
class SweepChoice:
    """The kind of the runs; it decides what else a link to a sweep can hold."""

    kind: str = setting(next(iter(SWEEPS)), KIND)


class SweepLabs:
    """The visitor's sweeps, one of each kind."""

    def __init__(self) -> None:
        self._labs: dict[str, SweepLab] = {}

    def of(self, kind: str) -> SweepLab:
        """The visitor's sweep of a kind, which executes as one batch where such runs can, and else as jobs."""
        if kind not in self._labs:
            sweep = SWEEPS[kind]
            execution = BatchedSweepLab if sweep.kind.batch else JobSweepLab
            self._labs[kind] = execution(sweep.controls.view_class())
        return self._labs[kind]


def chosen() -> SweepChoice:
    """The choice of a new link, or else of the visitor."""
    found: SweepChoice = share.read_first("sweep", SweepChoice)
    return found


def draw_choice() -> None:
    """Draw the choice of the kind."""
    options = {name: words for name, (words, _torch) in KIND.options.items()}
    one_of(_(KIND.label), options, fields.key_of(SweepChoice, "kind"))
