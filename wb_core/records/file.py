"""Kept runs as a file, and a file that somebody brings as kept runs. It is taken for hostile: see `read_tray`."""

import base64
import dataclasses
import json
from collections.abc import Iterable
from typing import Any

from ..base.errors import ConfigError, TrayError
from ..base.fields import private_fields
from ..kinds import KINDS, kind_of
from ..kinds.images.stored_predictions import StoredPredictions
from .kept_run import MAX_KEPT, KeptRun

FORMAT = "torch-workbench-tray"
VERSION = 2
FORMER = 1  # has no predictions; it is read, and not written any more

MAX_BYTES = 420_000
"""A file has at most this many bytes."""

MAX_DIGITS = 30  # of a number; those that this module writes have 24 at most

PLAIN = ("name", "done", "seconds", "device", "outcome", "loaded")


def write_tray(runs: Iterable[KeptRun]) -> bytes:
    """Kept runs as JSON; `read_tray` gives the very same ones."""
    tray = {"format": FORMAT, "version": VERSION, "runs": [_plain(run) for run in runs]}
    return json.dumps(tray, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def read_tray(data: bytes) -> tuple[KeptRun, ...]:
    """The runs in a file of `write_tray`; `TrayError` for everything that is not exactly that.

    Exact keys, each once; every number finite and within its bounds, every setting one that its config allows. Nothing
    of the file's own text is in an error.
    """
    if not data:
        raise TrayError("tray.empty", "the file is empty")
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes; allowed are {MAX_BYTES}"
        raise TrayError("tray.too_large", message, size=len(data), limit=MAX_BYTES)
    try:
        tray = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_whole,
            parse_float=_number,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise _foreign() from None
    if not isinstance(tray, dict) or tray.get("format") != FORMAT:
        raise _foreign()
    if type(tray.get("version")) is not int or tray["version"] not in (FORMER, VERSION):
        raise TrayError("tray.version", f"the file is not of version {FORMER} or {VERSION}")
    if tray.keys() != {"format", "version", "runs"} or not isinstance(tray["runs"], list):
        raise _foreign()
    if len(tray["runs"]) > MAX_KEPT:
        message = f"the file has {len(tray['runs'])} runs; allowed are {MAX_KEPT}"
        raise TrayError("tray.too_many", message, count=len(tray["runs"]), limit=MAX_KEPT)
    answered = tray["version"] == VERSION
    return tuple(_kept(number, run, answered=answered) for number, run in enumerate(tray["runs"], start=1))


def _plain(run: KeptRun) -> dict[str, Any]:
    kind, private = kind_of(run.config), private_fields(run.config)
    config = {name: value for name, value in dataclasses.asdict(run.config).items() if name not in private}
    plain = {name: getattr(run, name) for name in PLAIN}
    predictions = {"answers": _packed(run.predictions)} if kind.test_size else {}
    return {"kind": kind.id, "config": config, **plain, "epochs": run.epochs, **run.columns, **predictions}


def _kept(number: int, run: Any, *, answered: bool) -> KeptRun:
    """One run of a file. `number` is its place, for errors; `answered` says that image runs have predictions."""
    try:
        if not isinstance(run, dict) or not isinstance(run.get("kind"), str) or run["kind"] not in KINDS:
            raise _bad("kind")
        kind = KINDS[run["kind"]]
        curves = [metric.name for metric in kind.metrics]
        answered = answered and kind.test_size is not None
        if run.keys() != {"kind", "config", "epochs", *PLAIN, *curves, *(["answers"] if answered else [])}:
            raise _bad("keys")
        wanted = {field.name for field in dataclasses.fields(kind.config)} - set(private_fields(kind.config))
        if not isinstance(run["config"], dict) or run["config"].keys() != wanted:
            raise _bad("config")
        for name in ("epochs", *curves):
            if not isinstance(run[name], list):
                raise _bad(name)
        told: dict[str, Any] = {name: run[name] for name in PLAIN} | {"epochs": tuple(run["epochs"])}
        told["columns"] = {name: tuple(run[name]) for name in curves}
        predictions = _unpacked(run["answers"]) if answered else None
        return KeptRun(config=kind.config(**run["config"]), **told, predictions=predictions)
    except ConfigError as error:
        raise _bad(error.field, number) from None
    except TrayError as error:
        raise _bad(error.values["field"], number) from None


def _packed(predictions: StoredPredictions | None) -> dict[str, str] | None:
    """Predictions as text: a digit for each class, and base64 of the confidences."""
    if predictions is None:
        return None
    sure = base64.b64encode(predictions.percent_bytes).decode("ascii")
    return {"said": "".join(map(str, predictions.class_bytes)), "sure": sure}


def _unpacked(predictions: Any) -> StoredPredictions | None:
    if predictions is None:
        return None
    if not isinstance(predictions, dict) or predictions.keys() != {"said", "sure"}:
        raise _bad("answers")
    said, sure = predictions["said"], predictions["sure"]
    if not (isinstance(said, str) and isinstance(sure, str) and said.isascii() and said.isdecimal()):
        raise _bad("answers")
    try:
        found = StoredPredictions(bytes(map(int, said)), base64.b64decode(sure, validate=True))
    except ValueError:  # no base64
        raise _bad("answers") from None
    if _packed(found) != predictions:  # base64 has several ways to write the same bytes
        raise _bad("answers")
    return found


def _bad(field: str, run: int = 0) -> TrayError:
    return TrayError("tray.bad_value", f"{field} of run {run} is not what a kept run can have", field=field, run=run)


def _foreign() -> TrayError:
    return TrayError("tray.not_a_tray", "this is no file of kept runs")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _whole(text: str) -> int:
    return int(_short(text))


def _number(text: str) -> float:
    return float(_short(text))


def _short(text: str) -> str:
    if len(text) > MAX_DIGITS:
        raise ValueError("a number is longer than any of ours")
    return text


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no number")
