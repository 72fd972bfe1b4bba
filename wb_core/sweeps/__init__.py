"""Sweeps: train every combination of the given settings.

axes.py     the settings that vary and their values
table.py    the interface of every sweep: a record per run, and a table of all runs
batched.py  a sweep that trains its runs in batches, a slice of time at a time
results.py  the results of a batched sweep
neighbours.py  the runs of every stop of one slider, with their curves
jobs.py     a sweep that submits each run as a job and collects results as they arrive
"""

from .axes import Axes
from .batched import Sweep, sweep
from .jobs import OUTCOMES, JobSweep
from .neighbours import Neighbours, neighbours
from .results import SweepResult

__all__ = [
    "OUTCOMES",
    "Axes",
    "JobSweep",
    "Neighbours",
    "Sweep",
    "SweepResult",
    "neighbours",
    "sweep",
]
