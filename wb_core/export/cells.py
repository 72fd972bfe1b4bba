"""What code for people is made of: steps with a title, a sentence and a few lines of Python."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Template
from typing import Any

from ..fields import N_, defaults

Say = Callable[[str], str]
"""Says an English text in the reader's language."""


@dataclass(frozen=True)
class Cell:
    """One step of a workflow: its title, a sentence on what it does, and its code."""

    title: str
    sentence: str
    code: str


@dataclass(frozen=True)
class Workflow:
    """The code of a run: what it is about, what to know of it, and its steps."""

    title: str
    notes: tuple[str, ...]
    cells: tuple[Cell, ...]


class Pen:
    """Writes the code of one config, with comments in the reader's language."""

    def __init__(self, config: Any, say: Say) -> None:
        self.config = config
        self.say = say
        self._defaults = defaults(config)

    def setting(self, name: str, code: str, write: Callable[[Any], str] = repr) -> str:
        """A line in which a setting is written; where the setting was changed, a comment says what it is otherwise."""
        default = self._defaults[name]
        if getattr(self.config, name) == default:
            return code
        return f"{code}  # " + self.say(N_("changed, the default is {default}")).format(default=write(default))

    def code(self, template: Template, **comments: str) -> str:
        """Code whose `$names` stand for comments, given in English."""
        return template.substitute({name: self.say(text) for name, text in comments.items()})


def lines(*parts: str | None) -> str:
    """Lines below one another; None is a line that is not needed."""
    return "\n".join(part for part in parts if part is not None)
