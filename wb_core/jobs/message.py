"""What a server and its worker tell each other: plain numbers and never an object.

A message is SIZES, that is the length of the two parts that follow:

    text     JSON: fields, and of each array its name, type and shape
    values   of the arrays, one after the other

Whatever arrives may be garbled by whatever happened to its sender: `receive` raises `ValueError` for all that `pack`
does not write.
"""

import json
import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..base import errors
from ..base.errors import WorkbenchError
from ..kinds import KINDS, kind_of
from .job import Job

READY = b"!"
SIZES = struct.Struct("<QQ")
MOST_TEXT = 1 << 20
MOST_VALUES = 1 << 28
"""The weights of the largest model are 115 MB."""

DTYPES = ("float32", "float64", "int64", "uint8", "bool")
WEIGHTS = "weights."

Arrays = Mapping[str, NDArray[Any]]


def pack(fields: Mapping[str, Any], arrays: Arrays) -> bytes:
    """A message as bytes."""
    about = [[name, str(array.dtype), array.shape] for name, array in arrays.items()]
    text = json.dumps({"fields": fields, "arrays": about}, default=str).encode()
    values = [array.tobytes() for array in arrays.values()]
    return b"".join([SIZES.pack(len(text), sum(map(len, values))), text, *values])


def receive(read: Callable[[int], bytes]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
    """The fields and arrays of the next message, or None where the other side has ended."""
    head = read(SIZES.size)
    if len(head) < SIZES.size:
        return None
    text_size, values_size = SIZES.unpack(head)
    expect(text_size <= MOST_TEXT and values_size <= MOST_VALUES)
    text, values = read(text_size), read(values_size)
    if len(text) < text_size or len(values) < values_size:
        return None
    try:
        return _unpack(json.loads(text), values)
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError("this is not a message of ours") from error


def _unpack(content: Any, values: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    fields, arrays, start = content["fields"], {}, 0
    expect(type(fields) is dict)
    for name, dtype, shape in content["arrays"]:
        expect(type(name) is str and name not in arrays and dtype in DTYPES)
        expect(all(type(n) is int and 0 <= n < 2**40 for n in shape))
        end = start + np.dtype(dtype).itemsize * math.prod(shape)
        expect(end <= len(values))
        arrays[name] = np.frombuffer(values[start:end], dtype).reshape(shape)
        start = end
    expect(start == len(values))
    return fields, arrays


def expect(fact: bool) -> None:
    """Raise `ValueError` for what no message of ours says."""
    if not fact:
        raise ValueError("this is not a message of ours")


def named(weights: Mapping[str, torch.Tensor]) -> dict[str, NDArray[Any]]:
    """Tensors as the arrays of a message."""
    return {WEIGHTS + name: tensor.detach().cpu().numpy() for name, tensor in weights.items()}


def tensors(arrays: Arrays) -> dict[str, torch.Tensor]:
    """The tensors among the arrays of a message."""
    found = {name.removeprefix(WEIGHTS): a for name, a in arrays.items() if name.startswith(WEIGHTS)}
    return {name: torch.from_numpy(array.copy()) for name, array in found.items()}


def pack_job(job: Job) -> bytes:
    """A job as a message."""
    config, has_weights = job.config, job.weights is not None
    fields = {"kind": kind_of(config).id, "settings": vars(config), "weights": has_weights, "train": job.train}
    return pack(fields, named(job.weights or {}))


def unpack_job(fields: Mapping[str, Any], arrays: Arrays) -> Job:
    """The job that a message brings."""
    config = KINDS[fields["kind"]].config(**fields["settings"])
    return Job(config, tensors(arrays) if fields["weights"] else None, fields["train"])


def error_fields(error: WorkbenchError) -> dict[str, Any]:
    """What makes an error, for a message."""
    return {"error": type(error).__name__, "state": vars(error)}


def unpack_error(fields: Mapping[str, Any]) -> WorkbenchError:
    """The error that a message tells of, of the same type and with the same values."""
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
    """JSON knows no tuples, and no error of ours has a list."""
    if isinstance(value, dict):
        return {name: _with_tuples(inner) for name, inner in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value
