"""What every test shares: Hypothesis draws the same examples in every run, and has no stopwatch."""

from hypothesis import settings

settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")
