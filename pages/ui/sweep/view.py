"""The part of a link to a sweep beside the fixed settings: axes with ranges, and the number of seeds."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, make_dataclass, replace
from typing import Any, ClassVar

import numpy as np

import wb_core as wb
from wb_core.base.fields import N_, Choice, Number, Setting, Switch, check_fields, setting, specs

MAX_STEPS = 200
NOTHING = "none"
PLACES = ("x", "y")
PARTS = ("low", "high", "steps", "log")
"""The fields of an axis, apart from its setting: `x_low`, `x_high`, ..."""


@dataclass(frozen=True)
class AxisRange:
    """A setting and its values: `steps` numbers from `low` to `high`, or all options of a choice.

    Raises `ConfigError` for a setting that cannot be an axis and for invalid bounds: `span.empty` (`low` is not below
    `high`), `span.one_step` (fewer than two steps), `span.too_many_steps`, `span.no_ratio` (logarithmic from zero or
    below) or `span.outside` (beyond what the setting offers).
    """

    name: str
    low: float = 0.0
    high: float = 0.0
    steps: int = 0
    log: bool = False
    config: type = wb.LinearConfig

    def __post_init__(self) -> None:
        spec = axis_spec(self.name, self.config)
        if isinstance(spec, Number):
            self._check(spec)

    def _check(self, spec: Number) -> None:
        low, high = spec.farthest
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
                raise wb.ConfigError(code, field=self.name, given=self.fields("x"), allowed="other bounds", **values)

    @property
    def values(self) -> tuple[Any, ...]:
        """The values without duplicates; integers if the setting is one."""
        spec = axis_spec(self.name, self.config)
        if not isinstance(spec, Number):
            return tuple(spec.options) if isinstance(spec, Choice) else ()
        spread = np.geomspace if self.log else np.linspace
        numbers = (float(f"{value:.5g}") for value in spread(self.low, self.high, self.steps))
        inside = (min(max(value, self.low), self.high) for value in numbers)
        return tuple(dict.fromkeys(round(value) if spec.integer else value for value in inside))

    def fields(self, place: str) -> dict[str, Any]:
        """The fields of a `SweepView` with this range on the axis `place` ("x" or "y")."""
        if not isinstance(axis_spec(self.name, self.config), Number):
            return {place: self.name}
        return {place: self.name, **{f"{place}_{part}": getattr(self, part) for part in PARTS}}


def axis_spec(name: str, config: type) -> Setting:
    """The spec of a setting of a config class. Raises `ConfigError` if it cannot be an axis."""
    sweepable = wb.kind_of(config).sweepable
    if name not in sweepable:
        raise wb.ConfigError("sweep.no_axis", field=name, given=name, allowed="one of " + ", ".join(sweepable))
    return specs(config)[name]


def full_range(name: str, steps: int = 30, config: type = wb.LinearConfig) -> AxisRange:
    """The full range of a setting, in `steps` steps."""
    spec = axis_spec(name, config)
    if not isinstance(spec, Number):
        return AxisRange(name, config=config)
    low, high = spec.swept or spec.offered
    return AxisRange(name, low, high, steps, spec.log, config)


@dataclass(frozen=True, kw_only=True)
class SweepView:
    """One or two axes, each a setting and its range, and the number of seeds. `sweep_view` makes the subclasses.

    The range of a choice is ignored and set to the default. Raises `ConfigError` for an invalid range (see
    `AxisRange`), no first axis, or the same setting on both axes.
    """

    config: ClassVar[type]
    together: ClassVar[tuple[str, ...]] = PLACES
    """Settings that may be valid each, but not with one another."""

    x: str
    x_low: float
    x_high: float
    x_steps: int
    x_log: bool
    y: str
    y_low: float
    y_high: float
    y_steps: int
    y_log: bool
    seeds: int

    def __post_init__(self) -> None:
        check_fields(self)
        first = {field.name: field.default for field in fields(self)}
        for place in PLACES:
            name = getattr(self, place)
            if name == NOTHING or not isinstance(axis_spec(name, self.config), Number):
                for part in PARTS:
                    object.__setattr__(self, f"{place}_{part}", first[f"{place}_{part}"])
        names = [axis_range.name for axis_range in self.ranges]
        if self.x == NOTHING or len(set(names)) < len(names):
            raise wb.ConfigError("span.twice", field="y", given=self.y, allowed="two different settings")

    @property
    def ranges(self) -> tuple[AxisRange, ...]:
        """The ranges of the one or two axes."""
        return tuple(
            AxisRange(name, *(getattr(self, f"{place}_{part}") for part in PARTS), config=self.config)
            for place in PLACES
            if (name := getattr(self, place)) != NOTHING
        )

    @classmethod
    def modernise(cls, query: Mapping[str, str]) -> dict[str, str]:
        """Convert a query from old links, which have an axis as one text, such as `x=lr*0.0001*1*40*log`.

        Leaves any other text unchanged.
        """
        found = dict(query)
        for place in PLACES:
            former = FORMER.fullmatch(query.get(place, ""))
            if former is None:
                continue
            name, low, high, steps, scale = former.groups()
            try:
                specs(cls)[place].check(place, name)
                AxisRange(name, float(low), float(high), int(steps), scale == "log", cls.config)
            except wb.ConfigError:
                continue
            texts = name, low, high, steps, "on" if scale == "log" else "off"
            found |= dict(zip((place, *(f"{place}_{part}" for part in PARTS)), texts, strict=True))
        return found


NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?(?:e[+-]?\d{1,2})?"
FORMER = re.compile(rf"(\w+)\*({NUMBER})\*({NUMBER})\*(\d{{1,4}})\*(log|lin)", re.ASCII)
"""An axis in an old link."""

SEEDS = Number(
    N_("Seeds"),
    N_("How many random starts to train each combination from. The one in the middle is shown."),
    torch="manual_seed",
    low=1,
    high=1,
    offered=(1, 1),
    step=1,
    integer=True,
    typed=True,
)


def sweep_view(config: type, x: AxisRange, y: AxisRange, *, most_seeds: int) -> type[SweepView]:
    """The view class of one kind of sweep, with these default axes."""
    names = [name for name in wb.kind_of(config).sweepable if name != "seed"]
    options = {NOTHING: (N_("nothing"), "")} | {name: (specs(config)[name].label, "") for name in names}
    made: list[tuple[str, type, Any]] = []
    for place, label, first in (("x", N_("First axis"), x), ("y", N_("Second axis"), y)):
        bound = Number(label, low=-math.inf, high=math.inf, offered=(-math.inf, math.inf), step=1)
        made += [
            (place, str, setting(first.name, Choice(label, options=options))),
            (f"{place}_low", float, setting(first.low, bound)),
            (f"{place}_high", float, setting(first.high, bound)),
            (f"{place}_steps", int, setting(first.steps, replace(bound, integer=True))),
            (f"{place}_log", bool, setting(first.log, Switch(label))),
        ]
    made.append(("seeds", int, setting(1, replace(SEEDS, high=most_seeds, offered=(1, most_seeds)))))
    name = config.__name__.removesuffix("Config") + "SweepView"
    return make_dataclass(name, made, bases=(SweepView,), namespace={"config": config}, frozen=True, kw_only=True)
