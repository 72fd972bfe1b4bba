"""Settings of all tests: Hypothesis is deterministic and has no deadline; torch has one thread."""

import gc
import sys

import torch
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests import width


def pytest_configure(config):
    width.quick = config.option.markexpr == "not slow"
    settings.register_profile("workbench", deadline=None, derandomize=True, max_examples=width.cases(100))
    settings.load_profile("workbench")


# As on the server, where a second thread would compete for the other core.
torch.set_num_threads(1)


def pytest_collection_finish():
    """As on the server: Streamlit collects garbage after every run of a page, and all that is imported stays."""
    gc.collect()
    gc.freeze()


# These tests read /proc, which only Linux has.
LINUX_ONLY = ["core/test_sandbox.py", "core/test_tables.py", "core/test_jobs.py", "core/test_ray_cluster.py"]
collect_ignore = [] if sys.platform == "linux" else LINUX_ONLY


class WholeFiles(LoadScopeScheduling):
    """With several workers (`-n 2`), one runs all browser tests, with one server and one Chromium; files stay whole."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return "browser" if "browser/" in file else file


def pytest_xdist_make_scheduler(config, log):
    return WholeFiles(config, log)
