"""Messages between a server and its workers: SIZE, and then a message of `base/wire.py`."""

import struct
from collections.abc import Callable, Mapping
from typing import Any

import torch
from numpy.typing import NDArray

from ..base import errors, wire
from ..base.errors import WorkbenchError
from ..base.wire import Arrays, expect
from ..kinds import KINDS, kind_of
from .job import Job

READY = b"!"
SIZE = struct.Struct("<Q")
MAX_BYTES = 1 << 28
"""The weights of the largest model are 115 MB."""

WEIGHTS = "weights."


def pack(fields: Mapping[str, Any], arrays: Arrays) -> bytes:
    """A message as bytes, its size in front."""
    data = wire.pack(fields, arrays)
    return SIZE.pack(len(data)) + data


def receive(read: Callable[[int], bytes]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
    """The fields and arrays of the next message, or None if the other side has ended; `ValueError` as `unpack`."""
    head = read(SIZE.size)
    if len(head) < SIZE.size:
        return None
    [size] = SIZE.unpack(head)
    expect(size <= MAX_BYTES)
    data = read(size)
    return None if len(data) < size else wire.unpack(data)


def named(weights: Mapping[str, torch.Tensor]) -> dict[str, NDArray[Any]]:
    """Turn weights into the arrays of a message."""
    return {WEIGHTS + name: tensor.detach().cpu().numpy() for name, tensor in weights.items()}


def tensors(arrays: Arrays) -> dict[str, torch.Tensor]:
    """The weights among the arrays of a message."""
    found = {name.removeprefix(WEIGHTS): a for name, a in arrays.items() if name.startswith(WEIGHTS)}
    return {name: torch.from_numpy(array.copy()) for name, array in found.items()}


def pack_job(job: Job) -> bytes:
    """Turn a job into a message."""
    config, has_weights = job.config, job.weights is not None
    fields = {"kind": kind_of(config).id, "settings": vars(config), "weights": has_weights, "train": job.train}
    return pack(fields, named(job.weights or {}))


def unpack_job(fields: Mapping[str, Any], arrays: Arrays) -> Job:
    """The job that a message contains."""
    config = KINDS[fields["kind"]].config(**fields["settings"])
    return Job(config, tensors(arrays) if fields["weights"] else None, fields["train"])


def error_fields(error: WorkbenchError) -> dict[str, Any]:
    """Turn an error into the fields of a message."""
    return {"error": type(error).__name__, "state": vars(error)}


def unpack_error(fields: Mapping[str, Any]) -> WorkbenchError:
    """The error that a message contains, with the same type and values."""
    kind, state = getattr(errors, str(fields["error"]), None), fields["state"]
    expect(isinstance(kind, type) and issubclass(kind, WorkbenchError) and type(state) is dict)
    expect(type(state.get("code")) is str and type(state.get("message")) is str)
    expect(type(state.get("values")) is dict)
    assert isinstance(kind, type)
    error = kind.__new__(kind, state["message"])
    assert isinstance(error, WorkbenchError)
    error.__dict__.update(_with_tuples(state))
    return error


def _with_tuples(value: Any) -> Any:
    """Lists as tuples: JSON has no tuples, and our errors have no lists."""
    if isinstance(value, dict):
        return {name: _with_tuples(inner) for name, inner in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value
