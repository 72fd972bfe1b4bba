"""What the tests of the pages share: the installed packages are looked through once, not for every page opened."""

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ui.session import reaper
from tests.pages.clock import Clock


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """AppTest looks for components in every installed package, which takes longer than a page itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which reapers wait; the test moves it."""
    clock = Clock()
    monkeypatch.setattr(reaper, "threading", SimpleNamespace(**vars(reaper.threading) | {"Timer": clock.timer}))
    return clock
