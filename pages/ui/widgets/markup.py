"""Small pieces of HTML that this page needs more than once."""

import re
from html import escape


def coded(text: str) -> str:
    """A text as HTML, with what stands between backticks as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(text))


def hint(name: str, text: str, number: int) -> str:
    """A name that says more when somebody points at it, taps it or reaches it by keyboard; `number` is its own."""
    there = f"wb-hint-{number}"
    return (
        f'<button type="button" class="wb-hint" aria-describedby="{there}">{escape(name)}</button>'
        f'<span class="wb-hint-text" id="{there}" role="tooltip">{coded(text)}</span>'
    )
