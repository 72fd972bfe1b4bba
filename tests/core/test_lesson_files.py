"""Lessons and results from anybody: read right or refused, with nothing executed and little work."""

import base64
import contextlib
import dataclasses
import json
import sys
import time
import tracemalloc
import zlib

import pytest

import wb_core as wb
from tests.core.mutations import mutated
from tests.width import cases
from wb_core.kinds.run import Run
from wb_core.lessons import (
    STOPS,
    Attempt,
    ChoiceQuestion,
    CurveQuestion,
    Done,
    Lesson,
    Mistake,
    Recheck,
    check_again,
    file,
    lesson_from_link,
    lesson_to_link,
    read_lesson,
    read_results,
    recheck,
    results,
    write_lesson,
    write_results,
)
from wb_core.lessons.conditions import (
    Branched,
    Epochs,
    Equal,
    Label,
    Metric,
    Setting,
    Shape,
    SharedMemory,
    WhatIf,
)
from wb_core.tensorlab import Shelf, read_program

SOLVED = {"noise": "0.08", "loss": "mse", "lr": "0.5"}
LINE = Lesson(
    id="own-line",
    title="Mine",
    page="linear",
    story="A line.",
    task="Get it low.",
    conditions=(Metric("test_loss", at_most=0.1), Label(none_of=("exploding",)), Setting("seed", at_least=42)),
    start={"noise": "0.08", "loss": "mse"},
    opened=("lr", "epochs"),
    question=CurveQuestion("How does it fall?", "train_loss", 100, 0.5),
    mistakes=(Mistake((Epochs(at_most=1),), "Too short."), Mistake((Branched("lr"),), "A branch.")),
    hints=("One.", "Two."),
    why="So.",
    solution=SOLVED,
)
TENSORS = Lesson(
    id="own-tensors",
    title="Shapes",
    page="tensors",
    story="Tensors.",
    task="Make one.",
    conditions=(Shape((2, 2)), Equal([[1, 2], [3, 4]], "A"), SharedMemory(False)),
    start={"shelf": "A_tensor_2x2v1.0v2.0v3.0v4.0"},
    question=ChoiceQuestion("Which?", ("This", "That"), 1),
)
STEP = Lesson(
    id="own-step",
    title="Step",
    page="step",
    story="A step.",
    task="Forget it.",
    conditions=(WhatIf(("skip_zero_grad",)),),
    start={"epochs": "5"},
)
POINTS = Lesson(
    id="own-points", title="Points", page="points", story="s", task="t", conditions=(Epochs(at_most=5_000),), start={}
)
LESSONS = (LINE, TENSORS, STEP, POINTS)

DONE = {
    "step-size": Done(passed=True, tries=2, predicted=1, attempt=Attempt("linear", SOLVED)),
    lesson_to_link(LINE): Done(
        passed=True,
        tries=3,
        predicted=(0.1,) * STOPS,
        finger=True,
        score=0.5,
        attempt=Attempt("linear", SOLVED, start={"weight": 0.5, "bias": -0.25}),
    ),
    lesson_to_link(TENSORS): Done(
        passed=True, tries=1, attempt=Attempt("tensors", {"shelf": "A_rand_2x2"}, seeds=(7,))
    ),
    "of-a-later-version": Done(tries=4),
}


@pytest.fixture(autouse=True, scope="module")
def warm():
    """PyTorch imports some of itself at its first matrix product."""
    Shelf(read_program("A_rand_2*B_matmul_A_A"))


@pytest.fixture
def executed(monkeypatch):
    """What ran as code, was opened, or was trained meanwhile."""
    found = []
    watched = {"exec", "os.system", "subprocess.Popen", "open", "socket.connect"}
    watching = [True]
    sys.addaudithook(lambda event, _: found.append(event) if watching[0] and event in watched else None)
    monkeypatch.setattr(Run, "advance", lambda *_, **__: found.append("advance"))
    yield found
    watching[0] = False


def test_a_thousand_mutated_lessons_are_read_right_or_refused(executed):
    plain = [json.loads(write_lesson(lesson)) for lesson in (*LESSONS, *wb.LESSONS)]
    read = 0
    for seed in range(cases(1_000)):
        data = mutated(plain[seed % len(plain)], seed)
        with quick(seed), contextlib.suppress(wb.LessonError):
            lesson = read_lesson(data)
            assert read_lesson(write_lesson(lesson)) == lesson, seed
            read += 1
    assert 0 < read < cases(1_000)
    assert executed == []


def test_a_thousand_mutated_results_are_read_right_or_refused(executed):
    plain = json.loads(write_results(DONE))
    read = 0
    for seed in range(cases(1_000)):
        with quick(seed), contextlib.suppress(wb.LessonError):
            found = read_results(mutated(plain, seed))
            assert read_results(write_results(found)) == found, seed
            read += 1
    assert 0 < read < cases(1_000)
    assert executed == []


@contextlib.contextmanager
def quick(seed):
    """A file takes little time."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 0.5, seed


def test_a_file_of_results_comes_back():
    assert read_results(write_results(DONE)) == DONE
    assert len(write_results(DONE)) < 3_000


def test_files_that_are_none_are_refused_with_a_code():
    def code(read, data):
        with pytest.raises(wb.LessonError) as refusal:
            read(data)
        return refusal.value.code

    for read, most, part in ((read_lesson, file.MAX_BYTES, "lesson"), (read_results, results.MAX_BYTES, "results")):
        none = f"lesson.not_a_{part}"
        assert code(read, b"") == "lesson.empty"
        assert code(read, b" " * (most + 1)) == "lesson.too_large"
        for data in (b"{}", b"[" * 9_000, b"\xff", b'{"a": 1, "a": 2}', b"9" * 9_000, b'"\\ud800"'):
            assert code(read, data) == none
    later = write_lesson(LINE).replace(b'"version": 1', b'"version": 2')
    assert code(read_lesson, later) == "lesson.version"
    assert code(read_lesson, write_results(DONE)) == "lesson.not_a_lesson"
    assert code(read_results, write_lesson(LINE)) == "lesson.not_a_results"


def test_a_refusal_never_repeats_the_file():
    for value in ("<script>", "\u202e", "9" * 20):
        plain = json.loads(write_lesson(LINE))
        plain["lesson"]["page"] = value
        with pytest.raises(wb.LessonError) as refusal:
            read_lesson(json.dumps(plain).encode())
        assert value not in f"{refusal.value} {refusal.value.values}"


def test_a_condition_has_no_text_of_its_own():
    """What a check says names the values that are asked for."""
    for condition in (Setting("loss", one_of=("![](//evil.example/x.png)",)), Setting("hidden", one_of=("**8**",))):
        page = "points" if condition.name == "hidden" else "linear"
        with pytest.raises(wb.LessonError):
            dataclasses.replace(LINE, page=page, conditions=(condition,))


def packed(data):
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")


def test_a_link_is_no_bomb():
    bomb, plain = packed(b"[" * 5_000_000), packed(json.dumps(json.loads(write_lesson(LINE))["lesson"]).encode())
    assert lesson_from_link(plain) == LINE
    assert len(bomb) < file.MAX_LINK
    tracemalloc.start()
    for text in (bomb, packed(b"[" * file.MAX_BYTES), plain + "AAAA", plain[:-9], "A" * 9_000, "ä", "", "a b", "_"):
        with pytest.raises(wb.LessonError):
            lesson_from_link(text)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "program",
    [
        "A_rand_1000x1000",
        "A_rand_100x100*B_matmul_A_A" + "*C_matmul_B_A" * 59,
        "A_rand_1000*B_matmul_A_A",
        "A_zeros_0x9999999",
    ],
)
def test_a_lesson_makes_no_large_tensors(program):
    with quick(program), contextlib.suppress(wb.LessonError):
        lesson = dataclasses.replace(TENSORS, start={"shelf": program})
        assert all(tensor.numel() <= 10_000 for tensor in lesson.beginning.shelf().tensors.values())


def test_what_no_link_can_have_is_no_attempt():
    many = tuple((float(n), float(n)) for n in range(10_000))
    for attempt in (
        lambda: Attempt.of("linear", wb.record_of(wb.Run(wb.LinearConfig(points=many)))),
        lambda: Attempt.of("tensors", Shelf(read_program("A_rand_1000x1000"))),
        lambda: Attempt("linear", SOLVED, start=(1.0, 2.0)),
        lambda: Attempt("points", {}, start=3),
        lambda: Attempt("tensors", {"shelf": "A_rand_2x2"}, seeds=(1, 2)),
        lambda: Attempt("images", {"data_dir": "/"}),
    ):
        with pytest.raises(wb.LessonError):
            attempt()


def test_an_attempt_is_done_again_to_the_last_bit():
    begun = wb.Run(wb.LinearConfig(loss="mse", epochs=9), start={"weight": 2.0, "bias": 1.5})
    begun.finish()
    record = wb.record_of(begun)
    again = Attempt.of("linear", record, start=begun.start).shown()
    assert again.rows == record.rows
    shelf = Shelf(Attempt("tensors", {"shelf": "A_rand_2x2"}, seeds=(7,)).shelf().program)
    assert Attempt.of("tensors", shelf).shelf().tensors["A"].equal(shelf.tensors["A"])


def test_a_run_that_was_stopped_is_done_again_as_far_as_it_came():
    run = wb.Run(wb.LinearConfig(epochs=100))
    run.advance(epochs=30)
    assert Attempt.of("linear", wb.record_of(run)).shown().epochs == 30


def outcome(lesson, **done):
    found = check_again(lesson, Done(passed=True, **done))
    return found.state, found.reason


def test_a_result_is_checked_by_doing_it_again():
    solved = Attempt("linear", SOLVED)
    assert outcome(LINE, attempt=solved) == ("holds", "")
    assert outcome(LINE, attempt=Attempt("linear", {**SOLVED, "epochs": "2", "lr": "0.001"})) == ("fails", "")
    assert outcome(LINE, attempt=Attempt("points", {})) == ("fails", "")
    assert outcome(LINE) == ("unable", "attempt")
    assert outcome(None, attempt=solved) == ("unable", "lesson")
    assert check_again(LINE, Done(tries=3)).state == "open"
    what_if = Attempt("step", {"epochs": "5", "what_if": "skip_zero_grad"})
    assert outcome(STEP, attempt=what_if) == ("holds", "")
    assert outcome(TENSORS, attempt=Attempt("tensors", {"shelf": "A_rand_2x2"})) == ("fails", "")


def test_a_result_cannot_make_the_server_work_for_long(monkeypatch):
    heavy = {"epochs": "5000", "hidden": "16-16-16-16", "points": "2000", "batch_size": "1"}
    assert Recheck(POINTS, Done(passed=True, attempt=Attempt("points", heavy))).reason == "long"
    pictures = dataclasses.replace(POINTS, page="images")
    assert outcome(pictures, attempt=Attempt("images", {"dataset": "fashion_mnist"})) == ("unable", "pictures")
    monkeypatch.setattr(recheck, "MAX_SECONDS", 0.2)
    long = Attempt("points", {**heavy, "batch_size": "0"})
    assert outcome(POINTS, attempt=long) == ("unable", "long")
    monkeypatch.setattr(recheck, "MAX_STEP_SECONDS", 0.0)
    assert outcome(LINE, attempt=Attempt("linear", SOLVED)) == ("unable", "long")
