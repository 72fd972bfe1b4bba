"""What is tried on a lesson."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wb_core.lessons import Attempt

Settings = Mapping[str, str]
"""What differs from the settings with which the lesson begins."""


@dataclass(frozen=True)
class Cases:
    """`near` are two near misses, `mistakes` one for each mistake of the lesson, and `also` more that pass.

    `solved` passes a lesson without a solution in its settings.
    """

    near: tuple[Settings, Settings]
    mistakes: Sequence[Settings]
    also: Sequence[Settings] = ()
    solved: Attempt | None = None
