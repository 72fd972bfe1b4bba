"""Picks the workplace that the environment asks for."""

import os

from .local import LocalWorkers
from .ray_workers import RayWorkers


def workplace() -> LocalWorkers | RayWorkers:
    """The Ray cluster at WB_RAY_ADDRESS if that is set, else worker processes on this machine."""
    address = os.environ.get("WB_RAY_ADDRESS", "").strip()
    return RayWorkers(address) if address else LocalWorkers()
