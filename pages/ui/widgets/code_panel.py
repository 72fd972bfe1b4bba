"""The PyTorch code of a run, to read, copy and download."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

import wb_core as wb

from ..i18n import Translator, _, language, translator

MARK = (
    "background: light-dark(rgb(74 76 194 / 0.1), rgb(163 166 255 / 0.16)); "
    "box-shadow: inset 3px 0 light-dark(#4a4cc2, #a3a6ff);"
)


@dataclass(frozen=True)
class Recipe:
    """What a training script is made from: a config, and `start` as in `wb.to_script`."""

    config: Any
    start: Any = None

    def script(self, say: Translator) -> str:
        return wb.to_script(self.config, say, start=self.start)

    def notebook(self, say: Translator) -> str:
        return wb.to_notebook(self.config, say, start=self.start)

    def marked(self, say: Translator) -> tuple[int, ...]:
        """The lines of the script that differ from the default settings, counted from 1."""
        return wb.changed_lines(self.config, say, start=self.start)


def draw(recipe: Recipe, sentence: str, file: str, points: Callable[[], str] | None = None) -> None:
    """Draw the code of a recipe below a sentence about it. `file` is the name of the downloads, without suffix.

    `points` makes the file `points.csv` if the code reads one.
    """
    say = translator(language())
    marked = recipe.marked(say)
    st.markdown(sentence)
    with st.container(horizontal=True):
        st.download_button(
            _("Download script (.py)"),
            lambda: recipe.script(say),
            file_name=f"{file}.py",
            mime="text/x-python",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            _("Download notebook (.ipynb)"),
            lambda: recipe.notebook(say),
            file_name=f"{file}.ipynb",
            mime="application/x-ipynb+json",
            icon=":material/download:",
            on_click="ignore",
        )
        if points is not None:
            st.download_button(
                _("Download your points (points.csv)"),
                points,
                file_name="points.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
    if points is not None:
        st.caption(_("The code reads your points from points.csv: put both files into the same folder."))
    if marked:
        st.caption(_("A bar marks lines changed from the defaults."))
    st.code(recipe.script(say), line_numbers=True, wrap_lines=True)
    _mark(marked)


def _mark(lines: tuple[int, ...]) -> None:
    """Mark lines of the code by CSS, which works because with line numbers each line is an element."""
    marked = ", ".join(f".st-key-panel-code code > span:nth-child({line})" for line in lines)
    st.html(f"<style>{marked or '.none'} {{ {MARK} }}</style>")


def what_it_is(*, trained: bool, stale: bool) -> str:
    """A sentence about the run that the code reproduces."""
    if not trained:
        return _("The PyTorch code of the run you can start above.")
    if stale:
        return _("The PyTorch code of the run shown above, without the settings you've changed since.")
    return _("The PyTorch code of the run shown above. Run it at home and you get the same numbers.")
