"""What every test shares: Hypothesis draws the same examples in every run, and has no stopwatch."""

import sys

from hypothesis import settings

settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")

# The desk's tests look at its processes through what Linux says of them.
collect_ignore = [] if sys.platform == "linux" else ["core/test_customs.py"]
