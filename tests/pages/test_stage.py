"""The leader's controls: what is shown to everybody, the question whose answers stay hidden, and the seats."""

import asyncio
import dataclasses
import json

import pytest

from pages.ui.lessons.current import OURS
from pages.ui.room.events import stream
from pages.ui.room.here import ROOMS, InRoom
from pages.ui.room.seats import OnShow, RoomError
from pages.ui.room.stage import choices, predict
from pages.ui.room.stage.stage import MAX_OPTIONS, Question, Stage
from pages.ui.room.store import Lost, MemoryStore
from pages.ui.widgets.markup import as_it_is
from tests.pages.app import button, kept, open_page, send_kept
from wb_core.lessons import LESSONS, Attempt

RUN = Attempt("linear", {"lr": "0.02"})
QUESTION = ("Which **one**?", ("<b>a</b>", "b"))


@pytest.fixture
def rooms(monkeypatch):
    """The rooms of a server of its own."""
    monkeypatch.setattr(ROOMS, "store", MemoryStore())
    return ROOMS


@pytest.fixture
def leader(rooms):
    return rooms.open()


def page_of(leader, **more):
    """The page of this leader."""
    room = InRoom()
    room.leader = leader
    for name, value in more.items():
        setattr(room, name, value)
    return open_page("room.py", state={"pages.ui.room.here.InRoom": room})


def press(app, key):
    return app.button(key=key).click().run()


async def until(events, text):
    """What a stream sends until this text was in it."""
    sent = ""
    while text not in sent:
        sent += await anext(events)
    return sent


def events_of(rooms, key):
    """The first events of a stream, as they are in the network: up to the last one that says how it is."""
    last = "event: stage" if key.seat else "event: seats"
    return asyncio.run(asyncio.wait_for(until(stream(rooms, key), last), 10))


def test_a_question_says_nothing_of_its_answers_before_they_are_revealed(rooms, leader):
    seats = [rooms.join(leader.code) for _ in range(3)]
    rooms.ask(leader, *QUESTION, right=1)
    asked = rooms.stage(leader.code).question
    for seat, option in zip(seats, (1, 1, 0), strict=True):
        rooms.answer(seat, asked.id, option)
    for key in (leader, *seats):
        sent = events_of(rooms, key)
        assert '"right":null' in sent
        assert '"counts":[]' in sent
        assert '"answer":0' not in sent
        assert '"answer":1' not in sent
    assert 'event: answers\ndata: {"count":3}' in events_of(rooms, leader)
    assert "event: answers" not in events_of(rooms, seats[0])
    rooms.reveal(leader)
    for key in (leader, *seats):
        sent = events_of(rooms, key)
        assert '"counts":[1,2]' in sent
        assert '"right":1' in sent


def test_an_answer_tells_the_leader_their_number_and_not_whose_it_is(rooms, leader):
    seat = rooms.join(leader.code)
    asked = rooms.ask(leader, *QUESTION).question

    async def after_an_answer():
        events = stream(rooms, leader)
        await until(events, "event: seats")
        rooms.answer(seat, asked.id, 1)
        sent = await until(events, '"count":1')
        rooms.lead(leader, paused=True)
        return sent + await until(events, '"paused":true')

    sent = asyncio.run(asyncio.wait_for(after_an_answer(), 10))
    assert seat.seat not in sent
    assert sent.startswith('event: answers\ndata: {"count":1}\n\nevent: stage')


def test_another_question_forgets_the_answers_to_the_one_before(rooms, leader):
    seat = rooms.join(leader.code)
    rooms.answer(seat, rooms.ask(leader, *QUESTION).question.id, 1)
    rooms.ask(leader, *QUESTION)
    assert rooms.answers(leader.code) == 0
    assert rooms.reveal(leader).question.counts == (0, 0)


@pytest.mark.parametrize(
    ("text", "options"), [("", ("a", "b")), ("?", ("a", " ")), ("?", ["a"]), ("?", ["a"] * (MAX_OPTIONS + 1))]
)
def test_a_question_without_text_or_without_two_to_six_options_is_refused(rooms, leader, text, options):
    with pytest.raises(RoomError, match="two to six"):
        rooms.ask(leader, text, options)


def test_a_seat_that_looks_and_one_that_has_solved_a_lesson_are_counted_for_good(rooms, leader):
    seat, other = rooms.join(leader.code), rooms.join(leader.code)
    stage = rooms.lead(leader, pushed=RUN, lesson="step-size")
    rooms.look(seat, stage.push)
    rooms.tell(seat, OnShow(RUN, lesson="step-size", passed=True))
    rooms.tell(seat, OnShow(RUN, lesson="momentum"))
    found = {one.id: (one.looks, one.solved) for one in rooms.seats(leader)}
    assert found == {seat.seat: (stage.push, ("step-size",)), other.seat: ("", ())}
    rooms.look(seat, "")
    assert {one.looks for one in rooms.seats(leader)} == {""}


def test_each_change_of_the_stage_is_another_turn_so_that_other_tabs_notice(rooms, leader):
    turns = [rooms.lead(leader, paused=True).turn, rooms.ask(leader, *QUESTION).turn, rooms.reveal(leader).turn]
    assert turns == [1, 2, 3]


@pytest.mark.parametrize("page", choices.EXAMPLES)
def test_every_example_is_a_run_that_everybody_can_train(page):
    for example in choices.EXAMPLES[page].values():
        assert example.attempt.page == page
        assert choices.name(example.attempt)
        assert choices.sentence_of(Stage(example.attempt))
        if page != "images":
            example.attempt.run()


def test_every_lesson_can_be_begun_and_shows_runs_that_answer_it():
    for lesson in LESSONS:
        assert choices.begin(lesson).page == lesson.page
        assert choices.answering(lesson) or lesson.solution is None


def texts_of(app):
    """The texts and the HTML of a page."""
    return "\n".join([*(text.value for text in app.markdown), *(html.proto.body for html in app.get("html"))])


def test_a_leader_sees_a_lesson_before_all_others_do_and_shows_nothing_again(rooms, leader):
    app = press(press(page_of(leader), "room.push"), "room.push.lesson.step-size")
    assert rooms.stage(leader.code).pushed is None
    assert as_it_is(OURS["step-size"].story) in texts_of(app)
    app = press(app, "room.push.now")
    stage = rooms.stage(leader.code)
    assert (stage.lesson, stage.pushed.page) == ("step-size", "linear")
    assert any(as_it_is("Lesson: Too small, too large, just right") in text.value for text in app.markdown)
    press(app, "room.unpush")
    stage = rooms.stage(leader.code)
    assert (stage.lesson, stage.pushed, stage.push) == ("", None, "")


def test_the_leaders_own_run_is_named_and_pushed(rooms, leader):
    app = press(press(page_of(leader, latest=RUN), "room.push"), "room.push.own")
    assert any(text.value == as_it_is("Learning rate 0.02") for text in app.markdown)
    press(app, "room.push.now")
    assert rooms.stage(leader.code).pushed == RUN


def test_a_leader_shows_the_run_of_a_lab_from_there_with_one_click(rooms, leader):
    room = InRoom()
    room.leader = leader
    app = open_page("linear.py", state={"pages.ui.room.here.InRoom": room}, lr="0.3")
    press(app, "room.remote")
    assert rooms.stage(leader.code).pushed is None
    button(app, "Train").click().run()
    press(app, "room.remote")
    assert rooms.stage(leader.code).pushed.settings["lr"] == "0.3"


def test_pause_and_go_on(rooms, leader):
    app = press(page_of(leader), "room.pause")
    assert rooms.stage(leader.code).paused
    button(app, "Go on").click().run()
    assert not rooms.stage(leader.code).paused


def test_the_prediction_of_a_lesson_is_asked_revealed_and_answered_by_its_run(rooms, leader):
    seat = rooms.join(leader.code)
    app = press(press(page_of(leader), "room.predict"), "room.ask.momentum")
    options = OURS["momentum"].question.options
    assert rooms.stage(leader.code).question is None
    assert all(option in texts_of(app) for option in options)
    app = press(app, "room.ask")
    asked = rooms.stage(leader.code).question
    assert (asked.lesson, asked.right, asked.revealed) == ("momentum", 1, False)
    rooms.answer(seat, asked.id, 1)
    shown = texts_of(app.run())
    assert all(option in shown for option in options)
    assert 'class="wb-room-answers"' not in shown  # which say how often each was given
    app = press(app, "room.reveal")
    assert rooms.stage(leader.code).question.counts == (0, 1, 0)
    button(app, "Its solution").click().run()
    stage = rooms.stage(leader.code)
    assert (stage.question, stage.lesson, stage.pushed.settings["momentum"]) == (None, "", "0.9")


def test_a_template_fills_the_own_question_which_is_refused_while_it_lacks_options(rooms, leader):
    app = press(press(page_of(leader), "room.predict"), "room.ask")
    assert app.error[0].value == "A question has a text and two to six options."
    app = press(press(app, "room.template.0"), "room.ask")
    asked = rooms.stage(leader.code).question
    assert (asked.text, asked.options[0]) == ("Which learning rate reaches the target first?", "0.001")


def test_texts_of_a_question_are_no_html():
    question = Question("1", "?", ("<img src=x onerror=alert(1)>", "b"), revealed=True, counts=(1, 0))
    assert "<img" not in predict.histogram(question)
    assert "<img" not in predict.offered(question)


def test_own_names_are_allowed_during_the_room(rooms, leader):
    app = press(page_of(leader), "room.seats")
    app.toggle(key="room.own_names").set_value(True).run()
    assert rooms.own_names(leader.code)
    rooms.join(leader.code, "Kim")
    assert rooms.seats(leader)[0].name == "Kim"


def test_the_room_ends_once_the_leader_says_it_twice(rooms, leader):
    app = press(page_of(leader), "room.end")
    assert rooms.store.read(leader.code)
    press(app, "room.end.now")
    assert rooms.store.read(leader.code) == {}


def test_a_leader_whose_room_is_gone_is_told_so(rooms, leader):
    app = page_of(leader)
    rooms.end(leader)
    press(app, "room.pause")
    room = app.session_state["pages.ui.room.here.InRoom"]
    assert (room.leader, room.farewell) == (None, "ended")


def test_a_room_that_cannot_be_reached_is_not_ended(rooms, leader, monkeypatch):
    def lost(code):
        raise Lost

    monkeypatch.setattr(rooms.store, "end", lost)
    app = press(press(page_of(leader), "room.end"), "room.end.now")
    assert app.session_state["pages.ui.room.here.InRoom"].leader == leader


def test_a_local_address_is_said_to_be_one_unless_the_code_is_folded(rooms, leader, monkeypatch):
    monkeypatch.setattr("pages.ui.room.code.join_address", "http://localhost:8501/room?code={}".format)
    app = page_of(leader)
    assert "make serve ADDRESS=0.0.0.0" in app.warning[0].value
    app = press(app, "room.fold")
    assert not app.warning
    assert button(app, "Show it large")


def test_names_and_a_folded_code_are_the_same_after_a_reload(rooms, leader, monkeypatch):
    app = press(page_of(leader), "room.fold")
    app = app.toggle(key="room.names").set_value(True).run()
    send_kept(monkeypatch, kept(app))
    again = open_page("room.py")
    assert again.toggle(key="room.names").value
    assert button(again, "Show it large")


def test_a_stage_survives_its_way_through_the_store(rooms, leader):
    rooms.lead(leader, pushed=RUN)
    asked = rooms.ask(leader, *QUESTION, lesson="momentum", right=0)
    assert rooms.stage(leader.code) == asked
    assert json.loads(json.dumps(dataclasses.asdict(asked)))["question"]["right"] == 0
