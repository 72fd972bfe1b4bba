"""Small pieces of HTML, and texts of others as Markdown."""

import base64
import re
from html import escape


def coded(text: str) -> str:
    """A text as HTML, with `<code>` for text in backticks."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(text))


def image(svg: str, attributes: str) -> str:
    """A drawing as an image with these attributes, because `st.html` removes inline svg."""
    packed = base64.b64encode(svg.encode("ascii")).decode("ascii")
    return f'<img {attributes} src="data:image/svg+xml;base64,{packed}">'


def hint(name: str, text: str, number: int) -> str:
    """A name with a tooltip on hover, tap and keyboard focus. `number` must be unique on the page."""
    there = f"wb-hint-{number}"
    return (
        f'<button type="button" class="wb-hint" aria-describedby="{there}">{escape(name)}</button>'
        f'<span class="wb-hint-text" id="{there}" role="tooltip">{coded(text)}</span>'
    )


def as_it_is(text: str) -> str:
    """Somebody's text as Markdown that shows it as it is, in one paragraph.

    Backslashes keep marks from being read as such. Streamlit still makes icons, arrows and links of some texts, which
    an invisible sign (a word joiner) prevents.
    """
    escaped = re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:&=@^\"'])", r"\\\1", " ".join(text.split()))
    return re.sub(r"(\\[:@<>\-]|/|www)", "\\1\u2060", escaped, flags=re.IGNORECASE)
