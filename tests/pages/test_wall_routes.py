"""What the wall fetches: the curves of the seats' own runs to the bit, in bounded time, for the leader alone."""

import asyncio
import base64
import json
import time

import numpy as np
import pytest
import torch
from starlette.requests import Request

import wb_core as wb
from pages.ui.figures.points import area, places
from pages.ui.room import boundaries, curves, ground
from pages.ui.room.rooms import Rooms
from pages.ui.room.seats import Key, OnShow
from pages.ui.room.store import MemoryStore
from tests.core import plain
from tests.runs import finished
from wb_core.lessons import Attempt

HUGE = Attempt("points", {"epochs": "1000", "batch_size": "10"})


@pytest.fixture
def rooms():
    return Rooms(MemoryStore())


@pytest.fixture
def leader(rooms):
    return rooms.open()


def seat(rooms, leader, attempt):
    key = rooms.join(leader.code)
    rooms.tell(key, OnShow(attempt))
    return key.seat


def asked(module, rooms, key, **query):
    """The status and the answer of a route."""
    query = "&".join(f"{name}={value}" for name, value in query.items())
    headers = {"x-room": key.code, "x-secret": key.secret, "x-seat": key.seat}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": "GET", "query_string": query.encode(), "headers": raw})
    answer = asyncio.run(module.route(rooms)(request))
    return answer.status_code, json.loads(answer.body or "null")


def floats(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


def curve_of(attempt):
    some, found = curves.Curves(), {}
    while not found:  # as a wall asks again
        found, _later = some.of({"seat": attempt})
    return json.loads(found["seat"])


def test_the_curves_of_seats_are_those_of_plain_pytorch_to_the_bit(rooms, leader):
    lines = {"0.01": {}, "0.3": {"optimizer": "adam", "seed": "7", "loss": "mse"}}
    ids = [seat(rooms, leader, Attempt("linear", {"lr": lr, "epochs": "80", **more})) for lr, more in lines.items()]
    status, answer = asked(curves, rooms, leader, seats=",".join(ids))
    assert (status, answer["later"]) == (200, [])
    for id_, config in zip(
        ids,
        (
            wb.LinearConfig(lr=0.01, epochs=80),
            wb.LinearConfig(lr=0.3, epochs=80, optimizer="adam", seed=7, loss="mse"),
        ),
        strict=True,
    ):
        _model, rows = plain.train(config)
        for name in ("train_loss", "test_loss", "weight", "bias"):
            assert floats(answer["curves"][id_][name]).tolist() == rows[name].astype(np.float32).tolist()


def test_an_exploded_run_ends_where_it_exploded():
    found = curve_of(Attempt("linear", {"lr": "1000", "loss": "mse", "epochs": "500"}))
    run = finished(wb.LinearConfig(lr=1000, loss="mse", epochs=500))
    assert found["exploded"]
    assert found["epochs"] == len(run.history) < 500
    assert len(floats(found["test_loss"])) == len(run.history)


def test_runs_of_all_lengths_have_the_epochs_of_the_longest_and_their_own_last():
    longest = curves.shown(100_000)
    assert len(longest) <= curves.MOST_SHOWN + 1
    for epochs in (1, 2, 100, 512, 513, 700, 5000, 99_999):
        own = curves.shown(epochs)
        assert own[-1] == epochs - 1
        assert {*longest[longest < epochs]} <= {*own}


def test_between_the_shown_epochs_of_a_long_run_no_zigzag_is_lost():
    found = curve_of(Attempt("linear", {"epochs": "1500", "lr": "0.05"}))
    losses = np.float32(finished(wb.LinearConfig(epochs=1500, lr=0.05)).history.column("test_loss"))
    at = floats(found["at"]).astype(int)
    parts = np.split(losses, at[1:])
    assert floats(found["test_loss"]).tolist() == losses[at].tolist()
    assert floats(found["lowest"]).tolist() == [part.min() for part in parts]
    assert floats(found["highest"]).tolist() == [part.max() for part in parts]


def test_a_boundary_is_what_the_network_of_that_epoch_says():
    settings = {"data": "moons", "epochs": "60", "hidden": "4"}
    found = curve_of(Attempt("points", settings))
    run = finished(wb.PointsConfig(data="moons", epochs=60, hidden=(4,)))
    side = found["side"]
    pictures = np.frombuffer(base64.b64decode(found["pictures"]), np.uint8).reshape(-1, side, side)
    assert floats(found["test_accuracy"]).tolist() == np.float32(run.history.column("test_accuracy")).tolist()
    spots = floats(found["spots"]).reshape(-1, 3)
    at = floats(found["pictured"]).astype(int)
    assert (at[0], at[-1]) == (0, 59)
    low, high = area(places(run))
    for picture, epoch in zip(pictures, at, strict=True):
        rows, columns = np.mgrid[0:side:7, 0:side:7].reshape(2, -1)
        x1 = low[0] + columns / (side - 1) * (high[0] - low[0])
        x2 = high[1] - rows / (side - 1) * (high[1] - low[1])
        logits = run.after(epoch).predict(torch.tensor(np.column_stack([x1, x2]), dtype=torch.float32))
        clear = logits.abs() > 1e-4
        assert (picture[rows, columns] // boundaries.LEVELS)[clear].tolist() == (logits > 0).int()[clear].tolist()
    assert 0 < spots[:, :2].min() < spots[:, :2].max() < 1


def test_a_huge_run_holds_nobody():
    some = curves.Curves()
    some.of({"huge": HUGE})  # the first points of a process take a second
    attempts = {"huge": HUGE, **{f"{n}": Attempt("linear", {"seed": f"{n}", "epochs": "10"}) for n in range(5)}}
    began = time.monotonic()
    found, later = some.of(attempts)
    assert "huge" in later
    assert "0" in found
    assert time.monotonic() - began < 10 * curves.SECONDS  # this machine may be busy


def test_a_run_goes_on_where_the_last_request_left_it_until_it_takes_too_long(monkeypatch):
    monkeypatch.setattr(curves, "MAX_SECONDS", 0.6)
    some = curves.Curves()
    for _ in range(30):
        found, later = some.of({"huge": HUGE})
        if not later:
            break
    assert found == {"huge": curves.NO_CURVE}
    assert some.of({"huge": HUGE}) == (found, [])


def test_of_many_long_runs_some_are_done_first(monkeypatch):
    monkeypatch.setattr(curves, "MAX_BEGUN", 2)
    monkeypatch.setattr(curves, "MAX_SECONDS", 0.3)
    some = curves.Curves()
    waiting = {f"{n}": Attempt("points", {**HUGE.settings, "seed": f"{n}"}) for n in range(5)}
    for _ in range(60):
        _found, later = some.of(waiting)
        waiting = {name: waiting[name] for name in later}
        assert len(some._begun) <= 2
    assert not waiting


def test_curves_are_kept_up_to_so_many_bytes(monkeypatch):
    attempts = [Attempt("linear", {"seed": f"{n}", "epochs": "20"}) for n in range(8)]
    some = curves.Curves()
    size = len(some.of({"seat": attempts[0]})[0]["seat"])
    monkeypatch.setattr(curves, "MAX_BYTES", 3.5 * size)
    for attempt in attempts:
        some.of({"seat": attempt})
    assert len(some._done) == 3


@pytest.mark.parametrize("attempt", [Attempt("tensors", {}), Attempt("images", {})])
def test_what_has_no_curve_has_none(attempt):
    assert curve_of(attempt) is None


def test_only_the_leader_has_curves_and_the_map(rooms, leader):
    key = rooms.join(leader.code)
    rooms.tell(key, OnShow(Attempt("linear", {})))
    for one in (key, Key(leader.code, key.secret), Key("ABCDEF", leader.secret)):
        assert asked(curves, rooms, one, seats=key.seat)[0] == 403
        assert asked(ground, rooms, one, seat=key.seat, weight="0,1", bias="0,1")[0] == 403


def test_the_map_has_the_train_loss_of_every_line(rooms, leader):
    id_ = seat(rooms, leader, Attempt("linear", {"loss": "mse", "noise": "0.1"}))
    status, answer = asked(ground, rooms, leader, seat=id_, weight="-1,1", bias="0,2")
    losses = floats(answer["losses"]).reshape(answer["size"], answer["size"])
    data = plain.line_data(wb.LinearConfig(noise=0.1))
    assert status == 200
    for row, column, weight, bias in ((0, 0, -1, 0), (-1, 0, -1, 2), (0, -1, 1, 0)):
        loss = torch.nn.functional.mse_loss(weight * data.X_train + bias, data.y_train)
        assert losses[row, column] == pytest.approx(loss.item(), rel=1e-5)


@pytest.mark.parametrize("weight", ["", "1", "1,0", "0,nan", "0,inf", "0,1e30", "a,b", "0,1,2"])
def test_a_map_of_no_range_is_refused(rooms, leader, weight):
    id_ = seat(rooms, leader, Attempt("linear", {}))
    assert asked(ground, rooms, leader, seat=id_, weight=weight, bias="0,1")[0] == 400
