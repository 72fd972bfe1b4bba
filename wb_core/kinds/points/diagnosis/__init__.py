"""Diagnoses a recorded training on points: what it shows, in numbers, and one thing to try."""

from .labels import DIAGNOSES, diagnose

__all__ = ["DIAGNOSES", "diagnose"]
