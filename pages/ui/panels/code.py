"""The PyTorch code of the run on show: to read, to copy, and to take home."""

import streamlit as st

from ..i18n import _, language, translator
from ..linear_code import recipe
from ..linear_lab import LinearLab

FILE = "01_pytorch_workflow"
MARK = (
    "background: light-dark(rgb(74 76 194 / 0.1), rgb(163 166 255 / 0.16)); "
    "box-shadow: inset 3px 0 light-dark(#4a4cc2, #a3a6ff);"
)


def draw(lab: LinearLab) -> None:
    say, code = translator(language()), recipe(lab)
    marked = code.marked(say)
    st.markdown(_what_it_is(lab))
    with st.container(horizontal=True):
        st.download_button(
            _("Download script (.py)"),
            lambda: code.script(say),
            file_name=f"{FILE}.py",
            mime="text/x-python",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            _("Download notebook (.ipynb)"),
            lambda: code.notebook(say),
            file_name=f"{FILE}.ipynb",
            mime="application/x-ipynb+json",
            icon=":material/download:",
            on_click="ignore",
        )
    if marked:
        st.caption(_("Lines with a bar at their left differ from the default settings."))
    st.code(code.script(say), line_numbers=True, wrap_lines=True)
    _mark(marked)


def _what_it_is(lab: LinearLab) -> str:
    if not lab.run.epoch:
        return _("This is the PyTorch code of the training that you can start above.")
    if lab.stale(lab.seen):
        return _("This is the PyTorch code of the training on show, without the settings that you have changed since.")
    return _("This is the PyTorch code of the training on show: run it at home, and it ends with the same numbers.")


def _mark(lines: tuple[int, ...]) -> None:
    """Mark lines of the code, for which Streamlit has no words; each is an element, since the lines are numbered."""
    marked = ", ".join(f".st-key-panel-code code > span:nth-child({line})" for line in lines)
    st.html(f"<style>{marked or '.none'} {{ {MARK} }}</style>")
