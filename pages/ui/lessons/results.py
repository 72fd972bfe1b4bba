"""The part of the page /lessons on results: take one's own along as a file, and check those of others again."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb
from wb_core.lessons import STOPS, ChoiceQuestion, Done
from wb_core.lessons.results import MAX_BYTES

from ..i18n import N_, _
from ..sentences import explain
from ..session import state
from ..widgets.markup import as_it_is
from ..widgets.table import Cell, Row, scrollable, table
from ..widgets.uploader import uploader
from . import rechecks, words
from .progress import Progress
from .rechecks import MOST_FILES, Rechecks, Results

FILE_NAME = "torch-workbench-results.json"

STATES = {
    "holds": ("✓", N_("holds")),
    "fails": ("✗", N_("doesn't hold")),
    "unable": ("?", N_("can't be checked here")),
    "open": ("–", N_("not solved yet")),
    "waiting": ("…", N_("not checked yet")),
}
REASONS = {
    "lesson": N_("This workbench doesn't have the lesson."),
    "attempt": N_("The file doesn't say how: a model from a file, or too many points of one's own."),
    "pictures": N_("It needs all 60,000 pictures."),
    "long": N_("It would take too long here."),
    "refused": N_("This workbench can't do it again."),
}


def draw() -> DeltaGenerator:
    """Draw it; returns the place for the progress of the check."""
    left, right = st.columns(2, gap="large")
    with left:
        _take()
    with right:
        place = _upload()
    _report(state.of(Rechecks))
    return place


def work(place: DeltaGenerator) -> None:
    """Check what was uploaded. Call it when all of the page is drawn."""
    rechecks.work(state.of(Rechecks), place)


def _take() -> None:
    progress = state.of(Progress)
    st.header(_("Your results"), anchor=False)
    st.caption(
        _(
            "Your progress is kept in this browser, without an account. As a file you can show it to somebody: it has "
            "no name in it, and any workbench can check it by doing your runs again."
        )
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download my results"),
            progress.written() or b"{}",
            file_name=FILE_NAME,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            disabled=not progress.lessons,
        )
        with st.popover(_("Start over"), type="tertiary", disabled=not progress.lessons, key="results.again"):
            st.markdown(_("This forgets which lessons you solved, in this browser, for good."))
            st.button(_("Forget my progress"), key="results.clear", on_click=progress.clear)


def _upload() -> DeltaGenerator:
    st.header(_("Check results"), anchor=False)
    checks = state.of(Rechecks)
    files = uploader(
        _("Result files"),
        megabytes=1,
        type=["json"],
        key="results.upload",
        accept_multiple_files=True,
        help=_("Files from “Download my results”, {size} kB at most each, and up to {most} at once.").format(
            size=MAX_BYTES // 1000, most=MOST_FILES
        ),
    )
    checks.follow(files)
    if len(files) > MOST_FILES:
        st.warning(_("Only the first {most} files are checked.").format(most=MOST_FILES))
    place = st.empty()
    if checks.stopped and checks.waiting:
        place.button(_("Check the rest"), key="results.rest", icon=":material/play_arrow:", on_click=checks.go_on)
    return place


def _report(checks: Rechecks) -> None:
    files = checks.files
    for one in files:
        if one.error:
            st.error(f"{as_it_is(one.name)}: {explain(one.error)}", icon=":material/block:")
    readable = [one for one in files if not one.error]
    if not readable:
        return
    chosen = 0
    if len(readable) > 1:
        st.html(scrollable(_overview(readable), css="wb-results", label=_("The files and what holds")))
        names = [one.name for one in readable]
        chosen = st.selectbox(_("One of them"), range(len(names)), format_func=names.__getitem__, key="results.one")
    else:
        st.markdown(_("**Checked again:** {name}").format(name=as_it_is(readable[0].name)))
    st.html(scrollable(_lessons(readable[chosen or 0]), css="wb-results", label=_("The lessons and what holds")))


def _overview(files: list[Results]) -> str:
    states = ("holds", "fails", "unable", *(["waiting"] if any(one.count("waiting") for one in files) else []))
    heads = [_("File"), *(_said(name) for name in states), _("Tries"), _("Right predictions")]
    return table(heads, [_file(one, states) for one in files], css="wb-table")


def _file(results: Results, states: tuple[str, ...]) -> Row:
    name = Cell(results.name, header=True)
    counts = [str(results.count(one) or "–") for one in states]
    tries = sum(row.done.tries for row in results.rows if row.done.passed)
    right = sum(_was_right(row.lesson, row.done) for row in results.rows)
    return Row([name, *counts, str(tries), str(right)])


def _lessons(results: Results) -> str:
    heads = [_("Lesson"), _("Result"), _("Tries"), _("Prediction")]
    rows = []
    for row in results.rows:
        lesson, reason = row.lesson, row.recheck.reason
        result = ": ".join([_said(row.recheck.state), *([_(REASONS[reason])] if reason else [])])
        title = words.title(lesson) if lesson else row.text
        cells = [Cell(title, header=True), result, str(row.done.tries), _predicted(lesson, row.done)]
        rows.append(Row(cells, css=f"wb-{row.recheck.state}"))
    return table(heads, rows, css="wb-table")


def _said(name: str) -> str:
    sign, text = STATES[name]
    return "\u00a0".join([sign, _(text)])


def _predicted(lesson: wb.Lesson | None, done: Done) -> str:
    """What is known of a prediction: whether a choice was right, and the score of a curve as the file has it."""
    if lesson is None or done.predicted is None:
        return "–"
    if isinstance(lesson.question, ChoiceQuestion):
        return _("right") if _was_right(lesson, done) else _("wrong")
    if done.score is None:
        return "–"
    return _("{near} of {all} places").format(near=round(done.score * STOPS), all=STOPS)


def _was_right(lesson: wb.Lesson | None, done: Done) -> bool:
    question = lesson and lesson.question
    return isinstance(question, ChoiceQuestion) and done.predicted == question.answer
