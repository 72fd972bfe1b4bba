"""What can be done with a lesson that is made: try it, download it, give it as a link."""

import streamlit as st

import wb_core as wb
from wb_core.lessons import lesson_to_link, write_lesson

from ..i18n import _
from ..sentences import explain
from ..session import address
from . import opening

FILE_NAME = "torch-workbench-lesson.json"


def draw(lesson: wb.Lesson, key: str) -> None:
    """Draw what can be done with a lesson: try it, download it, give it as a link."""
    text = lesson_to_link(lesson)
    if not text:
        st.warning(explain(wb.LessonError("lesson.too_long", "too long")), icon=":material/link_off:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Try it"), key=f"{key}.try", type="primary", icon=":material/play_arrow:"):
            opening.go(lesson, text)
        st.download_button(
            _("Download the lesson"),
            write_lesson(lesson),
            file_name=FILE_NAME,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key=f"{key}.download",
        )
    st.caption(_("Or give this link:"))
    here = address.public(st.context.url or "")
    st.code(f"{here}{lesson.page}?lesson={text}", language=None, wrap_lines=False)
