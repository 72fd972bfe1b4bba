"""Eight image trainings in Ray clusters with 1, 2 and 4 places, all on this machine."""

import contextlib
import importlib.util
import logging
import os
import tempfile
import time
from collections.abc import Iterator

import wb_core as wb

from .report import Line, show

PLACES = (1, 2, 4)
ROUNDS = 3
CONFIGS = [wb.ImageConfig(epochs=2, lr=lr) for lr in (0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005)]
MEMORY = 200_000_000


def sweep(work: wb.RayWorkers, configs: list[wb.ImageConfig]) -> tuple[float, int]:
    """Seconds until all of these are done, and the most that ran at once."""
    began, most = time.perf_counter(), 0
    tickets = [work.submit(wb.Job(config)) for config in configs]
    reports = [work.poll(ticket) for ticket in tickets]
    while not all(report.finished for report in reports):
        most = max(most, sum(report.state == "running" for report in reports))
        time.sleep(0.005)
        reports = [work.poll(ticket) for ticket in tickets]
    assert all(report.state == "done" for report in reports), [report.error for report in reports]
    return time.perf_counter() - began, most


def warm_up(work: wb.RayWorkers, places: int) -> None:
    """Train until each place has a process with PyTorch loaded, which takes some seconds once."""
    while sweep(work, [wb.ImageConfig(epochs=10)] * places)[1] < places:
        pass


def growing() -> Iterator[tuple[int, wb.RayWorkers]]:
    """A cluster that grows, and its number of places."""
    from ray.cluster_utils import Cluster

    logging.getLogger("ray").setLevel(logging.ERROR)
    node = {"object_store_memory": MEMORY}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True))
        os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_TMPDIR": folder}
        head = {"include_dashboard": False, "num_cpus": PLACES[0], **node}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        stack.callback(cluster.shutdown)
        work = wb.RayWorkers(cluster.address)
        stack.callback(work.stop)
        for before, places in zip((0, *PLACES), PLACES, strict=False):
            if before:
                cluster.add_node(num_cpus=places - before, **node)
            yield places, work


def measure() -> Iterator[Line]:
    """Each size of the cluster against a single place, with processes ready and images uploaded."""
    if importlib.util.find_spec("ray") is None:
        yield Line("a Ray cluster", "Ray is not installed")
        return
    alone = 0.0
    for places, work in growing():
        warm_up(work, places)
        seconds = min(sweep(work, CONFIGS)[0] for _ in range(ROUNDS))
        alone = alone or seconds
        workers = "worker" if places == 1 else "workers"
        figure = f"{alone / seconds:.2f} times as fast ({seconds:.2f} s)"
        yield Line(f"8 trainings, {places} {workers} on {os.cpu_count()} cores", figure)


if __name__ == "__main__":
    show(measure())
