"""What a link to the sweep carries beside the settings of the line: the axes, and how many seeds."""

from dataclasses import dataclass

import wb_core as wb
from wb_core.fields import N_, Number, Text, check_fields, number, text

from .span import Span, read, whole, write

MOST_SEEDS = 50


@dataclass(frozen=True, kw_only=True)
class SweepView:
    """One axis or two, as texts, and the number of random starts.

    Raises `ConfigError` on what makes no sense, also together: a first axis that is none, the same setting on both, or
    the seed, which has a number of its own here.
    """

    x: str = text(write(whole("lr", 40)), Text(N_("First axis"), read))
    y: str = text(write(whole("momentum", 20)), Text(N_("Second axis"), read))
    seeds: int = number(
        1,
        Number(
            N_("Seeds"),
            N_("How many random starts each combination is trained from; their median is shown."),
            torch="manual_seed",
            low=1,
            high=MOST_SEEDS,
            offered=(1, MOST_SEEDS),
            step=1,
            integer=True,
            typed=True,
        ),
    )

    def __post_init__(self) -> None:
        check_fields(self)
        names = [span.name for span in self.spans]
        if read(self.x) is None or "seed" in names or len(set(names)) < len(names):
            raise wb.ConfigError("span.twice", field="y", given=self.y, allowed="two different settings")

    @property
    def spans(self) -> tuple[Span, ...]:
        """The axes that there are."""
        return tuple(span for span in (read(self.x), read(self.y)) if span is not None)
