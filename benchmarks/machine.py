"""How busy the machine is with other processes, which distort every figure."""

import os
import time
from pathlib import Path

STAT = Path("/proc/stat")
CALM, PATIENCE = 0.15, 60  # share of all cores in use; seconds to wait for it


def wait_for_calm() -> None:
    """Wait until the machine is mostly idle, at most a minute."""
    deadline = time.monotonic() + PATIENCE
    while STAT.exists() and time.monotonic() < deadline and max(_busy(1), _busy(1)) > CALM:
        pass


class Others:
    """Measures the CPU use of other processes from now on."""

    def __init__(self) -> None:
        self._began, self._then = time.monotonic(), _used()

    def share(self) -> str:
        """The share of all cores that other processes used. An ended process counts with its parent."""
        if not STAT.exists():
            return "what else the machine did cannot be seen here"
        ticks = max(0, sum(_used().values()) - sum(self._then.values()))
        seconds = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return f"meanwhile others used {ticks / os.sysconf('SC_CLK_TCK') / seconds:.0%} of the machine"


def _used() -> dict[int, int]:
    """CPU ticks of every process so far, including ended children; without init, this process and its children."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if fields[0] == "Z":  # a zombie, most likely one of ours
            continue
        pid = int(path.parent.name)
        parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))

    def ours(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = parents.get(pid, 0)
        return pid == os.getpid()

    return {pid: used for pid, used in ticks.items() if pid > 1 and not ours(pid)}


def _busy(seconds: float) -> float:
    before, _, after = _ticks(), time.sleep(seconds), _ticks()
    return 1 - (after[1] - before[1]) / max(after[0] - before[0], 1)


def _ticks() -> tuple[int, int]:
    """Ticks of all cores so far, and how many were idle."""
    numbers = [int(text) for text in STAT.read_text().split("\n", 1)[0].split()[1:9]]
    return sum(numbers), numbers[3] + numbers[4]
