"""The size of a sweep in words."""

import wb_core as wb

from ..i18n import _


def amount_of_epochs(axes: wb.Axes) -> str:
    """The number of runs in a sweep and of their epochs, as a sentence."""
    runs = f"{len(axes):,}"
    if "epochs" in axes.values:
        return _("{arithmetic}**{runs} runs**.").format(arithmetic=arithmetic(axes), runs=runs)
    return _("{arithmetic}**{runs} runs** of {epochs} epochs each.").format(
        arithmetic=arithmetic(axes), runs=runs, epochs=f"{axes.config.epochs:,}"
    )


def arithmetic(axes: wb.Axes) -> str:
    """The product that gives the number of runs, such as `40 × 20 = `; "" for a single factor."""
    sizes = [f"{size:,}" for size in axes.shape if size > 1]
    return " × ".join(sizes) + " = " if len(sizes) > 1 else ""
