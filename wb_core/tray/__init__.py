"""Runs that are kept for comparison, and the file in which they are taken home."""

from .answers import KeptAnswers
from .file import MOST_BYTES, read_tray, write_tray
from .kept import MOST_KEPT, KeptRun
from .side import SideBySide, belongs

__all__ = ["MOST_BYTES", "MOST_KEPT", "KeptAnswers", "KeptRun", "SideBySide", "belongs", "read_tray", "write_tray"]
