"""The leader's controls in real browsers: a leader and two seats."""

import pytest
from playwright.sync_api import Page, expect

from pages.ui.room.redis_store import RedisStore
from pages.ui.room.rooms import Rooms
from pages.ui.room.seats import Key
from tests.browser.conftest import LOCALES, LOOKS, Visit
from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.redis_server import REDIS, redis_server


def open_room(visit: Visit, **more: object) -> tuple[Lab, str]:
    """A leader, and the code of the room."""
    leader = visit("/room", ready=False, **more)
    leader.page.locator(".st-key-room-open .st-key-room-open button").click()
    return leader, leader.page.locator(".wb-room-code").inner_text()


def sit_down(visit: Visit, code: str, **more: object) -> Lab:
    """A seat of the room with this code."""
    seat = visit(f"/room?code={code}", ready=False, **more)
    seat.button("Join").click()
    expect(seat.button("Leave the room")).to_be_visible()
    return seat


def counts(page: Page, text: str) -> None:
    expect(page.locator(".wb-counts").get_by_text(text, exact=True)).to_be_visible()


def test_a_leader_pushes_pauses_asks_and_reveals(visit: Visit) -> None:
    leader, code = open_room(visit)
    seats = [sit_down(visit, code) for _ in range(2)]
    counts(leader.page, "2 of 2 here")

    leader.button("Everybody start here").click()
    leader.page.locator(".st-key-room-push-lesson-step-size button").click()
    leader.button("Show everybody").click()
    for seat in seats:
        expect(seat.button("Look")).to_be_visible()
    seats[0].button("Look").click()
    expect(seats[0].page.get_by_role("heading", name="Too small, too large, just right")).to_be_visible()
    counts(leader.page, "1 of 2 look")
    counts(leader.page, "0 of 2 solved")

    leader.button("Pause").click()
    for seat in seats:
        expect(seat.page.get_by_text("Look to the front.")).to_be_visible()
    leader.button("Go on").click()
    for seat in seats:
        expect(seat.page.get_by_text("Look to the front.")).to_be_hidden()

    leader.button("Predict").click()
    leader.page.locator(".st-key-room-ask-momentum button").click()
    leader.button("Ask everybody").click()
    counts(leader.page, "0 of 2 answered")
    option = "It gets near fast, rolls past the best line, and comes back again and again."
    for number, seat in enumerate(seats, start=1):
        seat.button("Answer").click()
        seat.button(option).click()
        counts(leader.page, f"{number} of 2 answered")
    expect(leader.page.locator(".wb-room-answers")).to_have_count(0)
    leader.button("Reveal").click()
    right = leader.page.locator(".wb-room-right-one")
    expect(right).to_contain_text(option)
    expect(right.locator("strong")).to_have_text("2")

    leader.button("Seats").click()
    leader.page.get_by_role("button", name="Remove: Seat 2").dblclick()
    leader.page.get_by_role("button", name="Remove?: Seat 2").click()
    expect(seats[1].page.get_by_text("You no longer have a seat in the room.")).to_be_visible()
    leader.page.keyboard.press("Escape")
    counts(leader.page, "1 of 1 here")


@pytest.mark.slow
@pytest.mark.skipif(not REDIS, reason="the system has no Redis")
def test_a_change_that_another_leader_makes_in_another_process_is_seen_here(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis_server() as redis:
        monkeypatch.setenv("WB_REDIS_URL", redis.url)
        with serve() as address:
            leader, code = open_room(visit, at=address)
            with leader.page.expect_request("**/room-events") as request:
                leader.page.get_by_role("link", name="Compare").click()
                leader.page.get_by_role("navigation").get_by_role("link", name="Room").click()
            key = Key(code, request.value.headers["x-secret"])
            Rooms(RedisStore(redis.url)).lead(key, paused=True)
            expect(leader.button("Go on")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_the_leaders_page_is_accessible_and_fits_where_it_is_shown(visit: Visit, look: tuple[str, str]) -> None:
    language, color_scheme = look
    leader, _code = open_room(visit, locale=LOCALES[language], color_scheme=color_scheme)
    wall = leader.page.locator(".wb-wall").bounding_box()
    assert wall is not None
    assert wall["y"] < 450  # its charts fit below
    for dialog in ("push", "predict", "seats", "end"):
        leader.page.locator(f".st-key-room-{dialog} button").first.click()
        expect(leader.page.get_by_role("dialog")).to_be_visible()
        assert leader.violations("[role=dialog]") == []
        leader.page.keyboard.press("Escape")
        expect(leader.page.get_by_role("dialog")).to_be_hidden()
    assert leader.violations(".st-key-room-lead") == []
    for width in (1920, 360):
        leader.page.set_viewport_size({"width": width, "height": 900})
        leader.fits()
