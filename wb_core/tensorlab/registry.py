"""All operations and sections, by id and in display order."""

from ..base.fields import N_
from . import aggregate, arrays, compute, convert, create, look, pictures, reshape, seeds, select
from .operation import Operation

SECTIONS = {
    "create": N_("Create"),
    "look": N_("Inspect"),
    "compute": N_("Compute"),
    "aggregate": N_("Aggregate"),
    "reshape": N_("Reshape"),
    "select": N_("Select"),
    "numpy": "NumPy",
    "seeds": N_("Seeds"),
    "types": N_("Types"),
}
"""The label of each section."""

OPERATIONS: dict[str, Operation] = {
    operation.id: operation
    for module in (create, pictures, look, compute, aggregate, reshape, select, arrays, seeds, convert)
    for operation in module.OPERATIONS
}
"""The operations by the id that links use."""
