"""What every test shares: Hypothesis draws the same examples in every run and has no stopwatch; torch one thread."""

import sys

import torch
from hypothesis import settings

settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")

# As on the server: a second thread would wait for the other core, which somebody else is using.
torch.set_num_threads(1)

# The tests of the sandbox and of the jobs look at their processes through what Linux says of them.
of_linux = ["core/test_sandbox.py", "core/test_jobs.py", "core/test_ray_cluster.py"]
collect_ignore = [] if sys.platform == "linux" else of_linux
