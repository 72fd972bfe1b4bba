"""The wall of a full room: one slider moves everybody, with the numbers of the engine; tiles keep their places."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.ui.widgets.numbers import number
from tests.browser.full_streamlit import SEATS
from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.runs import finished

LINES = {n: show.attempt for n, show in enumerate(SEATS, start=1) if show and show.attempt.page == "linear"}

# Moves the slider for every picture of a second, and returns how long a picture took, in the middle.
DRAG = """(slider) => new Promise((done) => {
  const times = [];
  const step = (now) => {
    times.push(now);
    if (times.length > 60) {
      const apart = times.slice(1).map((time, n) => time - times[n]).sort((a, b) => a - b);
      return done(apart[30]);
    }
    slider.value = times.length * 2;
    slider.dispatchEvent(new Event("input"));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


@pytest.fixture(scope="module")
def full_server() -> Iterator[str]:
    with serve(streamlit="tests.browser.full_streamlit") as address:
        yield address


@pytest.fixture
def leader(browser: Browser, full_server: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{full_server}/room")
        page.get_by_role("button", name="Open a room").click()
        expect(page.locator(".wb-wall-tile")).to_have_count(len(LINES) + 1)  # and the seat that shows nothing yet
        expect(page.locator(".wb-wall-number").nth(1)).to_contain_text("test loss")
        yield page


def tile(page: Page, seat: int) -> Locator:
    return page.locator(".wb-wall-tile").filter(has=page.get_by_text(f"Seat {seat}", exact=True))


def move(page: Page, epoch: int) -> None:
    page.get_by_role("slider", name="Epoch of all").fill(str(epoch))
    expect(page.locator(".wb-wall-epoch")).to_have_text(f"epoch {epoch} of 149")


def order(page: Page) -> list[str]:
    return page.locator(".wb-wall-tile strong").all_inner_texts()


def test_one_slider_moves_everybody_and_a_run_that_has_ended_stays_at_its_end(leader: Page) -> None:
    for epoch in (0, 80, 149):
        move(leader, epoch)
        for seat, attempt in LINES.items():
            losses = finished(attempt.config).history.column("test_loss")
            text = number(float(np.float32(losses[min(epoch, len(losses) - 1)])))
            expect(tile(leader, seat).locator(".wb-wall-number")).to_have_text(f"test loss {text}")
    assert leader.get_by_role("slider", name="Epoch of all").evaluate(DRAG) < 50  # 17 ms with a core of its own


def test_tiles_are_sorted_filtered_and_opened(leader: Page) -> None:
    before = order(leader)
    assert before == sorted(before, key=lambda name: int(name.split()[1]))
    leader.get_by_role("radio", name="loss").check()
    at_end = {f"Seat {n}": finished(one.config).history.row(-1)["test_loss"] for n, one in LINES.items()}
    assert order(leader)[:-1] == sorted(at_end, key=at_end.__getitem__)

    leader.get_by_label("Only who is stuck (1)").check()
    expect(leader.locator(".wb-wall-tile")).to_have_count(1)
    expect(tile(leader, 2)).to_contain_text("too slow")
    tile(leader, 2).press("Enter")
    dialog = leader.get_by_role("dialog")
    expect(dialog).to_contain_text("Seat 2")
    dialog.press("Escape")
    expect(dialog).to_be_hidden()
    expect(tile(leader, 2)).to_be_focused()


def test_news_move_no_tile_under_the_pointer_and_a_removed_seat_is_gone(leader: Page, browser: Browser) -> None:
    leader.get_by_role("radio", name="loss").check()
    seats = len(LINES) + 2
    with browser.new_context(reduced_motion="reduce") as context:
        seat = Lab(context.new_page())
        seat.page.goto(f"{Lab(leader).origin}/room?code={leader.locator('.wb-room-code').inner_text()}")
        seat.button("Join").click()
        expect(leader.locator(".wb-wall-tile")).to_have_count(seats)
        seat.page.get_by_role("link", name="Linear regression").click()
        seat.ready()
        best = leader.locator(".wb-wall-tile").first
        best.hover()
        before, place = order(leader), best.bounding_box()
        seat.train()
        new = tile(leader, len(SEATS) + 1)
        expect(new.locator(".wb-wall-number")).to_contain_text("test loss 0.0")
        assert (order(leader), best.bounding_box()) == (before, place)
        leader.mouse.move(0, 0)
        expect(leader.locator(".wb-wall-tile").last).not_to_contain_text(f"Seat {len(SEATS) + 1}")

        leader.get_by_role("button", name="Seats").click()
        leader.get_by_role("button", name=f"Remove: Seat {len(SEATS) + 1}").click()
        leader.get_by_role("button", name=f"Remove?: Seat {len(SEATS) + 1}").click()
        expect(new).to_have_count(0)
        expect(leader.locator(".wb-wall-tile")).to_have_count(seats - 1)


def test_each_kind_has_a_section_and_the_charts_have_words(leader: Page) -> None:
    lab = Lab(leader)
    leader.get_by_text("All seats as a table").click()
    expect(leader.get_by_role("row", name="Seat 2 test loss")).to_contain_text("too slow")
    assert lab.violations(".wb-wall") == []
    leader.get_by_role("radio", name="Images 1").check()
    expect(tile(leader, 29).locator(".wb-wall-number")).to_have_text("80% right")
    leader.get_by_role("radio", name="Points in the plane 1").check()
    right = finished(SEATS[-1].attempt.config).history.row(-1)["test_accuracy"]
    expect(tile(leader, 30).locator(".wb-wall-number")).to_have_text(f"{right:.4g}% right")
    picture = tile(leader, 30).locator("canvas").bounding_box()
    assert picture is not None
    assert picture["width"] > 300  # few are large
    tile(leader, 30).click()
    leader.get_by_role("button", name="Open in the lab").click()
    expect(leader.get_by_role("heading", name="Points in the plane", exact=True)).to_be_visible()
