"""The tensor lab: up to four named tensors (the shelf), operations on them, and explanations of PyTorch's errors.

User input is data (names, numbers, nested lists) and is never evaluated as code.
"""

from .advice import Advice, Fix, advise, warning
from .limits import MAX_DIMS, MAX_ELEMENTS
from .operation import Call, Operation
from .outcome import Outcome
from .params import NAMES
from .program import (
    Drop,
    Edit,
    Program,
    Step,
    complete,
    needed,
    read_call,
    read_program,
    rng_seeds,
    with_rng_seeds,
    write_program,
)
from .registry import OPERATIONS, SECTIONS
from .shelf import START, Shelf, changed

__all__ = [
    "MAX_DIMS",
    "MAX_ELEMENTS",
    "NAMES",
    "OPERATIONS",
    "SECTIONS",
    "START",
    "Advice",
    "Call",
    "Drop",
    "Edit",
    "Fix",
    "Operation",
    "Outcome",
    "Program",
    "Shelf",
    "Step",
    "advise",
    "changed",
    "complete",
    "needed",
    "read_call",
    "read_program",
    "rng_seeds",
    "warning",
    "with_rng_seeds",
    "write_program",
]
