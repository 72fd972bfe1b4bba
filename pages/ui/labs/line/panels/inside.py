"""Panels on the displayed run's model, tensors and device."""

import pandas as pd
import streamlit as st
import torch

import wb_core as wb

from ....i18n import _
from ... import device_panel
from ...of_epoch import heading
from .. import of_epoch, scale
from ..lab import LinearLab

SHOWN = ("shape", "ndim", "dtype", "device", "requires_grad", "numel", "nbytes")


def model(lab: LinearLab) -> None:
    """Draw the model as PyTorch prints it, its parameters, and their number."""
    of_epoch.draw(lab, _model)


def _model(run: wb.Run, epoch: int | None) -> None:
    heading(epoch)
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
    if run.config.standardise:
        st.markdown(_("Its line in scaled units: {line}").format(line=(lines := scale.lines_of(run))[0]))
        st.markdown(_("The same line in your units: {line}").format(line=lines[1]))


def tensors(lab: LinearLab) -> None:
    """Draw a table of all tensors: data, parameters and gradients."""
    of_epoch.draw(lab, _tensors)


def _tensors(run: wb.Run, epoch: int | None) -> None:
    heading(epoch)
    data = run.data
    known: dict[str, torch.Tensor | None] = {
        "X_train": data.X_train,
        "y_train": data.y_train,
        "X_test": data.X_test,
        "y_test": data.y_test,
    }
    for name, parameter in run.model.named_parameters():
        known[name] = parameter
        known[f"{name}.grad"] = parameter.grad
    st.dataframe(
        pd.DataFrame([_row(name, tensor) for name, tensor in known.items()]),
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn(_("Tensor"), pinned=True),
            "shape": st.column_config.TextColumn(help=_("How many rows and columns the tensor has.")),
            "ndim": st.column_config.TextColumn(help=_("How many dimensions the shape has.")),
            "dtype": st.column_config.TextColumn(help=_("The type of its values: float32 has about 7 digits.")),
            "device": st.column_config.TextColumn(help=_("Where its values are stored.")),
            "requires_grad": st.column_config.TextColumn(
                help=_("Whether PyTorch tracks what you compute with it, to find its gradient.")
            ),
            "item": st.column_config.TextColumn(".item()", help=_("The value of a tensor with a single element.")),
            "numel": st.column_config.TextColumn(help=_("How many values it holds.")),
            "nbytes": st.column_config.TextColumn(_("bytes"), help=_("How much memory its values take up.")),
        },
    )
    st.caption(_("A gradient is None until the first backward pass fills it."))


def _row(name: str, tensor: torch.Tensor | None) -> dict[str, str]:
    if tensor is None:
        return {"name": name, "shape": "None", "item": ""}
    info = wb.describe(tensor)
    value = f"{tensor.item():.6g}" if tensor.numel() == 1 else ""
    shown = {field: str(getattr(info, field)) for field in SHOWN}
    return {"name": name, "shape": shown["shape"], "item": value, **shown}


def device(lab: LinearLab) -> None:
    """Draw the device of the run, and the other devices of this machine."""
    note = _("A model with two parameters is fastest on the CPU: moving it to a GPU costs more than it saves.")
    device_panel.draw(lab.run, note)
