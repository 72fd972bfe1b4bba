"""How busy the machine is with other things, which spoils every figure here."""

import os
import time
from pathlib import Path

STAT = Path("/proc/stat")
CALM, PATIENCE = 0.15, 60  # share of all cores in use; seconds to wait for it


def wait_for_calm() -> None:
    """Wait until the machine has little to do, or for a minute at most."""
    deadline = time.monotonic() + PATIENCE
    while STAT.exists() and time.monotonic() < deadline and max(_busy(1), _busy(1)) > CALM:
        pass


class Others:
    """What everybody else on the machine computes from now on."""

    def __init__(self) -> None:
        self._began, self._then = time.monotonic(), _used()

    def share(self) -> str:
        """The share of all cores that the others used. Who has ended counts with their parent, if that one is there."""
        if not STAT.exists():
            return "what else the machine did cannot be seen here"
        ticks = max(0, sum(_used().values()) - sum(self._then.values()))
        seconds = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return f"meanwhile others used {ticks / os.sysconf('SC_CLK_TCK') / seconds:.0%} of the machine"


def _used() -> dict[int, int]:
    """Ticks of every process so far, with those of its ended children; without init and this process and its own."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if fields[0] == "Z":  # ended, and nobody has asked for it: most likely one of ours
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
    """Ticks of all cores so far, and the idle ones among them."""
    numbers = [int(text) for text in STAT.read_text().split("\n", 1)[0].split()[1:9]]
    return sum(numbers), numbers[3] + numbers[4]
