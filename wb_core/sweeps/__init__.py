"""Sweeps: every combination of some settings, trained at once.

axes.py     the settings that vary, their values, and the number of runs
table.py    what every sweep has: a record for each run, and a table
batched.py  a sweep whose runs train as batches, in pieces that can be stopped
results.py  their results
jobs.py     a sweep whose runs are jobs, with results as they come
"""

from .axes import Axes
from .batched import Sweep, sweep
from .jobs import OUTCOMES, JobSweep
from .results import LimitsOf, SweepResult

__all__ = [
    "OUTCOMES",
    "Axes",
    "JobSweep",
    "LimitsOf",
    "Sweep",
    "SweepResult",
    "sweep",
]
