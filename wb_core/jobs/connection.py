"""A connection to the coordinator in a Ray cluster, which takes jobs and returns their messages.

Ray is an optional package, imported when the connection opens. A process can have one connection at a time.
"""

import contextlib
import importlib
import logging
import os
import re
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
"""Give up connecting after this time. The first connection takes about 5 s, because it uploads our code."""

REACH_SECONDS = 3.0
CHECK_SECONDS = 5.0
"""After this time without a message, check that the cluster is still reachable."""

MAX_SHARED = 2
"""The cluster holds at most this many data sets."""

# Without this, Ray ends the whole server process a minute after losing the head node.
PATIENCE = ("RAY_gcs_rpc_server_reconnect_timeout_s", "1000000000")

log = logging.getLogger(__name__)


def no_cluster(address: str) -> JobError:
    """The error for a cluster that does not answer."""
    return JobError("job.no_cluster", f"the Ray cluster at {address} cannot be reached", address=address)


def _why(error: Exception, address: str) -> JobError:
    """The error for a cluster that could not be joined. Ray names the versions of both sides if they differ."""
    versions = re.findall(r"Ray: (\d\S*)\s+Python: (\d\S*)", str(error))
    if len(versions) != 2:
        return no_cluster(address)
    theirs, ours = (f"Ray {ray}, Python {python}" for ray, python in versions)
    message = f"the Ray cluster at {address} has {theirs}, and this server has {ours}"
    return JobError("job.other_version", message, address=address, theirs=theirs, ours=ours)


class Connection:
    """A connection to the cluster at an address. Only one thread may use it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opening: _Opening | None = None
        self._ray: Any = None
        self._coordinator: Any = None
        self._next_news: Any = None  # the pending call
        self._heard = 0.0
        # Keyed by the id of the data, which stay referenced here so that the id stays unique.
        self._shared: OrderedDict[int, tuple[Any, list[Any]]] = OrderedDict()

    @property
    def is_open(self) -> bool:
        return self._coordinator is not None

    def open(self, seconds: float = CONNECT_SECONDS) -> None:
        """Connect unless connected; raises `JobError`."""
        if self.is_open:
            return
        try:
            self._ray = importlib.import_module("ray")
        except ImportError as error:
            raise JobError("job.no_ray", "Ray is not installed here: see requirements-ray.txt") from error
        if not _is_reachable(self.address):
            raise no_cluster(self.address)
        # Ray has no timeout for this, and any program may listen at that address. An attempt that gets no answer
        # keeps running: this process cannot make a second one.
        if self._opening is None:
            self._opening = _Opening(self._ray, self.address)
        self._opening.join(seconds)
        if self._opening.is_alive():
            raise no_cluster(self.address)
        opening, self._opening = self._opening, None
        if opening.coordinator is None:
            raise opening.error
        self._coordinator, self._heard = opening.coordinator, time.monotonic()
        self._next_news = self._coordinator.news.remote()

    def close(self) -> None:
        """Leave the cluster, which ends all jobs that were started there."""
        if self.is_open:
            self._coordinator = self._next_news = None
            self._shared.clear()
            _leave(self._ray)

    def begin(self, ticket: str, job: Job, first: int) -> None:
        """Start a job; `first` is the number of its next try. Raises `DataError` if its data cannot be loaded."""
        data = self._data(job.config)
        # If the cluster has no GPU, the job must not wait for one; its own error will say so.
        wants_gpu = job.config.device in ("auto", "cuda")
        gpus = int(wants_gpu and self._ray.cluster_resources().get("GPU", 0) >= 1)
        self._coordinator.begin.remote(ticket, pack_job(job), data, first, gpus)

    def cancel(self, ticket: str) -> None:
        """End a job."""
        self._coordinator.cancel.remote(ticket)

    def news(self, seconds: float) -> Sequence[News]:
        """The messages since the last call; waits up to `seconds` for one. Raises Ray's error if it is lost."""
        ready, _ = self._ray.wait([self._next_news], timeout=seconds)
        if ready:
            news: list[News] = self._ray.get(self._next_news)
            self._next_news = self._coordinator.news.remote()
            self._heard = time.monotonic()
            return news
        if time.monotonic() > self._heard + CHECK_SECONDS:
            if not _is_reachable(self.address):
                raise no_cluster(self.address)
            self._heard = time.monotonic()
        return ()

    def _data(self, config: Any) -> list[Any]:
        """References to the arrays that jobs with the same data share; each array is uploaded once."""
        load = kind_of(config).load_data
        if load is None:
            return []
        data = load(config)
        if id(data) not in self._shared:
            self._shared[id(data)] = data, [self._ray.put(array) for array in data.arrays()]
            if len(self._shared) > MAX_SHARED:
                self._shared.popitem(last=False)
        return self._shared[id(data)][1]


class _Opening(threading.Thread):
    """Connects in a thread, because connecting may never end."""

    def __init__(self, ray: Any, address: str) -> None:
        super().__init__(name="ray connection", daemon=True)
        self.coordinator: Any = None
        self.error = no_cluster(address)
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
        except Exception as error:  # noqa: BLE001  # the server must survive any error of the cluster
            log.error("no connection to the Ray cluster at %s: %s", self._address, error)
            self.error = _why(error, self._address)
            _leave(self._ray)

    def _start_coordinator(self) -> Any:
        """Start a coordinator on the head node, without which the cluster cannot exist anyway."""
        self._ray.cloudpickle.register_pickle_by_value(coordinator)
        on_head = {"node:__internal_head__": 0.001}
        actor = self._ray.remote(num_cpus=0, resources=on_head)(coordinator.Coordinator).remote()
        self._ray.get(actor.ready.remote())
        return actor


def _leave(ray: Any) -> None:
    try:
        ray.shutdown()
    except Exception as error:  # noqa: BLE001  # the cluster is lost anyway
        log.warning("the Ray cluster could not be left in peace: %s", error)


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Set our variable while Ray reads it, and restore the environment afterwards."""
    name, value = PATIENCE
    before = os.environ.get(name)
    os.environ[name] = before or value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]


def _is_reachable(address: str) -> bool:
    """Whether a server listens at the address; True if it has no host and port, which Ray then resolves."""
    host, colon, port = address.rpartition("://")[2].partition("/")[0].rpartition(":")
    if not colon or not port.isdigit():
        return True
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS).close()
    except (OSError, OverflowError):
        return False
    return True
