"""A seat's own work: put away before it looks at what the leader shows, and brought back as it was.

The browser keeps it with the rest of the visit, so that it outlives a reload.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs
from wb_core.base.points import PointList

from ...labs.images.lab import ImageLab
from ...labs.line.lab import LinearLab
from ...labs.points.lab import PointsLab
from ...labs.run_lab import RunLab
from ...labs.saved import Snapshot
from ...lessons import opening
from ...lessons.current import InLesson, LessonView
from ...session import share, state
from ...tensors.lab import TensorLab
from ...widgets import fields
from ..here import InRoom

MOST = 8
"""So many times a visitor can look and come back again."""

_WRONG = (ValueError, LookupError, TypeError, wb.WorkbenchError)
"""What anything else than what was written raises."""

_PAGES = {path.stem for path in Path(__file__).parents[3].glob("*.py")} - {"__init__", "router"}


@dataclass(frozen=True)
class _Lab:
    """What a lab displays: how to take it, and how to bring it back. `read` makes it of what was JSON."""

    take: Callable[[], Any]
    bring: Callable[[Any], None]
    read: Callable[[Any], Any]


def _run_lab(kind: type[RunLab]) -> _Lab:
    return _Lab(
        lambda: state.of(kind).snapshot,
        lambda snapshot: state.of(kind).go_to(snapshot),
        lambda plain: Snapshot.read(plain, kind.config_class),
    )


def _show_job(ticket: str | None) -> None:
    lab = state.of(ImageLab)
    if ticket == lab.ticket:
        return
    lab.clear()
    if ticket is not None and lab.show(ticket) is None:
        lab.news = "lost"


def _ticket(plain: Any) -> str | None:
    if not isinstance(plain, str | None):
        raise ValueError("this is no job")
    return plain


def _show_tensors(saved: Any) -> None:
    with contextlib.suppress(*_WRONG):  # a browser may send anything
        state.of(TensorLab).take_over(saved)


_LINE = _run_lab(LinearLab)
_LABS: Mapping[str, _Lab] = {
    "linear": _LINE,
    "step": _LINE,
    "points": _run_lab(PointsLab),
    "images": _Lab(lambda: state.of(ImageLab).ticket, _show_job, _ticket),
    "tensors": _Lab(lambda: state.of(TensorLab).saved, _show_tensors, dict),
}
_NAMES = {"step": "linear"}
"""Pages that show the lab of another one."""


@dataclass
class _Kept:
    """What a lab displayed, and what its controls said."""

    lab: Any
    settings: Mapping[type, Mapping[str, Any]]

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        settings = {kind.__name__: share.texts(kind, values, by_name=True) for kind, values in self.settings.items()}
        return {"lab": _plain(self.lab), "settings": settings}

    @classmethod
    def read(cls, name: str, plain: Any) -> "_Kept":
        """What `plain` has written. Raises one of `_WRONG` for anything else."""
        settings = {}
        for kind in _classes(name):
            [config] = share.read_texts(plain["settings"][kind.__name__], kind, strict=False)
            settings[kind] = {one: getattr(config, one) for one in specs(config)}
        return cls(_LABS[name].read(plain["lab"]), settings)


@dataclass
class Own:
    """What the visitor had: the page, and what the labs displayed in which the leader has shown something since."""

    page: str
    query: Mapping[str, str] = field(default_factory=dict)  # of its address
    labs: dict[str, _Kept] = field(default_factory=dict)
    lesson: Mapping[str, Any] = field(default_factory=dict)  # how far the visitor was in it; a reload forgets that
    shown: tuple[str, str] | None = None  # the page of what the leader showed, and what was seen there untouched

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        labs = {name: kept.plain() for name, kept in self.labs.items()}
        return {"page": self.page, "query": self.query, "labs": labs, "shown": self.shown}

    @classmethod
    def read(cls, plain: Any) -> "Own":
        """What `plain` has written. Raises one of `_WRONG` for anything else."""
        page, labs, shown = plain["page"], plain["labs"], plain["shown"]
        if page not in _PAGES or (shown is not None and (shown[0] not in _LABS or not isinstance(shown[1], str))):
            raise ValueError("this is nothing of one's own")
        kept = {name: _Kept.read(name, one) for name, one in dict(labs).items()}
        return cls(page, dict(plain["query"]), kept, shown=shown and (shown[0], shown[1]))


def put_away(before: list[Own], page: str, there: str) -> None:
    """Note what the visitor has on this `page`, and in the lab `there`, unless it is only what the leader showed."""
    name = _NAMES.get(there, there)
    if not before or _touched(before[-1]):
        del before[: len(before) - MOST + 1]
        before.append(Own(page, share.current_query(), lesson=dict(vars(state.of(InLesson)))))
    own = before[-1]
    own.shown = None
    if name not in own.labs:
        own.labs[name] = _Kept(_LABS[name].take(), {kind: fields.values(kind) for kind in _classes(name)})
        if name == "images":
            state.of(ImageLab).put_away()  # a training goes on


def note_shown(before: list[Own], page: str) -> None:
    """Note what the leader has just shown on this page."""
    if before and before[-1].shown is None and page in _LABS:
        before[-1].shown = (page, _seen(page))


def returned(before: list[Own], page: str) -> bool:
    """Whether the browser itself has just gone back to where the visitor was before the last look."""
    return bool(before) and before[-1].page == page and share.returns_to(before[-1].query)


def bring_back(before: list[Own]) -> None:
    """Show what the visitor had before the last look."""
    own = before.pop()
    for name, kept in reversed(own.labs.items()):  # what was kept first says which lesson it was
        _LABS[name].bring(kept.lab)
        for kind, values in kept.settings.items():
            fields.put(kind, values)
    vars(state.of(InLesson)).update(own.lesson)
    st.switch_page(f"{own.page}.py")


def _classes(name: str) -> list[type]:
    places = [page for page in _LABS if _NAMES.get(page, page) == name]
    return [*dict.fromkeys(kind for page in places for kind in opening.CLASSES[page]), LessonView]


def points(before: list[Own]) -> Iterator[PointList]:
    """The points of one's own in it, the latest first."""
    for own in reversed(before):
        yield from (PointList(kept.lab.points) for kept in own.labs.values() if isinstance(kept.lab, Snapshot))


def written(before: list[Own], most: int) -> list[dict[str, Any]]:
    """As much of it as JSON as has room in so many characters: the latest."""
    kept: list[dict[str, Any]] = []
    for own in reversed(before):
        plain = own.plain()
        most -= len(json.dumps(plain, separators=(",", ":"))) + 1
        if most < 0:
            break
        kept.insert(0, plain)
    return kept


def take_over(seated: InRoom, given: list[Any]) -> None:
    """Take what an earlier session of this seat has written, as far as it is valid."""
    if seated.seat is None or seated.before:
        return
    for plain in given[-MOST:]:
        with contextlib.suppress(*_WRONG):
            seated.before.append(Own.read(plain))


def _touched(own: Own) -> bool:
    return own.shown is not None and _seen(own.shown[0]) != own.shown[1]


def _seen(page: str) -> str:
    """What the lab of a page displays, without what it adds by itself: enough to tell whether it has changed."""
    found = _plain(_LABS[page].take())
    if isinstance(found, dict):
        found = {name: value for name, value in found.items() if name != "branches"}
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:20]


def _plain(lab: Any) -> Any:
    """What a lab displays as JSON."""
    return lab.plain() if isinstance(lab, Snapshot) else lab
