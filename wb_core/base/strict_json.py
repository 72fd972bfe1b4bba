"""JSON from an unknown source: every key only once, finite numbers, none longer than ours."""

import json
from typing import Any

MAX_DIGITS = 30  # of a number; we write at most 24


def loads(data: bytes) -> Any:
    """The value of a UTF-8 JSON text. Raises `ValueError` for anything else."""
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_keys,
            parse_int=lambda text: int(_checked(text)),
            parse_float=lambda text: float(_checked(text)),
            parse_constant=_reject,
        )
    except RecursionError:
        raise ValueError("too many levels of brackets") from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _checked(text: str) -> str:
    if len(text) > MAX_DIGITS:
        raise ValueError("a number is longer than any of ours")
    return text


def _reject(text: str) -> None:
    raise ValueError(f"{text} is no number")
