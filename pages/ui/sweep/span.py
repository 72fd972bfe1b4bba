"""The values of one axis, in words: "learning rate from 0.0001 to 1, in 40 steps, logarithmic". In a link: one text."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

import wb_core as wb
from wb_core.base.fields import Choice, Number, Spec, specs

MOST_STEPS = 200
NOTHING = "none"


@dataclass(frozen=True)
class Span:
    """A setting and its values: `steps` numbers from `low` to `high`, or all options of a choice.

    Raises `ConfigError` for a setting that cannot be an axis, and for bounds that make no sense: `span.empty` where
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
            "span.too_many_steps": self.steps > MOST_STEPS,
            "span.no_ratio": self.log and self.low <= 0,
        }
        for code, is_wrong in wrong.items():
            if is_wrong:
                values = {"low": f"{low:.10g}", "high": f"{high:.10g}", "most": str(MOST_STEPS)}
                raise wb.ConfigError(code, field=self.name, given=write(self), allowed="other bounds", **values)

    @property
    def values(self) -> tuple[Any, ...]:
        """The values, each once; whole numbers where the setting is one."""
        spec = self.spec
        if isinstance(spec, Choice):
            return tuple(option for option in spec.options)
        spread = np.geomspace if self.log else np.linspace
        numbers = (float(f"{value:.5g}") for value in spread(self.low, self.high, self.steps))
        inside = (min(max(value, self.low), self.high) for value in numbers)
        whole = isinstance(spec, Number) and spec.integer
        return tuple(dict.fromkeys(round(value) if whole else value for value in inside))

    @property
    def spec(self) -> Spec:
        """What is known of the setting."""
        return spec_of(self.name, self.kind)

    @property
    def is_choice(self) -> bool:
        return isinstance(self.spec, Choice)


def spec_of(name: str, kind: type) -> Spec:
    """What is known of a setting of a kind of config; `ConfigError` if it cannot be an axis."""
    if name not in wb.kind_of(kind).sweepable:
        raise wb.ConfigError(
            "sweep.no_axis", field=name, given=name, allowed="one of " + ", ".join(wb.kind_of(kind).sweepable)
        )
    return specs(kind)[name]


def whole(name: str, steps: int = 30, kind: type = wb.LinearConfig) -> Span:
    """All that a setting offers, in so many steps."""
    spec = spec_of(name, kind)
    if not isinstance(spec, Number):
        return Span(name, kind=kind)
    low, high = spec.offered
    if name == "momentum":
        high = 0.95
    if name == "epochs" and kind is wb.LinearConfig:
        low, high = 10, 500
    return Span(name, low, high, steps, spec.log, kind)


def read(text: str, kind: type = wb.LinearConfig) -> Span | None:
    """The span behind a text, None for "none"; `ConfigError` if it is neither."""
    if text == NOTHING:
        return None
    name, *rest = text.split("*")
    number = r"-?\d{1,9}(\.\d{1,9})?(e[+-]?\d{1,2})?"
    if not rest and name in wb.kind_of(kind).sweepable and not isinstance(spec_of(name, kind), Number):
        return Span(name, kind=kind)
    if len(rest) == 4 and all(re.fullmatch(number, part, re.ASCII) for part in rest[:2]):
        low, high, steps, scale = rest
        if re.fullmatch(r"\d{1,4}", steps, re.ASCII) and scale in ("log", "lin"):
            return Span(name, float(low), float(high), int(steps), scale == "log", kind)
    raise wb.ConfigError("span.unreadable", field="x", given=text[:60], allowed="name*low*high*steps*log")


def write(span: Span | None) -> str:
    """The text of a span."""
    if span is None:
        return NOTHING
    if span.is_choice:
        return span.name
    return f"{span.name}*{span.low:.9g}*{span.high:.9g}*{span.steps}*{'log' if span.log else 'lin'}"
