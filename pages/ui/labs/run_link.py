"""What a copied link carries of the displayed run of a `RunLab`, and what it cannot carry."""

import dataclasses
from typing import Any

from wb_core.base.fields import Number, specs
from wb_core.base.points import MAX_IN_LINK, points_fields

from ..i18n import _
from . import link
from .run_lab import RunLab


def linked(lab: RunLab, config: Any) -> Any:
    """The settings that train the displayed run, if only its number of epochs differs from the controls."""
    if not _continued(lab):
        return config
    return dataclasses.replace(config, epochs=min(lab.epochs, _most(lab)))


def lacks(lab: RunLab, start: str = "") -> str:
    """A sentence on what the link does not carry, or carries besides the settings in the controls; "" without one.

    `start` is the one on a start that is not the seed's, if that need not come from a file.
    """
    said = _without_points(lab) or (lab.loaded and start) or link.lacks(stale=False, loaded=lab.loaded)
    if said or not _continued(lab):
        return said
    if lab.epochs > _most(lab):
        return _("The link carries {most} epochs, the most it can. The run shown has {epochs}.").format(
            most=f"{_most(lab):,}", epochs=f"{lab.epochs:,}"
        )
    return _("The link carries all {epochs} epochs of the run shown.").format(epochs=f"{lab.epochs:,}")


def _without_points(lab: RunLab) -> str:
    [name] = points_fields(lab.seen)
    points = getattr(lab.seen, name)
    if specs(lab.seen)[name].offers(points):
        return ""
    return _("The link can't carry your {count} points: it has room for {most}. Send the table, too.").format(
        count=f"{len(points):,}", most=MAX_IN_LINK
    )


def _continued(lab: RunLab) -> bool:
    return lab.epochs > lab.run.config.epochs


def _most(lab: RunLab) -> int:
    spec = specs(lab.config_class)["epochs"]
    assert isinstance(spec, Number)  # noqa: S101
    return int(spec.offered[1])
