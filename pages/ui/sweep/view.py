"""What a link to a sweep carries beside the fixed settings: the range of each axis, and the number of seeds.

In a link an axis is one text: "lr*0.0001*1*40*log" is the learning rate from 0.0001 to 1 in 40 steps, logarithmic.
"""

import functools
import re
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

import wb_core as wb
from wb_core.base.fields import N_, Choice, Number, Setting, Text, check_fields, setting, specs

MAX_STEPS = 200
NOTHING = "none"


@dataclass(frozen=True)
class AxisRange:
    """A setting and its values: `steps` numbers from `low` to `high`, or all options of a choice.

    Raises `ConfigError` for a setting that cannot be an axis, and for invalid bounds: `span.empty` where
    `low` is not below `high`, `span.one_step` for fewer than two steps, `span.too_many_steps`, `span.no_ratio` for
    equal ratios from zero or below, `span.outside` for what the setting does not offer.
    """

    name: str
    low: float = 0.0
    high: float = 0.0
    steps: int = 0
    log: bool = False
    kind: type = wb.LinearConfig

    def __post_init__(self) -> None:
        spec = self.spec
        if isinstance(spec, Number):
            self._check(spec)

    def _check(self, spec: Number) -> None:
        low, high = spec.offered
        wrong = {
            "span.outside": not (low <= self.low <= high and low <= self.high <= high),
            "span.empty": not self.low < self.high,
            "span.one_step": self.steps < 2,
            "span.too_many_steps": self.steps > MAX_STEPS,
            "span.no_ratio": self.log and self.low <= 0,
        }
        for code, is_wrong in wrong.items():
            if is_wrong:
                values = {"low": f"{low:.10g}", "high": f"{high:.10g}", "most": str(MAX_STEPS)}
                raise wb.ConfigError(code, field=self.name, given=format_range(self), allowed="other bounds", **values)

    @property
    def values(self) -> tuple[Any, ...]:
        """The values, each once; whole numbers where the setting is one."""
        spec = self.spec
        if isinstance(spec, Choice):
            return tuple(option for option in spec.options)
        spread = np.geomspace if self.log else np.linspace
        numbers = (float(f"{value:.5g}") for value in spread(self.low, self.high, self.steps))
        inside = (min(max(value, self.low), self.high) for value in numbers)
        full_range = isinstance(spec, Number) and spec.integer
        return tuple(dict.fromkeys(round(value) if full_range else value for value in inside))

    @property
    def spec(self) -> Setting:
        """The field of the setting."""
        return axis_spec(self.name, self.kind)

    @property
    def is_choice(self) -> bool:
        return isinstance(self.spec, Choice)


def axis_spec(name: str, kind: type) -> Setting:
    """The field of a setting of a kind of config; `ConfigError` if it cannot be an axis."""
    sweepable = wb.kind_of(kind).sweepable
    if name not in sweepable:
        raise wb.ConfigError("sweep.no_axis", field=name, given=name, allowed="one of " + ", ".join(sweepable))
    return specs(kind)[name]


def full_range(name: str, steps: int = 30, kind: type = wb.LinearConfig) -> AxisRange:
    """The whole range of a setting, in `steps` steps."""
    spec = axis_spec(name, kind)
    if not isinstance(spec, Number):
        return AxisRange(name, kind=kind)
    low, high = spec.swept or spec.offered
    return AxisRange(name, low, high, steps, spec.log, kind)


def parse_range(text: str, kind: type = wb.LinearConfig) -> AxisRange | None:
    """The range behind the text of a link, None for "none"; `ConfigError` if it is neither."""
    if text == NOTHING:
        return None
    name, *rest = text.split("*")
    number = r"-?\d{1,9}(\.\d{1,9})?(e[+-]?\d{1,2})?"
    if not rest and name in wb.kind_of(kind).sweepable and not isinstance(axis_spec(name, kind), Number):
        return AxisRange(name, kind=kind)
    if len(rest) == 4 and all(re.fullmatch(number, part, re.ASCII) for part in rest[:2]):
        low, high, steps, scale = rest
        if re.fullmatch(r"\d{1,4}", steps, re.ASCII) and scale in ("log", "lin"):
            return AxisRange(name, float(low), float(high), int(steps), scale == "log", kind)
    raise wb.ConfigError("span.unreadable", field="x", given=text[:60], allowed="name*low*high*steps*log")


def format_range(axis_range: AxisRange | None) -> str:
    """The text of a range in a link."""
    if axis_range is None:
        return NOTHING
    if axis_range.is_choice:
        return axis_range.name
    low, high, scale = f"{axis_range.low:.9g}", f"{axis_range.high:.9g}", "log" if axis_range.log else "lin"
    return f"{axis_range.name}*{low}*{high}*{axis_range.steps}*{scale}"


MAX_SEEDS = 50


def _axis(axis_range: AxisRange, label: str) -> str:
    found: str = setting(
        format_range(axis_range), Text(label, parse=functools.partial(parse_range, kind=axis_range.kind))
    )
    return found


def _seeds(most: int) -> int:
    found: int = setting(
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
    """A sweep of lines: one axis or two, as texts, and the number of seeds.

    Raises `ConfigError` on an invalid value or combination: no first axis, the same setting on both axes, or the seed
    on an axis, which has a field of its own.
    """

    kind: ClassVar[type] = wb.LinearConfig

    x: str = _axis(full_range("lr", 40), N_("First axis"))
    y: str = _axis(full_range("momentum", 20), N_("Second axis"))
    seeds: int = _seeds(MAX_SEEDS)

    def __post_init__(self) -> None:
        check_fields(self)
        names = [axis_range.name for axis_range in self.ranges]
        if not names or parse_range(self.x, self.kind) is None or "seed" in names or len(set(names)) < len(names):
            raise wb.ConfigError("span.twice", field="y", given=self.y, allowed="two different settings")

    @property
    def ranges(self) -> tuple[AxisRange, ...]:
        """The ranges of the axes: one or two."""
        return tuple(
            axis_range
            for axis_range in (parse_range(self.x, self.kind), parse_range(self.y, self.kind))
            if axis_range is not None
        )


@dataclass(frozen=True, kw_only=True)
class ImageSweepView(SweepView):
    """A sweep of pictures, whose runs take seconds each: fewer steps and fewer seeds."""

    kind: ClassVar[type] = wb.ImageConfig

    x: str = _axis(AxisRange("lr", 0.001, 1, 4, True, wb.ImageConfig), N_("First axis"))
    y: str = _axis(AxisRange("model", kind=wb.ImageConfig), N_("Second axis"))
    seeds: int = _seeds(10)
