"""The branches as a link carries them, and what the form for a new one has in every lab."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import wb_core as wb
from wb_core.base.fields import N_, Number, Setting, check_fields, setting, specs

from ..saved import MAX_EPOCHS

MOST = 4
"""A run has at most this many branches."""


@dataclass(frozen=True, kw_only=True)
class BranchesText(Setting):
    """Up to `MOST` schedules of `config`: `141:lr=0.001|50:loss=mse`, in a link 141-lr-0.001---50-loss-mse.

    The place of a deleted branch stays empty, so that those behind it keep their letters: `|50:loss=mse`.
    """

    config: type

    @property
    def schedule(self) -> Setting:
        """The setting that checks one branch."""
        return specs(self.config)["schedule"]

    def check(self, name: str, given: Any) -> str:
        """`given` if it is the text of some branches; else `ConfigError`."""
        places = given.split("|") if isinstance(given, str) else []
        found = list(filter(None, places))
        ends_well = given == "" or bool(places and places[-1])
        if not ends_well or len(places) > MOST or len(set(found)) < len(found):
            raise wb.ConfigError("config.schedule", field=name, given=str(given)[:60], allowed=f"up to {MOST} branches")
        for part in found:
            self.schedule.check(name, part)
        return given

    def offers(self, value: Any) -> bool:
        return all(map(self.schedule.offers, value.split("|"))) if value else True

    def text(self, value: Any) -> str:
        return "---".join(map(self.schedule.text, value.split("|")))

    def read(self, text: str) -> Any:
        return "|".join(map(self.schedule.read, text.split("---")))


def branches_setting(config: type) -> Any:
    """The setting `branches` of a lab whose runs have configs of this class."""
    return setting("", BranchesText(N_("Branches"), config=config))


@dataclass(frozen=True, kw_only=True)
class BranchesView:
    """The branches of the displayed run, each a schedule. Raises `ConfigError` for any other text."""

    if TYPE_CHECKING:  # each lab's own class declares it, with `branches_setting`
        branches: str = ""

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
    def of(cls, places: Sequence[str]) -> Self:
        """The branches at these places."""
        return cls(branches="|".join(places).rstrip("|"))


@dataclass(frozen=True, kw_only=True)
class BranchForm:
    """The form for a new branch: its first epoch and, in each lab's own class, the settings from there on."""

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

    def __post_init__(self) -> None:
        check_fields(self)
