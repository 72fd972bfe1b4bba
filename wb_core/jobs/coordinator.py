"""What runs in a Ray cluster: a coordinator on its head node, and one task for each job, wherever Ray finds a place.

Ray gets this module as code (`connection.py`), and the rest of the package beside it. So a task tells that it has its
place before it imports PyTorch, and the head node needs none. Here Ray itself is imported where it is used, as
everywhere in this package: it is an optional one.

A task tells how its job goes by what it yields. A server outside the cluster, a client of Ray's, cannot listen to
such a task; it asks the coordinator, which can.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

TRIES = 3
"""So often is a job begun, at most, when computers that do it are lost."""

News = tuple[str, int, Mapping[str, Any], Mapping[str, Any]]
"""The ticket of a job, which try of it this is about, and the fields and arrays of a message."""


def train(job: bytes, *data: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Do one job, in a process of its own, with one thread.

    `data` are the arrays of its data, which all jobs of a node share in its memory, or nothing where it makes them.
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

        # Ray itself would begin a task again, but not say so.
        self._train = ray.remote(num_cpus=1, num_returns="streaming", max_retries=0)(train)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._news: list[News] = []
        self._told = asyncio.Event()

    async def ready(self) -> bool:
        """Whether it is there."""
        return True

    async def begin(self, ticket: str, job: bytes, data: list[Any], first: int, gpus: int) -> None:
        """Begin a job, with the `first` try of it; `data` are references to its arrays, and it needs so many `gpus`."""
        self._under_way[ticket] = asyncio.create_task(self._see_through(ticket, job, data, first, gpus))

    async def cancel(self, ticket: str) -> None:
        """End a job, wherever it is."""
        if ticket in self._under_way:
            self._under_way[ticket].cancel()

    async def news(self) -> list[News]:
        """What was told since this was last asked, as soon as there is something."""
        await self._told.wait()
        self._told.clear()
        news, self._news = self._news, []
        return news

    def _tell(self, *news: Any) -> None:
        self._news.append(news)
        self._told.set()

    async def _see_through(self, ticket: str, job: bytes, data: list[Any], first: int, gpus: int) -> None:
        import ray
        from ray import exceptions

        lost = ""
        try:
            for attempt in range(first, TRIES + 1):
                self._tell(ticket, attempt, {"now": "queued"}, {})
                answers = self._train.options(num_gpus=gpus).remote(job, *data)
                try:
                    async for answer in answers:
                        self._tell(ticket, attempt, *await answer)
                    return
                except asyncio.CancelledError:
                    ray.cancel(answers, force=True)
                    raise
                except exceptions.RayTaskError as error:  # what this node cannot do, the next one cannot either
                    self._tell(ticket, attempt, {"traceback": str(error)}, {})
                    return
                except exceptions.RayError as error:
                    lost = str(error)
            self._tell(ticket, TRIES, {"traceback": f"it was begun {TRIES} times: {lost}"}, {})
        except Exception as error:  # noqa: BLE001  # whatever it is, the server must hear of it
            self._tell(ticket, TRIES, {"traceback": repr(error)}, {})
        finally:
            self._under_way.pop(ticket, None)
