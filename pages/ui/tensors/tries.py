"""What to try next with tensors, in one line, until the visitor has done it."""

import streamlit as st

from wb_core.base.fields import N_

from ..i18n import _
from ..widgets import focus
from .lab import TensorLab

TRIES = {
    "Edit": N_("Try it: click a number of **A** and type another one. The result follows."),
    "matmul": N_("Try it: multiply with **torch.matmul**. It fails here, and you see why and how to repair it."),
    "reshape": N_("Try it: put the same numbers into another shape, under **Reshape**."),
    "Step": N_("Try it: **save** the result. Then it's a tensor that you can compute with."),
}
"""A text for each thing to try, in their order."""


def draw(lab: TensorLab) -> None:
    """Draw the first try that was not done yet; not in a lesson."""
    if focus.narrow():
        return
    rest = _("Every click is a line of PyTorch. Read them under **All lines so far**.")
    with st.container(key="hint"):
        st.markdown(next((_(text) for name, text in TRIES.items() if name not in lab.tried), rest))
