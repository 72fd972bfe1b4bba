"""Every lesson passes with its solution, fails nearby, and names its typical mistakes."""

import dataclasses
import functools

import pytest

import wb_core as wb
from tests.core.lesson_cases import CASES
from wb_core.lessons import Attempt, check_lesson, lesson_from_link, lesson_to_link, read_lesson, write_lesson
from wb_core.lessons.conditions import ConfidentMistakes

LESSONS = {lesson.id: lesson for lesson in wb.LESSONS}


@functools.cache
def _shown(page, settings):
    return Attempt(page, dict(settings)).shown()


def verdict_of(lesson, changes):
    """The verdict on the lesson's first settings with these changes."""
    return check_lesson(lesson, _shown(lesson.page, tuple(sorted({**lesson.start, **changes}.items()))))


@pytest.fixture(params=LESSONS)
def lesson(request):
    return LESSONS[request.param]


@pytest.fixture
def cases(lesson):
    return CASES[lesson.id]


def test_the_solution_passes(lesson, cases):
    solution = Attempt(lesson.page, lesson.solution) if cases.solved is None else cases.solved
    assert check_lesson(lesson, solution.shown()).passed
    assert all(verdict_of(lesson, settings).passed for settings in cases.also)


def test_near_misses_fail_with_what_is_missing(lesson, cases):
    for settings in cases.near:
        verdict = verdict_of(lesson, settings)
        assert verdict.tried, settings
        assert not verdict.passed, settings
        assert verdict.condition is not None, settings


def test_each_typical_mistake_is_named(lesson, cases):
    found = [verdict_of(lesson, settings) for settings in cases.mistakes]
    assert not any(verdict.passed for verdict in found)
    assert [verdict.mistake for verdict in found] == list(range(len(lesson.mistakes)))


def test_its_beginning_is_no_try(lesson):
    begun = lesson.beginning
    trains_by_itself = lesson.page in ("tensors", "step")
    verdict = check_lesson(lesson, begun.shown() if trains_by_itself else wb.record_of(begun.run()))
    assert not verdict.tried
    assert not verdict.passed


def test_it_has_all_its_parts(lesson):
    assert lesson.question is not None
    assert len(lesson.hints) == 3
    assert len(lesson.mistakes) >= 3
    assert len({mistake.says for mistake in lesson.mistakes}) == len(lesson.mistakes)
    assert lesson.why
    assert lesson.opened


def test_a_file_and_a_link_carry_it(lesson):
    assert read_lesson(write_lesson(lesson)) == lesson
    assert lesson_from_link(lesson_to_link(lesson)) == lesson


def test_all_lessons_are_one_path():
    assert len(LESSONS) == len(wb.LESSONS)
    assert [lesson.next for lesson in wb.LESSONS] == [*[lesson.id for lesson in wb.LESSONS][1:], ""]
    assert CASES.keys() == LESSONS.keys()


def test_a_record_of_another_lab_is_refused():
    lesson = next(lesson for lesson in wb.LESSONS if lesson.page == "linear")
    with pytest.raises(TypeError):
        check_lesson(lesson, wb.record_of(wb.Run(wb.PointsConfig(epochs=1))))


def test_a_lesson_that_asks_for_what_its_lab_does_not_have_is_refused():
    lesson = next(lesson for lesson in wb.LESSONS if lesson.page == "linear")
    for changes in (
        {"page": "elsewhere"},
        {"start": {"hidden": "8"}},
        {"start": {"lr": "-1"}},
        {"opened": ("batch_size",)},
        {"story": "word " * 61},
        {"title": "a\u202eb"},
        {"conditions": ()},
    ):
        with pytest.raises(wb.LessonError) as refusal:
            dataclasses.replace(lesson, **changes)
        assert refusal.value.values["field"] in changes


def test_a_training_that_still_runs_is_not_judged():
    lesson = next(lesson for lesson in wb.LESSONS if lesson.page == "points")
    run = wb.Run(lesson.beginning.config)
    run.advance(epochs=3)
    stopped = wb.record_of(run)
    verdict = check_lesson(lesson, dataclasses.replace(stopped, state="running"))
    assert (verdict.passed, verdict.tried, verdict.running) == (False, False, True)
    assert check_lesson(lesson, stopped).tried


def test_confident_mistakes_are_those_of_the_last_test():
    lesson = LESSONS["confident-but-wrong"]
    run = wb.ImageRun(wb.ImageConfig(epochs=1))
    run.finish()
    predictions = wb.Predictions(run.evaluation.logits, run.data.y_test)
    sure = [float(predictions.confidence[place]) for place in predictions.mistakes.tolist()]
    count = sum(one >= 0.5 for one in sure)
    for most in (count, count - 1):
        asked = dataclasses.replace(lesson, conditions=(ConfidentMistakes(50, at_most=most),))
        verdict = check_lesson(asked, wb.record_of(run))
        assert verdict.passed == (most == count)
        assert (verdict.values["count"], verdict.values["wrong"]) == (count, len(sure))
        assert verdict.epoch == 0
    with pytest.raises(wb.LessonError):
        dataclasses.replace(LESSONS["xor"], conditions=(ConfidentMistakes(90, at_most=10),))
