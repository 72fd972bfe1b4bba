"""Settings of all tests: Hypothesis is deterministic and has no deadline; torch has one thread."""

import sys

import pytest
import torch
from hypothesis import settings

settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")

# As on the server, where a second thread would compete for the other core.
torch.set_num_threads(1)

# These tests read /proc, which only Linux has.
LINUX_ONLY = ["core/test_sandbox.py", "core/test_jobs.py", "core/test_ray_cluster.py"]
collect_ignore = [] if sys.platform == "linux" else LINUX_ONLY


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    """With several workers (`-n 2`), one runs all browser tests, with one server and one Chromium; files stay whole."""
    for item in items:
        group = "browser" if item.path.parent.name == "browser" else item.path.name
        item.add_marker(pytest.mark.xdist_group(group))
