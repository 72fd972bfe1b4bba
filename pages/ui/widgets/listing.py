"""Python code with some lines marked, which `st.code` cannot do; its colours can be read in both themes."""

import html
import keyword
import re
from collections.abc import Collection

import streamlit as st

KINDS = re.compile(
    r"(?P<odd>[“”‘’])"  # no quotes of Python's
    r"|(?P<comment>#.*)"
    r"|(?P<text>f?\"[^\"]*\")"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
)


def draw(code: str, *, name: str, marked: Collection[int] = ()) -> None:
    """Draw the lines of `code` with their numbers; `marked` counts from 0, `name` is for those who hear the page."""
    lines = (_line(line, index in marked) for index, line in enumerate(code.splitlines()))
    # It scrolls sideways, so the keyboard must be able to reach it.
    st.html(
        f'<pre class="wb-listing" tabindex="0" role="region" aria-label="{html.escape(name)}">'
        f"<code>{''.join(lines)}</code></pre>"
    )


def _line(line: str, marked: bool) -> str:
    tag = "mark" if marked else "span"
    return f'<{tag} class="wb-line">{coloured(line)}\n</{tag}>'


def coloured(line: str) -> str:
    """One line as HTML, with comments, texts and Python's own words told apart."""
    parts, end = [], 0
    for found in KINDS.finditer(line):
        parts.append(html.escape(line[end : found.start()]))
        parts.append(f'<span class="wb-{found.lastgroup}">{html.escape(found.group())}</span>')
        end = found.end()
    return "".join(parts) + html.escape(line[end:])
