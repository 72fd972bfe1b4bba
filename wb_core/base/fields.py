"""The metadata of a setting: bounds, unit, texts and PyTorch name, written once for every page and link.

A config is a frozen dataclass whose fields carry a `Setting` in their metadata:

    lr: float = setting(0.01, Number("Learning rate", "How far each step goes.", torch="lr", low=0, high=1000))

The texts are English message ids; `N_` marks them for the catalogues, and the pages translate them.
"""

import dataclasses
import functools
import math
import numbers
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from .errors import ConfigError

T = TypeVar("T")


def N_(text: str) -> str:
    """Mark a text for translation, and return it as it is."""
    return text


NUMBER = r"[+-]?\d{1,17}(?:\.\d{1,17})?(?:e[+-]?\d{1,2})?"
"""How a number reads in a link."""


@dataclass(frozen=True)
class Setting:
    """What the pages, links and sweeps must know about a setting.

    `group` is its part of the workflow: "data", "model" or "training". `when` names another setting and the value it
    needs for this one to apply: momentum applies only to SGD. A `sweepable` setting can be an axis of a sweep. A change
    of a `live` setting shows at once, in the data or the untrained model; other changes show in the next training. The
    name of a kept run lists the settings that differ from their default, and every setting that is `in_every_name`.
    A `mid_run` setting can change while a run trains, by the run's `schedule`.
    """

    label: str
    help: str = ""
    _: KW_ONLY
    torch: str = ""
    group: str = "training"
    when: tuple[str, Any] | None = None
    sweepable: bool = False
    live: bool = False
    in_every_name: bool = False
    mid_run: bool = False

    def check(self, name: str, given: Any) -> Any:
        """`given` as an immutable value of the setting `name`; else `ConfigError`."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        """How the value reads in a link."""
        return str(value)

    def read(self, text: str) -> Any:
        """What a link says, for `check`."""
        return text

    def offers(self, value: Any) -> bool:
        """Whether the pages offer this value, so that a link may have it."""
        return True

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Whether the setting applies, given the values of all settings."""
        return self.when is None or values.get(self.when[0]) == self.when[1]


@dataclass(frozen=True, kw_only=True)
class Number(Setting):
    """A setting that is a number: what the engine accepts (`low` to `high`), and what a slider offers (`offered`).

    `above` and `below` exclude the bound itself. `log` gives the slider steps of equal ratio, `values` replaces it by a
    choice of these numbers, `typed` by a text box. A sweep starts with the range `swept`, or with `offered`. Where the
    data ask for it, a slider may reach further, and a link always may: as far as `reach`. `zero` is what 0 means, where
    that is no number.
    """

    low: float
    high: float
    offered: tuple[float, float]
    step: float
    integer: bool = False
    log: bool = False
    values: tuple[float, ...] = ()
    typed: bool = False
    above: bool = False
    below: bool = False
    swept: tuple[float, float] | None = None
    reach: tuple[float, float] | None = None
    zero: str = ""

    @property
    def stops(self) -> tuple[float, ...]:
        """The numbers that its control offers, in order."""
        return self.stops_within(self.offered)

    @property
    def farthest(self) -> tuple[float, float]:
        """The range of the numbers that a control may offer."""
        return self.reach or self.offered

    def stops_within(self, offered: tuple[float, float]) -> tuple[float, ...]:
        """The same for a control that offers this range."""
        if self.values:
            return self.values
        low, high = offered
        if self.log:
            return tuple(log_stops(low, high))
        digits = len(f"{self.step:.10g}".partition(".")[2])
        count = math.floor((high - low) / self.step + 1e-9) + 1
        numbers = (round(low + place * self.step, digits) for place in range(count))
        return tuple(map(int, numbers)) if self.integer else tuple(numbers)

    def offers(self, value: Any) -> bool:
        low, high = self.farthest
        return bool(low <= value <= high)

    def allowed(self) -> str:
        """The bounds as text: `a number from 0 (not included) to 1000`."""
        kind = "a whole number" if self.integer else "a number"
        low = f"{self.low:.10g}" + (" (not included)" if self.above else "")
        high = f"{self.high:.10g}" + (" (not included)" if self.below else "")
        return f"{kind} from {low} to {high}"

    def check(self, name: str, given: Any) -> int | float:
        """`given` as an int or a float within the bounds; else `ConfigError`."""
        if isinstance(given, bool) or not isinstance(given, numbers.Real):
            raise ConfigError("config.not_a_number", field=name, given=given, allowed=self.allowed())
        try:
            value = float(given)
        except OverflowError:  # larger than any float
            value = math.inf
        inside = math.isfinite(value) and self.low <= value <= self.high
        if not inside or (self.above and value == self.low) or (self.below and value == self.high):
            raise ConfigError("config.out_of_range", field=name, given=given, allowed=self.allowed())
        if not self.integer:
            return value
        if not value.is_integer():
            raise ConfigError("config.not_whole", field=name, given=given, allowed=self.allowed())
        return int(value)

    def text(self, value: int | float) -> str:
        return repr(value).removesuffix(".0")

    def read(self, text: str) -> float:
        if not re.fullmatch(NUMBER, text, re.ASCII):
            raise ConfigError("config.not_a_number", field=self.label, given=text[:60], allowed=self.allowed())
        return float(text)


@dataclass(frozen=True, kw_only=True)
class Choice(Setting):
    """A setting that is one of a few ids. `options` maps an id to its label and its PyTorch name."""

    options: Mapping[str, tuple[str, str]]

    def allowed(self) -> str:
        """The ids as text: `one of l1, mse, huber`."""
        return "one of " + ", ".join(self.options)

    def check(self, name: str, given: Any) -> str:
        """`given` if it is one of the ids; else `ConfigError`."""
        if not isinstance(given, str) or given not in self.options:
            raise ConfigError("config.not_a_choice", field=name, given=given, allowed=self.allowed())
        return given


@dataclass(frozen=True, kw_only=True)
class Several(Setting):
    """A setting that is one or more of a few ids, in the order of `options`, which maps an id to its label."""

    options: Mapping[str, str]

    def check(self, name: str, given: Any) -> Any:
        """`given` as a tuple of ids without doubles, in order; else `ConfigError`."""
        some = list(given) if isinstance(given, list | tuple) else []
        if not some or any(not isinstance(one, str) or one not in self.options for one in some):
            allowed = "one or more of " + ", ".join(self.options)
            raise ConfigError("config.not_a_choice", field=name, given=repr(given)[:60], allowed=allowed)
        return tuple(one for one in self.options if one in some)

    def text(self, value: Any) -> str:
        return "-".join(value)

    def read(self, text: str) -> Any:
        return tuple(text.split("-", len(self.options)))


@dataclass(frozen=True)
class Switch(Setting):
    """A setting that is on or off."""

    def check(self, name: str, given: Any) -> bool:
        """`given` if it is True or False; else `ConfigError`."""
        if not isinstance(given, bool):
            raise ConfigError("config.not_a_choice", field=name, given=given, allowed="True or False")
        return given

    def text(self, value: bool) -> str:
        return "on" if value else "off"

    def read(self, text: str) -> Any:
        return {"on": True, "off": False}.get(text, text)


@dataclass(frozen=True, kw_only=True)
class Text(Setting):
    """A setting with a syntax of its own. `parse` reads it, and raises `ConfigError` if it cannot."""

    parse: Callable[[str], Any]

    def check(self, name: str, given: Any) -> str:
        """`given` if it can be parsed; else `ConfigError`."""
        if not isinstance(given, str):
            raise ConfigError("config.not_a_text", field=name, given=given, allowed="a text")
        self.parse(given)
        return given


@dataclass(frozen=True)
class Folder(Setting):
    """A setting that names a folder on this machine, or None. No page offers it, and no link can set it."""

    def check(self, name: str, given: Any) -> str | None:
        """`given` as a string if it names a path; else `ConfigError`."""
        if given is None:
            return None
        if not isinstance(given, str | os.PathLike) or isinstance(os.fspath(given), bytes):
            raise ConfigError("config.not_a_folder", field=name, given=given, allowed="the path of a folder, or None")
        return str(os.fspath(given))

    def read(self, text: str) -> Any:
        raise ConfigError("config.not_a_folder", field=self.label, given=text[:60], allowed="no folder in a link")


NICE_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""The stops of a logarithmic slider within each power of ten, at nearly equal ratios."""


def log_stops(low: float, high: float) -> list[float]:
    """The stops of a logarithmic slider: 0.0001, 0.00012, ..., 0.8, 1."""
    stops = [float(f"{nice}e{power}") for power in range(-12, 13) for nice in NICE_STEPS]
    return [stop for stop in stops if low <= stop <= high]


def setting(default: Any, spec: Setting) -> Any:
    """A dataclass field with this default whose metadata is `spec`."""
    return dataclasses.field(default=default, metadata={"spec": spec})


def specs(config: Any) -> Mapping[str, Setting]:
    """The `Setting` of every field of a config (its class or an instance), in order."""
    return _fields(config if isinstance(config, type) else type(config))[0]


def defaults(config: Any) -> Mapping[str, Any]:
    """The default of every field of a config (its class or an instance), in order."""
    return _fields(config if isinstance(config, type) else type(config))[1]


@functools.cache
def _fields(kind: type) -> tuple[Mapping[str, Setting], Mapping[str, Any]]:
    """The settings and the defaults of a config class: read-only, because everybody shares them."""
    fields = dataclasses.fields(kind)
    settings = {field.name: field.metadata["spec"] for field in fields}
    return MappingProxyType(settings), MappingProxyType({field.name: field.default for field in fields})


def applies(config: Any, name: str) -> bool:
    """Whether a setting applies to this config: momentum, for example, applies only to SGD."""
    return specs(config)[name].applies(vars(config))


def private_fields(config: Any) -> tuple[str, ...]:
    """The settings that name something on this machine. They never leave it."""
    return tuple(name for name, spec in specs(config).items() if isinstance(spec, Folder))


def check_fields(config: Any) -> None:
    """Check every field of a frozen config in place; ints in float fields become floats. Raises `ConfigError`."""
    for name, spec in specs(config).items():
        object.__setattr__(config, name, spec.check(name, getattr(config, name)))


def with_checked(config: T, values: Mapping[str, Any]) -> T:
    """Like `dataclasses.replace`, without the checks, for sweeps that need thousands of configs.

    Each value must have passed its field's `check`, and the values must fit together.
    """
    new = object.__new__(type(config))
    new.__dict__.update(config.__dict__, **values)
    return new
