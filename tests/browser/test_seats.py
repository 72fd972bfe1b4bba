"""A seat in real browsers: the bar, the curtain, the question, its own work, and the same seat again."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.lab import Lab
from tests.browser.proxy import proxy
from tests.browser.test_leader import counts, open_room, sit_down

CURTAIN = ".wb-room-curtain[open]"
SLEPT = "() => { const now = Date.now; Date.now = () => now() + 300_000; }"
"""Five minutes have gone by, while all timers stood still."""


def in_lab(seat: Lab) -> Lab:
    seat.button("To the first lab").click()
    seat.ready()
    return seat


def push_lesson(leader: Lab) -> None:
    leader.button("Everybody start here").click()
    leader.page.locator(".st-key-room-push-lesson-step-size button").click()
    leader.button("Show everybody").click()


@pytest.mark.parametrize("how", ["by the bar", "after a reload", "by the browser"])
def test_a_seat_looks_and_comes_back_to_its_own_run(visit: Visit, how: str) -> None:
    leader, code = open_room(visit)
    seat = in_lab(sit_down(visit, code))
    seat.move("Learning rate", "ArrowRight")
    seat.train()
    seat.shows(99)  # and not yet the untrained model of the other learning rate
    own = seat.readouts()
    place = seat.page.get_by_role("heading", level=1).bounding_box()
    push_lesson(leader)
    expect(seat.button("Look")).to_be_visible()
    assert seat.page.get_by_role("heading", level=1).bounding_box() == place
    seat.button("Look").dblclick()
    expect(seat.page.get_by_role("heading", name="Too small, too large, just right")).to_be_visible()
    if how == "after a reload":
        expect(seat.button("Back to my own")).to_be_visible()
        seat.at_rest()
        seat.page.reload()
    if how == "by the browser":
        seat.at_rest()
        seat.page.go_back()
    else:
        seat.button("Back to my own").click()
    expect(seat.page.get_by_role("heading", name="Linear regression")).to_be_visible()
    seat.soon(seat.readouts, own)
    expect(seat.button("Back to my own")).to_be_hidden()


def test_behind_the_curtain_nothing_can_be_done(visit: Visit) -> None:
    leader, code = open_room(visit)
    seat = in_lab(sit_down(visit, code))
    leader.button("Pause").click()
    expect(seat.page.locator(CURTAIN)).to_be_focused()
    token = seat.token
    for key in ("Escape", "Escape", "Tab", "Enter", "Space", "Control+z"):
        seat.page.keyboard.press(key)
    expect(seat.page.locator(CURTAIN)).to_be_visible()
    assert seat.token == token
    assert seat.violations() == []
    leader.button("Go on").click()
    expect(seat.page.locator(CURTAIN)).to_be_hidden()


@pytest.mark.parametrize(
    "again", ["reload", *(pytest.param(again, marks=pytest.mark.slow) for again in ("tab", "offline"))]
)
def test_the_seat_is_the_same_again(visit: Visit, again: str) -> None:
    leader, code = open_room(visit)
    seat = in_lab(sit_down(visit, code))
    name = seat.page.locator(".wb-room-text").inner_text()
    page = seat.page
    if again == "reload":
        page.reload()
    elif again == "tab":
        page = seat.page.context.new_page()
        page.goto(f"{seat.origin}/points")
    else:
        page.context.set_offline(True)
        page.context.set_offline(False)
    push_lesson(leader)
    expect(page.get_by_role("button", name="Look", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stay here", exact=True).click()
    expect(page.locator(".wb-room-text")).to_have_text(name)
    counts(leader.page, "1 of 1 here")


def test_the_seat_is_there_when_its_laptop_has_slept(visit: Visit, server: str) -> None:
    with proxy(server) as network:
        leader, code = open_room(visit)
        seat = sit_down(visit, code, at=network.address)
        name = seat.page.locator(".wb-room-text").inner_text()
        network.mute()
        with seat.page.expect_websocket():
            seat.page.evaluate(SLEPT)
        push_lesson(leader)
        expect(seat.button("Look")).to_be_visible(timeout=15_000)
        seat.button("Stay here").click()
        expect(seat.page.locator(".wb-room-text")).to_have_text(name)
        counts(leader.page, "1 of 1 here")


def test_the_leader_reloads_and_leads_on(visit: Visit) -> None:
    leader, code = open_room(visit)
    sit_down(visit, code)
    leader.button("Make it small").click()
    leader.page.get_by_text("Show names").click()
    leader.page.get_by_role("radio", name="lesson").check()
    name = leader.page.locator(".wb-wall-head strong")
    expect(name).not_to_have_text("Seat 1")
    expect(leader.button("Show it large")).to_be_visible()
    leader.at_rest()
    leader.page.reload()
    expect(leader.page.locator(".wb-room-code")).to_have_text(code)
    expect(leader.button("Show it large")).to_be_visible()
    expect(name).not_to_have_text("Seat 1")
    expect(leader.page.get_by_role("radio", name="lesson")).to_be_checked()
    counts(leader.page, "1 of 1 here")


def test_a_phone_has_large_targets_and_sees_the_answers(visit: Visit) -> None:
    leader, code = open_room(visit)
    seat = in_lab(sit_down(visit, code, viewport={"width": 360, "height": 740}, touch=True))
    push_lesson(leader)
    expect(seat.button("Look")).to_be_visible()
    for name in ("Look", "Stay here"):
        box = seat.button(name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert seat.violations() == []
    leader.button("Predict").click()
    leader.page.locator(".st-key-room-ask-momentum button").click()
    leader.button("Ask everybody").click()
    seat.button("Answer").click()
    assert seat.violations("dialog.wb-room-ask") == []
    seat.page.locator(".wb-room-options button").first.click()
    counts(leader.page, "1 of 1 answered")
    leader.button("Reveal").click()
    seat.button("See them").click()
    expect(seat.page.locator(".wb-room-mine")).to_contain_text("your answer")
    expect(seat.page.locator(".wb-room-mine .wb-room-count")).to_have_text("1")
    seat.fits()
