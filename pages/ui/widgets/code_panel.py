"""The PyTorch code of a run: to read, to copy, and to take home."""

from typing import Protocol

import streamlit as st

from ..i18n import Translator, _, language, translator

MARK = (
    "background: light-dark(rgb(74 76 194 / 0.1), rgb(163 166 255 / 0.16)); "
    "box-shadow: inset 3px 0 light-dark(#4a4cc2, #a3a6ff);"
)


class Code(Protocol):
    """What a page must know of its run's code."""

    def script(self, say: Translator) -> str: ...
    def notebook(self, say: Translator) -> str: ...
    def marked(self, say: Translator) -> tuple[int, ...]: ...


def draw(code: Code, sentence: str, file: str) -> None:
    """Draw the code with a sentence on what it is; `file` is the name of the downloads, without its ending."""
    say = translator(language())
    marked = code.marked(say)
    st.markdown(sentence)
    with st.container(horizontal=True):
        st.download_button(
            _("Download script (.py)"),
            lambda: code.script(say),
            file_name=f"{file}.py",
            mime="text/x-python",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            _("Download notebook (.ipynb)"),
            lambda: code.notebook(say),
            file_name=f"{file}.ipynb",
            mime="application/x-ipynb+json",
            icon=":material/download:",
            on_click="ignore",
        )
    if marked:
        st.caption(_("A bar marks lines changed from the defaults."))
    st.code(code.script(say), line_numbers=True, wrap_lines=True)
    _mark(marked)


def _mark(lines: tuple[int, ...]) -> None:
    """Mark lines of the code, for which Streamlit has no words; each is an element, since the lines are numbered."""
    marked = ", ".join(f".st-key-panel-code code > span:nth-child({line})" for line in lines)
    st.html(f"<style>{marked or '.none'} {{ {MARK} }}</style>")


def what_it_is(*, trained: bool, stale: bool) -> str:
    """A sentence on whose code it is."""
    if not trained:
        return _("The PyTorch code of the run you can start above.")
    if stale:
        return _("The PyTorch code of the run shown above, without the settings you've changed since.")
    return _("The PyTorch code of the run shown above. Run it at home and you get the same numbers.")
