"""The room without a browser: codes, seats, the leader's stage, and what nobody may do."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from pages.ui.room import names
from pages.ui.room.doors import ROOMS_OF_ONE, WRONG_CODES
from pages.ui.room.rooms import MAX_SEATS, Rooms
from pages.ui.room.seats import Key, OnShow, RoomError
from pages.ui.room.stage.stage import Stage
from pages.ui.room.store import IDLE, MAX_LENGTH, MAX_ROOMS, Full, MemoryStore
from pages.ui.session import visitor
from wb_core.lessons import Attempt

SHOW = OnShow(Attempt("linear", {"lr": "0.02"}), lesson="step-size", passed=True, tries=2)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(clock):
    return Rooms(MemoryStore(clock), clock)


@pytest.fixture
def leader(rooms):
    return rooms.open()


def refusal_of(act, *args, **kwargs):
    with pytest.raises(RoomError) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def test_a_seat_shows_the_leader_what_it_has_on_show(rooms, leader):
    seat = rooms.join(leader.code.lower())
    rooms.tell(seat, SHOW)
    [seen] = rooms.seats(leader)
    assert seen.show == SHOW
    assert seen.here
    assert seen.name[0] in names.COLORS
    assert seen.name[1] in names.ANIMALS


def test_all_seats_have_different_names_and_there_are_no_more(rooms, leader):
    for _ in range(MAX_SEATS):
        rooms.join(leader.code)
    assert len({seat.name for seat in rooms.seats(leader)}) == MAX_SEATS
    assert refusal_of(rooms.join, leader.code) == "room.full"


def test_a_seat_that_is_not_heard_of_is_away(rooms, leader, clock):
    seat = rooms.join(leader.code)
    clock.now += 60
    assert not rooms.seats(leader)[0].here
    rooms.hear(seat)
    assert rooms.seats(leader)[0].here


def test_own_names_are_only_there_where_the_leader_allows_them(rooms, leader):
    rooms.join(leader.code, "Kim")
    assert rooms.seats(leader)[0].name != "Kim"
    other = rooms.open(own_names=True)
    rooms.join(other.code, "<b>김 *민수*</b>\u202e" + "x" * 99)
    assert rooms.seats(other)[0].name == "b김 민수b" + "x" * 18


@pytest.mark.parametrize("act", ["seats", "end", "lead"])
def test_only_the_leader_leads(rooms, leader, act):
    seat = rooms.join(leader.code)
    for key in (seat, Key(leader.code, names.new_secret()), Key("ABCDEF", leader.secret)):
        assert refusal_of(getattr(rooms, act), key) == "room.not_allowed"


def test_only_its_own_key_speaks_for_a_seat(rooms, leader):
    seat, other = rooms.join(leader.code), rooms.join(leader.code)
    for key in (leader, Key(seat.code, other.secret, seat.seat), Key(seat.code, seat.secret, "elsewhere")):
        assert refusal_of(rooms.tell, key, SHOW) == "room.not_allowed"


def test_answers_are_hidden_until_they_are_revealed(rooms, leader):
    seat = rooms.join(leader.code)
    asked = rooms.ask(leader, "Which one?", ("a", "b")).question
    rooms.answer(seat, asked.id, 1)
    assert rooms.answers(leader.code) == 1
    assert rooms.seats(leader)[0].answer is None
    rooms.lead(leader, question=type(asked)(asked.id, asked.text, asked.options, revealed=True))
    assert rooms.seats(leader)[0].answer == 1
    assert refusal_of(rooms.answer, seat, asked.id, 0) == "room.not_allowed"


def test_a_removed_seat_leaves_nothing(rooms, leader):
    seat = rooms.join(leader.code)
    rooms.tell(seat, SHOW)
    rooms.remove(leader, seat.seat)
    assert not rooms.seats(leader)
    assert set(rooms.store.read(leader.code)) == {"room"}
    assert not rooms.is_seat(seat)


def test_seats_are_numbered_as_they_come_in_and_keep_their_number(rooms, leader):
    first, second, third = (rooms.join(leader.code) for _ in range(3))
    rooms.remove(leader, second.seat)
    fourth = rooms.join(leader.code)
    numbers = {seat.id: seat.number for seat in rooms.seats(leader)}
    assert numbers == {first.seat: 1, third.seat: 3, fourth.seat: 4}


def test_a_room_ends_after_idle_hours_and_when_its_leader_ends_it(rooms, leader, clock):
    clock.now += IDLE + 1
    assert refusal_of(rooms.join, leader.code) == "room.unknown"
    other = rooms.open()
    rooms.end(other)
    assert rooms.store.read(other.code) == {}


def test_wrong_codes_are_answered_only_so_often(rooms, leader):
    for _ in range(WRONG_CODES):
        assert refusal_of(rooms.join, "AAAAAA") == "room.unknown"
    assert refusal_of(rooms.join, leader.code) == "room.wait"


def test_one_network_opens_only_so_many_rooms_and_others_can_still_open_one(rooms, clock):
    for number in range(ROOMS_OF_ONE):
        rooms.end(rooms.open(network="192.0.2.1") if number % 2 else rooms.reopen(Stage(), (), network="192.0.2.1"))
    assert refusal_of(rooms.open, network="192.0.2.1") == "room.often"
    assert rooms.open(network="192.0.2.2")
    clock.now += IDLE + 1
    assert rooms.open(network="192.0.2.1")


FORGED = "203.0.113.9"


@pytest.mark.parametrize(
    ("balanced", "header", "address", "network"),
    [
        (False, None, None, ""),
        (False, None, "192.0.2.1", "192.0.2.1"),
        (False, FORGED, "192.0.2.1", "another proxy"),
        (False, FORGED, FORGED, "another proxy"),
        (True, "192.0.2.1", "192.0.2.1", "192.0.2.1"),
        (False, None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (False, None, "::ffff:192.0.2.1", "192.0.2.1"),
        (False, None, "::1", ""),
    ],
)
def test_where_a_visitor_comes_from_is_not_what_the_visitor_says(monkeypatch, balanced, header, address, network):
    headers = {"X-Forwarded-For": header} if header else {}
    context = SimpleNamespace(headers=headers, ip_address=address)
    monkeypatch.setattr(visitor, "st", SimpleNamespace(context=context))
    monkeypatch.setenv("WB_ADDRESS", "0.0.0.0" if balanced else "")
    assert visitor.network() == network


@pytest.mark.parametrize("text", ["", "ABC", "ABCDE1", "ABCDEFG", "../etc", "가나다라마바", "A" * 10_000])
def test_what_is_no_code_is_none(text):
    assert names.read_code(text) == ""


def test_a_code_is_read_as_people_type_it():
    assert names.read_code(" abc def ") == "ABCDEF"
    assert names.read_code("ＡＢＣ-ＤＥＦ") == "ABCDEF"


def test_a_store_is_bounded():
    store = MemoryStore()
    for number in range(MAX_ROOMS):
        assert store.create(f"{number}", {})
    with pytest.raises(Full):
        store.create("one more", {})
    with pytest.raises(Full):
        store.write("0", {"seat": "x" * (MAX_LENGTH + 1)})


def test_a_listener_learns_what_changes_from_any_thread_and_a_flood_is_one_answer(rooms, leader):
    store = rooms.store

    async def listen():
        async with store.listen(leader.code) as changes:
            writer = threading.Thread(
                target=lambda: [store.write(leader.code, {f"on:{n % 3}": "x"}) for n in range(99)]
            )
            writer.start()
            writer.join()
            return await changes.wait(5), await changes.wait(0.01)

    assert asyncio.run(listen()) == (frozenset({"on:0", "on:1", "on:2"}), frozenset())
