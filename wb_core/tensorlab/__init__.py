"""The tensor lab: named tensors on a shelf, one small record for each operation, and lessons out of PyTorch's refusals.

Everything that a visitor says comes in as data (names, numbers, a nested list) and is never evaluated as code.
"""

from .lessons import Fix, Lesson, lesson
from .limits import MAX_DIMS, MAX_ELEMENTS
from .operation import Call, Operation
from .outcome import Outcome
from .params import NAMES
from .program import Drop, Edit, Program, Step, needed, read_call, read_program, write_program
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
    "lesson",
    "needed",
    "read_call",
    "read_program",
    "write_program",
]
