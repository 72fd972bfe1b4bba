"""Runs that are kept for comparison, and the file in which they are taken home."""

from ..kinds.images.stored_predictions import StoredPredictions
from .file import MOST_BYTES, read_tray, write_tray
from .run_record import MOST_KEPT, KeptRun
from .side_by_side import SideBySide, belongs

__all__ = [
    "MOST_BYTES",
    "MOST_KEPT",
    "KeptRun",
    "SideBySide",
    "StoredPredictions",
    "belongs",
    "read_tray",
    "write_tray",
]
