"""Which workplace the environment asks for."""

import os

from .local import LocalWorkers
from .ray_workers import RayWorkers


def workplace() -> LocalWorkers | RayWorkers:
    """The cluster whose address WB_RAY_ADDRESS has, if it has one, or else processes of this machine."""
    address = os.environ.get("WB_RAY_ADDRESS", "").strip()
    return RayWorkers(address) if address else LocalWorkers()
