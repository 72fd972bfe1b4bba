"""Walking through the lines and epochs: where the buttons lead."""

from dataclasses import replace

from wb_core.kinds.line.microscope import WHAT_IFS

from .view import StepView


def forward(view: StepView, epochs: int) -> StepView | None:
    """The next line, of the next epoch after the last one; None where the run ends."""
    lines = WHAT_IFS[view.what_if].order
    at = lines.index(view.line) + 1
    if at < len(lines):
        return replace(view, line=lines[at])
    return replace(view, epoch=view.epoch + 1, line=lines[0]) if view.epoch + 1 < epochs else None


def back(view: StepView, epochs: int) -> StepView | None:
    """The line before, of the epoch before from the first one; None where the run begins."""
    lines = WHAT_IFS[view.what_if].order
    at = lines.index(view.line) - 1
    if at >= 0:
        return replace(view, line=lines[at])
    return replace(view, epoch=view.epoch - 1, line=lines[-1]) if view.epoch else None


def next_epoch(view: StepView, epochs: int) -> StepView | None:
    """The same line of the next epoch; None in the last one."""
    return replace(view, epoch=view.epoch + 1) if view.epoch + 1 < epochs else None
