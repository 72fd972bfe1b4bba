"""Limits of the time that a piece of code may take."""

import gc
import time
from contextlib import contextmanager


@contextmanager
def at_most(seconds):
    """Fail if the block takes more CPU time. A garbage collection of the whole test process, which may, waits."""
    gc.disable()
    began = time.process_time()
    try:
        yield
    finally:
        took = time.process_time() - began
        gc.enable()
    assert took < seconds, f"{took:.1f} s"
