"""Where lessons take place: the labs, what a link to each carries, and what a visitor did there."""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import ConfigError, WorkbenchError
from ..base.step import LINES
from ..base.texts import from_texts, to_texts
from ..kinds import KINDS, Kind
from ..kinds.line.microscope import WHAT_IFS, Microscope
from ..kinds.run import Run
from ..records import RunRecord, record_of
from ..tensorlab import START, Program, Shelf, needed, read_call, read_program, rng_seeds, with_rng_seeds, write_program
from . import checked
from .checked import bad_value

NO_WHAT_IF = "none"

MOST_CELLS = 10_000
"""A tensor of a lesson has at most this many elements, so that anybody's lesson is read at once."""

MAX_SETTINGS = 6_000  # characters
MAX_STEPS = 60


@dataclass(frozen=True, eq=False)
class Walk:
    """What a visitor of the page "One step" sees: the record of its run, and the change to its loop."""

    run: RunRecord
    what_if: str = NO_WHAT_IF


Shown = RunRecord | Walk | Shelf
"""What a lesson is checked against: a run, a walk through one, or the tensors of the tensor lab."""


def run_of(shown: Shown) -> RunRecord | None:
    """The run that is shown; None for tensors."""
    return shown.run if isinstance(shown, Walk) else shown if isinstance(shown, RunRecord) else None


def _what_if(text: str) -> str:
    if text not in WHAT_IFS:
        raise ConfigError("config.not_a_choice", field="what_if", given=text[:60], allowed=", ".join(WHAT_IFS))
    return text


def _line(text: str) -> str:
    if text not in LINES:
        raise ConfigError("config.not_a_choice", field="line", given=text[:60], allowed=", ".join(LINES))
    return text


def _epoch(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ConfigError("config.not_whole", field="epoch", given=text[:60], allowed="a whole number")
    return int(text)


def _program(text: str) -> Program:
    return Shelf(read_program(text), most=MOST_CELLS).program


@dataclass(frozen=True, eq=False)
class Place:
    """A lab: the kind of its runs, None if it has none, and what its link has besides a config."""

    kind: Kind | None
    also: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)

    def config(self, settings: Mapping[str, str]) -> Any:
        """The config in the settings of a link; None for a place without runs. Raises `ConfigError`."""
        if self.kind is None:
            return None
        return from_texts(self.kind.config, {name: text for name, text in settings.items() if name not in self.also})

    def check(self, name: str, settings: Mapping[str, str]) -> None:
        """Raise `LessonError` for settings, called `name`, that no link to this place has."""
        try:
            self.config(settings)
            for key, text in settings.items():
                if key in self.also:
                    self.also[key](text)
                elif self.kind is None:
                    raise bad_value(name)
        except WorkbenchError as error:
            raise bad_value(name) from error


PLACES: dict[str, Place] = {
    "tensors": Place(None, {"shelf": _program, "do": read_call}),
    **{kind.page: Place(kind) for kind in KINDS.values()},
    "step": Place(KINDS["linear"], {"what_if": _what_if, "line": _line, "epoch": _epoch}),
}
"""The labs by the address of their page."""


@dataclass(frozen=True)
class Attempt:
    """What a visitor did in a lab, as a link has it, from which it is done again to the last bit.

    `start` are the first parameters of a run that came from a checkpoint, and `seeds` those that the text of tensors
    omits. Raises `LessonError` for settings that the lab does not have.
    """

    page: str
    settings: Mapping[str, str]
    start: Mapping[str, float] | Sequence[float] | None = None
    seeds: Sequence[int] = ()

    def __post_init__(self) -> None:
        checked.name("page", self.page, PLACES)
        checked.put(self, settings=checked.texts("settings", self.settings, MAX_SETTINGS))
        PLACES[self.page].check("settings", self.settings)
        if self.start is not None:
            try:
                self._run_class.check_start(self.config, self.start)
            except (ValueError, TypeError, AttributeError) as error:
                raise bad_value("start") from error
        if self.seeds:
            checked.put(self, seeds=checked.some("seeds", self.seeds, MAX_STEPS, lambda one: one))
            try:
                with_rng_seeds(self._program, self.seeds)
            except ValueError as error:
                raise bad_value("seeds") from error

    @classmethod
    def of(cls, page: str, shown: Shown, start: Mapping[str, float] | Sequence[float] | None = None) -> "Attempt":
        """What leads to what a page shows. Raises `LessonError` if no link can have it, such as 10,000 own points."""
        if isinstance(shown, Shelf):
            program = needed(shown.program)
            return cls(page, {"shelf": write_program(program)}, seeds=rng_seeds(program))
        run = run_of(shown)
        assert run is not None
        stopped = run.epochs and run.diverged_at is None
        config = dataclasses.replace(run.config, epochs=run.epochs) if stopped else run.config
        what_if = shown.what_if if isinstance(shown, Walk) else NO_WHAT_IF
        changed = {} if what_if == NO_WHAT_IF else {"what_if": what_if}
        return cls(page, {**to_texts(config), **changed}, start)

    @property
    def config(self) -> Any:
        """The config of the run; None for tensors."""
        return PLACES[self.page].config(self.settings)

    @property
    def what_if(self) -> str:
        """The change to the loop, on the page that has some."""
        return self.settings.get("what_if", NO_WHAT_IF)

    @property
    def _run_class(self) -> type[Run]:
        kind = PLACES[self.page].kind
        if kind is None:
            raise AttributeError("tensors have no run")
        return kind.run

    def shelf(self) -> Shelf:
        """The tensors of the tensor lab."""
        program = self._program
        return Shelf(with_rng_seeds(program, self.seeds) if self.seeds else program, most=MOST_CELLS)

    @property
    def _program(self) -> Program:
        text = self.settings.get("shelf")
        return START if text is None else read_program(text)

    def run(self) -> Run:
        """The run before its training, as the page would begin it."""
        if self.page == "step":
            return Microscope(self.config, what_if=self.what_if, start=self.start).run  # type: ignore[arg-type]
        run_class = self._run_class
        return run_class(self.config) if self.start is None else run_class(self.config, start=self.start)

    def shown(self) -> Shown:
        """Do it again, whole, and return what it shows."""
        if self.page == "tensors":
            return self.shelf()
        run = self.run()
        run.finish()
        return self.shows(run)

    def shows(self, run: Run) -> Shown:
        """What the page shows of this run, which `run` has made."""
        return Walk(record_of(run), self.what_if) if self.page == "step" else record_of(run)
