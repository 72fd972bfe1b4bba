"""Writes kept runs to a file, and reads such files. An uploaded file is untrusted input; see `read_tray`."""

import base64
import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..base import strict_json
from ..base.errors import ConfigError, TrayError
from ..base.fields import private_fields
from ..base.points import Pair, points_fields
from ..kinds import KINDS, kind_of
from ..kinds.images.data import true_classes
from ..kinds.images.metrics import accuracy
from ..kinds.images.stored_predictions import StoredPredictions
from .kept_run import MAX_KEPT, KeptRun

FORMAT = "torch-workbench-tray"
VERSION = 5
WITH_PREDICTIONS = 2  # files of version 1 have none
ONE_ACCURACY = 3  # before, the accuracy was the mean over the batches, not that of all images
WITH_SCHEDULE = 4  # before, no settings changed during a run
WITH_POINTS = 5  # before, nobody had points of their own, or a start by hand

MAX_BYTES = 420_000
"""A file has at most this many bytes."""

PLAIN = ("name", "done", "seconds", "device", "outcome", "loaded")


def write_tray(runs: Iterable[KeptRun]) -> bytes:
    """Kept runs as UTF-8 JSON. `read_tray` returns equal runs."""
    tray = {"format": FORMAT, "version": VERSION, "runs": [_run_fields(run) for run in runs]}
    return json.dumps(tray, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def read_tray(data: bytes) -> tuple[KeptRun, ...]:
    """The runs in a file written by `write_tray`. Raises `TrayError` for anything else.

    Keys must be exact and unique, numbers finite and within bounds, settings valid for their config. Error messages
    never contain text from the file.
    """
    if not data:
        raise TrayError("tray.empty", "the file is empty")
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes; allowed are {MAX_BYTES}"
        raise TrayError("tray.too_large", message, size=len(data), limit=MAX_BYTES)
    try:
        tray = strict_json.loads(data)
    except ValueError:
        raise _not_a_tray() from None
    if not isinstance(tray, dict) or tray.get("format") != FORMAT:
        raise _not_a_tray()
    if type(tray.get("version")) is not int or not 1 <= tray["version"] <= VERSION:
        raise TrayError("tray.version", f"the file is not of version 1 to {VERSION}")
    if tray.keys() != {"format", "version", "runs"} or not isinstance(tray["runs"], list):
        raise _not_a_tray()
    if len(tray["runs"]) > MAX_KEPT:
        message = f"the file has {len(tray['runs'])} runs; allowed are {MAX_KEPT}"
        raise TrayError("tray.too_many", message, count=len(tray["runs"]), limit=MAX_KEPT)
    return tuple(_read_run(number, run, tray["version"]) for number, run in enumerate(tray["runs"], start=1))


def _run_fields(run: KeptRun) -> dict[str, Any]:
    kind, private = kind_of(run.config), private_fields(run.config)
    config = {name: value for name, value in vars(run.config).items() if name not in private}
    config |= {name: _pack_points(config[name]) for name in points_fields(run.config)}
    plain = {name: getattr(run, name) for name in PLAIN}
    predictions = {"answers": _pack_predictions(run.predictions)} if kind.test_size else {}
    return {"kind": kind.id, "config": config, **plain, "epochs": run.epochs, **run.columns, **predictions}


def _read_run(number: int, run: Any, version: int) -> KeptRun:
    """One run of a file of this version. `number` goes into errors."""
    try:
        if not isinstance(run, dict) or not isinstance(run.get("kind"), str) or run["kind"] not in KINDS:
            raise _bad_value("kind")
        kind = KINDS[run["kind"]]
        curves = [metric.name for metric in kind.metrics]
        has_predictions = version >= WITH_PREDICTIONS and kind.test_size is not None
        if run.keys() != {"kind", "config", "epochs", *PLAIN, *curves, *(["answers"] if has_predictions else [])}:
            raise _bad_value("keys")
        wanted = {field.name for field in dataclasses.fields(kind.config)} - set(private_fields(kind.config))
        if version < WITH_SCHEDULE:
            wanted.discard("schedule")
        if version < WITH_POINTS:
            wanted -= {"points", "shuffle", "standardise", "init"}
        if not isinstance(run["config"], dict) or run["config"].keys() != wanted:
            raise _bad_value("config")
        points = {name: _unpack_points(run["config"][name]) for name in points_fields(kind.config) if name in wanted}
        for name in ("epochs", *curves):
            if not isinstance(run[name], list):
                raise _bad_value(name)
        fields: dict[str, Any] = {name: run[name] for name in PLAIN} | {"epochs": tuple(run["epochs"])}
        fields["columns"] = {name: tuple(run[name]) for name in curves}
        predictions = _unpack_predictions(run["answers"]) if has_predictions else None
        found = KeptRun(config=kind.config(**run["config"] | points), **fields, predictions=predictions)
        return found if version >= ONE_ACCURACY else _count_all_images(found)
    except ConfigError as error:
        raise _bad_value(error.field, number) from None
    except TrayError as error:
        raise _bad_value(error.values["field"], number) from None


def _pack_points(points: Sequence[Pair]) -> str:
    """Points as text: their numbers of 64 bits in base64."""
    return base64.b64encode(np.array(points, "<f8").tobytes()).decode("ascii")


def _unpack_points(text: Any) -> Sequence[Pair]:
    if not isinstance(text, str):
        raise _bad_value("points")
    try:
        pairs = np.frombuffer(base64.b64decode(text, validate=True), "<f8").reshape(-1, 2).tolist()
    except ValueError:  # invalid base64, or half a point
        raise _bad_value("points") from None
    points = tuple((x, y) for x, y in pairs)
    if _pack_points(points) != text:  # several base64 texts decode to the same bytes
        raise _bad_value("points")
    return points


def _count_all_images(run: KeptRun) -> KeptRun:
    """The run with the final accuracy that its predictions give."""
    if run.predictions is None:
        return run
    right = accuracy(run.predictions.predicted, true_classes(run.config.dataset))
    curve = (*run.columns["test_accuracy"][:-1], right)
    return dataclasses.replace(run, columns={**run.columns, "test_accuracy": curve})


def _pack_predictions(predictions: StoredPredictions | None) -> dict[str, str] | None:
    """Predictions as text: one digit per predicted class, and the confidences in base64."""
    if predictions is None:
        return None
    sure = base64.b64encode(predictions.percent_bytes).decode("ascii")
    return {"said": "".join(map(str, predictions.class_bytes)), "sure": sure}


def _unpack_predictions(predictions: Any) -> StoredPredictions | None:
    if predictions is None:
        return None
    if not isinstance(predictions, dict) or predictions.keys() != {"said", "sure"}:
        raise _bad_value("answers")
    said, sure = predictions["said"], predictions["sure"]
    if not (isinstance(said, str) and isinstance(sure, str) and said.isascii() and said.isdecimal()):
        raise _bad_value("answers")
    try:
        found = StoredPredictions(bytes(map(int, said)), base64.b64decode(sure, validate=True))
    except ValueError:  # invalid base64
        raise _bad_value("answers") from None
    if _pack_predictions(found) != predictions:  # several base64 texts decode to the same bytes
        raise _bad_value("answers")
    return found


def _bad_value(field: str, run: int = 0) -> TrayError:
    return TrayError("tray.bad_value", f"{field} of run {run} is not what a kept run can have", field=field, run=run)


def _not_a_tray() -> TrayError:
    return TrayError("tray.not_a_tray", "this is no file of kept runs")
