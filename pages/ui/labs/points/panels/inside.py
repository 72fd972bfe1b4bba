"""Panels on the displayed run's epochs, network and device."""

import itertools
from html import escape

import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ....i18n import N_, _
from ....widgets.table import Cell, Markup, scrollable, table
from ... import device_panel, log_panel
from ...of_epoch import heading
from .. import of_epoch
from ..lab import PointsLab

DOES = {
    "linear": N_("Each output is a weighted sum of all the inputs, plus a bias."),
    "relu": N_("Negative numbers become 0, the others stay."),
    "tanh": N_("Bends every number smoothly to one between −1 and 1."),
    "sigmoid": N_("Bends every number smoothly to one between 0 and 1."),
    "dropout": N_("Switches units off at random while the network learns."),
}


def log(lab: PointsLab) -> None:
    """Draw every k-th epoch as a line."""
    note = _("The train loss and accuracy are from before its epoch's step; those of the test are from after it.")
    if lab.run.config.batch_size:
        note = _(
            "The train loss and accuracy are those of the epoch's batches, each before its step; those of the test are "
            "from after the last one."
        )
    log_panel.draw(lab.run.history.frame(), [note], "points.every")


def device(lab: PointsLab) -> None:
    """Draw the device of the run, and the other devices of this machine."""
    note = _("A network this small is fastest on the CPU: moving it to a GPU costs more than it saves.")
    device_panel.draw(lab.run, note)


def model(lab: PointsLab) -> None:
    """Draw the layers of the network as a table, and as PyTorch prints it and its parameters."""
    of_epoch.draw(lab, _model)


def _model(run: wb.Run, epoch: int | None) -> None:
    heading(epoch)
    st.html(scrollable(_layers(run), css="wb-scroll", label=_("Layer by layer")))
    count = sum(parameter.numel() for parameter in run.model.parameters())
    st.markdown(_("Parameters to learn: **{count}**").format(count=f"{count:,}"))
    left, right = st.columns(2)
    with left:
        st.caption(_("The model (`print(model)`)"))
        st.code(repr(run.model), language=None)
    with right:
        st.caption(_("Its learned parameters (`model.state_dict()`)"))
        entries = "\n".join(f"{name}: {tensor}" for name, tensor in run.model.state_dict().items())
        st.code(entries, language=None, height=300)


def _layers(run: wb.Run) -> str:
    """The layers from the inputs to the output, with the shape of each for all training points at once."""
    heads = (_("Layer"), _("Output shape"), _("Parameters to learn"), _("What it does"), _("In PyTorch"))
    config, points, rows = run.config, run.config.train_points, []
    inputs = ", ".join(specs(config)["features"].options[name] for name in config.features)

    def row(name: str, units: int, count: int, kind: str, code: str) -> None:
        does = _(DOES[kind]) if kind in DOES else inputs
        shape = Markup(f"<b>({points:,}, {units})</b>")
        rows.append((Cell(name, header=True), shape, f"{count:,}" if count else "–", does, Markup(_code(code))))

    row(_("Inputs"), len(config.features), 0, "inputs", "")
    sizes = [*itertools.pairwise(config.sizes)]
    for number, (before, after) in enumerate(sizes, start=1):
        last = number == len(sizes)
        name = _("Output") if last else _("Hidden layer {number}").format(number=number)
        row(name, after, (before + 1) * after, "linear", f"nn.Linear({before}, {after})")
        if not last and config.activation != "none":
            label, torch_name = specs(config)["activation"].options[config.activation]
            row(_(label), after, 0, config.activation, f"{torch_name}()")
        if not last and config.dropout:
            row(_("Dropout"), after, 0, "dropout", f"nn.Dropout({config.dropout:g})")
    return table(heads, rows, css="wb-table wb-layers")


def _code(code: str) -> str:
    return f"<code>{escape(code)}</code>" if code else ""
