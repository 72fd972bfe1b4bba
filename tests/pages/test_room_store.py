"""Both stores of rooms do the same, and rooms that are kept in Redis outlive processes and Redis itself."""

import asyncio
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from pages.ui.room import events
from pages.ui.room.doors import MESSAGES, WRONG_CODES
from pages.ui.room.redis_store import RedisStore
from pages.ui.room.rooms import MAX_SEATS, Rooms
from pages.ui.room.seats import OnShow, RoomError
from pages.ui.room.store import MAX_LENGTH, MAX_ROOMS, MAX_TEXTS, Full, Lost, MemoryStore, TooLong
from tests.coroutines import result_of
from tests.redis_server import REDIS, redis_server
from tests.waiting import wait_until
from wb_core.lessons import Attempt

SHOW = OnShow(Attempt("linear", {"lr": "0.02"}))
needs_redis = pytest.mark.skipif(REDIS is None, reason="redis-server is not installed")


@pytest.fixture(scope="module")
def server():
    with redis_server() as running:
        yield running


@contextmanager
def redis_stores(server, count=1, **settings):
    """Several processes' stores with the same rooms, which no other test has."""
    prefix = f"{uuid.uuid4()}:"
    with ExitStack() as stack:
        stores = [RedisStore(server.url, prefix=prefix, **settings) for _ in range(count)]
        for one in stores:
            stack.callback(one.close)
        yield stores


@pytest.fixture(params=["memory", pytest.param("redis", marks=needs_redis)])
def make(request):
    """Makes a store of one of the kinds."""
    with ExitStack() as stack:

        def new(**settings):
            if request.param == "memory":
                return MemoryStore(**settings)
            [store] = stack.enter_context(redis_stores(request.getfixturevalue("server"), **settings))
            return store

        yield new


@pytest.fixture
def store(make):
    return make()


def refusal_of(act, *args, **kwargs):
    with pytest.raises(RoomError) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def test_a_room_is_a_few_texts_which_can_be_read_one_by_one(store):
    assert store.create("ABCDEF", {"a": "1", "b": "가\n"})
    assert not store.create("ABCDEF", {"a": "2"})
    assert store.read("ABCDEF") == {"a": "1", "b": "가\n"}
    assert store.read("ABCDEF", "b", "c") == {"b": "가\n"}
    assert store.read("GHJKLM") == store.read("GHJKLM", "a") == {}


def test_several_texts_change_at_once(store):
    store.create("ABCDEF", {"a": "1", "b": "2"})
    assert store.write("ABCDEF", {"a": None, "b": "3", "c": "4", "d": None})
    assert store.read("ABCDEF") == {"b": "3", "c": "4"}
    assert not store.write("ABCDEF", {"e": "5"}, unless="c")
    assert store.write("ABCDEF", {"e": "5"}, unless="a")
    assert not store.write("ABCDEF", {"f": "6"}, where="a")
    assert store.write("ABCDEF", {"f": "6"}, where="b")
    assert not store.write("GHJKLM", {"a": "1"})
    assert store.read("GHJKLM") == {}


def test_an_ended_room_is_gone(store):
    store.create("ABCDEF", {"a": "1"})
    store.end("ABCDEF")
    assert store.read("ABCDEF") == {}
    assert not store.write("ABCDEF", {"a": "2"})
    assert store.create("ABCDEF", {"a": "3"})


def test_a_store_is_bounded(store):
    for number in range(MAX_ROOMS):
        assert store.create(f"{number}", {"a": ""})
    with pytest.raises(Full):
        store.create("one more", {"a": ""})
    store.end("7")
    assert store.create("one more", {"a": ""})
    with pytest.raises(TooLong):
        store.write("0", {"a": "가" * (MAX_LENGTH // 3 + 1)})
    store.write("0", {f"{number}": "" for number in range(MAX_TEXTS - 1)})
    with pytest.raises(Full):
        store.write("0", {"one more": ""})
    assert store.write("0", {"one more": "", "7": None})


def test_a_room_ends_when_nothing_has_changed_for_long(make):
    store = make(idle=0.4)
    store.create("ABCDEF", {"a": "1"})
    until = time.monotonic() + 0.8
    while time.monotonic() < until:
        assert store.write("ABCDEF", {"a": "2"})
    wait_until(lambda: not store.write("ABCDEF", {"a": "3"}, quietly=True), 5)
    assert store.read("ABCDEF") == {}


def test_counts_are_forgotten_after_a_while(store):
    assert [store.count("x", 0.3), store.count("x", 0.3, 2), store.count("y", 0.3, 0)] == [1, 3, 0]
    wait_until(lambda: store.count("x", 0.3, 0) == 0, 5)


def test_a_listener_hears_from_any_thread_what_it_wants_to_and_a_flood_is_one_answer(store):
    store.create("ABCDEF", {"a": "1"})
    store.create("GHJKLM", {"a": "1"})

    async def listen():
        async with store.listen("ABCDEF") as first:  # then a connection is there
            await first.wait(5 if isinstance(store, RedisStore) else 0)
        async with store.listen("ABCDEF", {"a", "b", "c"}) as some, store.listen("ABCDEF") as every:

            def write():
                store.write("ABCDEF", {"a": "2"}, quietly=True)
                store.write("GHJKLM", {"c": "2"})
                for number in range(99):
                    store.write("ABCDEF", {"ab"[number % 2]: "x", "d": "x"})

            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
            await asyncio.sleep(0.1)
            heard = [await some.wait(5), await every.wait(5), await some.wait(0.1), await every.wait(0.1)]
            assert heard == [{"a", "b"}, {"a", "b", "d"}, set(), set()]
            store.end("ABCDEF")
            assert await some.wait(5) == await every.wait(5) == {"all"}

    result_of(listen())


def test_those_who_come_at_the_same_moment_get_different_seats(store):
    rooms = Rooms(store)
    leader = rooms.open()
    with ThreadPoolExecutor(8) as threads:
        outcomes = [*threads.map(lambda _: code_of_join(rooms, leader.code), range(MAX_SEATS + 5))]
    assert outcomes.count("") == MAX_SEATS
    assert {*outcomes} == {"", "room.full"}
    seats = rooms.seats(leader)
    assert [seat.number for seat in seats] == [*range(1, MAX_SEATS + 1)]
    assert len({seat.name for seat in seats}) == MAX_SEATS


def code_of_join(rooms, code):
    try:
        rooms.join(code)
    except RoomError as error:
        return error.code
    return ""


def test_a_seat_that_floods_is_refused_and_harms_nobody(store):
    rooms = Rooms(store)
    leader = rooms.open()
    loud, other = rooms.join(leader.code), rooms.join(leader.code)
    asked = rooms.ask(leader, "Which?", ("a", "b")).question
    for _ in range(MESSAGES):
        rooms.tell(loud, SHOW)
    assert refusal_of(rooms.tell, loud, SHOW) == refusal_of(rooms.answer, loud, asked.id, 1) == "room.flood"
    rooms.tell(other, SHOW)
    rooms.answer(other, asked.id, 1)
    assert [seat.show for seat in rooms.seats(leader)] == [SHOW, SHOW]


def test_what_is_too_long_is_refused_and_the_seat_stays(store):
    rooms = Rooms(store)
    leader = rooms.open()
    seat = rooms.join(leader.code)
    rooms.tell(seat, SHOW)
    long = OnShow(Attempt("images", {"lr": "0.1"}), accuracies=(0.5,) * MAX_LENGTH)
    assert refusal_of(rooms.tell, seat, long) == "room.too_long"
    assert [seat.show for seat in rooms.seats(leader)] == [SHOW]


def test_a_hundred_seats_can_answer_many_questions(store):
    rooms = Rooms(store)
    leader = rooms.open()
    seats = [rooms.join(leader.code) for _ in range(MAX_SEATS)]
    for _ in range(3):
        asked = rooms.ask(leader, "Which?", ("a", "b")).question
        for seat in seats:
            rooms.tell(seat, SHOW)
            rooms.answer(seat, asked.id, 1)
        assert rooms.answers(leader.code) == MAX_SEATS


@needs_redis
def test_processes_share_rooms_and_the_limit_of_wrong_codes(server):
    with redis_stores(server, 2) as stores:
        here, there = map(Rooms, stores)
        leader = here.open()
        seat = there.join(leader.code)
        here.tell(seat, SHOW)
        assert there.seats(leader)[0].show == SHOW
        for number in range(WRONG_CODES):
            assert refusal_of((here, there)[number % 2].join, "AAAAAA") == "room.unknown"
        assert refusal_of(here.join, leader.code) == refusal_of(there.join, leader.code) == "room.wait"


async def next_event(stream, seconds=10):
    """The next event of a stream that is none of its signs of life."""
    while True:
        text = await asyncio.wait_for(anext(stream), seconds)
        if text.startswith("event: "):
            return text.partition("\n")[0].removeprefix("event: ")


@needs_redis
def test_a_hundred_streams_have_one_connection_and_hear_of_other_processes(server):
    async def listen(here, there):
        leader = there.open()
        seats = [there.join(leader.code) for _ in range(MAX_SEATS)]
        streams = [events.stream(here, seat) for seat in seats]
        assert await asyncio.gather(*map(next_event, streams)) == ["stage"] * MAX_SEATS
        there.lead(leader, paused=True)
        assert await asyncio.gather(*map(next_event, streams)) == ["stage"] * MAX_SEATS
        listening = sum(int(one["sub"]) for one in server.clients())
        for stream in streams:
            await stream.aclose()
        return listening

    with redis_stores(server, 2) as stores:
        assert result_of(listen(*map(Rooms, stores))) == 1


@needs_redis
def test_redis_is_lost_and_everything_comes_back_or_ends_with_it(monkeypatch):
    monkeypatch.setattr(events, "AGAIN", 0.1)

    async def listen(server, rooms):
        leader = rooms.open()
        seat = rooms.join(leader.code)
        stream = events.stream(rooms, seat)
        assert await next_event(stream) == "stage"
        await asyncio.to_thread(server.stop)
        assert await next_event(stream) == "lost"
        for act in (rooms.seats, rooms.lead, rooms.open, rooms.end):
            assert refusal_of(act, *[leader][: act != rooms.open]) == "room.lost"
        assert (await events.refusal(rooms, seat)).status_code == 503
        await asyncio.to_thread(server.start)
        assert await next_event(stream) == "stage"
        rooms.lead(leader, paused=True)
        assert await next_event(stream) == "stage"
        await asyncio.to_thread(server.stop)
        server.forget()
        await asyncio.to_thread(server.start)
        while (event := await next_event(stream)) != "end":
            assert event in ("lost", "stage")

    with redis_server() as server, redis_stores(server) as stores:
        result_of(listen(server, Rooms(*stores)))


def test_a_redis_that_was_never_there_is_lost_and_nothing_worse():
    store = RedisStore("redis://127.0.0.1:1/0")
    with pytest.raises(Lost):
        store.read("ABCDEF")
    assert refusal_of(Rooms(store).join, "ABCDEF") == "room.lost"
    store.close()
