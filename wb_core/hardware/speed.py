"""How long a product of two matrices takes, on the processor and on a GPU where there is one."""

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
"""Seconds after which a size is not measured again; every size is measured once at least."""

_turn = threading.Lock()  # two measurements side by side would measure each other


@dataclass(frozen=True)
class Timing:
    """The product of two square matrices of float32: their `size`, and the median of `repeats` times in seconds.

    `threads` is how many of the processor's cores took part, None on a GPU. `seconds` is None where the device gave up.
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
        """Billions of multiplications and additions in a second."""
        return None if self.seconds is None else self.operations / self.seconds / 1e9


def time_products(devices: Sequence[str] | None = None, sizes: Sequence[int] = SIZES) -> tuple[Timing, ...]:
    """Time a product of every size, on the processor first and then on each other kind of device that there is.

    One caller measures at a time, the others wait. Torch's settings and its global generators are left alone.
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
    except RuntimeError:  # a GPU whose memory somebody else has taken
        return Timing(device.type, size, None)
    return Timing(device.type, size, statistics.median(times), len(times), threads)


def _repeat(left: torch.Tensor, right: torch.Tensor) -> list[float]:
    _multiply(left, right)  # the first one pays for what is set up once
    times: list[float] = []
    while len(times) < REPEATS and sum(times) < BUDGET:
        began = time.perf_counter()
        _multiply(left, right)
        times.append(time.perf_counter() - began)
    return times


def _multiply(left: torch.Tensor, right: torch.Tensor) -> None:
    """One product, and wait for it: a GPU only notes what it has to do, and Python goes on at once."""
    torch.mm(left, right)
    if left.device.type != "cpu":
        torch.accelerator.synchronize(left.device)
