"""Words in the visitor's language: gettext catalogues (`locale/<language>/LC_MESSAGES/messages.po`), read by Babel.

The English text is the id of each message. `make words` collects new ones; a test fails on a missing or stale one.
"""

import functools
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po

from wb_core.base.fields import N_ as N_

from .session import state

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "ko": "한국어"}
KEY = "language"

Translator = Callable[[str], str]

# Tells screen readers how to pronounce the page. Streamlit has no option for it.
_JS = "export default ({ data }) => { document.documentElement.lang = data.language; };"
_page_language = st.components.v2.component("workbench_language", html="<span></span>", js=_JS, isolate_styles=False)


@functools.cache
def translator(language: str) -> Translator:
    """The function that says an English message in this language; one and the same object per language."""
    path = LOCALE / language / "LC_MESSAGES" / "messages.po"
    words = {}
    if path.exists():  # English needs no catalogue
        with path.open("rb") as file:
            words = {m.id: m.string for m in read_po(file, locale=language) if m.id and m.string and not m.fuzzy}
    return lambda text: words.get(text, text)


def language() -> str:
    """The visitor's language: the chosen one, else the browser's, else English."""
    chosen: str = state.get(KEY)
    return chosen if chosen in LANGUAGES else _of_browser()


def _of_browser() -> str:
    wanted = (st.context.locale or "en").split("-")[0].lower()
    return wanted if wanted in LANGUAGES else "en"


def chosen() -> str:
    """The language that the visitor has chosen; "" if it is the browser's anyway."""
    return "" if language() == _of_browser() else language()


def choose(wanted: str) -> None:
    """Choose a language, before the choice is drawn; does nothing if there is no such language."""
    if wanted in LANGUAGES and wanted != language():
        state.put(KEY, wanted)
        state.refresh_labels()


def _(text: str) -> str:
    """The message in the visitor's language."""
    return translator(language())(text)


def choose_language() -> None:
    """Draw the choice of language, and tell the browser which one the page has."""
    with st.container(key="page-language"):
        _page_language(key="page-language.tag", height="content", data={"language": language()})
    state.prime(KEY, language())
    st.selectbox(
        "Language · 언어",
        list(LANGUAGES),
        format_func=LANGUAGES.get,
        key=KEY,
        persist_state="session",
        on_change=state.refresh_labels,
    )
