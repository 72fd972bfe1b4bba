"""The metadata of every tensor of a run: the data, the parameters and their gradients."""

import pandas as pd
import streamlit as st
import torch

import wb_core as wb

from ....i18n import _
from ..lab import LinearLab

SHOWN = ("shape", "ndim", "dtype", "device", "requires_grad", "numel", "nbytes")


def draw(lab: LinearLab) -> None:
    run = lab.run
    data = run.data
    tensors: dict[str, torch.Tensor | None] = {
        "X_train": data.X_train,
        "y_train": data.y_train,
        "X_test": data.X_test,
        "y_test": data.y_test,
    }
    for name, parameter in run.model.named_parameters():
        tensors[name] = parameter
        tensors[f"{name}.grad"] = parameter.grad
    st.dataframe(
        pd.DataFrame([_row(name, tensor) for name, tensor in tensors.items()]),
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
            "numel": st.column_config.TextColumn(help=_("How many values it holds.")),
            "nbytes": st.column_config.TextColumn(_("bytes"), help=_("How much memory its values take up.")),
        },
    )
    st.caption(_("A gradient is None until the first backward pass fills it."))


def _row(name: str, tensor: torch.Tensor | None) -> dict[str, str]:
    if tensor is None:
        return {"name": name, "shape": "None"}
    info = wb.describe(tensor)
    return {"name": name, **{field: str(getattr(info, field)) for field in SHOWN}}
