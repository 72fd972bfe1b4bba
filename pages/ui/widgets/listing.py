"""Python code with marked lines, which `st.code` cannot do, in colours that are legible in both themes."""

import html
import keyword
import re
from collections.abc import Collection

import streamlit as st

KINDS = re.compile(
    r"(?P<odd>[“”‘’])"  # curly quotes, a syntax error in Python
    r"|(?P<comment>#.*)"
    r"|(?P<text>f?\"[^\"]*\")"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
)


def draw(code: str, *, name: str, marked: Collection[int] = ()) -> None:
    """Draw code with line numbers. `marked` lines count from 0; `name` is for screen readers."""
    lines = (_line(line, index in marked) for index, line in enumerate(code.splitlines()))
    # A tab stop, so that the keyboard can scroll it sideways.
    st.html(
        f'<pre class="wb-listing" tabindex="0" role="region" aria-label="{html.escape(name)}">'
        f"<code>{''.join(lines)}</code></pre>"
    )


def _line(line: str, marked: bool) -> str:
    tag = "mark" if marked else "span"
    return f'<{tag} class="wb-line">{coloured(line)}\n</{tag}>'


def coloured(line: str) -> str:
    """A line as HTML, with comments, strings and keywords highlighted."""
    parts, end = [], 0
    for found in KINDS.finditer(line):
        parts.append(html.escape(line[end : found.start()]))
        parts.append(f'<span class="wb-{found.lastgroup}">{html.escape(found.group())}</span>')
        end = found.end()
    return "".join(parts) + html.escape(line[end:])
