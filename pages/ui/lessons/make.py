"""The form in which a workshop leader makes a lesson of a run: of that which a lab shows in this visit."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Choice, Number, Setting, Switch, defaults, specs
from wb_core.base.points import points_fields
from wb_core.lessons.conditions import GOOD
from wb_core.lessons.lesson import MOST_WORDS

from ..i18n import N_, _
from ..sentences import explain
from ..session import state
from ..widgets import choice, fields
from ..widgets.markup import as_it_is
from . import draft, hand_over, seen, words
from .draft import Draft
from .sources import LABS, Source, Sources

OPTIONS = 4

FIELDS = {
    "title": N_("Title"),
    "story": N_("Story"),
    "task": N_("Task"),
    "conditions": N_("What is checked"),
    "opened": N_("Settings in view"),
    "question": N_("Question"),
    "options": N_("Answers"),
    "answer": N_("Right answer"),
    "hints": N_("Hint"),
    "why": N_("Why it is so"),
}
"""The parts of a lesson as the form calls them."""


def draw() -> None:
    """Draw the form, folded; without a run, what is needed."""
    fold = st.expander(_("Make a lesson of your run"), key="make.open", on_change="rerun")
    if not fold.open:
        return
    with fold:
        sources = state.of(Sources)
        there = sources.look()
        if not there:
            st.markdown(_("Train something in a lab first, then come back: the lesson begins with your run."))
            with st.container(horizontal=True):
                for page, text in LABS.items():
                    st.page_link(f"{page}.py", label=_(text))
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            page = choice.one_of(_("The run"), {page: LABS[page] for page in there}, "make.page")
            if sources.newer(page):
                newer = _("Take the run that the lab shows now")
                st.button(newer, key="make.renew", type="tertiary", on_click=sources.renew, args=(page,))
        with st.container(key="make"):
            _form(there[page])


def _form(source: Source) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        told = _told()
    with right:
        asked = _asked(source)
    try:
        lesson = draft.lesson_of(Draft(**told, **asked), source.page, source.run, loaded=source.loaded)
    except wb.WorkbenchError as error:
        st.info(_complaint(error, told), icon=":material/edit_note:")
        return
    _outcome(lesson, source)


def _named(part: str) -> str:
    text = FIELDS[part]
    return _(text)


def _told() -> dict[str, Any]:
    """The texts."""
    found: dict[str, Any] = {
        "title": _line("title", _named("title"), 80),
        "story": _area("story", _("Story, at most {most} words").format(most=MOST_WORDS), 600),
        "task": _area("task", _("Task: what to reach"), 400),
        "question": _line("question", _("A question to answer before the run, if you like"), 300),
    }
    if found["question"]:
        places = range(OPTIONS)
        options = [_line(f"option.{n}", _("Answer {number}").format(number=n + 1), 120) for n in places]
        given = [option for option in options if option]
        found["options"] = given
        found["answer"] = 0
        if len(given) > 1:
            found["answer"] = st.radio(
                _named("answer"), range(len(given)), format_func=lambda n: as_it_is(given[n]), key="make.answer"
            )
    found["hints"] = [_line(f"hint.{n}", _("Hint {number}").format(number=n + 1), 300) for n in range(3)]
    found["why"] = _area("why", _("Why it is so, in two sentences, for those who solved it"), 600)
    return found


def _asked(source: Source) -> dict[str, Any]:
    """What is checked, and with which settings it begins."""
    run, page = source.run, source.token[:8]
    kind, known = wb.kind_of(run.config), specs(run.config)
    opened = _several(
        "opened",
        page,
        _("Settings that the learner may change; all others are as in your run"),
        {name: _(spec.label) for name, spec in known.items() if _can_open(run.config, name)},
        draft.usually_opened(run.config),
    )
    start = {name: value for name in opened if (value := _start(run.config, name, known[name])) is not None}
    st.markdown(f"**{_named('conditions')}**")
    last = {name: run.column(name)[-1] for name in kind.run.columns if name in words.COLUMNS}
    usual = [kind.metrics[-1].name]
    asked = _several("metrics", page, _("Numbers"), {name: _(words.COLUMNS[name]) for name in last}, usual)
    metrics = {n: _bounds(f"{page}.{n}", _(words.COLUMNS[n]), draft.usual_bounds(n, last[n])) for n in asked}
    at = choice.one_of(_("When"), {"end": N_("at the end"), "any": N_("in any epoch")}, "make.at") if asked else "end"
    labels = {GOOD: _("Good: hardly to be told from the best")}
    labels |= {label: seen.outcome(kind, label) for label in (*kind.diagnoses, *kind.findings)}
    verdicts = _several("labels", page, _("Verdict: one of these"), labels, [])
    labels_of = {name: _(spec.label) for name, spec in known.items() if name != "data_dir"}
    same = _several("same", page, _("Settings that must be as in your run"), labels_of, [])
    numbers = {name: label for name, label in labels_of.items() if isinstance(known[name], Number)}
    bound = _several("bound", page, _("Settings within bounds"), numbers, [])
    own = {name: float(getattr(run.config, name)) for name in bound}
    settings = {n: _bounds(f"{page}.setting.{n}", labels_of[n], (value, value)) for n, value in own.items()}
    key = f"make.{page}.epochs"
    state.prime(key, run.epochs)
    epochs = st.number_input(
        _("Epochs at most (empty: any number)"), min_value=1, step=1, key=key, persist_state="session"
    )
    return {
        "opened": opened,
        "start": start,
        "metrics": metrics,
        "at": at,
        "labels": verdicts,
        "settings": settings,
        "same": same,
        "epochs": None if epochs is None else int(epochs),
    }


def _can_open(config: Any, name: str) -> bool:
    return name not in (*points_fields(config), "device", "schedule", "init", "data_dir")


def _start(config: Any, name: str, spec: Setting) -> Any:
    """The value with which the lesson begins; None leaves that of the run."""
    label, key = _("{name} at the beginning").format(name=_(spec.label)), f"make.start.{type(config).__name__}.{name}"
    default = defaults(config)[name]
    if isinstance(spec, Choice):
        state.prime(key, default)
        options = [option for option in spec.options if fields.is_here(name, option)]
        say: Callable[[str], str] = lambda option: _(spec.options[option][0])  # noqa: E731
        return st.selectbox(label, options, format_func=say, key=key, persist_state="session")
    if isinstance(spec, Switch):
        state.prime(key, default)
        return st.toggle(label, key=key, persist_state="session")
    if not isinstance(spec, Number):
        return default
    state.prime(key, default)
    if spec.log or spec.values:
        stops = sorted({*spec.stops, default})
        return st.select_slider(label, stops, format_func=lambda stop: f"{stop:.10g}", key=key, persist_state="session")
    (low, high), step = spec.offered, spec.step
    if spec.integer:
        low, high, step = int(low), int(high), int(step)
    return st.number_input(label, low, high, step=step, key=key, persist_state="session")


def _bounds(key: str, label: str, usual: draft.Bounds) -> draft.Bounds:
    """The two bounds of a number, of which one may be empty."""
    found = []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for place, text in enumerate((_("{name} at least"), _("{name} at most"))):
            where = f"make.bound.{key}.{place}"
            state.prime(where, usual[place])
            said = text.format(name=label)
            found.append(st.number_input(said, format="%.6g", key=where, persist_state="session"))
    return found[0], found[1]


def _several(key: str, page: str, label: str, options: Mapping[str, str], usual: list[str]) -> list[str]:
    where = f"make.{page}.{key}"
    state.prime(where, [one for one in usual if one in options])
    found: list[str] = st.multiselect(
        label,
        [*options],
        format_func=options.__getitem__,
        key=where,
        placeholder=_("Choose"),
        select_all=False,
        persist_state="session",
    )
    return found


def _line(key: str, label: str, most: int) -> str:
    return (st.text_input(label, max_chars=most, key=f"make.{key}", persist_state="session") or "").strip()


def _area(key: str, label: str, most: int) -> str:
    found = st.text_area(label, max_chars=most, height=100, key=f"make.{key}", persist_state="session")
    return (found or "").strip()


def _complaint(error: wb.WorkbenchError, told: Mapping[str, Any]) -> str:
    """What is missing or wrong, in a sentence."""
    missing = [_named(name) for name in ("title", "story", "task") if not told[name]]
    if missing:
        return _("Still missing: {names}.").format(names=", ".join(missing))
    field = error.values.get("field")
    if field in ("start", "solution", "settings"):
        return _("Your run has settings that no link can carry, such as more than 100 points of your own.")
    if field == "options":
        return _("A question needs at least two answers.")
    if field in FIELDS:
        return _("Something isn't right yet: {name}.").format(name=_named(field))
    if field in ("at_least", "one_of"):
        return _("Each number needs a lower or an upper bound.")
    return explain(error)


def _outcome(lesson: wb.Lesson, source: Source) -> None:
    verdict = draft.solved_by(lesson, source.run)
    if verdict.passed:
        st.success(_("Your run solves it."), icon=":material/check_circle:")
    else:
        said = _("Your own run doesn't solve it: {seen}").format(seen=seen.sentence(lesson, verdict))
        st.warning(said, icon=":material/warning:")
    if state.of(Sources).solved_at_once(lesson):
        st.warning(_("The first settings solve it, too: a click on Train is enough."), icon=":material/warning:")
    hand_over.draw(lesson, key="make")
