"""Runs that are kept for comparison, and the file in which they are taken home."""

from .file import MOST_BYTES, read_tray, write_tray
from .kept import MOST_KEPT, KeptRun

__all__ = ["MOST_BYTES", "MOST_KEPT", "KeptRun", "read_tray", "write_tray"]
