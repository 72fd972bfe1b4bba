"""Jobs in a Ray cluster of two local nodes: the bits of a local run, even when a node is lost."""

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
import types
import warnings
from pathlib import Path
from unittest.mock import patch

import pytest
import torch

import wb_core as wb
from tests.processes import descendants_of
from tests.runs import without_seconds
from tests.waiting import run_job, wait_for_end, wait_for_report, wait_until
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
    """A head node and a second node, with one place each; everything is removed afterwards."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    head = {"include_dashboard": False, **SMALL_NODE}
    if client_can_be_tried():
        head["ray_client_server_port"] = free_port()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Ray does not close the logs of its client server
        cluster = Cluster(initialize_head=True, head_node_args=head)
        gc.collect()
    cluster.client_port = head.get("ray_client_server_port")
    cluster.second = cluster.add_node(**SMALL_NODE)
    yield cluster
    pids = descendants_of(os.getpid())
    cluster.shutdown()
    wait_until(lambda: not any(b"ray" in words_of(pid) for pid in pids))


@pytest.fixture(scope="module")
def process_as_it_was():
    """Restore what Ray changes in this process: a SIGTERM handler, an exception hook, and variables."""
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
    """A finished local run of `SOME`."""
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
    """The ticket of a job that has trained at least a batch."""
    ticket = workers.submit(wb.Job(config))
    wait_for_report(workers, ticket, lambda report: report.rows or len(report.batch_losses))
    return ticket


def both_begun(workers, *configs):
    """The tickets of jobs that have trained at least a batch, all at once."""
    tickets = [workers.submit(wb.Job(config)) for config in configs]
    for ticket in tickets:
        wait_for_report(workers, ticket, lambda report: len(report.batch_losses))
    return tickets


def words_of(pid):
    """The command line of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def processes(name):
    """The cluster's processes that run this task or actor."""
    return [pid for pid in descendants_of(os.getpid()) if words_of(pid).startswith(f"ray::{name}".encode())]


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def raylet_of(node):
    return node.all_processes["raylet"][0].process.pid


def same_as(report, run):
    """Check that a report has the bits of a run, with each epoch once."""
    assert without_seconds(report.rows) == without_seconds(map(run.history.row, range(run.epoch)))
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
        wait_for_report(workers, ticket, lambda report: report.state == "starting")
        [pid] = processes("Coordinator")
        os.kill(pid, signal.SIGKILL)
        report = wait_for_end(workers, ticket)
        assert (report.state, report.tries, report.device) == ("done", 2, "cpu")
        assert same_as(report, undisturbed)

    def test_a_job_has_the_bits_of_a_local_run_and_reports_live(self, workers, undisturbed):
        ticket, states, counts = workers.submit(wb.Job(SOME)), [], set()
        began = time.monotonic()

        def look():
            report = workers.poll(ticket)
            states.append(report.state)
            counts.add(len(report.batch_losses))
            return report.finished and report

        report = wait_until(look)
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
    def test_other_configs_have_the_bits_of_a_local_run(self, workers, config):
        run = wb.Run(config)
        run.finish()
        assert same_as(run_job(workers, config), run)

    def test_a_job_without_training_tests_given_weights(self, workers):
        run = wb.Run(SHORT)
        run.finish()
        report = run_job(workers, SHORT, weights=run.model.state_dict(), train=False)
        assert torch.equal(report.evaluation.logits, run.evaluation.logits)
        assert len(report.rows) == 0

    def test_the_images_are_uploaded_once(self, workers, monkeypatch):
        import ray

        sent, put = [], ray.put
        monkeypatch.setattr(ray, "put", lambda array: (sent.append(array.nbytes), put(array))[1])
        for _ in range(3):
            run_job(workers, SHORT)
        assert sent == []  # those of the first test are still in the cluster
        small = wb.fashion_mnist("fashion_mnist_small")
        negative = dataclasses.replace(small, train=wb.Pictures(255 - small.train.pixels, small.train.y))
        monkeypatch.setattr("wb_core.kinds.images.kind.fashion_mnist", lambda *which: negative)
        run = wb.ImageRun(SHORT, data=negative)
        run.finish()
        for _ in range(2):
            assert same_as(run_job(workers, SHORT), run)
        assert sent == [6000 * 28 * 28, 6000 * 8, 1000 * 28 * 28, 1000 * 8]


class TestMany:
    def test_both_nodes_work_at_once_and_other_jobs_wait(self, workers, undisturbed):
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
        [left] = wait_until(lambda: len(alive := [pid for pid in pids if words_of(pid)]) == 1 and alive)
        took = time.perf_counter() - began
        print(f"cancelled in {took:.3f} s")  # noqa: T201
        assert took < 0.5
        assert len(workers.poll(tickets[0]).batch_losses)

        os.kill(left, signal.SIGKILL)
        lost = wait_for_report(workers, tickets[1], lambda report: report.tries == 2)
        assert (lost.state, len(lost.rows), len(lost.batch_losses)) == ("queued", 0, 0)
        assert wait_for_end(workers, waiting[1]).state == "done"
        report = wait_for_end(workers, tickets[1])
        assert (report.state, report.tries) == ("done", 2)
        assert same_as(report, undisturbed)

    def test_sixty_jobs_share_one_thread(self, workers):
        threads = threading.active_count()
        configs = [wb.LinearConfig(seed=seed, epochs=20) for seed in range(60)]
        tickets = [workers.submit(wb.Job(config)) for config in configs]
        assert threading.active_count() <= threads + 2
        for config, ticket in zip(configs, tickets, strict=True):
            run = wb.Run(config)
            run.finish()
            assert same_as(wait_for_end(workers, ticket), run)

    def test_an_unknown_ticket_is_refused(self, workers):
        for ask in (workers.poll, workers.cancel):
            with pytest.raises(wb.JobError) as caught:
                ask("unknown ticket")
            assert caught.value.code == "job.unknown"


class TestErrors:
    def test_missing_images_fail_the_job(self, workers, tmp_path):
        config = wb.ImageConfig(dataset="fashion_mnist", data_dir=str(tmp_path))
        report = wait_for_end(workers, workers.submit(wb.Job(config)))
        assert (report.state, type(report.error), report.tries) == ("failed", wb.DataError, 1)
        assert report.error.values == {"file": "train-images-idx3-ubyte.gz"}

    @pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
    def test_an_engine_error_arrives_unchanged_and_is_not_retried(self, workers):
        report = wait_for_end(workers, workers.submit(wb.Job(wb.ImageConfig(device="cuda"))))
        assert (report.state, type(report.error), report.tries) == ("failed", wb.DeviceError, 1)
        assert report.error.available == ("cpu",)

    def test_another_error_is_a_crash_with_its_traceback_in_the_log(self, workers, caplog):
        report = wait_for_end(workers, workers.submit(wb.Job(SHORT, weights={"bias": torch.zeros(1)})))
        assert (report.error.code, report.tries) == ("job.crashed", 1)
        assert "Missing key(s)" in caplog.text


def test_a_sweep_survives_the_loss_of_a_node(workers, cluster, undisturbed):
    sweep = wb.JobSweep(SOME, workers, seed=[42, 42])

    def all_reports(fact):
        sweep.look()
        return all(report and fact(report) for report in sweep.reports)

    wait_until(lambda: all_reports(lambda report: len(report.batch_losses)))
    assert {parent_of(pid) for pid in processes("train")} == {raylet_of(cluster.head_node), raylet_of(cluster.second)}
    cluster.remove_node(cluster.second, allow_graceful=False)
    [lost] = wait_until(lambda: [ticket for ticket in sweep.tickets if workers.poll(ticket).tries == 2])
    again = workers.poll(lost)
    assert (again.state, len(again.rows), len(again.batch_losses)) == ("queued", 0, 0)  # the head has one place
    sweep.finish()
    assert sorted((report.state, report.tries) for report in sweep.reports) == [("done", 1), ("done", 2)]
    assert all(same_as(workers.poll(ticket), undisturbed) for ticket in sweep.tickets)
    assert sweep.frame().epochs_done.tolist() == [SOME.epochs] * 2


def test_a_ray_client_gets_the_same_bits(workers, cluster, undisturbed):
    pytest.importorskip("grpc", reason="Ray's client needs it")
    workers.stop()  # a process has one connection
    client = RayWorkers(f"ray://127.0.0.1:{cluster.client_port}")
    try:
        assert same_as(run_job(client, SOME), undisturbed)
    finally:
        client.stop()


def test_a_node_needs_no_more_packages_than_the_readme_says():
    code = """
import sys
needed = {"torch", "numpy", "pandas", "torchmetrics", "pooch", "nbformat", "safetensors"}
named = {line.partition("==")[0].lower() for line in open("requirements.txt").read().split()}
assert needed <= named
for name in named - needed - {"pillow"}:  # which matplotlib needs if it is installed
    sys.modules[name] = None  # importing it is an error now
import io
import wb_core as wb
from wb_core.jobs.message import pack_job, receive
from wb_core.jobs.training import messages
job = pack_job(wb.Job(wb.ImageConfig(epochs=1)))
print(list(messages(*receive(io.BytesIO(job).read)))[-1][0]["done"])
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


class TestNoCluster:
    def test_an_address_without_a_server_fails_every_job(self, caplog):
        workers = RayWorkers(f"127.0.0.1:{free_port()}")
        began = time.monotonic()
        workers.warm_up()
        tickets = [workers.submit(wb.Job(SHORT)) for _ in range(3)]
        assert time.monotonic() - began < 0.5
        reports = [wait_for_end(workers, ticket) for ticket in tickets]
        assert {(report.state, report.error.code) for report in reports} == {("failed", "job.no_cluster")}
        assert reports[0].error.values == {"address": workers.address}
        assert time.monotonic() - began < 5
        assert wait_for_end(workers, workers.submit(wb.Job(SHORT))).error.code == "job.no_cluster"  # it has tried again
        workers.stop()
        assert wait_for_end(workers, workers.submit(wb.Job(SHORT))).state == "failed"
        workers.stop()

    def test_a_server_that_never_answers_fails_the_job(self, monkeypatch):
        tried = []

        class Silent(threading.Thread):
            coordinator = None

            def __init__(self, ray, address):
                super().__init__(target=threading.Event().wait, daemon=True)
                tried.append(address)
                self.start()

        monkeypatch.setattr(connection, "_Opening", Silent)
        monkeypatch.setattr(connection.Connection.open, "__defaults__", (0.1,))
        with socket.create_server(("127.0.0.1", 0)) as server:
            workers = RayWorkers(f"127.0.0.1:{server.getsockname()[1]}")
            for _ in range(2):
                assert wait_for_end(workers, workers.submit(wb.Job(SHORT))).error.code == "job.no_cluster"
            workers.stop()
        assert tried == [workers.address]

    def test_a_cluster_of_another_version_fails_the_job_with_both_versions(self, monkeypatch):
        utils = pytest.importorskip("ray._private.utils")
        theirs, ours = {"ray_version": "2.9.0", "python_version": "3.10.4"}, utils.compute_version_info()
        ray = types.ModuleType("ray")
        ray.shutdown = lambda: None
        ray.init = lambda *args, **kwargs: utils.check_version_info(theirs, "Ray Client")
        monkeypatch.setitem(sys.modules, "ray", ray)
        with socket.create_server(("127.0.0.1", 0)) as server:
            workers = RayWorkers(f"127.0.0.1:{server.getsockname()[1]}")
            error = wait_for_end(workers, workers.submit(wb.Job(SHORT))).error
            workers.stop()
        assert error.code == "job.other_version"
        assert error.values["theirs"] == "Ray 2.9.0, Python 3.10.4"
        assert error.values["ours"] == f"Ray {ours[0]}, Python {ours[1]}"

    def test_without_ray_a_job_fails(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "ray", None)
        workers = RayWorkers("ray://127.0.0.1:10001")
        report = wait_for_end(workers, workers.submit(wb.Job(SHORT)))
        assert (report.state, report.error.code) == ("failed", "job.no_ray")
        workers.stop()

    @pytest.mark.parametrize("address", ["", "  "])
    def test_without_an_address_jobs_run_locally(self, monkeypatch, address):
        monkeypatch.setenv("WB_RAY_ADDRESS", address)
        assert isinstance(wb.workplace(), wb.LocalWorkers)
        monkeypatch.setenv("WB_RAY_ADDRESS", "ray://head:10001")
        assert wb.workplace().address == "ray://head:10001"


class FakeConnection:
    """A fake connection that returns the messages a test puts into it."""

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


class TestMessages:
    @pytest.fixture
    def workers(self, monkeypatch):
        monkeypatch.setattr(ray_workers, "Connection", FakeConnection)
        workers = RayWorkers("fake")
        yield workers
        workers.stop()

    def test_messages_of_an_earlier_try_are_ignored(self, workers):
        connection, ticket = workers._connection, workers.submit(wb.Job(wb.LinearConfig(epochs=3)))
        message = list(messages(*receive(io.BytesIO(pack_job(wb.Job(wb.LinearConfig(epochs=3)))).read)))
        connection.told.put((ticket, 1, {"now": "starting"}, {}))
        assert wait_for_report(workers, ticket, lambda report: report.state == "starting").tries == 1
        connection.told.put((ticket, 2, {"now": "queued"}, {}))
        assert wait_for_report(workers, ticket, lambda report: report.tries == 2).state == "queued"
        connection.told.put((ticket, 1, *message[-1]))
        connection.told.put((ticket, 2, *message[0]))
        assert len(wait_for_report(workers, ticket, lambda report: report.state == "running").rows) == 0
        for part in message[1:]:
            connection.told.put((ticket, 2, *part))
        report = wait_for_end(workers, ticket)
        assert (report.state, report.tries, len(report.rows)) == ("done", 2, 3)

    def test_a_cancelled_job_that_still_reports_is_cancelled_again(self, workers):
        tickets = [workers.submit(wb.Job(SHORT)) for _ in range(2)]
        workers.cancel(tickets[0])
        workers._connection.told.put((tickets[0], 1, {"now": "starting"}, {}))
        wait_until(lambda: workers._connection.cancelled == [tickets[0]] * 2)
        assert workers.poll(tickets[0]).state == "cancelled"
        assert workers.poll(tickets[1]).state == "queued"

    def test_an_invalid_message_fails_the_job(self, workers, caplog):
        ticket = workers.submit(wb.Job(SHORT))
        workers._connection.told.put((ticket, 1, {"batch": -1}, {}))
        assert wait_for_end(workers, ticket).error.code == "job.crashed"
        assert "invalid message" in caplog.text

    def test_results_stay_when_the_cluster_is_gone(self, workers):
        job = wb.Job(dataclasses.replace(SHORT, epochs=1))
        ticket = workers.submit(job)
        for message in list(messages(*receive(io.BytesIO(pack_job(job)).read)))[:-1]:
            workers._connection.told.put((ticket, 1, *message))
        wait_for_report(workers, ticket, lambda report: len(report.rows))
        workers._connection.gone = True
        workers._connection.told.put(ConnectionError("it is gone"))
        report = wait_for_end(workers, ticket)
        assert (report.state, report.tries, report.error.code) == ("failed", 1, "job.no_cluster")
        assert len(report.rows) == 1
        assert report.weights

    def test_each_job_starts_once_when_the_cluster_is_lost_during_submission(self, workers, monkeypatch):
        monkeypatch.setattr(FakeConnection, "breaks", 2)
        with workers._lock:  # the thread waits for the lock
            tickets = [workers._ledger.open(wb.Job(SHORT)) for _ in range(5)]
            for ticket in tickets:
                workers._order("begin", ticket)
        wait_until(lambda: len(workers._connection.begun) >= 5)
        workers._connection.told.put((tickets[-1], 1, {"now": "starting"}, {}))
        wait_for_report(workers, tickets[-1], lambda report: report.state == "starting")  # all orders before are done
        assert sorted(workers._connection.begun) == sorted((ticket, 1) for ticket in tickets)

    def test_a_repeatedly_lost_cluster_fails_its_jobs(self, workers):
        ran, waited = workers.submit(wb.Job(SHORT)), workers.submit(wb.Job(SHORT))
        for attempt in range(1, TRIES + 1):
            workers._connection.told.put((ran, attempt, {"now": "starting"}, {}))
            wait_for_report(workers, ran, lambda report: report.state == "starting")
            workers._connection.told.put(ConnectionError("it is gone"))
            if attempt < TRIES:
                assert (
                    wait_for_report(workers, ran, lambda report, tries=attempt + 1: report.tries == tries).state
                    == "queued"
                )
        report = wait_for_end(workers, ran)
        assert (report.state, report.tries, report.error.code) == ("failed", TRIES, "job.no_cluster")
        assert workers.poll(waited).tries == 1  # it has never run
        assert workers._connection.begun.count((waited, 1)) > 1
