"""Runs a slip, and keeps what Python and PyTorch say. Only the constants of this package are ever run."""

import functools
import io
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.seeding import global_generators
from .registry import SLIPS
from .slip import Slip, Snippet

FILE = "<slip>"


@dataclass(frozen=True)
class Curve:
    """A curve that a snippet drew: its name in the legend, and a loss for each epoch."""

    label: str
    epochs: tuple[int, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class ExecutionResult:
    """What a snippet told: all that it `printed`, and the exception that it ended in, if it did.

    `error` is the exception's type ("TypeError"), `message` its own text, `line` the line of the snippet, from 0,
    where Python stopped.
    """

    printed: str
    error: str | None = None
    message: str | None = None
    line: int | None = None
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class SlipOutcome:
    """What the lines of the notes told, and what the repaired lines told."""

    faulty: ExecutionResult
    repaired: ExecutionResult


@functools.cache  # the snippets are constants, and what comes of them cannot be changed
def run_slip(slip_id: str) -> SlipOutcome:
    """Run both snippets of the slip with this id; `KeyError` where there is none.

    The process is left as it was: output, files and torch's global generators. An exception other than the one that
    the slip is about is raised, not told.
    """
    slip = SLIPS[slip_id]
    return SlipOutcome(_run(slip, slip.faulty, slip.raises), _run(slip, slip.repaired, ()))


def _run(slip: Slip, snippet: Snippet, expected: tuple[type[Exception], ...]) -> ExecutionResult:
    printed = io.StringIO()
    # Other visitors' threads print into the same sys.stdout; so this `print` is the snippet's own.
    namespace: dict[str, Any] = {"__name__": "__main__", "print": functools.partial(print, file=printed)}
    with tempfile.TemporaryDirectory() as folder, global_generators():
        namespace["MODEL_PATH"] = Path(folder)
        _execute(slip.before, "<before>", namespace)
        try:
            _execute(snippet.code, FILE, namespace)
        except expected as error:
            # A SyntaxError's text would add the name of the file, and there is none.
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            return ExecutionResult(printed.getvalue(), type(error).__name__, message, _line(error))
    curves = (Curve(label, tuple(x), tuple(y)) for label, x, y in namespace.get("curves", ()))
    return ExecutionResult(printed.getvalue(), curves=tuple(curves))


def _execute(code: str, file: str, namespace: dict[str, Any]) -> None:
    exec(compile(code, file, "exec", dont_inherit=True), namespace)  # noqa: S102  # the constants of this package


def _line(error: Exception) -> int:
    """The innermost line of the snippet that the exception passed, or that Python could not read."""
    if isinstance(error, SyntaxError):
        assert error.lineno is not None
        return error.lineno - 1
    frames = traceback.walk_tb(error.__traceback__)
    return [line for frame, line in frames if frame.f_code.co_filename == FILE][-1] - 1
