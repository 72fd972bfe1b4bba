"""What the browser must know in every lab to let a hand add, move and remove points (see `player/edit/editor.js`)."""

from wb_core.base.split import training_mask

from ..i18n import _


def sides(most: int, fraction: float, seed: int) -> str:
    """For each place up to `most`, "1" if a point there is for training."""
    return "".join("01"[side] for side in training_mask(most, fraction, seed).tolist())


def words(most: int, *, own: bool, becomes: str) -> dict[str, str]:
    """The texts of an editor of up to `most` points. `becomes` says what those of a pattern turn into, unless they are
    one's `own`.
    """
    what = _("Add, move and remove points in the chart.")
    return {
        "edit": _("Edit points"),
        "edit_help": what if own else f"{what} {becomes}",
        "too_many": _("Up to {most} points can be edited by hand.").format(most=f"{most:,}"),
        "points": _("Points"),
        "removed": _("Removed. Points left: {count}."),
    }
