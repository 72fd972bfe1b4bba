"""The layers panel: an image on its way through the model, with shapes and feature maps."""

import functools
from html import escape

import streamlit as st
import torch

import wb_core as wb

from ....i18n import N_, _
from ....session import state
from ....widgets import clickable
from ....widgets.table import Cell, Markup, table
from .. import controls, download, pixels
from ..lab import ImageLab, run_here
from ..view import ImageView, some

LAYER = "images.layer"
KINDS = {
    "Flatten": N_("Puts all numbers of a picture in one row so a linear layer can take them."),
    "Linear": N_("Each output is a weighted sum of all the inputs, plus a bias."),
    "ReLU": N_(
        "Negative numbers become 0, the others stay. With this bend a model can learn more than straight lines."
    ),
    "Conv2d": N_("Windows of 3 × 3 pixels slide over the picture, one per channel, each looking for its own pattern."),
    "MaxPool2d": N_("Keeps only the largest of each 2 × 2 pixels: the picture gets half as wide and half as high."),
}


def draw(lab: ImageLab) -> None:
    view, result, planned = state.of(ImageView), lab.result, controls.config()
    trained = result is not None and _model_of(result.config) == _model_of(planned)
    try:
        run = result.run if result is not None and trained else run_here(planned)
    except wb.DataError as error:
        download.no_pictures(error)
        return
    config = run.config
    places = some(8, len(run.data.test), seed=view.gallery)
    chosen = view.place_in("layers", len(run.data.test))
    place = places[0] if chosen is None else chosen
    layers = wb.layers_of(run.model, run.data.test.floats(slice(place, place + 1)))
    total = sum(layer.parameters for layer in layers)
    st.markdown(
        _(
            "A batch goes in with the shape **{shape}** (pictures, colors, height, width). Its shape changes from "
            "layer to layer, and each layer has to be made for the shape that comes in. Parameters to learn in "
            "total: **{count}**."
        ).format(shape=_shape(config, (1, 1, 28, 28)), count=f"{total:,}")
        + ("" if trained else " " + _("The model for these settings isn't trained yet, but the shapes are the same."))
    )
    label = escape(_("Layer by layer"))
    st.html(f'<div class="wb-scroll" role="region" tabindex="0" aria-label="{label}">{_table(config, layers)}</div>')
    _explain_flatten(config, layers)
    if config.model == "tiny_vgg":
        _draw_feature_maps(view, run, layers, places, place)


def _model_of(config: wb.ImageConfig) -> tuple[str, int]:
    return config.model, config.hidden_units


def _shape(config: wb.ImageConfig, shape: tuple[int, ...]) -> str:
    return str((config.batch_size, *shape[1:]))


def _table(config: wb.ImageConfig, layers: tuple[wb.Layer, ...]) -> str:
    heads = (_("Layer"), _("Output shape"), _("Parameters to learn"), _("What it does"), _("In PyTorch"))
    rows = [
        (
            Cell(layer.name, header=True),
            Markup(f"<b>{escape(_shape(config, layer.made))}</b>"),
            f"{layer.parameters:,}" if layer.parameters else "–",
            _(KINDS[layer.kind]),
            Markup(f"<code>{escape(layer.code)}</code>"),
        )
        for layer in layers
    ]
    return table(heads, rows, css="wb-table wb-layers")


def _explain_flatten(config: wb.ImageConfig, layers: tuple[wb.Layer, ...]) -> None:
    """Explain the number of inputs of the linear layer after Flatten, the hardest part of the notes."""
    flatten = next(layer for layer in layers if layer.kind == "Flatten")
    product = " × ".join(str(size) for size in flatten.taken[1:])
    st.markdown(
        _(
            "**The number everyone gets wrong:** `nn.Flatten` turns each picture into {product} = **{count}** numbers."
        ).format(product=product, count=f"{flatten.made[1]:,}")
        + " "
        + _("So the next linear layer needs `in_features={count}`.").format(count=flatten.made[1])
    )
    forgotten = config.hidden_units
    if words := wb.shape_error(flatten.output, forgotten):
        message = words.replace("(1x", f"({config.batch_size}x")
        st.caption(_("With `in_features={forgotten}` you get this error:").format(forgotten=forgotten))
        st.code(f"RuntimeError: {message}", language=None, wrap_lines=True)


def _draw_feature_maps(
    view: ImageView, run: wb.ImageRun, layers: tuple[wb.Layer, ...], places: list[int], place: int
) -> None:
    """Draw the feature maps of a layer for one image."""
    st.subheader(_("Feature maps"), anchor=False)
    st.caption(
        _(
            "What each channel has found in the picture: the brighter, the more of its pattern. White is the "
            "layer's largest number, black its smallest."
        )
    )
    pictures = "".join(
        f'<button type="button" class="wb-picture" data-click="{n}" aria-pressed="{str(n == place).lower()}">'
        f'<img src="{pixels.png(run.data.test.pixels[n])}" alt="{escape(run.data.classes[int(run.data.y_test[n])])}">'
        "</button>"
        for n in dict.fromkeys([place, *places])
    )
    clickable.draw(
        f'<div class="wb-pictures wb-cell" data-columns="9">{pictures}</div>',
        "images.mapped",
        functools.partial(view.choose, most=len(run.data.test), where="layers"),
    )
    shown = {layer.name: layer for layer in layers if layer.output.dim() == 4}
    state.prime(LAYER, "block_1.1")
    name = st.selectbox(
        _("Layer"),
        list(shown),
        format_func=lambda name: f"{name} · {shown[name].kind} · {shown[name].made[1:]}",
        key=LAYER,
        persist_state="session",
    )
    st.html(pixels.maps(shown[name].output[0].to(torch.float32)))
