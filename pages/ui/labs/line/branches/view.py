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
    """Up to `MOST` schedules: `141:lr=0.001|50:loss=mse`, in a link 141-lr-0.001---50-loss-mse."""

    def check(self, name: str, given: Any) -> str:
        """`given` if it is the text of some branches; else `ConfigError`."""
        parts = given.split("|") if isinstance(given, str) and given else []
        if not isinstance(given, str) or len(parts) > MOST or len(set(parts)) < len(parts) or "" in parts:
            raise wb.ConfigError("config.schedule", field=name, given=str(given)[:60], allowed=f"up to {MOST} branches")
        for part in parts:
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
    def texts(self) -> tuple[str, ...]:
        return tuple(filter(None, self.branches.split("|")))

    @classmethod
    def of(cls, texts: Sequence[str]) -> "BranchesView":
        return cls(branches="|".join(texts))


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
