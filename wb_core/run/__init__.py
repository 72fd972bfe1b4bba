"""Runs: what trains. `Run(config)` is the run of whichever kind the config asks for."""

from .base import Run
from .images import Exam, ImageRun
from .line import LinearRun

__all__ = ["Exam", "ImageRun", "LinearRun", "Run"]
