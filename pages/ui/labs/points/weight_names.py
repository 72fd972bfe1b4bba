"""What the weights of a network are called, as the picture of the network has it."""

import wb_core as wb
from wb_core.kinds.points.layers import FEATURE_NAMES
from wb_core.kinds.typed_weights import place_of

from ...i18n import _
from .own import class_names


def text(config: wb.PointsConfig, name: str, value: float) -> str:
    """The number of the weight with this name in a schedule; with its PyTorch name if the network lacks it."""
    place = place_of(name)
    assert place is not None  # noqa: S101
    shown = f"{value:.10g}".replace("-", "−", 1)
    if not place.is_in(config.sizes):
        return f"layer_{place.layer}.weight[{place.unit}, {place.source}] = {shown}"
    ends = {"from": _unit(config, place.layer - 1, place.source), "to": _unit(config, place.layer, place.unit)}
    return _("Weight from {from} to {to}: {value}").format(**ends, value=shown)


def _unit(config: wb.PointsConfig, layer: int, unit: int) -> str:
    """A unit's name, like `nameOf` of `player/plane/says.js`; layer 0 has the inputs."""
    if not layer:
        return _(FEATURE_NAMES[config.features[unit]])
    if layer <= len(config.hidden):
        return f"h{layer}.{unit + 1}"
    return _("output") if config.outputs == 1 else class_names(config, config.n_classes)[unit]
