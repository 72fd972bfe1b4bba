"""What the leader shows to all seats, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wb_core.lessons import Attempt

MAX_TEXT = 300
MAX_OPTION = 120
MAX_OPTIONS = 6


@dataclass(frozen=True)
class Question:
    """A question to all seats. Their answers are hidden until the leader reveals them.

    `lesson` is the id of the lesson whose prediction it is: its texts are message ids, which each page translates.
    `right` is the number of the right option, None where nobody knows; `counts` are the answers for each option.
    """

    id: str
    text: str
    options: tuple[str, ...]
    revealed: bool = False
    lesson: str = ""
    right: int | None = None
    counts: tuple[int, ...] = ()

    @property
    def public(self) -> "Question":
        """What may leave the server."""
        return self if self.revealed else replace(self, right=None, counts=())

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> "Question":
        """What `dataclasses.asdict` has made, after its way through JSON."""
        return cls(**{**found, "options": tuple(found["options"]), "counts": tuple(found["counts"])})


@dataclass(frozen=True)
class Stage:
    """What the leader shows to all seats. With a lesson, that is begun; else `pushed` is shown, trained."""

    pushed: Attempt | None = None
    push: str = ""  # which one it is
    lesson: str = ""
    paused: bool = False
    question: Question | None = None
    turn: int = 0  # grows with each change

    @property
    def public(self) -> "Stage":
        """What may leave the server."""
        return replace(self, question=self.question and self.question.public)

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> "Stage":
        """What `dataclasses.asdict` has made, after its way through JSON."""
        pushed, question = found["pushed"], found["question"]
        if question:
            question = Question.read(question)
        return cls(**{**found, "pushed": pushed and attempt(pushed), "question": question})


def attempt(found: Mapping[str, Any]) -> Attempt:
    """The same for an attempt."""
    return Attempt(**{**found, "seeds": tuple(found["seeds"])})
