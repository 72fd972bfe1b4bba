"""Runs coroutines in tests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def result_of(coroutine):
    """The result of a coroutine, in a thread of its own: after browser tests, Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
