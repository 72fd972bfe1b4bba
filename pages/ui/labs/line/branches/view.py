"""The branches as a link carries them, and the settings of the form for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.fields import N_, Number, Setting, check_fields, setting, specs

from ..lab import MAX_EPOCHS

MOST = 4
"""A run has at most this many branches."""

SCHEDULE = specs(wb.LinearConfig)["schedule"]


class BranchesText(Setting):
    """Up to `MOST` schedules: `141:lr=0.001|50:loss=mse`, in a link 141-lr-0.001---50-loss-mse.

    The place of a deleted branch stays empty, so that those behind it keep their letters: `|50:loss=mse`.
    """

    def check(self, name: str, given: Any) -> str:
        """`given` if it is the text of some branches; else `ConfigError`."""
        places = given.split("|") if isinstance(given, str) else []
        found = list(filter(None, places))
        ends_well = given == "" or bool(places and places[-1])
        if not ends_well or len(places) > MOST or len(set(found)) < len(found):
            raise wb.ConfigError("config.schedule", field=name, given=str(given)[:60], allowed=f"up to {MOST} branches")
        for part in found:
            SCHEDULE.check(name, part)
        return given

    def offers(self, value: Any) -> bool:
        return all(map(SCHEDULE.offers, value.split("|"))) if value else True

    def text(self, value: Any) -> str:
        return "---".join(map(SCHEDULE.text, value.split("|")))

    def read(self, text: str) -> Any:
        return "|".join(map(SCHEDULE.read, text.split("---")))


@dataclass(frozen=True, kw_only=True)
class BranchesView:
    """The branches of the displayed run, each a schedule. Raises `ConfigError` for any other text."""

    branches: str = setting("", BranchesText(N_("Branches")))

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def places(self) -> tuple[str, ...]:
        """The schedule at each letter, from A on; "" where a branch was deleted."""
        return tuple(self.branches.split("|"))

    @property
    def texts(self) -> tuple[str, ...]:
        """The schedules of the branches that there are."""
        return tuple(filter(None, self.places))

    @classmethod
    def of(cls, places: Sequence[str]) -> "BranchesView":
        """The branches at these places."""
        return cls(branches="|".join(places).rstrip("|"))


@dataclass(frozen=True, kw_only=True)
class BranchForm:
    """The form for a new branch: its first epoch, and the settings from there on."""

    epoch: int = setting(
        1,
        Number(
            N_("From epoch"),
            N_("The first epoch with other settings. All epochs before it stay exactly as they are."),
            torch="epoch",
            low=0,
            high=MAX_EPOCHS,
            offered=(0, MAX_EPOCHS),
            step=1,
            integer=True,
            typed=True,
        ),
    )
    lr: float = setting(0.001, specs(wb.LinearConfig)["lr"])
    optimizer: str = setting("sgd", specs(wb.LinearConfig)["optimizer"])
    momentum: float = setting(0.0, specs(wb.LinearConfig)["momentum"])
    loss: str = setting("l1", specs(wb.LinearConfig)["loss"])

    def __post_init__(self) -> None:
        check_fields(self)
