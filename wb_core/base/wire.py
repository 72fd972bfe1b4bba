"""What processes send each other: plain numbers, never an object.

A message is a safetensors file: arrays by name, and fields as JSON text in an array called FIELDS. Its sender may have
been killed or taken over, so `unpack` raises `ValueError` for everything that `pack` does not write.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

FIELDS = "fields"
MAX_TEXT = 1 << 20
DTYPES = ("float32", "float64", "int64", "uint8", "bool")

Arrays = Mapping[str, NDArray[Any]]


def pack(fields: Mapping[str, Any], arrays: Arrays) -> bytes:
    """A message as bytes; fields that JSON does not know become text."""
    text = np.frombuffer(json.dumps(fields, default=str).encode(), np.uint8)
    return save({FIELDS: text, **{name: np.asarray(array, order="C") for name, array in arrays.items()}})


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The fields and arrays of a message; `ValueError` for any other bytes."""
    try:
        arrays = load(data)
        text = arrays.pop(FIELDS)
        expect(text.dtype == np.uint8 and text.size <= MAX_TEXT)
        expect(all(str(array.dtype) in DTYPES for array in arrays.values()))
        fields = json.loads(text.tobytes())
    except (SafetensorError, TypeError, KeyError, RecursionError) as error:
        raise ValueError("this is not a message of ours") from error
    expect(type(fields) is dict)
    return fields, arrays


def expect(fact: bool) -> None:
    """Raise `ValueError` unless a message is valid."""
    if not fact:
        raise ValueError("this is not a message of ours")
