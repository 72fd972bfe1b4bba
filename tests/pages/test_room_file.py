"""A whole room as a file: written, read as strictly as an upload, and opened again to the same bits."""

import contextlib
import dataclasses
import json
import sys
import time
import tracemalloc

import pytest
import torch

import wb_core as wb
from pages.ui.compare.tray import Tray
from pages.ui.room import curves
from pages.ui.room.file import MAX_BYTES, read_room, write_room
from pages.ui.room.here import ROOMS
from pages.ui.room.keeping import Keeping
from pages.ui.room.rooms import MAX_ASKED, MAX_SEATS, Rooms
from pages.ui.room.seats import Key, OnShow, RoomError, Seat
from pages.ui.room.stage.stage import Question, Stage
from pages.ui.room.store import MAX_LENGTH, MemoryStore
from tests.core.mutations import mutated
from tests.pages.app import button, open_page
from tests.width import cases
from wb_core.kinds.run import Run
from wb_core.lessons import Attempt
from wb_core.tensorlab import Shelf, read_program

LINE = Attempt(
    "linear", {"noise": "0.2", "loss": "mse", "epochs": "30", "lr": "0.3"}, start={"weight": 2.0, "bias": 1.0}
)
EXPLODES = Attempt("linear", {"noise": "0.2", "loss": "mse", "epochs": "300", "lr": "100.0"})
POINTS = Attempt("points", {"epochs": "3"})
SEATS = (
    Seat(f"{1:012x}", ("Amber", "Fox"), True, OnShow(LINE, "step-size", True, 2, "converged"), number=1),
    Seat(f"{2:012x}", "Kim", True, OnShow(EXPLODES, verdict="exploding"), number=2, rehearsal=True),
    Seat(f"{4:012x}", ("Blue", "Owl"), True, OnShow(POINTS), number=4, solved=("step-size", "two-numbers")),
    Seat(f"{5:012x}", ("Jade", "Owl"), True, OnShow(Attempt("images", {}), accuracies=(10.0, 80.5)), number=5),
    Seat(f"{6:012x}", "김민수", True, OnShow(Attempt("tensors", {"shelf": "A_rand_2x2"}, seeds=(7,))), number=6),
    Seat(f"{7:012x}", ("Jade", "Fox"), True, number=7),
)
STAGE = Stage(LINE, "1", "step-size")
ASKED = (
    Question("1", "Which <b>one</b>?", ("a", "<i>b</i>"), True, "", 1, (3, 2)),
    Question("2", "And now?", ("x", "**y**", "z"), True, "momentum", None, (0, 0, 5)),
)
FILE = write_room(STAGE, SEATS, ASKED, with_names=True)


@pytest.fixture(autouse=True, scope="module")
def warm():
    """PyTorch imports some of itself at its first matrix product."""
    Shelf(read_program("A_rand_2*B_matmul_A_A"))


def test_a_room_comes_back():
    saved = read_room(FILE)
    assert (saved.stage, saved.seats, saved.asked) == (STAGE, SEATS, ASKED)
    assert write_room(saved.stage, saved.seats, saved.asked, with_names=True) == FILE


def test_the_names_are_only_in_it_if_they_are_wanted():
    data = write_room(STAGE, SEATS)
    for word in ("Amber", "Fox", "Kim", "김민수", "Blue"):
        assert word not in data.decode()
    assert [seat.name for seat in read_room(data).seats] == [""] * len(SEATS)


def test_who_answered_what_and_what_is_not_revealed_is_not_in_it():
    hidden = dataclasses.replace(STAGE, question=Question("3", "Hidden?", ("p", "q"), right=1))
    seats = [dataclasses.replace(seat, answer=1) for seat in SEATS]
    assert write_room(hidden, seats, ASKED, with_names=True) == FILE


def test_every_question_of_a_room_is_in_it_once_it_is_revealed():
    rooms = Rooms(MemoryStore())
    leader, counts = rooms.open(), []
    seats = [rooms.join(leader.code) for _ in range(3)]
    for number in range(MAX_ASKED + 2):
        question = rooms.ask(leader, f"Question {number}?", ("a", "b")).question
        for seat in seats[: number % 4]:
            rooms.answer(seat, question.id, 1)
        assert len(rooms.asked(leader.code)) == min(number, MAX_ASKED)
        counts.append(rooms.reveal(leader).question.counts)
        assert rooms.reveal(leader).question.id == question.id  # in another tab, too
        rooms.store._counts.clear()  # as if it took longer
    saved = read_room(write_room(rooms.stage(leader.code), rooms.seats(leader), rooms.asked(leader.code)))
    assert [question.counts for question in saved.asked] == counts[:MAX_ASKED]
    again = rooms.reopen(saved.stage, saved.seats, saved.asked)
    assert rooms.asked(again.code) == saved.asked


def test_a_thousand_mutated_files_are_read_right_or_refused(monkeypatch):
    found, watching = [], [True]
    watched = {"exec", "os.system", "subprocess.Popen", "open", "socket.connect"}
    sys.addaudithook(lambda event, _: found.append(event) if watching[0] and event in watched else None)
    monkeypatch.setattr(Run, "advance", lambda *_, **__: found.append("advance"))
    plain, read, rooms = json.loads(FILE), 0, Rooms(MemoryStore())
    for seed in range(cases(1_000)):
        began = time.process_time()
        with contextlib.suppress(wb.LessonError):
            saved = read_room(mutated(plain, seed))
            assert read_room(write_room(saved.stage, saved.seats, saved.asked, with_names=True)) == saved, seed
            with contextlib.suppress(RoomError):
                key = rooms.reopen(saved.stage, saved.seats, saved.asked)
                assert (rooms.seats(key), rooms.asked(key.code)) == (saved.seats, saved.asked), seed
                rooms.end(key)
            read += 1
        assert time.process_time() - began < 0.5, seed
    watching[0] = False
    assert 0 < read < cases(1_000)
    assert found == []


def changed(**parts):
    plain = json.loads(FILE)
    plain["room"]["seats"][0].update(parts)
    return json.dumps(plain).encode()


@pytest.mark.parametrize(
    "parts",
    [
        {"name": "<b>x</b>"},
        {"name": ["Amber", "<b>"]},
        {"name": "\u202eevil"},
        {"number": 0},
        {"number": 2},
        {"number": True},
        {"id": "x"},
        {"solved": ["../x"]},
        {"show": {"attempt": {"page": "images", "settings": {"data_dir": "/etc"}}}},
        {"show": {"attempt": {"page": "linear", "settings": {}}, "lesson": "**x**"}},
        {"show": {"attempt": {"page": "linear", "settings": {}}, "verdict": "<img>"}},
        {"show": {"attempt": {"page": "linear", "settings": {}}, "tries": 1e99}},
        {"show": {"attempt": {"page": "linear", "settings": {}}, "passed": 1}},
        {"show": {"attempt": {"page": "linear", "settings": {}}, "accuracies": [101]}},
        {"show": {"attempt": {"page": "linear", "settings": {}}, "accuracies": [1.123456789012] * 1_999}},
    ],
)
def test_what_no_seat_can_have_is_refused_without_repeating_it(parts):
    with pytest.raises(wb.LessonError) as refusal:
        read_room(changed(**parts))
    assert refusal.value.code == "lesson.bad_value"
    for value in ("<b>", "evil", "/etc", "<img>"):
        assert value not in f"{refusal.value} {refusal.value.values}"


def test_a_file_is_small_and_has_at_most_a_hundred_seats():
    seats = [dataclasses.replace(SEATS[0], number=number, id=f"{number:012x}") for number in range(1, MAX_SEATS + 2)]
    assert len(read_room(write_room(STAGE, tuple(seats[:-1]))).seats) == MAX_SEATS
    with pytest.raises(wb.LessonError):
        read_room(write_room(STAGE, tuple(seats)))
    large = OnShow(Attempt("images", {}), accuracies=(12.345678,) * 1_400)
    assert len(large.text()) < MAX_LENGTH
    with pytest.raises(wb.LessonError) as refusal:
        write_room(STAGE, tuple(dataclasses.replace(seat, show=large) for seat in seats[:-1]))
    assert refusal.value.code == "lesson.too_large"
    tracemalloc.start()
    for data in (b"", b" " * (MAX_BYTES + 1), b"[" * MAX_BYTES, b"{}", FILE[:-9], b'{"a":1,"a":2}', b"9" * 10_000):
        with pytest.raises(wb.LessonError):
            read_room(data)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_nobody_can_join_a_room_from_a_file():
    rooms = Rooms(MemoryStore())
    key = rooms.reopen(STAGE, SEATS)
    with pytest.raises(RoomError) as refusal:
        rooms.join(key.code)
    assert refusal.value.code == "room.unknown"
    assert not rooms.is_seat(Key(key.code, key.secret, SEATS[0].id))


def pytorch_line(attempt):
    """The losses of a line's run by PyTorch alone."""
    config = attempt.config
    data = wb.Run(config).data
    weight = torch.tensor([attempt.start["weight"]], requires_grad=True)
    bias = torch.tensor([attempt.start["bias"]], requires_grad=True)
    optimizer, losses = torch.optim.SGD([weight, bias], lr=config.lr), []
    for _ in range(config.epochs):
        loss = torch.nn.functional.mse_loss(weight * data.X_train + bias, data.y_train)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def test_the_runs_of_a_reopened_room_are_those_of_the_seats_to_the_bit():
    for before, after in zip(SEATS, read_room(write_room(STAGE, SEATS)).seats, strict=True):
        if before.show and before.show.attempt.page in ("linear", "points"):
            assert after.show.attempt.shown().rows == before.show.attempt.shown().rows
    [first, *_] = read_room(FILE).seats
    assert first.show.attempt.shown().column("train_loss") == pytorch_line(LINE)


def test_a_file_cannot_make_the_server_train_for_long(monkeypatch):
    monkeypatch.setattr(curves, "CLOSED_SECONDS", 1.0)
    heavy = {"epochs": "5000", "hidden": "16-16-16-16", "points": "2000", "batch_size": "1"}
    shows = [OnShow(Attempt("points", {**heavy, "seed": str(number)})) for number in range(20)]
    seats = [Seat(f"{number:012x}", "", True, show, number=number) for number, show in enumerate(shows, start=1)]
    rooms, known, found = Rooms(MemoryStore()), curves.Curves(), {}
    key, ids, began = rooms.reopen(Stage(), seats), [seat.id for seat in seats], time.process_time()
    while missing := [one for one in ids if one not in found]:
        found |= json.loads(curves._asked(rooms, key, missing, known))["curves"]
    assert found == dict.fromkeys(ids)
    assert time.process_time() - began < 5


def kept_of(app):
    return [entry.run for entry in app.session_state["pages.ui.compare.tray.Tray"].entries]


def test_a_leader_downloads_the_room_and_opens_it_again():
    leader = ROOMS.reopen(STAGE, SEATS, ASKED)
    written = write_room(ROOMS.stage(leader.code), ROOMS.seats(leader), ROOMS.asked(leader.code), with_names=True)
    ROOMS.end(leader)
    app = open_page("room.py")
    app.file_uploader[0].upload("room.json", written, "application/json").run()
    key = app.session_state["pages.ui.room.reopened.Reopened"].key
    assert ROOMS.seats(key) == SEATS
    html = "".join(part.proto.body for part in app.get("html"))
    assert "&lt;i&gt;b&lt;/i&gt;" in html
    assert "<strong>5</strong>" in html
    button(app, "Save the best 3").click().run()
    runs = kept_of(app)
    assert [run.name for run in runs] == ["Seat 1", "Seat 2", "Seat 4"]
    assert runs[0].columns["train_loss"][-1] == pytest.approx(pytorch_line(LINE)[-1])
    assert not app.exception
    button(app, "Close the room").click().run()
    assert not ROOMS.leads(key)
    button(app, "Open a room")


def test_a_file_that_is_none_is_refused_in_a_sentence():
    app = open_page("room.py")
    app.file_uploader[0].upload("room.json", b"{}", "application/json").run()
    assert [error.value for error in app.error] == ["There's no room from this workbench in it."]


def test_of_more_runs_than_there_is_room_for_the_best_are_kept():
    attempts = [Attempt("linear", {"noise": "0.2", "loss": "mse", "epochs": "30", "lr": lr}) for lr in ("0.01", "0.3")]
    seats = [Seat(str(n), "", True, OnShow(one), number=n) for n, one in enumerate([*attempts, EXPLODES])]
    keeping, tray = Keeping(), Tray()
    keeping.begin([(f"Seat {seat.number}", seat) for seat in seats], 1)
    turn = keeping.take_turn()
    while keeping.waiting:
        keeping.advance(turn, 1.0)
    keeping.keep(tray)
    assert [entry.run.name for entry in tray.entries] == ["Seat 1"]
