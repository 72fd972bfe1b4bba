"""The model as PyTorch prints it, its parameters, and how many there are."""

import streamlit as st

from ....i18n import _
from ..lab import LinearLab


def draw(lab: LinearLab) -> None:
    run = lab.run
    count = sum(parameter.numel() for parameter in run.model.parameters())
    left, right = st.columns(2)
    with left:
        st.caption(_("The model (`print(model)`)"))
        st.code(repr(run.model), language=None)
    with right:
        st.caption(_("Its learned parameters (`model.state_dict()`)"))
        entries = "\n".join(f"{name}: {tensor}" for name, tensor in run.model.state_dict().items())
        st.code(entries, language=None)
    st.markdown(_("Parameters to learn: **{count}**").format(count=count))
