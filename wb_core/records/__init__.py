"""Records of trainings: jobs stream into them, sweeps are tables of them, and a tray keeps some for comparison.

run_record.py    a training at one moment
kept_run.py      a record as it is compared with others, checked and thinned
file.py          kept runs as a file
side_by_side.py  what several models predict for the same pictures
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
