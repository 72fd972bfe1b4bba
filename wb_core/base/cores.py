"""How many processor cores this process may use."""

import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
"""Where Linux shows the limits of a container."""


def usable_cores() -> int:
    """The cores of this machine that this process may use: those it is bound to, within its container's quota."""
    if sys.platform != "linux":
        return os.cpu_count() or 1
    return max(1, math.ceil(min(len(os.sched_getaffinity(0)), *_quotas())))


def _quotas() -> Iterator[float]:
    """The quota of this container in cores, infinite if it has none: version 2 of Linux's control groups, then 1."""
    for name, period_name in (("cpu.max", None), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = (
                (CGROUPS / name).read_text().split()
            )  # "max 100000" or "150000 100000"; in version 1 "-1" or "150000"
            words += (CGROUPS / period_name).read_text().split() if period_name else []
            quota, period = int(words[0]), int(words[1])
        except (OSError, ValueError, IndexError):
            yield math.inf
        else:
            yield quota / period if quota > 0 and period > 0 else math.inf
