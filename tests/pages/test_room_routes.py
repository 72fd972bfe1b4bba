"""The routes of a room, asked by whoever wants to: forged keys, headers of any shape, too many streams, and no 500."""

import asyncio
import json
import re
from contextlib import aclosing

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from pages.ui.room import curves, events, names
from pages.ui.room.rooms import Rooms
from pages.ui.room.seats import OnShow
from pages.ui.room.store import MemoryStore
from tests.coroutines import result_of
from wb_core.lessons import Attempt


@pytest.fixture
def rooms():
    return Rooms(MemoryStore())


@pytest.fixture
def leader(rooms):
    return rooms.open()


@pytest.fixture
def seat(rooms, leader):
    return rooms.join(leader.code)


def headers_of(key, **other):
    return {"x-room": key.code, "x-secret": key.secret, "x-seat": key.seat} | other


def ask(rooms, path, headers, query=""):
    """The status and the first part of the body, as a server would get them."""
    routes = [Route("/events", events.route(rooms)), Route("/curves", curves.route(rooms))]
    raw = [(name.encode(), text if isinstance(text, bytes) else text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": raw}
    return result_of(first_part(Starlette(routes=routes), scope))


async def first_part(app, scope):
    sent, enough = [], asyncio.Event()

    async def receive():
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if message.get("body"):
            enough.set()

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent).decode()


def test_a_stream_begins_with_how_it_is(rooms, leader, seat):
    status, body = ask(rooms, "/events", headers_of(seat))
    assert status == 200
    assert body.startswith("event: stage\n")
    status, body = ask(rooms, "/events", headers_of(leader))
    assert re.findall("event: (.*)", body) == ["stage", "answers", "there", "seats"]
    assert seat.secret not in body
    assert names.digest(seat.secret) not in body


SHAPES = [
    b"",
    b"\xff\xfe",
    "비밀".encode(),
    b"x" * 20_000,
    b"..%00/*",
    b"-1",
    b"*",
    b"A" * 43,
    b"room\nnews",
]


@pytest.mark.parametrize("path", ["/events", "/curves"])
@pytest.mark.parametrize("name", ["x-room", "x-secret", "x-seat"])
@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_headers_of_any_shape_open_nothing(rooms, leader, seat, path, name, shape):
    assert ask(rooms, path, headers_of(seat, **{name: shape}))[0] == 403
    if name != "x-seat":
        assert ask(rooms, path, headers_of(leader, **{name: shape}))[0] == 403


@pytest.mark.parametrize("path", ["/events", "/curves"])
def test_keys_of_others_open_nothing(rooms, leader, seat, path):
    other_room = rooms.open()
    other = rooms.join(leader.code)
    forged = [
        headers_of(leader, **{"x-secret": other_room.secret}),
        headers_of(leader, **{"x-secret": seat.secret}),
        headers_of(seat, **{"x-secret": other.secret}),
        headers_of(seat, **{"x-secret": leader.secret}),
        headers_of(seat, **{"x-room": other_room.code}),
        headers_of(seat, **{"x-secret": names.digest(seat.secret)}),
        {},
    ]
    assert [ask(rooms, path, headers)[0] for headers in forged] == [403] * len(forged)


def test_only_the_leader_gets_curves(rooms, leader, seat):
    rooms.tell(seat, OnShow(Attempt("linear", {"epochs": "5"})))
    status, body = ask(rooms, "/curves", headers_of(leader), f"seats={seat.seat},")
    assert status == 200
    found = json.loads(body)["curves"]
    assert found.pop(seat.seat)["epochs"] == 5
    assert not any(found.values())
    assert ask(rooms, "/curves", headers_of(seat), f"seats={seat.seat}")[0] == 403


@pytest.mark.parametrize(
    "query", ["", "seats=", "seats=" + "x," * 9_000, "seats=%00,%ff,../..,*", "seats=room&seats=a"]
)
def test_seats_that_are_none_have_no_curves(rooms, leader, query):
    status, body = ask(rooms, "/curves", headers_of(leader), query)
    assert (status, json.loads(body)["later"]) == (200, [])
    assert not any(json.loads(body)["curves"].values())


def test_one_seat_has_only_some_streams_and_others_have_theirs(rooms, leader, seat, monkeypatch):
    monkeypatch.setattr(events, "_OPEN", events.Counter({(seat.code, seat.seat): events.MAX_OF_ONE}))
    assert ask(rooms, "/events", headers_of(seat))[0] == 429
    assert ask(rooms, "/events", headers_of(leader))[0] == 200
    monkeypatch.setattr(events, "_OPEN", events.Counter({("others", ""): events.MAX_STREAMS}))
    assert ask(rooms, "/events", headers_of(seat))[0] == 503


def test_a_stream_that_is_left_counts_no_longer(rooms, seat):
    for _ in range(2 * events.MAX_OF_ONE):
        assert ask(rooms, "/events", headers_of(seat))[0] == 200
    assert not events._OPEN


def test_the_leader_hears_what_changes_and_nothing_twice(rooms, leader, monkeypatch):
    monkeypatch.setattr(events, "REST", 0.01)
    monkeypatch.setattr(events, "BEAT", 0.3)

    async def listen():
        first, second = rooms.join(leader.code), rooms.join(leader.code)
        async with aclosing(events.stream(rooms, leader)) as stream:
            assert ids(await until_seats(stream)) == [first.seat, second.seat]
            rooms.hear(first)
            rooms.tell(second, OnShow(Attempt("linear", {"lr": "0.1"})))
            assert ids(await anext(stream)) == [second.seat]
            rooms.remove(leader, first.seat)
            assert await anext(stream) == f'event: there\ndata: ["{second.seat}"]\n\n'
            assert await anext(stream) == ":\n\n"

    result_of(listen())


async def until_seats(stream):
    while not (told := await anext(stream)).startswith("event: seats"):
        pass
    return told


def ids(event):
    """Of which seats it tells."""
    assert event.startswith("event: seats")
    return [seat["id"] for seat in json.loads(event.partition("data: ")[2])]


def test_a_seat_that_falls_silent_is_away_for_the_leader(leader, rooms, monkeypatch):
    monkeypatch.setattr(events, "REST", 0.01)
    monkeypatch.setattr(events, "BEAT", 0.1)

    async def listen():
        rooms.join(leader.code)
        async with aclosing(events.stream(rooms, leader)) as stream:
            assert '"here":true' in await until_seats(stream)
            monkeypatch.setattr("pages.ui.room.rooms.AWAY", 0.0)
            while (told := await anext(stream)) == ":\n\n":
                pass
            assert '"here":false' in told

    result_of(listen())
