"""A running server, a Chromium, and independent visitors whose pages must log no errors."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import urljoin

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    WebError,
    sync_playwright,
)

from tests.browser.chromium import launch, launch_at_home
from tests.browser.lab import PATIENCE, WATCH, Lab
from tests.browser.often import look_often
from tests.browser.server import Address, serve

Visit = Callable[..., Lab]

look_often()

LOCALES = {"en": "en-US", "ko": "ko-KR"}  # the usual locale for each language of the app

# `make test` looks at a page in one language and theme, `make test-all` in each, but seldom in each pair of them: sizes
# and names depend on the language, contrasts on the theme.
LANGUAGES = ("en", pytest.param("ko", marks=pytest.mark.slow))
THEMES = ("light", pytest.param("dark", marks=pytest.mark.slow))
LOOKS = (
    pytest.param(("en", "light"), id="en-light"),
    pytest.param(("ko", "dark"), id="ko-dark", marks=pytest.mark.slow),
)
WINDOW: ViewportSize = {"width": 1400, "height": 900}


@pytest.fixture(scope="session")
def server() -> Iterator[Address]:
    """The address of the server that most tests share."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def slow_server() -> Iterator[Address]:
    """The address of a server on which a long training of a line takes seconds, however fast the machine is."""
    with serve(streamlit="tests.browser.slow_streamlit") as address:
        yield address


@pytest.fixture
def cold_server() -> Iterator[Address]:
    """The address of a server without earlier visitors."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium. Without one the tests fail instead of being skipped."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def home(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser for each of `LOCALES`, whose one tab has loaded and compiled the app's scripts.

    Otherwise they are two thirds of the work of opening a page.
    """
    homes: dict[str, BrowserContext] = {}

    def of(locale: str) -> BrowserContext:
        if locale not in homes:
            folder = tmp_path_factory.mktemp(f"chromium-{locale}")
            homes[locale] = launch_at_home(playwright, folder, locale=locale, viewport=WINDOW)
            homes[locale].add_init_script(WATCH)
        return homes[locale]

    yield of
    for context in homes.values():
        context.close()


@pytest.fixture
def visit(browser: Browser, home: Callable[[str], BrowserContext], server: str) -> Iterator[Visit]:
    """Open a page as a visitor: `visit("/linear?lr=0.02", locale="ko-KR", ...)`.

    Defaults: English, light theme, 1400 x 900, reduced motion (a training shows its end at once), on
    the shared server. `ready=False` does not wait for the charts. `touch` is a phone, with a finger.
    Visitors share a tab, one after the other, and
    its compiled scripts, but no data; a second visitor of a test, and a visitor of another server, has a new browser
    context. At the end of the test, no page may have logged an error.
    """
    with _visitors(browser, server, home) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def visit_for_long(browser: Browser, server: str) -> Iterator[Visit]:
    """The same for a page that several tests of a module share."""
    with _visitors(browser, server) as open_page:
        yield open_page


@contextmanager
def _visitors(browser: Browser, server: str, home: Callable[[str], BrowserContext] | None = None) -> Iterator[Visit]:
    with ExitStack() as leave:
        complaints: list[str] = []
        taken: set[str] = set()

        def tab_of(locale: str, at: str | None, touch: bool) -> Page:
            if home is None or at or touch or locale in taken or locale not in LOCALES.values():
                context = browser.new_context(locale=locale, viewport=WINDOW, has_touch=touch, is_mobile=touch)
                context.add_init_script(WATCH)
                leave.callback(context.close)
                return context.new_page()
            taken.add(locale)
            [tab] = home(locale).pages
            leave.callback(_leave_nothing, tab, server)
            return tab

        def complain(message: ConsoleMessage) -> None:
            complaints.extend(_complaint(message))

        def fail(error: WebError) -> None:
            complaints.append(str(error.error))

        def open_page(
            path: str = "/linear",
            *,
            at: str | None = None,
            ready: bool = True,
            locale: str = "en-US",
            color_scheme: str = "light",
            reduced_motion: str = "reduce",
            viewport: ViewportSize = WINDOW,
            permissions: Sequence[str] = (),
            touch: bool = False,
        ) -> Lab:
            page = tab_of(locale, at, touch)
            context = page.context
            context.set_default_timeout(PATIENCE)
            context.set_default_navigation_timeout(PATIENCE)
            if permissions:
                context.grant_permissions(permissions)
            for event, listener in (("console", complain), ("weberror", fail)):
                context.on(event, listener)
                leave.callback(context.remove_listener, event, listener)
            lab = Lab(page)
            lab.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
            lab.page.set_viewport_size(viewport)
            lab.page.goto(urljoin(at or server, path))
            if ready:
                lab.ready()
            return lab

        yield open_page
    assert not complaints


def _leave_nothing(tab: Page, server: str) -> None:
    """Delete the visitor's data, but not the compiled scripts."""
    tab.unroute_all()
    tab.mouse.move(0, 0)
    if tab.url.startswith(server):
        tab.evaluate("sessionStorage.clear()")
    tab.goto("about:blank")
    tab.context.clear_permissions()
    tab.context.clear_cookies()
    session = tab.context.new_cdp_session(tab)
    session.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": "local_storage,indexeddb"})
    session.detach()


def _complaint(message: ConsoleMessage) -> list[str]:
    return [f"{message.text} ({message.location.get('url', '')})"] if message.type == "error" else []
