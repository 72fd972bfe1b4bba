"""The time of a matrix product, on the CPU and on a GPU if the machine has one."""

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ..base.devices import available_devices
from ..base.seeding import generator

SIZES = (128, 256, 512)
REPEATS = 9
BUDGET = 0.06
"""Seconds after which a size is not measured again; every size is measured at least once."""

_turn = threading.Lock()  # two measurements at once would slow each other down


@dataclass(frozen=True)
class Timing:
    """The time of a product of two square float32 matrices: the median of `repeats` times, in `seconds`.

    `threads` is the number of CPU threads, None on a GPU. `seconds` is None if the device raised an error.
    """

    device: str
    size: int
    seconds: float | None
    repeats: int = 0
    threads: int | None = None

    @property
    def operations(self) -> int:
        """Each of the size² numbers is a sum of `size` products: 2 · size³ multiplications and additions."""
        return 2 * self.size**3

    @property
    def gflops(self) -> float | None:
        """Billions of multiplications and additions per second."""
        return None if self.seconds is None else self.operations / self.seconds / 1e9


def time_products(devices: Sequence[str] | None = None, sizes: Sequence[int] = SIZES) -> tuple[Timing, ...]:
    """Time a product of every size, first on the CPU and then on each other available type of device.

    One caller measures at a time; the others wait. Leaves torch's settings and global generators alone.
    """
    devices = available_devices()[::-1] if devices is None else devices
    with _turn:
        return tuple(_time(torch.device(device), size) for device in devices for size in sizes)


def _time(device: torch.device, size: int) -> Timing:
    random = generator(size)
    left, right = (torch.rand(size, size, generator=random) for _ in range(2))  # (size, size)
    threads = torch.get_num_threads() if device.type == "cpu" else None
    try:
        times = _repeat(left.to(device), right.to(device))
    except RuntimeError:  # a GPU with no memory left
        return Timing(device.type, size, None)
    return Timing(device.type, size, statistics.median(times), len(times), threads)


def _repeat(left: torch.Tensor, right: torch.Tensor) -> list[float]:
    _multiply(left, right)  # the first product pays for one-time setup
    times: list[float] = []
    while len(times) < REPEATS and sum(times) < BUDGET:
        began = time.perf_counter()
        _multiply(left, right)
        times.append(time.perf_counter() - began)
    return times


def _multiply(left: torch.Tensor, right: torch.Tensor) -> None:
    """Compute one product, and wait for it: on a GPU, calls return before the work is done."""
    torch.mm(left, right)
    if left.device.type != "cpu":
        torch.accelerator.synchronize(left.device)
