"""What to try next in a lab, in one line, until the visitor has done it."""

from collections.abc import Callable, Sequence

import streamlit as st

from ..i18n import _
from ..widgets import focus
from .run_lab import RunLab
from .saved import Snapshot

Try = tuple[str, Callable[[Snapshot], bool]]
"""A text, and whether a snapshot of the lab shows that it was done."""


def draw(lab: RunLab, tries: Sequence[Try], rest: str, now: str = "") -> None:
    """Draw what there is to say `now`, else the first try that was not done yet, else the `rest`; not in a lesson."""
    if focus.narrow():
        return
    undo = lab.note()
    steps = [*undo.past, undo.now, *undo.future]
    left = (_(text) for text, done in tries if not any(map(done, steps)))
    st.markdown(now or next(left, rest))
