"""The metadata of a setting: bounds, unit, texts and PyTorch name, written once for every page and link.

A config is a frozen dataclass whose fields carry a `Number`, `Choice`, `Switch`, `Text` or `Folder` in their metadata:

    lr: float = number(0.01, Number("Learning rate", "How far each step goes.", torch="lr", low=0, high=1000))

The texts are English message ids; `N_` marks them for the catalogues, and the pages translate them.
"""

import dataclasses
import math
import numbers
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .errors import ConfigError

T = TypeVar("T")


def N_(text: str) -> str:
    """Mark a text for translation, and return it as it is."""
    return text


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What the pages and sweeps must know about a setting.

    `group` is its part of the workflow: "data", "model" or "training". `when` names another setting and the value it
    needs for this one to apply: momentum applies only to SGD. A `sweepable` setting can be an axis of a sweep. A change
    of a `live` setting shows at once, in the data or the untrained model; other changes show in the next training. The
    name of a kept run lists the settings that differ from their default, and every setting that is `in_every_name`.
    """

    group: str = "training"
    when: tuple[str, str] | None = None
    sweepable: bool = False
    live: bool = False
    in_every_name: bool = False


@dataclass(frozen=True)
class Number(Traits):
    """A setting that is a number: what the engine accepts (`low` to `high`), and what a slider offers (`offered`).

    `above` and `below` exclude the bound itself. `log` gives the slider steps of equal ratio, `values` replaces it by a
    choice of these numbers, `typed` by a text box. A sweep starts with the range `swept`, or with `offered`.
    """

    label: str
    help: str
    torch: str
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


@dataclass(frozen=True)
class Choice(Traits):
    """A setting that is one of a few ids. `options` maps an id to its label and its PyTorch name."""

    label: str
    help: str
    torch: str
    options: Mapping[str, tuple[str, str]]

    def allowed(self) -> str:
        """The ids as text: `one of l1, mse, huber`."""
        return "one of " + ", ".join(self.options)

    def check(self, name: str, given: Any) -> str:
        """`given` if it is one of the ids; else `ConfigError`."""
        if not isinstance(given, str) or given not in self.options:
            raise ConfigError("config.not_a_choice", field=name, given=given, allowed=self.allowed())
        return given


@dataclass(frozen=True)
class Switch(Traits):
    """A setting that is on or off."""

    label: str

    def check(self, name: str, given: Any) -> bool:
        """`given` if it is True or False; else `ConfigError`."""
        if not isinstance(given, bool):
            raise ConfigError("config.not_a_choice", field=name, given=given, allowed="True or False")
        return given


@dataclass(frozen=True)
class Text(Traits):
    """A setting with a syntax of its own. `read` parses it, and raises `ConfigError` if it cannot."""

    label: str
    read: Callable[[str], Any]

    def check(self, name: str, given: Any) -> str:
        """`given` if it can be parsed; else `ConfigError`."""
        if not isinstance(given, str):
            raise ConfigError("config.not_a_text", field=name, given=given, allowed="a text")
        self.read(given)
        return given


@dataclass(frozen=True)
class Folder(Traits):
    """A setting that names a folder on this machine, or None. No page offers it, and no link can set it."""

    label: str

    def check(self, name: str, given: Any) -> str | None:
        """`given` as a string if it names a path; else `ConfigError`."""
        if given is None:
            return None
        if not isinstance(given, str | os.PathLike) or isinstance(os.fspath(given), bytes):
            raise ConfigError("config.not_a_folder", field=name, given=given, allowed="the path of a folder, or None")
        return str(os.fspath(given))


Spec = Number | Choice | Switch | Text | Folder

NICE_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""The stops of a logarithmic slider within each power of ten, at nearly equal ratios."""


def log_stops(low: float, high: float) -> list[float]:
    """The stops of a logarithmic slider: 0.0001, 0.00012, ..., 0.8, 1."""
    stops = [float(f"{nice}e{power}") for power in range(-12, 13) for nice in NICE_STEPS]
    return [stop for stop in stops if low <= stop <= high]


def number(default: float, spec: Number) -> Any:
    """A dataclass field with this default whose metadata is `spec`."""
    return dataclasses.field(default=default, metadata={"spec": spec})


def choice(default: str, spec: Choice) -> Any:
    """A dataclass field with this default whose metadata is `spec`."""
    return dataclasses.field(default=default, metadata={"spec": spec})


def switch(default: bool, spec: Switch) -> Any:
    """A dataclass field with this default whose metadata is `spec`."""
    return dataclasses.field(default=default, metadata={"spec": spec})


def text(default: str, spec: Text) -> Any:
    """A dataclass field with this default whose metadata is `spec`."""
    return dataclasses.field(default=default, metadata={"spec": spec})


def folder(default: str | None, spec: Folder) -> Any:
    """A dataclass field with this default whose metadata is `spec`."""
    return dataclasses.field(default=default, metadata={"spec": spec})


def specs(config: Any) -> dict[str, Spec]:
    """The `Number`, `Choice`, `Switch`, ... of every field of a config (its class or an instance), in order."""
    return {field.name: field.metadata["spec"] for field in dataclasses.fields(config)}


def defaults(config: Any) -> dict[str, Any]:
    """The default of every field of a config (its class or an instance), in order."""
    return {field.name: field.default for field in dataclasses.fields(config)}


def applies(config: Any, name: str, values: Mapping[str, Any] | None = None) -> bool:
    """Whether a setting applies to this config: momentum, for example, applies only to SGD.

    For a config class, `values` has the values of its settings.
    """
    when = specs(config)[name].when
    return when is None or (vars(config) if values is None else values)[when[0]] == when[1]


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
