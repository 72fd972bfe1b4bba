"""Sweeps worth a try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wb_core.base.fields import defaults, specs
from wb_core.base.points import points_fields

from ..widgets import fields
from .view import SweepView


@dataclass(frozen=True)
class Preset:
    """A view worth a try, and the settings that its runs share."""

    view: SweepView
    settings: Mapping[str, Any] = field(default_factory=dict)


def settings_of(preset: Preset, presets: Mapping[str, Preset], kind: type) -> dict[str, Any]:
    """The settings of a preset, and the default of those that only others of `presets` have.

    Those of the data are left out for points of one's own, which stay.
    """
    named = {name for other in presets.values() for name in other.settings}
    found = {name: value for name, value in defaults(kind).items() if name in named} | dict(preset.settings)
    own = any(fields.current(kind, name) for name in points_fields(kind))
    return {name: value for name, value in found.items() if not own or specs(kind)[name].group != "data"}
