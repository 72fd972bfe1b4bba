"""The rehearsal: simulated seats that a leader fills a room with."""

import itertools

import pytest

import wb_core as wb
from pages.ui.room.here import ROOMS
from pages.ui.room.rehearsal import REHEARSALS
from pages.ui.room.rehearsal.running import LASTS, MAX_REHEARSALS, Rehearsal, Rehearsals
from pages.ui.room.rooms import Rooms
from pages.ui.room.seats import RoomError
from pages.ui.room.store import MemoryStore
from tests.pages.app import button, open_page
from wb_core.lessons import Attempt, check_lesson

TASK = Attempt("linear", {"noise": "0.2", "loss": "mse", "epochs": "20"})
LESSON = next(lesson for lesson in wb.LESSONS if lesson.id == "step-size")


@pytest.fixture
def clock():
    return itertools.count(1000.0, 0.001).__next__


@pytest.fixture
def rooms(clock):
    return Rooms(MemoryStore(clock), clock)


@pytest.fixture
def leader(rooms):
    return rooms.open()


def rehearse(rooms, leader, seconds, *, seats=6, seed=1, tick=1.0):
    rehearsal = Rehearsal(rooms, leader.code, seats, seed)
    for number in range(int(seconds / tick)):
        rehearsal.step(number * tick)
    return rehearsal


def shows(rooms, leader):
    return [seat.show for seat in rooms.seats(leader)]


def test_the_seats_join_and_tell_variations_of_what_the_leader_shows(rooms, leader):
    rooms.lead(leader, pushed=TASK)
    rehearse(rooms, leader, 50)
    seats = rooms.seats(leader)
    assert len(seats) == 6
    assert all(seat.rehearsal for seat in seats)
    attempts = [seat.show.attempt for seat in seats]
    assert {(one.config.noise, one.config.loss) for one in attempts} == {(0.2, "mse")}
    assert len({one.config.lr for one in attempts}) > 3


def test_the_same_seed_is_the_same_class(rooms):
    one, other, third = rooms.open(), rooms.open(), rooms.open()
    for leader, seed in ((one, 1), (other, 1), (third, 2)):
        rehearse(rooms, leader, 40, seed=seed)
    assert shows(rooms, one) == shows(rooms, other) != shows(rooms, third)


def test_the_seats_look_at_what_the_leader_shows(rooms, leader):
    push = rooms.lead(leader, pushed=TASK).push
    rehearse(rooms, leader, 50)
    assert {seat.looks for seat in rooms.seats(leader)} == {push}


def test_nobody_comes_in_once_it_is_stopped(rooms, leader):
    rehearsal = rehearse(rooms, leader, 8)
    before = len(rooms.seats(leader))
    rehearsal.end()
    assert not rehearsal.step(30)
    assert len(rooms.seats(leader)) == before < 6


def test_no_verdict_is_invented(rooms, leader):
    rooms.lead(leader, pushed=Attempt(LESSON.page, LESSON.start), lesson=LESSON.id)
    rehearse(rooms, leader, 90)
    told = [show for show in shows(rooms, leader) if show]
    assert {show.passed for show in told} == {True, False}
    for show in told:
        record = show.attempt.shown()
        assert (show.lesson, show.passed) == (LESSON.id, check_lesson(LESSON, record).passed)
        assert show.verdict == record.diagnosis.label
        assert show.tries > 0


def test_questions_are_answered_and_a_pause_is_kept(rooms, leader):
    rehearsal = rehearse(rooms, leader, 30)
    asked = rooms.ask(leader, "Which one?", ("a", "b", "c"))
    assert asked.question
    for now in range(30, 60):
        rehearsal.step(now)
    assert rooms.answers(leader.code) == 6
    rooms.lead(leader, paused=True)
    before = shows(rooms, leader)
    for now in range(60, 100):
        rehearsal.step(now)
    assert shows(rooms, leader) == before


def test_it_ends_with_its_room_and_after_its_time(rooms, leader):
    rehearsal = Rehearsal(rooms, leader.code, 2)
    assert rehearsal.step(0.0)
    assert not rehearsal.step(LASTS + 1)
    rooms.end(leader)
    assert not rehearsal.step(1.0)


def test_there_is_one_in_a_room_and_few_on_a_server(rooms, leader):
    rehearsals = Rehearsals(rooms)
    others = [rooms.open() for _ in range(MAX_REHEARSALS)]
    for key in (leader, leader, *others[:-1]):
        rehearsals.start(key)
    with pytest.raises(RoomError) as refusal:
        rehearsals.start(others[-1])
    assert refusal.value.code == "room.rehearsals"
    with pytest.raises(RoomError):
        rehearsals.start(rooms.join(leader.code))
    thread = rehearsals._thread
    for key in (leader, *others):
        rehearsals.stop(key.code)
    thread.join(20)
    assert not thread.is_alive()


def test_the_simulated_seats_are_removed_at_once_and_others_stay(rooms, leader):
    mine = rooms.join(leader.code)
    rehearsal = rehearse(rooms, leader, 30)
    Rehearsals(rooms).remove(leader)
    assert [seat.id for seat in rooms.seats(leader)] == [mine.seat]
    for now in range(30, 60):
        rehearsal.step(now)
    assert len(rooms.seats(leader)) == 1


def test_a_leader_starts_stops_and_removes_it():
    app = open_page("room.py")
    button(app, "Open a room").click().run()
    button(app, "Rehearse with 30 simulated seats").click().run()
    key = app.session_state["pages.ui.room.here.InRoom"].leader
    assert REHEARSALS.runs(key.code)
    button(app, "Stop the rehearsal").click().run()
    assert not REHEARSALS.runs(key.code)
    ROOMS.join(key.code, rehearsal=True)
    button(app, "Remove the simulated seats").click().run()
    assert not ROOMS.seats(key)
    ROOMS.end(key)
