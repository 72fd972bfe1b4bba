"""The slips of the notes, each with its lesson: the faulty lines and the repaired ones, run for real.

slip.py          what a slip is
before.py        the lines of the notes that come before one
tensors.py ...   the slips, chapter by chapter: a new one is a `Slip` there and a line in registry.py
registry.py      all of them, in the order of the notes
outcome.py       runs one, and keeps what Python and PyTorch say
"""

from .outcome import Curve, ExecutionResult, SlipOutcome, run_slip
from .registry import SLIPS
from .slip import Slip, Snippet

__all__ = ["SLIPS", "Curve", "ExecutionResult", "Slip", "SlipOutcome", "Snippet", "run_slip"]
