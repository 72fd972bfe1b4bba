"""A connection to a Ray cluster: to a coordinator there, who is given jobs and asked for news.

Ray is an optional package, and imported when a connection is asked for. It is one connection for the whole process.
"""

import contextlib
import importlib
import logging
import os
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..base.errors import JobError
from ..kinds import kind_of
from . import coordinator
from .coordinator import News
from .job import Job
from .message import pack_job

CONNECT_SECONDS = 30.0
"""A cluster that has not taken us in by then will not: its first answer takes some 5 s, in which it gets our code."""

REACH_SECONDS = 3.0
CHECK_SECONDS = 5.0
"""So long may a cluster have nothing to tell until we look whether it is still there."""

MOST_SHARED = 2
"""A cluster holds at most this many data sets for us."""

# Without it Ray ends this whole process, server and all, a minute after the head node was lost.
PATIENCE = ("RAY_gcs_rpc_server_reconnect_timeout_s", "1000000000")

log = logging.getLogger(__name__)


def no_cluster(address: str) -> JobError:
    """A cluster that does not answer."""
    return JobError("job.no_cluster", f"the Ray cluster at {address} cannot be reached", address=address)


class Connection:
    """To the cluster at an address; to be used by one thread."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opening: _Opening | None = None
        self._ray: Any = None
        self._coordinator: Any = None
        self._asked: Any = None  # for news
        self._heard = 0.0
        # By the identity of the data, which are held here, so that no others can have it.
        self._shared: OrderedDict[int, tuple[Any, list[Any]]] = OrderedDict()

    @property
    def is_open(self) -> bool:
        return self._coordinator is not None

    def open(self, seconds: float = CONNECT_SECONDS) -> None:
        """Connect, unless that was done; raises `JobError`."""
        if self.is_open:
            return
        try:
            self._ray = importlib.import_module("ray")
        except ImportError as error:
            raise JobError("job.no_ray", "Ray is not installed here: see requirements-ray.txt") from error
        if not _is_reachable(self.address):
            raise no_cluster(self.address)
        # Ray has no limit of its own for this, and who listens there may be anybody. A try that is never answered
        # stays behind: there can be no second one in this process.
        if self._opening is None:
            self._opening = _Opening(self._ray, self.address)
        self._opening.join(seconds)
        if self._opening.is_alive():
            raise no_cluster(self.address)
        opening, self._opening = self._opening, None
        if opening.coordinator is None:
            raise no_cluster(self.address)
        self._coordinator, self._heard = opening.coordinator, time.monotonic()
        self._asked = self._coordinator.news.remote()

    def close(self) -> None:
        """Leave the cluster, which ends all that we have begun there."""
        if self.is_open:
            self._coordinator = self._asked = None
            self._shared.clear()
            _leave(self._ray)

    def begin(self, ticket: str, job: Job, first: int) -> None:
        """Begin a job; `first` is the number of its next try. Raises `DataError` where its pictures cannot be had."""
        data = self._data(job.config)
        # Without a GPU in the cluster a job must not wait for one: its own error will say so.
        wants_gpu = job.config.device in ("auto", "cuda")
        gpus = int(wants_gpu and self._ray.cluster_resources().get("GPU", 0) >= 1)
        self._coordinator.begin.remote(ticket, pack_job(job), data, first, gpus)

    def cancel(self, ticket: str) -> None:
        """End a job."""
        self._coordinator.cancel.remote(ticket)

    def news(self, seconds: float) -> Sequence[News]:
        """What the jobs have told since; waits for it so long at most. Raises whatever Ray does if it is lost."""
        ready, _ = self._ray.wait([self._asked], timeout=seconds)
        if ready:
            news: list[News] = self._ray.get(self._asked)
            self._asked = self._coordinator.news.remote()
            self._heard = time.monotonic()
            return news
        if time.monotonic() > self._heard + CHECK_SECONDS:
            if not _is_reachable(self.address):
                raise no_cluster(self.address)
            self._heard = time.monotonic()
        return ()

    def _data(self, config: Any) -> list[Any]:
        """References to the arrays that jobs on the same data share; they go to the cluster once."""
        load = kind_of(config).load_data
        if load is None:
            return []
        data = load(config)
        if id(data) not in self._shared:
            self._shared[id(data)] = data, [self._ray.put(array) for array in data.arrays()]
            if len(self._shared) > MOST_SHARED:
                self._shared.popitem(last=False)
        return self._shared[id(data)][1]


class _Opening(threading.Thread):
    """Connects in a thread, because it may never end."""

    def __init__(self, ray: Any, address: str) -> None:
        super().__init__(name="ray connection", daemon=True)
        self.coordinator: Any = None
        self._ray, self._address = ray, address
        self.start()

    def run(self) -> None:
        try:
            with _patience():
                self._ray.init(
                    self._address,
                    runtime_env={"py_modules": [str(Path(__file__).parents[1])]},
                    configure_logging=False,
                    log_to_driver=False,
                )
            self.coordinator = self._start_coordinator()
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the cluster, the server goes on
            log.error("no connection to the Ray cluster at %s: %s", self._address, error)
            _leave(self._ray)

    def _start_coordinator(self) -> Any:
        """A coordinator on the head node, without which there is no cluster anyway."""
        self._ray.cloudpickle.register_pickle_by_value(coordinator)
        on_head = {"node:__internal_head__": 0.001}
        actor = self._ray.remote(num_cpus=0, resources=on_head)(coordinator.Coordinator).remote()
        self._ray.get(actor.ready.remote())
        return actor


def _leave(ray: Any) -> None:
    try:
        ray.shutdown()
    except Exception as error:  # noqa: BLE001  # it is lost anyway
        log.warning("the Ray cluster could not be left in peace: %s", error)


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Let Ray read our setting, and leave the environment as it was."""
    name, value = PATIENCE
    before = os.environ.get(name)
    os.environ[name] = before or value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]


def _is_reachable(address: str) -> bool:
    """Whether somebody listens at an address; one that names no host and port is for Ray to find out."""
    host, colon, port = address.rpartition("://")[2].partition("/")[0].rpartition(":")
    if not colon or not port.isdigit():
        return True
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS).close()
    except (OSError, OverflowError):
        return False
    return True
