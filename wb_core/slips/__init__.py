"""Slips: common mistakes in PyTorch code, each with its lesson; the faulty and the repaired lines are run for real.

slip.py          the `Slip` and its snippets
before.py        the code that comes before a slip
tensors.py ...   the slips by topic: a new one is a `Slip` there and a line in registry.py
registry.py      all slips in order
outcome.py       runs a slip and records what Python and PyTorch say
"""

from .outcome import Curve, ExecutionResult, SlipOutcome, run_slip
from .registry import SLIPS
from .slip import Slip, Snippet

__all__ = ["SLIPS", "Curve", "ExecutionResult", "Slip", "SlipOutcome", "Snippet", "run_slip"]
