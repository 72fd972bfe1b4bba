"""The tensor lab: make tensors, compute with them, break them, and read the PyTorch code of each click."""

import functools

import streamlit as st

from pages.ui import lab_page, layout
from pages.ui.i18n import _
from pages.ui.session import state
from pages.ui.tensors import cards, computation, controls, tries
from pages.ui.tensors.lab import TensorLab
from pages.ui.tensors.view import TensorView
from wb_core.tensorlab import Shelf

layout.style("tensors/tensors.css")
lab = state.of(TensorLab)
page = lab_page.begin(
    "tensors",
    _("Tensors"),
    _("A tensor holds numbers in rows and columns, or in more dimensions. Make some, change them, and read the code."),
    TensorView,
)
lesson = page.lesson_here
shelf = st.container()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="sections"):
    sections = st.container(width="content")
    buttons = st.container(horizontal=True, width="content", key="shelf-buttons", gap="small")
left, main = page.columns("tensorlab", left=0.3)

controls.follow(lab)
call, error = controls.chosen(lab)
view = controls.shared(lab)
# Send the result first, because its message is the one users wait for. On the page, the controls still come before it.
scale = None
with main:
    tries.draw(lab)
    if call is not None and not controls.lacks_tensors(lab):
        scale = computation.draw(lab, call, functools.partial(controls.write, lab), current=error is None)
with left, st.container(key="lab-controls"):
    controls.draw(lab, error)
with sections:
    controls.sections(lab)
with buttons:
    cards.buttons(lab, lesson.beginning.shelf() if lesson else Shelf())
with shelf:
    cards.draw(lab, scale)
page.share(view, lacks=controls.lacks(lab, view))
page.lesson(lambda: [controls.shelf(lab)])
