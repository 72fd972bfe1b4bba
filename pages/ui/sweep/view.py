"""What a link to a sweep carries beside the settings that do not vary: the axes, and how many seeds."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import wb_core as wb
from wb_core.base.fields import N_, Number, Text, check_fields, number, text

from .span import Span, read, whole, write

MOST_SEEDS = 50


def _axis(span: Span, label: str) -> str:
    found: str = text(write(span), Text(label, functools.partial(read, kind=span.kind)))
    return found


def _seeds(most: int) -> int:
    found: int = number(
        1,
        Number(
            N_("Seeds"),
            N_("How many random starts to train each combination from. The one in the middle is shown."),
            torch="manual_seed",
            low=1,
            high=most,
            offered=(1, most),
            step=1,
            integer=True,
            typed=True,
        ),
    )
    return found


@dataclass(frozen=True, kw_only=True)
class SweepView:
    """One axis or two, as texts, and the number of random starts; of a line, and below of pictures.

    Raises `ConfigError` on what makes no sense, also together: a first axis that is none, the same setting on both, or
    the seed, which has a number of its own here.
    """

    kind: ClassVar[type] = wb.LinearConfig

    x: str = _axis(whole("lr", 40), N_("First axis"))
    y: str = _axis(whole("momentum", 20), N_("Second axis"))
    seeds: int = _seeds(MOST_SEEDS)

    def __post_init__(self) -> None:
        check_fields(self)
        names = [span.name for span in self.spans]
        if not names or read(self.x, self.kind) is None or "seed" in names or len(set(names)) < len(names):
            raise wb.ConfigError("span.twice", field="y", given=self.y, allowed="two different settings")

    @property
    def spans(self) -> tuple[Span, ...]:
        """The axes that there are."""
        return tuple(span for span in (read(self.x, self.kind), read(self.y, self.kind)) if span is not None)


@dataclass(frozen=True, kw_only=True)
class ImageSweepView(SweepView):
    """The same of pictures, where a run takes seconds rather than a moment: a few steps, and a few seeds."""

    kind: ClassVar[type] = wb.ImageConfig

    x: str = _axis(Span("lr", 0.001, 1, 4, True, wb.ImageConfig), N_("First axis"))
    y: str = _axis(Span("model", kind=wb.ImageConfig), N_("Second axis"))
    seeds: int = _seeds(10)
