"""Runs a slip, and records what Python and PyTorch say. Runs only the constants of this package."""

import contextlib
import functools
import io
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.errors import DataError
from ..base.seeding import global_generators
from .registry import SLIPS
from .slip import Slip, Snippet

FILE = "<slip>"
ROOM = 100_000  # bytes; a saved line has two thousand


@dataclass(frozen=True)
class Curve:
    """A curve that a snippet drew: its name in the legend, and a loss for each epoch."""

    label: str
    epochs: tuple[int, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class ExecutionResult:
    """What a snippet `printed`, the exception it raised, if any, and the `curves` it drew.

    `error` is the exception's type ("TypeError"), `message` its text, `line` the line of the snippet, from 0, where
    Python stopped.
    """

    printed: str
    error: str | None = None
    message: str | None = None
    line: int | None = None
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class SlipOutcome:
    """The results of the faulty and of the repaired lines."""

    faulty: ExecutionResult
    repaired: ExecutionResult


@functools.cache  # the snippets are constants, and their results are frozen
def run_slip(slip_id: str) -> SlipOutcome:
    """Run both snippets of the slip with this id; `KeyError` for an unknown one.

    Leaves output, files and torch's global generators as they were. Raises any exception other than the one that the
    slip is about, and `DataError` if the folder for temporary files is full or cannot be written to.
    """
    slip = SLIPS[slip_id]
    return SlipOutcome(_run(slip, slip.faulty, slip.raises), _run(slip, slip.repaired, ()))


def _run(slip: Slip, snippet: Snippet, expected: tuple[type[Exception], ...]) -> ExecutionResult:
    printed = io.StringIO()
    # sys.stdout is shared with other visitors' threads, so the snippet gets its own `print`.
    namespace: dict[str, Any] = {"__name__": "__main__", "print": functools.partial(print, file=printed)}
    with _folder_for(slip.before + snippet.code) as folder, global_generators():
        namespace["MODEL_PATH"] = folder
        _execute(slip.before, "<before>", namespace)
        try:
            _execute(snippet.code, FILE, namespace)
        except expected as error:
            # str(SyntaxError) would add the name of a file, which does not exist.
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            return ExecutionResult(printed.getvalue(), type(error).__name__, message, _line(error))
    curves = (Curve(label, tuple(x), tuple(y)) for label, x, y in namespace.get("curves", ()))
    return ExecutionResult(printed.getvalue(), curves=tuple(curves))


@contextlib.contextmanager
def _folder_for(code: str) -> Iterator[Path | None]:
    """A temporary folder with room for a model, if the code needs one."""
    if "MODEL_PATH" not in code:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            room = folder / "room"
            room.write_bytes(bytes(ROOM))
            room.unlink()
        except OSError as error:
            message = f"the folder for temporary files is full or cannot be written to: {error}"
            raise DataError("data.no_temporary_folder", message) from None
        yield folder


def _execute(code: str, file: str, namespace: dict[str, Any]) -> None:
    exec(compile(code, file, "exec", dont_inherit=True), namespace)  # noqa: S102  # the constants of this package


def _line(error: Exception) -> int:
    """The innermost line of the snippet in the traceback, or the one with the syntax error."""
    if isinstance(error, SyntaxError):
        assert error.lineno is not None
        return error.lineno - 1
    frames = traceback.walk_tb(error.__traceback__)
    return [line for frame, line in frames if frame.f_code.co_filename == FILE][-1] - 1
