"""A running server, a Chromium, and visitors: contexts of their own whose pages must not complain."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Playwright, sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab import PATIENCE, Lab
from tests.browser.server import serve

# Streamlit asks for these below the address of the page first, and then at the root.
PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")

Visit = Callable[..., Lab]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server that most tests share."""
    with serve() as address:
        yield address


@pytest.fixture
def cold_server() -> Iterator[str]:
    """The address of a server that nobody has visited."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Without a Chromium this fails, and never skips."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Let somebody come: `visit("/linear?lr=0.02", locale="ko-KR", ...)` opens a page in a browser context of its own.

    Without anything said: English, light, 1400 x 900, prefers reduced motion (a training shows its end at once), on
    the shared server. `ready=False` does not wait for the charts. At the end of the test no page may have complained.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str = "/linear", *, at: str | None = None, ready: bool = True, **wishes: Any) -> Lab:
        wishes = {
            "locale": "en-US",
            "color_scheme": "light",
            "reduced_motion": "reduce",
            "viewport": {"width": 1400, "height": 900},
            "base_url": at or request.getfixturevalue("server"),
            **wishes,
        }
        context = browser.new_context(**wishes)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE)
        context.on("console", lambda message: complaints.extend(_complaint(message)))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        lab = Lab(context.new_page())
        lab.page.goto(path)
        if ready:
            lab.ready()
        return lab

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def _complaint(message: ConsoleMessage) -> list[str]:
    where = message.location.get("url", "")
    expected = PROBES.search(where) and "404" in message.text
    return [f"{message.text} ({where})"] if message.type == "error" and not expected else []
