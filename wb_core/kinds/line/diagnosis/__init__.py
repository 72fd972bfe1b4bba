"""Diagnoses a recorded training: what it shows, in numbers, and one thing to try.

A diagnosis needs a history but no run, so a sweep can diagnose thousands of histories.
"""

from ....base.diagnosis import DIAGNOSES, Diagnosis, Finding, Suggestion
from .labels import diagnose, verdicts_of
from .limits import Limits, limits_of

__all__ = ["DIAGNOSES", "Diagnosis", "Finding", "Limits", "Suggestion", "diagnose", "limits_of", "verdicts_of"]
