"""A link opened as the first request to a new server."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.lab import trained


@pytest.mark.slow
def test_a_link_opened_on_a_cold_server_shows_the_whole_page_and_trains_to_the_same_numbers(
    cold_server: str,
    visit: Visit,  # in this order, so that the page closes before its server
) -> None:
    lab = visit("/linear?lr=0.42&epochs=30", at=cold_server)
    page, run = lab.page, trained(lr=0.42, epochs=30)

    expect(page.get_by_role("heading", name="Linear regression", level=1)).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("link").get_by_role("paragraph")).to_have_text(
        [
            "Start",
            "Lessons",
            "Tensors",
            "Linear regression",
            "One step",
            "Points in the plane",
            "Images",
            "Sweep",
            "Room",
            "Compare",
            "Device",
        ]
    )
    expect(page.get_by_role("combobox", name="Language")).to_be_visible()
    expect(lab.slider_value("Learning rate")).to_have_text("0.42")
    expect(lab.slider_value("Epochs")).to_have_text("30")
    lab.train()
    lab.shows(29)
    lab.reads(run.history.row(-1))
