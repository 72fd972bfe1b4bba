"""The dtypes of the lab."""

import torch

from ..base.fields import N_
from .params import Pick

DTYPES = {
    "float32": torch.float32,
    "float64": torch.float64,
    "float16": torch.float16,
    "int64": torch.int64,
    "int32": torch.int32,
    "uint8": torch.uint8,
    "bool": torch.bool,
}
OPTIONS = {name: (name, f"torch.{name}") for name in DTYPES}


def dtype_of(name: str) -> torch.dtype | None:
    """The dtype with this id, or None for "none"."""
    return DTYPES.get(name)


def dtype_param(
    default: str = "none", *, none: str = N_("None: PyTorch chooses"), without: tuple[str, ...] = ()
) -> Pick:
    """A dtype parameter: "none" labelled `none`, then all dtypes except `without`."""
    return Pick(
        torch="dtype",
        label=N_("Type"),
        help=N_("Which numbers it holds: float types are decimal numbers, int and uint8 whole ones, bool yes or no."),
        default=default,
        options={"none": (none, "None"), **{n: words for n, words in OPTIONS.items() if n not in without}},
    )
