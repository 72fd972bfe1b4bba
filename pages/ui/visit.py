"""The visit as the browser keeps it: settings, runs, saved runs, lessons and language.

A reload, a restarted server and a long time offline lead to a new session, which takes over what the browser sends. A
run is a config and a number of epochs, so it is trained again; a job is found by its ticket, which is a secret. What
comes from the browser is checked like an upload; what is not as it should be is left out.
"""

import contextlib
import functools
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs
from wb_core.base.points import MAX_POINTS, PointList, points_fields

from . import i18n
from .compare.tray import Tray
from .intake.origin import Brought, BroughtSpots
from .labs.images import panels as image_panels
from .labs.images.lab import ImageLab
from .labs.line import panels as line_panels
from .labs.line.branches import BranchesView
from .labs.line.lab import LinearLab
from .labs.points import panels as points_panels
from .labs.points.branches import PointsBranchesView
from .labs.points.lab import PointsLab
from .labs.run_lab import RunLab
from .labs.undo import Undo
from .lessons.current import InLesson, LessonView
from .lessons.progress import Progress
from .room.here import InRoom
from .room.stage.board import FOLDED, NAMES
from .room.watch import own
from .session import browser_storage, own_points, reaper, share, state
from .start.experiment import StartConfig
from .step import details
from .step.view import StepView
from .sweep.kinds import SWEEPS, SweepChoice, SweepLabs
from .tensors.lab import TensorLab
from .tensors.view import TensorView
from .widgets import fields

CONFIGS: tuple[type, ...] = (
    *(kind.config for kind in wb.KINDS.values()),
    StartConfig,
    BranchesView,
    PointsBranchesView,
    StepView,
    TensorView,
    LessonView,
    SweepChoice,
    *(sweep.controls.view_class for sweep in SWEEPS.values()),
)
"""The classes whose fields are widgets."""

LABS: dict[str, type[RunLab]] = {"line": LinearLab, "points": PointsLab}
"""The labs whose steps are kept, by the name of that part in the browser."""

SAVED: dict[str, type[Any]] = {
    "origin": Brought,
    "spots": BroughtSpots,
    "images": ImageLab,
    "sweeps": SweepLabs,
    "tensors": TensorLab,
    "lesson": InLesson,
}
"""The classes with a part of their own in the browser: `saved` gives it, and `take_over` reads it."""

CHOICES: dict[str, tuple[Any, ...]] = {
    line_panels.KEY: tuple(line_panels.PANELS),
    image_panels.KEY: tuple(image_panels.PANELS),
    points_panels.KEY: tuple(points_panels.PANELS),
    details.KEY: (False, True),
    NAMES: (False, True),
    FOLDED: (False, True),
}
"""What a page displays and no link carries: the widget's key and its options, the first of which is the default."""

OWN_POINTS = [(name, specs(kind)[name]) for kind in CONFIGS for name in points_fields(kind)]
"""The settings that check points that the browser sends: those of one are none of the other."""

WRONG = (ValueError, TypeError, LookupError, wb.WorkbenchError, RecursionError)
"""What invalid parts of a visit raise."""


class _Points(NamedTuple):
    """The points that the browser should keep, those for which it has room, and these as text."""

    wanted: tuple[PointList, ...]
    kept: tuple[PointList, ...]
    text: str


class Visit:
    """The session's part in it: its name, and whether it has seen what the browser keeps."""

    def __init__(self) -> None:
        self.session = secrets.token_hex(8)
        self.known = False
        self.kept: Mapping[str, Any] | None = None  # until all of it is restored: script runs may be interrupted
        self._tray: tuple[Any, str] = (), ""
        self._points = _Points((), (), "")

    def tray(self) -> str:
        """The tray's file, made anew only when the tray has changed."""
        entries = state.of(Tray).entries
        if self._tray[0] is not entries:
            file = wb.write_tray(entry.run for entry in entries).decode("utf-8") if entries else ""
            self._tray = entries, file
        return self._tray[1]

    def points(self) -> "_Points":
        """The points of one's own that the settings and runs name, made anew only when there are others."""
        wanted = _own_points()
        if self._points.wanted != wanted:
            kept, text = wanted, own_points.pack(wanted)
            while len(text) > browser_storage.MAX_LENGTHS["points"]:
                kept = kept[:-1]
                text = own_points.pack(kept)
            self._points = _Points(wanted, kept, text)
        return self._points


def draw() -> None:
    """Keep the visit in the browser; in a session that does not know it yet, take over what the browser sends.

    Call it before everything else: what it restores are widgets that no page has drawn yet.
    """
    visit = state.of(Visit)
    with st.container(key="visit"):
        kept = browser_storage.draw(
            visit.session,
            {"visit": written(), "language": i18n.chosen(), **state.of(InRoom).written()},
            known=visit.known,
            secret=reaper.leaving_secret(),
            key="visit.tab",
        )
        browser_storage.draw(visit.session, {"points": visit.points().text}, known=visit.known, key="visit.points")
        browser_storage.draw(visit.session, {"tray": visit.tray()}, known=visit.known, key="visit.tray")
        if kept is not None and visit.known:  # another tab was faster
            state.of(Progress).merge(browser_storage.checked(kept).get("lessons", ""))
        lessons = state.of(Progress).written()
        browser_storage.draw(visit.session, {"lessons": lessons}, known=visit.known, key="visit.lessons")
    if kept is not None and not visit.known:
        visit.kept = kept
    if visit.kept is not None:
        # A session that is still the same had only lost its connection for a moment.
        if not (visit.kept["again"] is True and visit.kept["session"] == visit.session):
            restore(browser_storage.checked(visit.kept))
            share.note_restored()
        visit.known, visit.kept = True, None


def written() -> str:
    """The settings and runs of this session as JSON; "" if nothing differs from a new one."""
    kept = state.of(Visit).points().kept
    found: dict[str, Any] = {
        "settings": {
            kind.__name__: changed
            for kind in CONFIGS
            if (changed := share.texts(kind, fields.values(kind), by_name=True))
        },
        "choices": {key: chosen for key, options in CHOICES.items() if (chosen := state.get(key)) in options[1:]},
        **{name: lab.note().with_points(kept).plain() for name, lab in _labs().items()},
        **{name: part.saved for name, kind in SAVED.items() if (part := state.existing(kind)) is not None},
    }
    found = {name: value for name, value in found.items() if value}
    if before := state.of(InRoom).before:  # as much as there is room for: the labs' own steps have most of it, too
        room = browser_storage.MAX_LENGTHS["visit"] - len(_json(found)) - len(',"own":[]')
        found["own"] = own.written(before, room)
    return _json(found) if found else ""


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _labs() -> dict[str, RunLab]:
    """The labs that this session has, by their names in the browser."""
    return {name: lab for name, kind in LABS.items() if (lab := state.existing(kind)) is not None}


def _own_points() -> tuple[PointList, ...]:
    """The points of one's own in the settings and the last steps of the labs, `MAX_POINTS` in all."""
    undos = [lab.note() for lab in _labs().values()]
    steps = [step for undo in undos for step in (undo.now, *undo.past[::-1], *undo.future[::-1])]
    wanted = [fields.current(kind, name) for kind in CONFIGS for name in points_fields(kind)]
    wanted += own.points(state.of(InRoom).before)
    room, found = MAX_POINTS, []
    for points in dict.fromkeys(filter(None, [*wanted, *(step.points for step in steps)])):
        room -= len(points)
        if room < 0:
            break
        found.append(points)
    return tuple(found)


def restore(parts: dict[str, str]) -> None:
    """Take over the parts of a visit, each as far as it is valid."""
    i18n.choose(parts.get("language", ""))
    with contextlib.suppress(*WRONG):
        state.of(Tray).keep(*wb.read_tray(parts.get("tray", "").encode("utf-8")))
    state.of(Progress).merge(parts.get("lessons", ""))
    with contextlib.suppress(*WRONG):
        state.of(InRoom).take_over(parts.get("room", ""))
    with contextlib.suppress(*WRONG):
        for points in own_points.unpack(parts.get("points", "")):
            own_points.remember(_checked(points))
    found: Any = {}
    with contextlib.suppress(*WRONG):
        found = json.loads(parts.get("visit", "{}"), parse_constant=_no_number)
    if not isinstance(found, dict):
        return
    steps: dict[str, Callable[[Any], None]] = {
        "settings": _settings,
        "choices": _choices,
        **{name: functools.partial(_take_over, kind) for name, kind in LABS.items()},
        **{name: functools.partial(_take_over_part, kind) for name, kind in SAVED.items()},
        "own": lambda saved: own.take_over(state.of(InRoom), saved),
    }
    for name, step in steps.items():
        if name in found:
            with contextlib.suppress(*WRONG):
                step(found[name])


def _checked(given: Any) -> PointList:
    """These points of one's own, of whichever kind they are. Raises `ConfigError` for anything else."""
    for name, spec in OWN_POINTS[:-1]:
        with contextlib.suppress(wb.ConfigError):
            return spec.check(name, given)
    name, spec = OWN_POINTS[-1]
    return spec.check(name, given)


def _take_over(kind: type[RunLab], saved: Any) -> None:
    state.of(kind).take_over(Undo.read(saved, kind.config_class))


def _take_over_part(kind: type[Any], saved: Any) -> None:
    state.of(kind).take_over(saved)


def _settings(given: Any) -> None:
    """Fill the widgets with the valid ones of these settings."""
    if not isinstance(given, dict):
        raise ValueError("these are no settings")
    for kind in CONFIGS:
        with contextlib.suppress(ValueError):
            [config] = share.read_texts(given.get(kind.__name__), kind, strict=False)
            fields.fill(config)


def _choices(given: Any) -> None:
    """Open what was open."""
    if not isinstance(given, dict):
        raise ValueError("these are no choices")
    for key, options in CHOICES.items():
        chosen = given.get(key)
        if any(type(chosen) is type(option) and chosen == option for option in options):
            state.put(key, chosen)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
