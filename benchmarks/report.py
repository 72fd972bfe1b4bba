"""The lines that every measurement gives, and how they are printed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure beside its target; `reached` is None for a figure that has none and is there to be read."""

    what: str
    figure: str
    target: str = ""
    reached: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "reached", False: "missed", None: ""}[self.reached]
        return f"{self.what:<52} {self.figure:<34} {self.target:<22} {verdict}".rstrip()


def show(lines: Iterable[Line]) -> None:
    """Print the lines, each as soon as it is there."""
    for line in lines:
        print(line, flush=True)
