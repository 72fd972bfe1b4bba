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


class FromBothEnds(LoadScopeScheduling):
    """Files stay whole. Of two workers (`-n 2`), one begins with the first file, which is one of the browser tests, the
    other with the last one, until they meet: Playwright's event loop lets no other run in its process afterwards.
    """

    def _split_scope(self, nodeid):
        return nodeid.partition("::")[0]

    def _assign_work_unit(self, node):
        if node != self.nodes[0]:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config, log):
    return FromBothEnds(config, log)
