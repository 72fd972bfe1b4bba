"""A Chromium with one page of the workbench, and helpers for measurements in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import launch

PATIENCE = 60_000  # milliseconds; enough for a busy machine
REST = 250  # milliseconds between two measurements, as between two clicks of a visitor
SIZE = {"width": 1400, "height": 900}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The tests' browser: headless, without a GPU."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def visit(browser: Browser, address: str, *, motion: bool = False) -> Page:
    """A page in its own context; without `motion` the player shows the end of a training at once."""
    context = browser.new_context(locale="en-US", viewport=SIZE, reduced_motion="no-preference" if motion else "reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    return page


def drawn(page: Page) -> None:
    """Wait until the player has drawn its charts and no script runs."""
    expect(page.locator(".wb-player")).to_have_attribute("data-token", re.compile("."), timeout=PATIENCE)
    idle(page)


def idle(page: Page) -> None:
    """Wait until no script runs for this page, and `REST` longer."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
    page.wait_for_timeout(REST)


def watch(page: Page, *, event: str, until: str) -> None:
    """Prepare the page to time one thing: from the next `event` until the JavaScript expression `until` is true.

    The page itself measures, and checks after every change of the document.
    """
    page.evaluate(
        """([event, until]) => {
            const done = new Function(`return (${until})`);
            const clock = (window.benchClock = { took: null });
            addEventListener(event, () => { clock.began ??= performance.now(); }, { capture: true, once: true });
            const observer = new MutationObserver(() => {
                if (clock.began === undefined || !done()) return;
                clock.took = performance.now() - clock.began;
                observer.disconnect();
            });
            observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        }""",
        [event, until],
    )


def took(page: Page) -> float:
    """The measured milliseconds, once the expression is true."""
    page.wait_for_function("window.benchClock.took !== null")
    milliseconds: float = page.evaluate("window.benchClock.took")
    return milliseconds
