"""Which device a run computes on."""

import torch

from .errors import DeviceError

BEST_FIRST = ("cuda", "mps", "cpu")


def available_devices() -> tuple[str, ...]:
    """The kinds of device that this machine has, the best one first; "cpu" is always the last."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return tuple(kind for kind in BEST_FIRST if found[kind])


def resolve_device(name: str) -> torch.device:
    """The device behind "auto", "cpu", "cuda" or "mps"; `DeviceError` when this machine does not have it."""
    if name == "cpu":  # always there; to look for the others takes time, and a process that has looked cannot be forked
        return torch.device(name)
    available = available_devices()
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise DeviceError(name, available)
    return torch.device(name)


def device_name(device: torch.device) -> str:
    """The name its maker gave to a device, or its kind in capitals where torch cannot tell."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()
