"""What every condition is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..places import Place, Shown


@dataclass(frozen=True)
class Look:
    """What a condition saw: whether it is met, the epoch that shows it, and the numbers and names behind it."""

    met: bool
    epoch: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


class Condition(ABC):
    """One thing that a lesson asks for. Raises `LessonError` for values that make no sense."""

    @abstractmethod
    def check(self, place: Place) -> None:
        """Raise `LessonError` if nothing in this place can meet the condition."""

    @abstractmethod
    def look(self, shown: Shown) -> Look:
        """Whether the condition is met by what is shown, which has at least one epoch if it is a run."""
