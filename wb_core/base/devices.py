"""Which device a run computes on."""

import torch

from .errors import DeviceError

BEST_FIRST = ("cuda", "mps", "cpu")


def available_devices() -> tuple[str, ...]:
    """The device types of this machine, the best first; "cpu" is always last."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return tuple(kind for kind in BEST_FIRST if found[kind])


def resolve_device(name: str) -> torch.device:
    """The device behind "auto", "cpu", "cuda" or "mps"; `DeviceError` if this machine has no such device."""
    if name == "cpu":  # always available; looking for GPUs takes time and makes the process unsafe to fork
        return torch.device(name)
    available = available_devices()
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise DeviceError(name, available)
    return torch.device(name)


def device_name(device: torch.device) -> str:
    """The product name of a GPU, or the device type in capitals where torch has none."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()
