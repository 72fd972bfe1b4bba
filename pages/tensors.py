"""The tensor lab: make tensors, compute with them, break them, and read the line of PyTorch behind each click."""

import streamlit as st

import wb_core as wb
from pages.ui import layout, share, state
from pages.ui.i18n import _
from pages.ui.tensors import cards, controls, facts, told, workplace
from pages.ui.tensors.lab import TensorLab
from pages.ui.tensors.view import TensorView

lab = state.of(TensorLab)
share.read("tensors", TensorView)
link = layout.heading(
    _("Tensors"), _("What is a tensor, and what can one do with it? Make some, change them, and read the line of code.")
)
notices = st.container()
controls.follow(lab)
call, error = controls.chosen(lab)
view = controls.shared(lab)
with link:
    share.write("tensors", view)
with notices:
    share.notice("tensors", view)
cards.draw(lab)
controls.sections()
with st.container(key="tensorlab"):
    left, main = st.columns([0.3, 0.7], gap="medium")
with left:
    controls.draw(lab)
    controls.keep(lab, call)
with main:
    told.event(lab)
    if call is None:
        told.refusal(lab, None, error)
        st.stop()
    st.code(lab.lines(call), language="python")
    try:
        outcome = lab.outcome(call)
    except wb.TensorError as refused:
        outcome = None
        told.refusal(lab, call, refused)
    tensors = {name: lab.shelf.tensors[name] for name in call.sources if name in lab.shelf.tensors}
    typed = workplace.draw(lab, call, outcome)
    if outcome is not None:
        told.note(outcome)
    if len(tensors) == len(call.sources):
        told.stretched(call, tensors)
    result = None if outcome is None or call.operation.id == "look" else outcome.result
    facts.draw(tensors, result, lab.kept.name if lab.kept else _("result"))
if typed is not None:
    lab.write(typed.panel, typed.cell, typed.text)
    st.rerun()
