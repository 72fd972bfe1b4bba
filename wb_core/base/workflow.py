"""What code for people is made of: steps with a title, a sentence and a few lines of Python."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Template
from typing import Any, Generic, TypeVar

from .fields import N_, Choice, defaults, specs

Say = Callable[[str], str]
"""Says an English text in the reader's language."""

Config = TypeVar("Config")


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


class Pen(Generic[Config]):
    """Writes the code of one config, with comments in the reader's language."""

    def __init__(self, config: Config, say: Say) -> None:
        self.config = config
        self.say = say
        self._defaults = defaults(config)

    def cell(self, title: str, sentence: str, *parts: str | None) -> Cell:
        """A step whose title and sentence are given in English, with its lines; None is a line that is not needed."""
        return Cell(self.say(title), self.say(sentence), lines(*parts))

    def setting(self, name: str, code: str, write: Callable[[Any], str] = repr) -> str:
        """A line in which a setting is written; where the setting was changed, a comment says what it is otherwise."""
        default = self._defaults[name]
        if getattr(self.config, name) == default:
            return code
        return f"{code}  # " + self.say(N_("changed from {default}")).format(default=write(default))

    def torch_name(self, name: str, value: str) -> str:
        """PyTorch's name of an option, as the code writes it: `torch.optim.SGD`, `nn.L1Loss`."""
        spec = specs(self.config)[name]
        assert isinstance(spec, Choice)
        found = spec.options[value][1]
        return f"torch.{found}" if found.startswith("optim.") else found

    def code(self, template: Template, **comments: str) -> str:
        """Code whose `$names` stand for comments, given in English."""
        return template.substitute({name: self.say(text) for name, text in comments.items()})


def lines(*parts: str | None) -> str:
    """Lines below one another; None is a line that is not needed."""
    return "\n".join(part for part in parts if part is not None)
