"""The tensor lab: make tensors, compute with them, break them, and read the line of PyTorch behind each click."""

import functools

import streamlit as st

from pages.ui import layout
from pages.ui.i18n import _
from pages.ui.session import share, state
from pages.ui.tensors import cards, controls, workplace
from pages.ui.tensors.lab import TensorLab
from pages.ui.tensors.view import TensorView

layout.style("tensors/tensors.css")
lab = state.of(TensorLab)
share.read("tensors", TensorView)
link = layout.heading(
    _("Tensors"),
    _("What is a tensor, and what can you do with one? Make some, change them, and read the line of code."),
)
notices = st.container()
shelf = st.container()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="sections"):
    sections = st.container(width="content")
    buttons = st.container(horizontal=True, width="content", key="shelf-buttons", gap="small")
with st.container(key="tensorlab"):
    left, main = st.columns([0.3, 0.7], gap="medium")

controls.follow(lab)
call, error = controls.chosen(lab)
view = controls.shared(lab)
# The result comes first, since its message is the one that people wait for; the controls stand before it all the same.
with main:
    if call is not None and not controls.stranded(lab):
        workplace.draw(lab, call, functools.partial(controls.write, lab))
with left, st.container(key="lab-controls"):
    controls.draw(lab, error)
with sections:
    controls.sections(lab)
with buttons:
    cards.buttons(lab)
with shelf:
    cards.draw(lab)
with link:
    share.write("tensors", view)
with notices:
    share.notice("tensors", view)
