"""The schedule of a run as a text: which settings change, and at which epochs.

"140:lr=0.001;180:optimizer=adam,lr=0.1" changes the learning rate before epoch 140 and the optimizer before epoch 180.
In a network, "140:w1.0.2=0.5" gives a weight another number before epoch 140 (see `typed_weights`).
A text, so that links, files and kept runs carry it like any other setting.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..base.errors import ConfigError
from ..base.fields import N_, Setting, setting, specs
from .typed_weights import TYPED, typed_number

MOST = 8
"""A schedule changes settings at up to this many epochs."""

LONGEST = 800  # characters

Schedule = Iterable[tuple[int, Mapping[str, Any]]]
"""The changes, (epoch, {setting or weight: value}), at rising epochs."""


@dataclass(frozen=True, kw_only=True)
class ScheduleText(Setting):
    """A setting that is the schedule of a config, whose class `config` returns."""

    config: Callable[[], type]

    def check(self, name: str, given: Any) -> str:
        """`given` if it is the text of a schedule; else `ConfigError`."""
        if not isinstance(given, str):
            raise ConfigError("config.not_a_text", field=name, given=given, allowed="a text")
        read(given, self.config())
        return given

    def text(self, value: str) -> str:
        """Without characters that a link would have to escape: 140-lr-0.001--180-optimizer-adam-w1.0.2-m0.5."""
        return re.sub("[:,=]", "-", value.replace("=-", "=m")).replace(";", "--")

    def read(self, text: str) -> str:
        return ";".join(map(_from_link, text.split("--")))

    def offers(self, value: Any) -> bool:
        known = specs(self.config())
        changes = [change for _, changes in read(value, self.config()) for change in changes.items()]
        return all(known.get(name, TYPED).offers(there) for name, there in changes)


def schedule_setting(config: Callable[[], type]) -> Any:
    """The setting `schedule` of the class that `config` returns."""
    return setting(
        "",
        ScheduleText(
            N_("Changes during the run"),
            N_("From which epochs on the training continues with other settings, such as 140:lr=0.001."),
            torch="param_groups",
            config=config,
        ),
    )


@dataclass(frozen=True)
class Scheduled:
    """A config with a `schedule`: the epochs from which on its training continues with other settings.

    With `has_weights`, it is one of a network with `sizes`, and the schedule may also change single weights.
    """

    has_weights: ClassVar[bool] = False

    if TYPE_CHECKING:  # a config declares it among its other settings, in its own place
        schedule: str = ""

    def tidy_schedule(self) -> None:
        """Write the schedule in its one form. Call it when all settings are checked."""
        object.__setattr__(self, "schedule", write(read(self.schedule, self), self))

    @property
    def phases(self) -> tuple[tuple[int, Self], ...]:
        """The settings in force from each epoch on, the first from 0 on: (epoch, config without a schedule)."""
        phases, known = [(0, self if not self.schedule else replace(self, schedule=""))], specs(self)
        for epoch, changes in read(self.schedule, self):
            there = {name: value for name, value in changes.items() if name in known}
            phases.append((epoch, replace(phases[-1][1], **there)))
        return tuple(phases)

    @property
    def typed(self) -> Mapping[int, Mapping[str, float]]:
        """The weights that get another number before an epoch, {epoch: {name: number}}; see `typed_weights`."""
        known = specs(self)
        typed = {
            epoch: {name: value for name, value in changes.items() if name not in known}
            for epoch, changes in read(self.schedule, self)
        }
        return {epoch: weights for epoch, weights in typed.items() if weights}

    def at(self, epoch: int) -> Self:
        """The settings in force in an epoch, as a config without a schedule."""
        return [config for first, config in self.phases if first <= epoch][-1] if self.schedule else self

    def branch(self, epoch: int, **changes: Any) -> Self:
        """The config of a run that has these changes from an epoch on.

        Its schedule keeps what does not concern the changed settings. Raises `ConfigError` for what cannot change
        during a run ("branch.fixed", "schedule.weight"), and for its values.
        """
        known, checked = specs(self), dict[str, Any]()
        for name, value in changes.items():
            if (spec := _change(name, self)) is None:
                raise ConfigError("branch.fixed", field=name, given=value, allowed=f"one of {_names(self)}")
            checked[name] = spec.check(name, value)
        schedule = {
            first: {
                name: value
                for name, value in those.items()
                if first < epoch or name not in checked or name not in known
            }
            for first, those in read(self.schedule, self)
        }
        before = self.at(epoch - 1) if epoch else self.phases[0][1]
        there = {**schedule.get(epoch, {}), **checked}
        schedule[epoch] = {
            name: value for name, value in there.items() if name not in known or value != getattr(before, name)
        }
        kept = sorted((first, those) for first, those in schedule.items() if those)
        return replace(self, schedule=write(kept, self))


def _from_link(part: str) -> str:
    epoch, dash, rest = part.partition("-")
    pairs = re.findall(r"([a-z][a-z_\d.]*)-(m?\d[\d.]*(?:e-\d+)?|[a-z]\w*)(?:-|$)", rest, re.ASCII)
    changes = ",".join("=".join(pair) for pair in pairs)
    minus = re.sub(r"=m(?=\d)", "=-", changes)
    return f"{epoch}:{minus}" if dash and re.sub("[,=]", "-", changes) == rest else part


def read(text: str, config: Any) -> Schedule:
    """The changes that a text says, for a config or its class. Raises `ConfigError` for any other text.

    Its code is "schedule.weight" for a weight that the network of the config does not have.
    """
    if not text:
        return ()
    found: dict[int, Mapping[str, Any]] = {}
    for part in text[: LONGEST + 1].split(";"):
        epoch, colon, changes = part.partition(":")
        pairs = [change.partition("=") for change in changes.split(",")]
        known = {name: spec for name, _, _ in pairs if (spec := _change(name, config))}
        named = colon and len(known) == len(pairs)
        if not named or not re.fullmatch(r"\d{1,7}", epoch, re.ASCII) or int(epoch) <= max(found, default=-1):
            raise _refused(text, config)
        found[int(epoch)] = {name: known[name].check(name, known[name].read(value)) for name, _, value in pairs}
    if len(found) > MOST or len(text) > LONGEST:
        raise _refused(text, config)
    return tuple(found.items())


def write(schedule: Schedule, config: Any) -> str:
    """The text of a schedule: settings in the order of the config's fields, then weights."""
    known = specs(config)
    return ";".join(
        f"{epoch}:"
        + ",".join(
            f"{name}={known.get(name, TYPED).text(changes[name])}"
            for name in (*(name for name in known if name in changes), *sorted(changes.keys() - known.keys()))
        )
        for epoch, changes in schedule
    )


def _change(name: str, config: Any) -> Setting | None:
    """What checks the value of a change during a run, by its name; None if there is no such change."""
    spec = specs(config).get(name)
    if spec is None:
        return typed_number(name, config)
    return spec if spec.mid_run else None


def _names(config: Any) -> str:
    return ", ".join(name for name, spec in specs(config).items() if spec.mid_run)


def _refused(text: str, config: Any) -> ConfigError:
    allowed = f"changes of {_names(config)} at up to {MOST} rising epochs, such as 140:lr=0.001;180:lr=0.0001"
    return ConfigError("config.schedule", field="schedule", given=text[:60], allowed=allowed)
