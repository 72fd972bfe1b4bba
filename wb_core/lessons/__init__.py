"""Lessons: short tasks in the labs, with a prediction before each run and a check that reads its record."""

from .check import Verdict, check_lesson, real_curve, score_curve, too_early, tried
from .conditions import CONDITIONS, Condition
from .file import lesson_from_link, lesson_to_link, read_lesson, write_lesson
from .lesson import STOPS, ChoiceQuestion, CurveQuestion, Lesson, Mistake
from .path import CHAPTERS, LESSONS
from .places import PLACES, Attempt, Shown, Walk, run_of
from .recheck import Recheck, check_again
from .results import Done, read_results, write_results

__all__ = [
    "CHAPTERS",
    "CONDITIONS",
    "LESSONS",
    "PLACES",
    "STOPS",
    "Attempt",
    "ChoiceQuestion",
    "Condition",
    "CurveQuestion",
    "Done",
    "Lesson",
    "Mistake",
    "Recheck",
    "Shown",
    "Verdict",
    "Walk",
    "check_again",
    "check_lesson",
    "lesson_from_link",
    "lesson_to_link",
    "read_lesson",
    "read_results",
    "real_curve",
    "run_of",
    "score_curve",
    "too_early",
    "tried",
    "write_lesson",
    "write_results",
]
