"""The tensor lab: up to four named tensors (the shelf), operations on them, and explanations of PyTorch's errors.

User input is data (names, numbers, nested lists) and is never evaluated as code.
"""

from .lessons import Fix, Lesson, lesson, warning
from .limits import MAX_DIMS, MAX_ELEMENTS
from .operation import Call, Operation
from .outcome import Outcome
from .params import NAMES
from .program import Drop, Edit, Program, Step, complete, needed, read_call, read_program, write_program
from .registry import OPERATIONS, SECTIONS
from .shelf import START, Shelf, changed

__all__ = [
    "MAX_DIMS",
    "MAX_ELEMENTS",
    "NAMES",
    "OPERATIONS",
    "SECTIONS",
    "START",
    "Call",
    "Drop",
    "Edit",
    "Fix",
    "Lesson",
    "Operation",
    "Outcome",
    "Program",
    "Shelf",
    "Step",
    "changed",
    "complete",
    "lesson",
    "needed",
    "read_call",
    "read_program",
    "warning",
    "write_program",
]
