"""What a kind of sweep says about itself; the page asks here and names no kind."""

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

    `sentence` and `empty` are the sentences below the heading and in place of results, as message ids. `open_run` puts
    the selected run, with this config, into its lab. Where a config's data is `missing` on this machine, `download`
    draws the way to get it.
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
