"""Records of trainings. Jobs update them, sweeps tabulate them, and a tray keeps some for comparison.

run_record.py    a snapshot of a training
kept_run.py      a run in the tray: validated, with thinned curves
file.py          the tray as a file
side_by_side.py  the predictions of several models for the same images
"""

from ..kinds.images.stored_predictions import StoredPredictions
from .file import MAX_BYTES, read_tray, write_tray
from .kept_run import MAX_KEPT, KeptRun
from .run_record import Outcome, Rows, RunRecord, State, record_of
from .side_by_side import SideBySide, belongs

__all__ = [
    "MAX_BYTES",
    "MAX_KEPT",
    "KeptRun",
    "Outcome",
    "Rows",
    "RunRecord",
    "SideBySide",
    "State",
    "StoredPredictions",
    "belongs",
    "read_tray",
    "record_of",
    "write_tray",
]
