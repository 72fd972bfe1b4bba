"""The hardware of this machine, and what PyTorch can use of it."""

import functools
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from ..base.cores import usable_cores
from ..base.devices import available_devices

CPUINFO = Path("/proc/cpuinfo")
BRAND = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]  # how macOS names its processor


@dataclass(frozen=True)
class Gpu:
    """A GPU that `torch.cuda` can use; its memory in bytes is None if the driver does not report it."""

    index: int
    name: str
    total: int | None
    free: int | None

    @property
    def used(self) -> int | None:
        """The memory in use by all processes on the machine, not only by PyTorch."""
        return None if self.total is None or self.free is None else self.total - self.free


@dataclass(frozen=True)
class Machine:
    """The versions of PyTorch and Python, the GPUs and the processor of a machine.

    `cuda` and `cudnn` are None in a build of PyTorch without them; `gpu_build` says whether the build can use any GPU.
    An accelerator is a GPU or similar device of any maker. `device` is the best available type, "cuda", "mps" or "cpu";
    `default_device` is where PyTorch creates tensors by default. `processor` is None if its name is unknown; `cores`
    are those that this process may use, `threads` those that torch uses.
    """

    torch: str
    python: str
    cuda: str | None
    cudnn: int | None
    gpu_build: bool
    cuda_available: bool
    gpus: tuple[Gpu, ...]
    mps_available: bool
    accelerator_available: bool
    device: str
    default_device: str
    processor: str | None
    cores: int
    threads: int

    @property
    def cudnn_release(self) -> str | None:
        """The version of cuDNN in the usual form: 91002 is 9.10.2, and 8907 is 8.9.7."""
        if self.cudnn is None:
            return None
        major, rest = divmod(self.cudnn, 10_000 if self.cudnn >= 90_000 else 1000)
        return f"{major}.{rest // 100}.{rest % 100}"


def this_machine() -> Machine:
    """The current state of the machine that this process runs on."""
    return Machine(
        torch=str(torch.__version__),
        python=platform.python_version(),
        cuda=torch.version.cuda,
        cudnn=_cudnn(),
        gpu_build=torch.backends.cuda.is_built() or torch.backends.mps.is_built(),  # type: ignore[no-untyped-call]
        cuda_available=torch.cuda.is_available(),
        gpus=_gpus(),
        mps_available=torch.backends.mps.is_available(),
        accelerator_available=torch.accelerator.is_available(),
        device=available_devices()[0],
        default_device=str(torch.get_default_device()),
        processor=_processor(),
        cores=usable_cores(),
        threads=torch.get_num_threads(),
    )


def _cudnn() -> int | None:
    try:
        version: int | None = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
    except RuntimeError:  # the installed library is not the one that torch was built for
        return None
    return version


def _gpus() -> tuple[Gpu, ...]:
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return tuple(_gpu(index) for index in range(count))


def _gpu(index: int) -> Gpu:
    try:
        free, total = torch.cuda.mem_get_info(index)
    except RuntimeError:  # asking takes GPU memory, and another process may hold all of it, or the whole GPU
        return Gpu(index, torch.cuda.get_device_name(index), None, None)
    return Gpu(index, torch.cuda.get_device_name(index), total, free)


@functools.cache  # the processor does not change while the machine runs
def _processor() -> str | None:
    return _linux_name() or _mac_name() or platform.processor() or platform.machine() or None


def _linux_name() -> str | None:
    try:
        lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    fields = (line.partition(":") for line in lines)
    return next((value.strip() for name, _, value in fields if name.strip() == "model name" and value.strip()), None)


def _mac_name() -> str | None:
    if sys.platform != "darwin":
        return None
    try:
        done = subprocess.run(BRAND, capture_output=True, timeout=2, check=True)  # noqa: S603  # a constant
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace").strip() or None
