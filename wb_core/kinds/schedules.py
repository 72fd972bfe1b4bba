"""The schedule of a run as a text: which settings change, and at which epochs.

"140:lr=0.001;180:optimizer=adam,lr=0.1" changes the learning rate before epoch 140 and the optimizer before epoch 180.
A text, so that links, files and kept runs carry it like any other setting.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from ..base.errors import ConfigError
from ..base.fields import N_, Setting, setting, specs

MOST = 8
"""A schedule changes settings at up to this many epochs."""

LONGEST = 800  # characters

Schedule = Iterable[tuple[int, Mapping[str, Any]]]
"""The changes, (epoch, {setting: value}), at rising epochs."""


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
        """Without characters that a link would have to escape: 140-lr-0.001--180-optimizer-adam-lr-0.1."""
        return re.sub("[:,=]", "-", value).replace(";", "--")

    def read(self, text: str) -> str:
        return ";".join(map(_from_link, text.split("--")))

    def offers(self, value: Any) -> bool:
        known = specs(self.config())
        changes = [change for _, changes in read(value, self.config()) for change in changes.items()]
        return all(known[name].offers(there) for name, there in changes)


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
    """A config with a `schedule`: the epochs from which on its training continues with other settings."""

    if TYPE_CHECKING:  # a config declares it among its other settings, in its own place
        schedule: str = ""

    def tidy_schedule(self) -> None:
        """Write the schedule in its one form. Call it when all settings are checked."""
        object.__setattr__(self, "schedule", write(read(self.schedule, self), self))

    @property
    def phases(self) -> tuple[tuple[int, Self], ...]:
        """The settings in force from each epoch on, the first from 0 on: (epoch, config without a schedule)."""
        phases = [(0, self if not self.schedule else replace(self, schedule=""))]
        for epoch, changes in read(self.schedule, self):
            phases.append((epoch, replace(phases[-1][1], **changes)))
        return tuple(phases)

    def at(self, epoch: int) -> Self:
        """The settings in force in an epoch, as a config without a schedule."""
        return [config for first, config in self.phases if first <= epoch][-1] if self.schedule else self

    def branch(self, epoch: int, **changes: Any) -> Self:
        """The config of a run that has these changes from an epoch on.

        Its schedule keeps what does not concern the changed settings. Raises `ConfigError` for a setting that cannot
        change during a run ("branch.fixed"), and for its values.
        """
        known = {name: spec for name, spec in specs(self).items() if spec.mid_run}
        for name in changes:
            if name not in known:
                raise ConfigError("branch.fixed", field=name, given=changes[name], allowed="one of " + ", ".join(known))
        schedule = {
            first: {name: value for name, value in those.items() if first < epoch or name not in changes}
            for first, those in read(self.schedule, self)
        }
        before = self.at(epoch - 1) if epoch else self.phases[0][1]
        there = replace(before, **schedule.get(epoch, {}), **changes)
        schedule[epoch] = {name: value for name in known if (value := getattr(there, name)) != getattr(before, name)}
        kept = sorted((first, those) for first, those in schedule.items() if those)
        return replace(self, schedule=write(kept, self))


def _from_link(part: str) -> str:
    epoch, dash, rest = part.partition("-")
    pairs = re.findall(r"([a-z_]+)-(\d[\d.]*(?:e-\d+)?|[a-z]\w*)(?:-|$)", rest, re.ASCII)
    changes = ",".join("=".join(pair) for pair in pairs)
    return f"{epoch}:{changes}" if dash and re.sub("[,=]", "-", changes) == rest else part


def read(text: str, config: Any) -> Schedule:
    """The changes that a text says, for a config or its class. Raises `ConfigError` for any other text."""
    if not text:
        return ()
    known = {name: spec for name, spec in specs(config).items() if spec.mid_run}
    found: dict[int, Mapping[str, Any]] = {}
    for part in text[: LONGEST + 1].split(";"):
        epoch, colon, changes = part.partition(":")
        pairs = [change.partition("=") for change in changes.split(",")]
        names = [name for name, _, _ in pairs]
        named = colon and len(set(names)) == len(names) and set(names) <= set(known)
        if not named or not re.fullmatch(r"\d{1,7}", epoch, re.ASCII) or int(epoch) <= max(found, default=-1):
            raise _refused(text, known)
        found[int(epoch)] = {name: known[name].check(name, known[name].read(value)) for name, _, value in pairs}
    if len(found) > MOST or len(text) > LONGEST:
        raise _refused(text, known)
    return tuple(found.items())


def write(schedule: Schedule, config: Any) -> str:
    """The text of a schedule, its settings in the order of the config's fields."""
    known = specs(config)
    return ";".join(
        f"{epoch}:" + ",".join(f"{name}={known[name].text(changes[name])}" for name in known if name in changes)
        for epoch, changes in schedule
    )


def _refused(text: str, known: Mapping[str, Any]) -> ConfigError:
    allowed = f"changes of {', '.join(known)} at up to {MOST} rising epochs, such as 140:lr=0.001;180:lr=0.0001"
    return ConfigError("config.schedule", field="schedule", given=text[:60], allowed=allowed)
