"""What runs in a Ray cluster: a coordinator on the head node, and one task per job on any node with a free place.

Ray gets this module as code, and the rest of the package with it (`connection.py`). So a task can report that it has
started before it imports PyTorch, and the head node needs no PyTorch. Ray is an optional package, imported where it is
used.

A task reports progress by what it yields. A server outside the cluster is a Ray client, which cannot read such a
stream; it asks the coordinator, which can.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

TRIES = 3
"""A job is started at most this often when its nodes are lost."""

News = tuple[str, int, Mapping[str, Any], Mapping[str, Any]]
"""The ticket of a job, the number of the try, and the fields and arrays of a message."""


def train(job: bytes, *data: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Do one job in a process with one thread.

    `data` are the arrays of its data set, which all jobs on a node share in memory; empty if the job makes its own.
    """
    yield {"now": "starting"}, {}
    import io

    import torch

    from .message import receive
    from .training import messages

    torch.set_num_threads(1)
    message = receive(io.BytesIO(job).read)
    assert message is not None
    yield from messages(*message, data)


class Coordinator:
    """Starts jobs, restarts them when a node is lost, and collects their messages."""

    def __init__(self) -> None:
        import ray

        # Ray could retry a task itself, but would not report it.
        self._train = ray.remote(num_cpus=1, num_returns="streaming", max_retries=0)(train)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._news: list[News] = []
        self._has_news = asyncio.Event()

    async def ready(self) -> bool:
        """Answer once the actor runs."""
        return True

    async def begin(self, ticket: str, job: bytes, data: list[Any], first: int, gpus: int) -> None:
        """Start a job with try number `first`. `data` are references to its arrays, `gpus` is how many it needs."""
        self._under_way[ticket] = asyncio.create_task(self._run_job(ticket, job, data, first, gpus))

    async def cancel(self, ticket: str) -> None:
        """End a job on whichever node it runs."""
        if ticket in self._under_way:
            self._under_way[ticket].cancel()

    async def news(self) -> list[News]:
        """The messages since the last call, as soon as there are any."""
        await self._has_news.wait()
        self._has_news.clear()
        news, self._news = self._news, []
        return news

    def _tell(self, *news: Any) -> None:
        self._news.append(news)
        self._has_news.set()

    async def _run_job(self, ticket: str, job: bytes, data: list[Any], first: int, gpus: int) -> None:
        import ray
        from ray import exceptions

        lost = ""
        try:
            for attempt in range(first, TRIES + 1):
                self._tell(ticket, attempt, {"now": "queued"}, {})
                stream = self._train.options(num_gpus=gpus).remote(job, *data)
                try:
                    async for message in stream:
                        self._tell(ticket, attempt, *await message)
                    return
                except asyncio.CancelledError:
                    ray.cancel(stream, force=True)
                    raise
                except exceptions.RayTaskError as error:  # another node would fail in the same way
                    self._tell(ticket, attempt, {"traceback": str(error)}, {})
                    return
                except exceptions.RayError as error:
                    lost = str(error)
            self._tell(ticket, TRIES, {"traceback": f"it was begun {TRIES} times: {lost}"}, {})
        except Exception as error:  # noqa: BLE001  # the server must hear of every error
            self._tell(ticket, TRIES, {"traceback": repr(error)}, {})
        finally:
            self._under_way.pop(ticket, None)
