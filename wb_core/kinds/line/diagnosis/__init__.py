"""The doctor: what a recorded training shows, in numbers, and one thing to try.

It needs a history, but no run, and stands below `run`: a sweep can ask it about thousands of histories.
"""

from ....base.diagnosis import DIAGNOSES, Diagnosis, Finding, Suggestion
from .labels import diagnose, labels_of
from .limits import Limits, limits_of

__all__ = ["DIAGNOSES", "Diagnosis", "Finding", "Limits", "Suggestion", "diagnose", "labels_of", "limits_of"]
