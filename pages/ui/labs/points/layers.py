"""The control of the hidden layers: how many there are, and the units of each."""

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs
from wb_core.kinds.points.layers import MAX_LAYERS, MAX_UNITS

from ...i18n import _
from ...session import state
from ...widgets import fields, focus

COUNT = "points.layers"
NEW = 8
"""The units of the first hidden layer; others begin with those of the layer before."""


def draw() -> None:
    """Draw the number of layers and, below it, the units of each."""
    if not focus.shows("hidden"):
        return
    hidden, spec = fields.current(wb.PointsConfig, "hidden"), specs(wb.PointsConfig)["hidden"]
    with st.container(key="hidden-layers", gap="xsmall"):
        state.put(COUNT, len(hidden))
        st.segmented_control(
            _(spec.label),
            range(MAX_LAYERS + 1),
            key=COUNT,
            required=True,
            help=_(spec.help) + "  \n" + _("In PyTorch") + f": `{spec.torch}`",
            on_change=_counted,
        )
        if hidden:
            with st.container(horizontal=True, gap="xsmall", key="hidden-units"):
                for layer, units in enumerate(hidden, start=1):
                    key = f"points.units.{layer}"
                    state.put(key, units)
                    label = _("Layer {layer}").format(layer=layer)
                    st.number_input(label, 1, MAX_UNITS, key=key, on_change=_resized, args=(layer,))


def _counted() -> None:
    count, hidden = state.get(COUNT), fields.current(wb.PointsConfig, "hidden")
    if type(count) is int:
        added = (hidden[-1:] or (NEW,)) * MAX_LAYERS
        fields.put(wb.PointsConfig, {"hidden": (*hidden, *added)[:count]})


def _resized(layer: int) -> None:
    units, hidden = state.get(f"points.units.{layer}"), [*fields.current(wb.PointsConfig, "hidden")]
    if type(units) is int and layer <= len(hidden):  # not an emptied box, nor one of a layer that is gone
        hidden[layer - 1] = units
        fields.put(wb.PointsConfig, {"hidden": tuple(hidden)})
