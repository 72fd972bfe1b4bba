"""Settings as text: values, the suggested name of a run, and the settings in which runs differ."""

from collections.abc import Sequence
from typing import Any

import wb_core as wb
from wb_core.base.fields import Choice, Number, Setting, Several, Switch, defaults, specs
from wb_core.kinds.line.by_hand import InitText
from wb_core.kinds.points.layers import HiddenLayers
from wb_core.kinds.schedules import ScheduleText

from ..i18n import _
from ..labs.schedule import changes_text
from ..widgets.fields import number_text
from .tray import clean_name

Config = wb.LinearConfig | wb.ImageConfig | wb.PointsConfig


def value_text(config: Config, name: str) -> str:
    """The value of a setting as its widget displays it."""
    spec, value = specs(config)[name], getattr(config, name)
    if isinstance(spec, Choice):
        return _(spec.options[value][0])
    if isinstance(spec, ScheduleText):
        return changes_text(config, value)
    if isinstance(spec, InitText):
        return _("start {line}").format(line=value.replace(",", ", ")) if value else _("random")
    if isinstance(spec, Switch):
        return _("on") if value else _("off")
    if isinstance(spec, Several):
        return ", ".join(_(spec.options[one]) for one in value)
    if isinstance(spec, HiddenLayers):
        return " · ".join(map(str, value)) or _("none")
    return number_text(spec, value) if isinstance(spec, Number) else str(value)


def torch_name(config: Config, name: str) -> str:
    """PyTorch's name for the value of a choice; "" for other settings."""
    spec = specs(config)[name]
    return spec.options[getattr(config, name)][1] if isinstance(spec, Choice) else ""


def loss_name(config: Any) -> str:
    """PyTorch's name of the loss of a run."""
    return torch_name(config, "loss") if "loss" in specs(config) else config.loss_name


def differing(configs: Sequence[Config]) -> list[tuple[str, Setting]]:
    """The settings in which configs of one kind differ, in the order of the controls."""
    known = specs(configs[0])
    return [(name, spec) for name, spec in known.items() if len({getattr(config, name) for config in configs}) > 1]


def suggested_name(config: Config, varied: Sequence[str] = ()) -> str:
    """A name for a run: the settings that are in every name, such as an image model, and those that are not default.

    Settings that a sweep `varied` come first, with PyTorch's short names.
    """
    parts, first, known = [], defaults(config), specs(config)
    for name in varied:
        spec = known[name]
        parts.append(
            f"{spec.torch} {value_text(config, name)}" if isinstance(spec, Number) else value_text(config, name)
        )
    texts = [name for name, spec in known.items() if isinstance(spec, InitText | ScheduleText)]
    parts += [value_text(config, name) for name in texts if getattr(config, name)]
    for name, spec in known.items():
        if name in varied:
            continue
        value: Any = getattr(config, name)
        if spec.in_every_name or (value != first[name] and isinstance(spec, Choice | Several)):
            parts.append(value_text(config, name))
        elif value != first[name] and isinstance(spec, Number | HiddenLayers):
            label = _(spec.label)
            text = number_text(spec, value, 6) if isinstance(spec, Number) else value_text(config, name)
            parts.append(f"{label} {text}")
        elif value and isinstance(spec, Switch):
            parts.append(_(spec.label))
    name = ""
    for part in parts or [_("Default settings")]:
        longer = f"{name}, {part}" if name else part
        if len(longer) > wb.KeptRun.MAX_NAME:
            break
        name = longer
    return clean_name(name or parts[0])
