"""Jobs in a Ray cluster of two nodes on this machine: the bits of a run of our own, whichever computer is lost."""

import dataclasses
import gc
import io
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path
from unittest.mock import patch

import pytest
import torch

import wb_core as wb
from tests.waiting import done, end_of, until, when
from wb_core.jobs import connection, ray_workers
from wb_core.jobs.coordinator import TRIES
from wb_core.jobs.message import pack_job, receive
from wb_core.jobs.ray_workers import RayWorkers
from wb_core.jobs.training import messages

pytestmark = pytest.mark.slow

SHORT = wb.ImageConfig(epochs=2)
LONG = wb.ImageConfig(epochs=1000, model="tiny_vgg")
SOME = wb.ImageConfig(epochs=30)  # some seconds
SMALL_NODE = {"num_cpus": 1, "object_store_memory": 200_000_000}


@pytest.fixture(scope="module")
def cluster(process_as_it_was):
    """A head node and another one, with a place each. Nothing of it is left behind."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    head = {"include_dashboard": False, **SMALL_NODE}
    if client_can_be_tried():
        head["ray_client_server_port"] = free_port()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Ray forgets to close the logs of its client server
        cluster = Cluster(initialize_head=True, head_node_args=head)
        gc.collect()
    cluster.client_port = head.get("ray_client_server_port")
    cluster.second = cluster.add_node(**SMALL_NODE)
    yield cluster
    pids = descendants(os.getpid())
    cluster.shutdown()
    until(lambda: not any(b"ray" in words_of(pid) for pid in pids))


@pytest.fixture(scope="module")
def process_as_it_was():
    """Ray sets a handler for SIGTERM, a hook for exceptions and variables; the other tests shall not see them."""
    sigterm, hook = signal.getsignal(signal.SIGTERM), sys.excepthook
    # Not the folder of pytest: a socket's path has at most 107 letters.
    folder = tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True)
    with folder, patch.dict(os.environ, {"RAY_USAGE_STATS_ENABLED": "0", "RAY_TMPDIR": folder.name}):
        yield
    signal.signal(signal.SIGTERM, sigterm)
    sys.excepthook = hook


@pytest.fixture(scope="module")
def workers(cluster):
    workers = RayWorkers(cluster.address)
    workers.warm_up()
    yield workers
    workers.stop()


@pytest.fixture(scope="module")
def undisturbed():
    """What `SOME` comes to."""
    run = wb.Run(SOME)
    run.finish()
    return run


def client_can_be_tried():
    try:
        import grpc  # noqa: F401  # what Ray's client speaks
    except ImportError:
        return False
    return True


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def begun(workers, config):
    """The ticket of a job that has learned something."""
    ticket = workers.submit(wb.Job(config))
    when(workers, ticket, lambda report: report.rows or len(report.batch_losses))
    return ticket


def both_begun(workers, *configs):
    """The tickets of jobs that have learned something, all at once."""
    tickets = [workers.submit(wb.Job(config)) for config in configs]
    for ticket in tickets:
        when(workers, ticket, lambda report: len(report.batch_losses))
    return tickets


def words_of(pid):
    """How a process calls itself; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def descendants(pid):
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return children + [pid for child in children for pid in descendants(child)]


def processes(name):
    """Those of the cluster that do this now."""
    return [pid for pid in descendants(os.getpid()) if words_of(pid).startswith(f"ray::{name}".encode())]


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def raylet_of(node):
    return node.all_processes["raylet"][0].process.pid


def rows_of(rows):
    """All but the seconds, which are never the same."""
    return [{name: number for name, number in row.items() if name != "seconds"} for row in rows]


def same_as(report, run):
    """Whether all bits are those of a run, with each epoch once."""
    assert rows_of(report.rows) == rows_of(map(run.history.row, range(run.epoch)))
    assert report.weights.keys() == run.model.state_dict().keys()
    assert all(torch.equal(report.weights[name], tensor) for name, tensor in run.model.state_dict().items())
    if run.columns == wb.ImageRun.columns:
        assert report.batch_losses.tolist() == run.batch_losses.tolist()
        assert torch.equal(report.evaluation.logits, run.evaluation.logits)
    return True


class TestSameBits:
    def test_a_job_restarts_when_its_coordinator_is_killed_before_training(self, workers, undisturbed):
        ticket = workers.submit(wb.Job(SOME))
        assert (workers.poll(ticket).state, workers.poll(ticket).place) == ("queued", 0)
        when(workers, ticket, lambda report: report.state == "starting")
        [pid] = processes("Coordinator")
        os.kill(pid, signal.SIGKILL)
        report = end_of(workers, ticket)
        assert (report.state, report.tries, report.device) == ("done", 2, "cpu")
        assert same_as(report, undisturbed)

    def test_a_job_has_the_bits_of_a_run_of_our_own_and_is_told_live(self, workers, undisturbed):
        ticket, states, counts = workers.submit(wb.Job(SOME)), [], set()
        began = time.monotonic()

        def look():
            report = workers.poll(ticket)
            states.append(report.state)
            counts.add(len(report.batch_losses))
            return report.finished and report

        report = until(look)
        assert same_as(report, undisturbed)
        assert (report.state, report.tries) == ("done", 1)
        assert {*states} - {"queued", "starting"} == {"running", "done"}
        assert len(counts) > 3 * report.seconds
        assert report.seconds < time.monotonic() - began

    @pytest.mark.parametrize(
        "config",
        [wb.LinearConfig(optimizer="adam", epochs=300), wb.ImageConfig(epochs=1, model="relu", batch_size=77, seed=7)],
        ids=["line", "relu"],
    )
    def test_others_too(self, workers, config):
        run = wb.Run(config)
        run.finish()
        assert same_as(done(workers, config), run)

    def test_from_weights_and_without_training(self, workers):
        run = wb.Run(SHORT)
        run.finish()
        report = done(workers, SHORT, weights=run.model.state_dict(), train=False)
        assert torch.equal(report.evaluation.logits, run.evaluation.logits)
        assert len(report.rows) == 0

    def test_the_pictures_come_from_here_and_go_there_once(self, workers, monkeypatch):
        import ray

        sent, put = [], ray.put
        monkeypatch.setattr(ray, "put", lambda array: (sent.append(array.nbytes), put(array))[1])
        for _ in range(3):
            done(workers, SHORT)
        assert sent == []  # those of the first test are still there
        small = wb.fashion_mnist("fashion_mnist_small")
        negative = dataclasses.replace(small, train=wb.Pictures(255 - small.train.pixels, small.train.y))
        monkeypatch.setattr("wb_core.kinds.images.kind.fashion_mnist", lambda *which: negative)
        run = wb.ImageRun(SHORT, data=negative)
        run.finish()
        for _ in range(2):
            assert same_as(done(workers, SHORT), run)
        assert sent == [6000 * 28 * 28, 6000 * 8, 1000 * 28 * 28, 1000 * 8]


class TestMany:
    def test_both_nodes_work_at_once_and_the_others_wait(self, workers, undisturbed):
        tickets = both_begun(workers, LONG, SOME)
        waiting = [workers.submit(wb.Job(config)) for config in (LONG, SHORT)]
        pids = processes("train")
        assert len(pids) == len({parent_of(pid) for pid in pids}) == 2
        assert [workers.poll(ticket).state for ticket in waiting] == ["queued"] * 2
        workers.cancel(waiting[0])
        workers.cancel(waiting[0])
        assert workers.poll(waiting[0]).state == "cancelled"

        began = time.perf_counter()
        workers.cancel(tickets[0])
        [left] = until(lambda: len(alive := [pid for pid in pids if words_of(pid)]) == 1 and alive)
        took = time.perf_counter() - began
        print(f"cancelled in {took:.3f} s")  # noqa: T201
        assert took < 0.5
        assert len(workers.poll(tickets[0]).batch_losses)

        os.kill(left, signal.SIGKILL)
        lost = when(workers, tickets[1], lambda report: report.tries == 2)
        assert (lost.state, len(lost.rows), len(lost.batch_losses)) == ("queued", 0, 0)
        assert end_of(workers, waiting[1]).state == "done"
        report = end_of(workers, tickets[1])
        assert (report.state, report.tries) == ("done", 2)
        assert same_as(report, undisturbed)

    def test_sixty_at_once_and_one_thread_for_all(self, workers):
        threads = threading.active_count()
        configs = [wb.LinearConfig(seed=seed, epochs=20) for seed in range(60)]
        tickets = [workers.submit(wb.Job(config)) for config in configs]
        assert threading.active_count() <= threads + 2
        for config, ticket in zip(configs, tickets, strict=True):
            run = wb.Run(config)
            run.finish()
            assert same_as(end_of(workers, ticket), run)

    def test_a_ticket_of_nobody(self, workers):
        for ask in (workers.poll, workers.cancel):
            with pytest.raises(wb.JobError) as caught:
                ask("nobody's")
            assert caught.value.code == "job.unknown"


class TestErrors:
    def test_pictures_that_are_not_here(self, workers, tmp_path):
        config = wb.ImageConfig(dataset="fashion_mnist", data_dir=str(tmp_path))
        report = end_of(workers, workers.submit(wb.Job(config)))
        assert (report.state, type(report.error), report.tries) == ("failed", wb.DataError, 1)
        assert report.error.values == {"file": "train-images-idx3-ubyte.gz"}

    @pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
    def test_what_the_job_itself_says_comes_as_it_is_and_it_is_not_tried_again(self, workers):
        report = end_of(workers, workers.submit(wb.Job(wb.ImageConfig(device="cuda"))))
        assert (report.state, type(report.error), report.tries) == ("failed", wb.DeviceError, 1)
        assert report.error.available == ("cpu",)

    def test_another_error_is_a_crash_with_its_traceback_in_the_log(self, workers, caplog):
        report = end_of(workers, workers.submit(wb.Job(SHORT, weights={"bias": torch.zeros(1)})))
        assert (report.error.code, report.tries) == ("job.crashed", 1)
        assert "Missing key(s)" in caplog.text


def test_a_sweep_of_which_a_node_is_lost_in_the_middle(workers, cluster, undisturbed):
    sweep = wb.JobSweep(SOME, workers, seed=[42, 42])

    def all_reports(fact):
        sweep.look()
        return all(report and fact(report) for report in sweep.reports)

    until(lambda: all_reports(lambda report: len(report.batch_losses)))
    assert {parent_of(pid) for pid in processes("train")} == {raylet_of(cluster.head_node), raylet_of(cluster.second)}
    cluster.remove_node(cluster.second, allow_graceful=False)
    [lost] = until(lambda: [ticket for ticket in sweep.tickets if workers.poll(ticket).tries == 2])
    again = workers.poll(lost)
    assert (again.state, len(again.rows), len(again.batch_losses)) == ("queued", 0, 0)  # the head has one place
    sweep.finish()
    assert sorted((report.state, report.tries) for report in sweep.reports) == [("done", 1), ("done", 2)]
    assert all(same_as(workers.poll(ticket), undisturbed) for ticket in sweep.tickets)
    assert sweep.frame().epochs_done.tolist() == [SOME.epochs] * 2


def test_by_way_of_the_clients_port(workers, cluster, undisturbed):
    pytest.importorskip("grpc", reason="Ray's client needs it")
    workers.stop()  # a process has one connection
    client = RayWorkers(f"ray://127.0.0.1:{cluster.client_port}")
    try:
        assert same_as(done(client, SOME), undisturbed)
    finally:
        client.stop()


def test_a_node_needs_no_more_packages_than_the_readme_says():
    code = """
import sys
needed = {"torch", "numpy", "pandas", "torchmetrics", "pooch", "nbformat", "safetensors"}
named = {line.partition("==")[0].lower() for line in open("requirements.txt").read().split()}
assert needed <= named
for name in named - needed - {"pillow"}:  # which matplotlib needs, where there is one
    sys.modules[name] = None  # to import it is an error now
import io
import wb_core as wb
from wb_core.jobs.message import pack_job, receive
from wb_core.jobs.training import messages
job = pack_job(wb.Job(wb.ImageConfig(epochs=1)))
print(list(messages(*receive(io.BytesIO(job).read)))[-1][0]["done"])
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


class TestNoCluster:
    def test_nobody_listens(self, caplog):
        workers = RayWorkers(f"127.0.0.1:{free_port()}")
        began = time.monotonic()
        workers.warm_up()
        tickets = [workers.submit(wb.Job(SHORT)) for _ in range(3)]
        assert time.monotonic() - began < 0.5
        reports = [end_of(workers, ticket) for ticket in tickets]
        assert {(report.state, report.error.code) for report in reports} == {("failed", "job.no_cluster")}
        assert reports[0].error.values == {"address": workers.address}
        assert time.monotonic() - began < 5
        assert end_of(workers, workers.submit(wb.Job(SHORT))).error.code == "job.no_cluster"  # it has tried again
        workers.stop()
        assert end_of(workers, workers.submit(wb.Job(SHORT))).state == "failed"
        workers.stop()

    def test_somebody_listens_who_never_answers(self, monkeypatch):
        tried = []

        class Silent(threading.Thread):
            foreman = None

            def __init__(self, ray, address):
                super().__init__(target=threading.Event().wait, daemon=True)
                tried.append(address)
                self.start()

        monkeypatch.setattr(connection, "_Opening", Silent)
        monkeypatch.setattr(connection.Connection.open, "__defaults__", (0.1,))
        with socket.create_server(("127.0.0.1", 0)) as server:
            workers = RayWorkers(f"127.0.0.1:{server.getsockname()[1]}")
            for _ in range(2):
                assert end_of(workers, workers.submit(wb.Job(SHORT))).error.code == "job.no_cluster"
            workers.stop()
        assert tried == [workers.address]

    def test_no_ray(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "ray", None)
        workers = RayWorkers("ray://127.0.0.1:10001")
        report = end_of(workers, workers.submit(wb.Job(SHORT)))
        assert (report.state, report.error.code) == ("failed", "job.no_ray")
        workers.stop()

    @pytest.mark.parametrize("address", ["", "  "])
    def test_without_an_address_jobs_run_here(self, monkeypatch, address):
        monkeypatch.setenv("WB_RAY_ADDRESS", address)
        assert isinstance(wb.workplace(), wb.LocalWorkers)
        monkeypatch.setenv("WB_RAY_ADDRESS", "ray://head:10001")
        assert wb.workplace().address == "ray://head:10001"


class FakeConnection:
    """A connection to a cluster that tells what a test wants it to tell."""

    gone, breaks = False, 0

    def __init__(self, address):
        self.is_open, self.begun, self.cancelled, self.told = False, [], [], queue.SimpleQueue()

    def open(self):
        if self.gone:
            raise connection.no_cluster("fake")
        self.is_open = True

    def close(self):
        self.is_open = False

    def begin(self, ticket, job, first):
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("it is gone")
        self.begun.append((ticket, first))

    def cancel(self, ticket):
        self.cancelled.append(ticket)

    def news(self, seconds):
        try:
            news = self.told.get(timeout=seconds)
        except queue.Empty:
            return ()
        if isinstance(news, Exception):
            raise news
        return [news]


class TestTaking:
    @pytest.fixture
    def workers(self, monkeypatch):
        monkeypatch.setattr(ray_workers, "Connection", FakeConnection)
        workers = RayWorkers("fake")
        yield workers
        workers.stop()

    def test_what_a_computer_that_was_given_up_still_tells_does_not_count(self, workers):
        connection, ticket = workers._connection, workers.submit(wb.Job(wb.LinearConfig(epochs=3)))
        message = list(messages(*receive(io.BytesIO(pack_job(wb.Job(wb.LinearConfig(epochs=3)))).read)))
        connection.told.put((ticket, 1, {"now": "starting"}, {}))
        assert when(workers, ticket, lambda report: report.state == "starting").tries == 1
        connection.told.put((ticket, 2, {"now": "queued"}, {}))
        assert when(workers, ticket, lambda report: report.tries == 2).state == "queued"
        connection.told.put((ticket, 1, *message[-1]))
        connection.told.put((ticket, 2, *message[0]))
        assert len(when(workers, ticket, lambda report: report.state == "running").rows) == 0
        for part in message[1:]:
            connection.told.put((ticket, 2, *part))
        report = end_of(workers, ticket)
        assert (report.state, report.tries, len(report.rows)) == ("done", 2, 3)

    def test_a_job_that_has_not_heard_that_it_is_cancelled_is_told_again(self, workers):
        tickets = [workers.submit(wb.Job(SHORT)) for _ in range(2)]
        workers.cancel(tickets[0])
        workers._connection.told.put((tickets[0], 1, {"now": "starting"}, {}))
        until(lambda: workers._connection.cancelled == [tickets[0]] * 2)
        assert workers.poll(tickets[0]).state == "cancelled"
        assert workers.poll(tickets[1]).state == "queued"

    def test_what_no_job_tells(self, workers, caplog):
        ticket = workers.submit(wb.Job(SHORT))
        workers._connection.told.put((ticket, 1, {"batch": -1}, {}))
        assert end_of(workers, ticket).error.code == "job.crashed"
        assert "invalid message" in caplog.text

    def test_a_cluster_that_is_gone_for_good_leaves_what_was_learned(self, workers):
        job = wb.Job(dataclasses.replace(SHORT, epochs=1))
        ticket = workers.submit(job)
        for message in list(messages(*receive(io.BytesIO(pack_job(job)).read)))[:-1]:
            workers._connection.told.put((ticket, 1, *message))
        when(workers, ticket, lambda report: len(report.rows))
        workers._connection.gone = True
        workers._connection.told.put(ConnectionError("it is gone"))
        report = end_of(workers, ticket)
        assert (report.state, report.tries, report.error.code) == ("failed", 1, "job.no_cluster")
        assert len(report.rows) == 1
        assert report.weights

    def test_each_job_is_begun_once_when_the_cluster_is_lost_while_they_are_handed_over(self, workers, monkeypatch):
        monkeypatch.setattr(FakeConnection, "breaks", 2)
        with workers._lock:  # the thread waits for it
            tickets = [workers._ledger.open(wb.Job(SHORT)) for _ in range(5)]
            for ticket in tickets:
                workers._order("begin", ticket)
        until(lambda: len(workers._connection.begun) >= 5)
        workers._connection.told.put((tickets[-1], 1, {"now": "starting"}, {}))
        when(workers, tickets[-1], lambda report: report.state == "starting")  # all orders before are done
        assert sorted(workers._connection.begun) == sorted((ticket, 1) for ticket in tickets)

    def test_a_cluster_that_is_lost_again_and_again(self, workers):
        ran, waited = workers.submit(wb.Job(SHORT)), workers.submit(wb.Job(SHORT))
        for attempt in range(1, TRIES + 1):
            workers._connection.told.put((ran, attempt, {"now": "starting"}, {}))
            when(workers, ran, lambda report: report.state == "starting")
            workers._connection.told.put(ConnectionError("it is gone"))
            if attempt < TRIES:
                assert when(workers, ran, lambda report, tries=attempt + 1: report.tries == tries).state == "queued"
        report = end_of(workers, ran)
        assert (report.state, report.tries, report.error.code) == ("failed", TRIES, "job.no_cluster")
        assert workers.poll(waited).tries == 1  # it has never run
        assert workers._connection.begun.count((waited, 1)) > 1
