"""A seat's side of the room, without a browser: in, told, shown something and back, and out."""

import json

import pytest

from pages.ui.lessons import opening
from pages.ui.room import watch
from pages.ui.room.doors import MESSAGES
from pages.ui.room.here import ROOMS, InRoom
from pages.ui.room.store import MemoryStore
from pages.ui.room.watch import own
from tests.pages.app import button, kept, lab_of, open_page, query, send_kept
from wb_core.base.texts import to_texts
from wb_core.lessons import LESSONS, Attempt

IN_ROOM = "pages.ui.room.here.InRoom"
SOLUTION = next(lesson.solution for lesson in LESSONS if lesson.id == "step-size")
PUSHED = Attempt("linear", {"lr": "0.02", "epochs": "30"})


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    """The rooms of a server of its own."""
    monkeypatch.setattr(ROOMS, "store", MemoryStore())
    return ROOMS


@pytest.fixture
def leader(rooms):
    return rooms.open()


@pytest.fixture
def press(monkeypatch):
    """Calls what a button of the bar calls, in the session of an app, and runs its page."""
    acts, follow = [], opening.follow

    def first():
        while acts:
            acts.pop()()
        follow()

    monkeypatch.setattr(opening, "follow", first)

    def press(app, act):
        acts.append(act)
        app.run()

    return press


def seated(rooms, leader, page="linear.py", **query):
    room = InRoom(seat=rooms.join(leader.code))
    return open_page(page, state={IN_ROOM: room}, **query), room


def test_a_link_with_a_code_leads_to_one_button_and_then_to_a_name(rooms, leader):
    app = open_page("room.py", code=leader.code)
    assert [one.label for one in app.button] == ["Join", "Another code"]
    button(app, "Join").click().run()
    [seat] = rooms.seats(leader)
    assert f"You are {' '.join(seat.name)}" in "".join(html.proto.body for html in app.get("html"))
    assert "To the first lab" in [one.label for one in app.button]


def test_a_typed_code_joins_and_a_wrong_one_is_refused_in_one_sentence(rooms, leader):
    app = open_page("room.py")
    app.text_input[0].set_value("AAAAAA")
    button(app, "Join").click().run()
    assert [error.value for error in app.error] == ["There's no room with this code. Rooms end after four idle hours."]
    app.text_input[0].set_value(leader.code.lower())
    button(app, "Join").click().run()
    assert len(rooms.seats(leader)) == 1


def test_own_names_are_asked_for_where_the_leader_allows_them(rooms):
    leader = rooms.open(own_names=True)
    app = open_page("room.py", code=leader.code)
    app.text_input[0].set_value("김 *민수*")
    button(app, "Join").click().run()
    assert [seat.name for seat in rooms.seats(leader)] == ["김 민수"]


def test_a_run_is_told_at_its_end_once_with_its_verdict(rooms, leader):
    app, room = seated(rooms, leader, lr="0.02", epochs="30")
    assert rooms.seats(leader)[0].show is None
    button(app, "Train").click().run()
    [seat] = rooms.seats(leader)
    assert seat.show.attempt == Attempt("linear", to_texts(lab_of(app).run.config))
    assert seat.show.verdict == lab_of(app).diagnosis(30).label
    told = room.told
    app.run()
    assert room.told is told


def test_a_branch_on_show_is_told(rooms, leader):
    app, _room = seated(rooms, leader, epochs="30", branches="10-lr-0.002")
    config = rooms.seats(leader)[0].show.attempt.config
    assert config == lab_of(app).run.config.branch(10, lr=0.002)


def test_a_lesson_that_is_passed_at_check_is_told_at_once(rooms, leader):
    app, _room = seated(rooms, leader, "linear.py", lesson="step-size")
    assert rooms.seats(leader)[0].show is None
    app.session_state["LinearConfig.lr"] = 0.01
    app.session_state["LinearConfig.loss"] = "mse"
    button(app.run(), "Train").click().run()
    show = rooms.seats(leader)[0].show
    assert (show.lesson, show.passed, show.tries) == ("step-size", False, 0)
    app.session_state["LinearConfig.lr"] = float(SOLUTION["lr"])
    button(app.run(), "Train").click().run()
    button(app, "Check").click().run()
    show = rooms.seats(leader)[0].show
    assert (show.lesson, show.passed, show.tries) == ("step-size", True, 1)


def test_tensors_are_told_in_lessons_only(rooms, leader):
    seated(rooms, leader, "tensors.py")
    assert rooms.seats(leader)[0].show is None


@pytest.mark.parametrize("trained", [False, True])
def test_a_look_and_back_brings_the_former_run_back_to_the_bit(rooms, leader, press, trained):
    app, room = seated(rooms, leader, "linear.py", lr="0.005", epochs="40")
    if trained:
        button(app, "Train").click().run()
    before = lab_of(app).snapshot, lab_of(app).run.history.frame()
    stage = rooms.lead(leader, pushed=PUSHED)
    press(app, lambda: watch.look(stage.push))
    press(app, lambda: watch.look(stage.push))  # a second click does nothing
    assert lab_of(app).run.config.lr == 0.02
    assert lab_of(app).run.epoch == 30
    press(app, watch._back)
    assert (lab_of(app).snapshot, True) == (before[0], lab_of(app).run.history.frame().equals(before[1]))
    assert room.before == []


def test_what_a_seat_had_outlives_a_reload_while_it_looks(rooms, leader, press, monkeypatch):
    app, room = seated(rooms, leader, "linear.py", lr="0.005", epochs="40")
    button(app, "Train").click().run()
    before = lab_of(app).snapshot
    stage = rooms.lead(leader, pushed=PUSHED)
    press(app, lambda: watch.look(stage.push))
    app.run()  # which keeps it
    send_kept(monkeypatch, kept(app))
    again = open_page(**query(app))
    room = again.session_state[IN_ROOM]
    assert (len(room.before), lab_of(again).run.config.lr) == (1, 0.02)
    stage = rooms.lead(leader, pushed=Attempt("linear", {"lr": "0.03", "epochs": "30"}))
    press(again, lambda: watch.look(stage.push))
    assert len(room.before) == 1  # what the leader showed was not touched meanwhile
    press(again, watch._back)
    assert lab_of(again).snapshot == before


def test_what_a_browser_sends_as_ones_own_work_is_checked(rooms, leader, press, monkeypatch):
    app, room = seated(rooms, leader, "linear.py")
    press(app, lambda: own.put_away(room.before, "linear", "linear"))
    parts = kept(app.run())
    visit = json.loads(parts["visit"])
    [good] = visit["own"]
    lab = good["labs"]["linear"]
    wrong = [{**good, **change} for change in ({"page": "router"}, {"page": []}, {"labs": 1}, {"shown": ["x", 1]})]
    wrong += [{**good, "labs": {"linear": {**lab, "lab": {"run": None}}}}, None, "x"]
    for given, number in (([*wrong, good], 1), ("x", 0), (1, 0)):
        send_kept(monkeypatch, parts | {"visit": json.dumps({**visit, "own": given})})
        assert len(open_page().session_state[IN_ROOM].before) == number


def test_the_latest_of_ones_own_work_is_kept_if_there_is_no_room_for_all():
    before = [own.Own("home"), own.Own("lessons")]
    assert [one["page"] for one in own.written(before, 75)] == ["lessons"]
    assert own.written(before, 10) == []


def test_an_answer_that_is_not_taken_is_said(rooms, leader, press, monkeypatch):
    app, room = seated(rooms, leader)
    asked = rooms.ask(leader, "Which one?", ("a", "b")).question
    monkeypatch.setattr(watch, "_sent", lambda name: {"question": asked.id, "option": 1})
    for _ in range(MESSAGES):
        rooms.look(room.seat, "")
    press(app, watch._answer)
    assert [toast.value for toast in app.toast] == ["That was too much at once. Please wait a few seconds."]
    assert app.session_state["pages.ui.room.watch._Page"].unheard == 1
    assert rooms.answers(leader.code) == 0


def test_the_seat_comes_back_in_another_session_and_a_forged_one_does_not(rooms, leader, monkeypatch):
    app, room = seated(rooms, leader)
    app.run()
    parts = kept(app)
    send_kept(monkeypatch, parts)
    assert open_page().session_state[IN_ROOM].seat == room.seat
    for forged in (
        '{"seat": ["ABC", "x", ""]}',
        '{"seat": 3}',
        "[]",
        json.dumps({"seat": [leader.code, "x" * 30, ""]}),
    ):
        send_kept(monkeypatch, parts | {"room": forged})
        assert open_page().session_state[IN_ROOM].seat is None


def test_a_room_that_is_gone_is_left_in_one_sentence(rooms, leader):
    app, room = seated(rooms, leader, lr="0.02", epochs="30")
    rooms.end(leader)
    button(app, "Train").click().run()
    assert (room.seat, room.farewell) == (None, "ended")


def test_leaving_frees_the_seat(rooms, leader):
    app, room = seated(rooms, leader, "room.py")
    button(app, "Leave the room").click().run()
    assert rooms.seats(leader) == ()
    assert room.farewell == "left"
