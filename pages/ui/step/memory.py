"""What is in memory before and after a line, as a table: a row for each tensor, what changed marked."""

from html import escape

import torch

from wb_core.kinds.line.microscope import MADE, Moment, Trace

from ..i18n import _
from ..widgets.numbers import close_up, digits_apart

FEW = 2
"""So many numbers at the beginning of a long tensor are written out, and its last."""


def table(trace: Trace, line: str, *, inputs: bool) -> str:
    """The table as HTML; `inputs` asks for a row of the X as they reached the model."""
    before, after = trace.around(line)
    changed = trace.changed(line)
    rows = [_row("model.training", "", str(before.training), str(after.training), before.training != after.training)]
    for name in after.tensors:
        if name.endswith(".step") or name in ("X_test", "test_residuals") or (name == "X" and not inputs):
            continue
        old, new = before.tensors[name], after.tensors[name]
        digits = _digits(old, new)
        shape = "" if new is None and old is None else _shape(old if new is None else new)
        nothing = "–" if name in MADE else "None"  # Python has no such name yet, or PyTorch says None
        texts = (_text(old, digits) or nothing, _text(new, digits) or nothing)
        rows.append(_row(NAMES.get(name, name), shape, *texts, name in changed))
    rows.append(_row("test_loss.requires_grad", "", _tracked(before), _tracked(after), line == "evaluate"))
    head = "".join(
        f"<th scope='col'>{escape(word)}</th>" for word in (_("Tensor"), _("Shape"), _("Before"), _("After"))
    )
    return f"<table class='wb-memory'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


NAMES = {"X": "dropout(X_train)", "residuals": "y_pred - y_train"}


def _row(name: str, shape: str, before: str, after: str, changed: bool) -> str:
    word = escape(_("changed"), quote=True)
    mark = f"<span role='img' aria-label='{word}'>●</span> " if changed else ""
    cells = "".join(f"<td>{escape(text)}</td>" for text in (shape, before, after))
    head = f"<th scope='row'>{mark}{_breakable(escape(name))}</th>"
    return f"<tr class='{'wb-changed' if changed else ''}'>{head}{cells}</tr>"


def _breakable(name: str) -> str:
    """A long name may go on in the next line after a dot or before an underscore."""
    return name.replace(".", ".<wbr>").replace("_", "<wbr>_")


def _tracked(moment: Moment) -> str:
    return "–" if moment.tensors["test_loss"] is None else str(moment.tracked)


def _digits(before: torch.Tensor | None, after: torch.Tensor | None) -> int:
    if before is None or after is None or before.numel() > 1:
        return 4
    return digits_apart(before.item(), after.item())


def _shape(tensor: torch.Tensor) -> str:
    return str(tuple(tensor.shape))


def _text(tensor: torch.Tensor | None, digits: int) -> str:
    if tensor is None:
        return ""
    flat = tensor.flatten()
    if len(flat) <= FEW + 1:
        return " ".join(close_up(value, digits) for value in flat.tolist())
    first, last = flat[:FEW].tolist(), flat[-1].item()
    return " ".join([*(close_up(value, digits) for value in first), "…", close_up(last, digits)])
