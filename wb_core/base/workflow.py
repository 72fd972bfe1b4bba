"""Exported code as a workflow: steps with a title, a sentence and a few lines of Python."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Template
from typing import Any, Generic, TypeVar

from .fields import N_, Choice, defaults, specs

Say = Callable[[str], str]
"""Translates an English text into the reader's language."""

Config = TypeVar("Config")


@dataclass(frozen=True)
class Cell:
    """One step of a workflow: its title, a sentence about it, and its code."""

    title: str
    sentence: str
    code: str


@dataclass(frozen=True)
class Workflow:
    """The code of a run: its title, remarks on it, and its steps."""

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
        """A step with its lines of code, without those that are None; title and sentence are English."""
        return Cell(self.say(title), self.say(sentence), lines(*parts))

    def setting(self, name: str, code: str, write: Callable[[Any], str] = repr) -> str:
        """A line of code that contains a setting; if the setting was changed, a comment names the default."""
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
        """Code in which `$names` stand for comments, which are English."""
        return template.substitute({name: self.say(text) for name, text in comments.items()})


def lines(*parts: str | None) -> str:
    """Join lines of code, leaving out those that are None."""
    return "\n".join(part for part in parts if part is not None)
