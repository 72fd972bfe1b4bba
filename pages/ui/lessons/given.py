"""A lesson that somebody gave the visitor as a file: opened from the page /lessons."""

import streamlit as st

import wb_core as wb
from wb_core.lessons import lesson_to_link, read_lesson
from wb_core.lessons.file import MAX_BYTES

from ..i18n import _
from ..sentences import explain
from ..widgets.markup import as_it_is
from ..widgets.uploader import uploader
from . import opening


def draw() -> None:
    """Draw the upload, and the lesson in it with a button that begins it."""
    file = uploader(
        _("A lesson as a file"),
        megabytes=1,
        type=["json"],
        key="lessons.upload",
        help=_("A file from “Download the lesson”, {size} kB at most.").format(size=MAX_BYTES // 1000),
    )
    if file is None:
        return
    try:
        lesson = read_lesson(file.getvalue())
        text = lesson_to_link(lesson)
        if not text:
            raise wb.LessonError("lesson.too_long", "its texts are too long")
    except wb.LessonError as error:
        st.error(explain(error), icon=":material/block:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(as_it_is(lesson.title))
        if st.button(_("Begin this lesson"), key="lessons.given", type="primary", icon=":material/play_arrow:"):
            opening.go(lesson, text)
    st.caption(_("Somebody else wrote this lesson."))
