"""Sweeps: every combination of some settings, trained at once.

axes.py     which settings, which values, and how many runs that makes
batch.py    some hundred or thousand runs as one batched training, with the bits of as many runs of their own
outcome.py  what is kept of each run, and the table of it
sweep.py    the whole, in pieces that can be stopped
"""

from .axes import AXES, MOST_RUNS, MOST_STEPS, Axes
from .outcome import SweepResult
from .pieces import Sweep, sweep

__all__ = ["AXES", "MOST_RUNS", "MOST_STEPS", "Axes", "Sweep", "SweepResult", "sweep"]
