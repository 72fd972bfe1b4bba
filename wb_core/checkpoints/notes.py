"""What was done to read a file: a stable code and a sentence for each."""

from typing import Any

from ..base.fields import N_

CHECKPOINT_NOTES: dict[str, str] = {
    "note.table": N_("Took the weights from `{table}` in the file."),
    "note.inner_table": N_("Took the weights from a table inside the file."),
    "note.prefix": N_("Removed `{prefix}` from the front of all names."),
    "note.counters": N_("Left out counters that aren't weights: {count}."),
    "note.names": N_(
        "Matched the layers by their place in the model, because their names in the file differ ({count})."
    ),
    "note.rounded": N_(
        "Converted {dtype} to float32. The values were rounded when they were saved as {dtype}, so results can differ "
        "from those before."
    ),
    "note.shortened": N_("Rounded {dtype} to float32, the type this model computes with."),
    "note.optimizer": N_("Left out the optimizer's state: training continues with a new optimizer."),
    "note.other": N_("Left out everything else in the file, such as settings, epochs or losses."),
}
"""The English sentence for each code, a `str.format` template for the note's `values`."""


class Note(str):
    """A sentence on how a file was read. `code` is a stable id, `values` fill in the sentence of the code."""

    code: str
    values: dict[str, Any]

    def __new__(cls, code: str, **values: Any) -> "Note":
        note = super().__new__(cls, CHECKPOINT_NOTES[code].format(**values))
        note.code, note.values = code, values
        return note

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:  # notes can be copied and pickled
        return (self.code,), self.values
