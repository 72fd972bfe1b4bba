"""What every test shares: Hypothesis draws the same examples in every run, and has no stopwatch."""

import sys

import pytest
from hypothesis import settings

settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, those in a browser stay together: they share one server and one Chromium."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("browser"))


# The desk's tests look at its processes through what Linux says of them.
collect_ignore = [] if sys.platform == "linux" else ["core/test_customs.py"]
