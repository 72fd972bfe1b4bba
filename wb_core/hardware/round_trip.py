"""A tensor moved to a device and back: lines of code, and the real result of each."""

from dataclasses import dataclass
from typing import Any

import torch

NOTES_LINE = 'device = "cuda" if torch.cuda.is_available() else "cpu"'
NEW_LINE = 'device = torch.accelerator.current_accelerator(check_available=True) or "cpu"'
MAKE = "tensor = torch.tensor([1, 2, 3])"
WAY = ("tensor.device", "there = tensor.to(device)", "there.numpy()", "back = there.cpu()", "back.numpy()")
STAND_IN = 'tensor.to("meta").numpy()'
TO_CUDA = 'tensor.to("cuda")'


@dataclass(frozen=True)
class EvaluatedLine:
    """A line of code and its result: the value as Python's prompt shows it, or an exception ("TypeError: ...")."""

    code: str
    text: str
    failed: bool = False


def device_lines() -> tuple[EvaluatedLine, EvaluatedLine]:
    """The usual line that chooses the device, and the newer one that also finds GPUs of other makers."""
    return _evaluate(NOTES_LINE, {}), _evaluate(NEW_LINE, {})


def device_round_trip(device: str | torch.device) -> tuple[EvaluatedLine, ...]:
    """Make a tensor, move it to `device` and back, and ask for it as a NumPy array in both places.

    If a move fails, its exception is the last line, because the next ones need its result.
    """
    names: dict[str, Any] = {"device": torch.device(device)}
    lines = []
    for code in (MAKE, *WAY):
        lines.append(_evaluate(code, names))
        if lines[-1].failed and " = " in code:
            break
    return tuple(lines)


def without_gpu() -> tuple[EvaluatedLine, EvaluatedLine]:
    """What a machine without a GPU can show: `.numpy()` on a stand-in device, and a move to a GPU that does not exist.

    The stand-in is "meta", a PyTorch device that keeps shapes but no numbers. NumPy cannot read it either, and the
    exception is the same as for a GPU, except for the device's name.
    """
    names: dict[str, Any] = {}
    _evaluate(MAKE, names)
    return _evaluate(STAND_IN, names), _evaluate(TO_CUDA, names)


def _evaluate(code: str, names: dict[str, Any]) -> EvaluatedLine:
    """Run one line, a constant of this module; store a value that it assigns in `names`."""
    target, _, expression = code.rpartition(" = ")
    try:
        value = eval(expression, {"torch": torch}, names)  # noqa: S307  # a constant of this module
    except (RuntimeError, TypeError, AssertionError) as error:  # what PyTorch's devices raise
        return EvaluatedLine(code, f"{type(error).__name__}: {error}", failed=True)
    if target:
        names[target] = value
    return EvaluatedLine(code, repr(value))
