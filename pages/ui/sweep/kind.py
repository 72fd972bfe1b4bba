"""What a kind of sweep defines, so that the page needs no knowledge of the kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wb_core as wb

from .controls import Controls
from .lab import SweepLab
from .results import Results


@dataclass(frozen=True)
class SweepKind:
    """One kind of sweep.

    `sentence` and `empty` are message ids, shown below the heading and in place of results. `open_run` displays the
    selected run, which has the given config, in its lab. `missing` says whether this machine lacks a config's data;
    then `download` draws the offer to get it.
    """

    sentence: str
    empty: str
    controls: Controls
    results: Results
    open_run: Callable[[SweepLab, Any], None]
    missing: Callable[[Any], bool] = lambda config: False
    download: Callable[[], None] = lambda: None

    @property
    def kind(self) -> wb.Kind:
        """The kind of its runs."""
        return wb.kind_of(self.controls.kind)
