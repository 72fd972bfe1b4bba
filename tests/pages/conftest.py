"""Fixtures for the tests of the pages: installed packages are scanned once and not for every page."""

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ui.intake import paste_box
from pages.ui.session import reaper
from tests.pages import intake
from tests.pages.clock import Clock


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """Cache AppTest's scan of installed packages for components, which takes longer than a page itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which reapers wait; the test moves it."""
    clock = Clock()
    monkeypatch.setattr(reaper, "threading", SimpleNamespace(**vars(reaper.threading) | {"Timer": clock.timer}))
    return clock


@pytest.fixture
def paste(monkeypatch):
    """Pastes a text into the dialog of a page, as the browser would."""
    waiting = []
    monkeypatch.setattr(paste_box, "draw", lambda _key, _text, arrived, **_: waiting and arrived(*waiting.pop()))

    def act(app, text, length=None):
        if not intake.dialog(app):
            intake.open_dialog(app)
        waiting.append((text, len(text) if length is None else length))
        return app.run()

    return act
