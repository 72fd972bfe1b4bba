"""A pasted `tensor([...], dtype=torch.int64)`: its list, type and gradient tracking go into the widgets."""

import streamlit as st

import wb_core as wb
from wb_core.tensorlab import OPERATIONS
from wb_core.tensorlab.literal import read_printed
from wb_core.tensorlab.printed import Printed

from ..i18n import _
from ..session import state
from . import param_widgets

TENSOR = OPERATIONS["tensor"]
TYPES = TENSOR.params["dtype"].options
VALUES = param_widgets.key_of(TENSOR, "values")
PASTED = "tensors.pasted"  # the list that was pasted last, and the arguments behind it
MAX_SHOWN = 40  # characters of an argument


def settle() -> None:
    """Put the parts of a pasted tensor into the widgets, before they are drawn."""
    text = state.get(VALUES)
    printed = read_printed(text) if isinstance(text, str) else None
    if printed is None:
        return
    values = TENSOR.params["values"]
    try:
        numbers = values.code(values.check("values", text))
    except wb.ConfigError:
        return  # the text stays, beside the sentence on what is wrong with it
    state.put(VALUES, numbers)
    state.put(param_widgets.key_of(TENSOR, "dtype"), printed.dtype if printed.dtype in TYPES else "none")
    state.put(param_widgets.key_of(TENSOR, "requires_grad"), printed.requires_grad)
    state.put(PASTED, (numbers, printed))


def say() -> None:
    """Say which arguments of the list that stands in the widget were set, and which could not be."""
    numbers, printed = state.get(PASTED, ("", None))
    if printed is None or numbers != state.get(VALUES) or not printed.arguments:
        return
    used = {"requires_grad", *(["dtype"] if printed.dtype in TYPES else [])}
    rest = set(printed.arguments) - {"requires_grad", "dtype"}
    sentences = (
        (_("Set from the pasted text: {arguments}."), used),
        (_("This page doesn't have {arguments}, so PyTorch chooses the type."), {"dtype"} - used),
        (_("Left out: {arguments}. A tensor here is new, and in the CPU's memory."), rest),
    )
    parts = ((sentence, _written(printed, names)) for sentence, names in sentences)
    st.caption(" ".join(sentence.format(arguments=written) for sentence, written in parts if written))


def _written(printed: Printed, names: set[str]) -> str:
    written = [f"{name}={value}" for name, value in printed.arguments.items() if name in names]
    return ", ".join(f"`{argument[:MAX_SHOWN].replace('`', '')}`" for argument in written)
