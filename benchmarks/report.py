"""The result lines of measurements, and how to print them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure and its target; `reached` is None for a figure without a target."""

    what: str
    figure: str
    target: str = ""
    reached: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "reached", False: "missed", None: ""}[self.reached]
        return f"{self.what:<52} {self.figure:<34} {self.target:<22} {verdict}".rstrip()


def show(lines: Iterable[Line]) -> None:
    """Print the lines, each as soon as it is available."""
    for line in lines:
        print(line, flush=True)
