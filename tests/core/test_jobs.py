"""Jobs: the bits of a local run, live reports, the queue, and failures of the worker process."""

import dataclasses
import gc
import io
import json
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save

import wb_core as wb
from tests.processes import children_of, is_alive
from tests.runs import without_seconds
from tests.waiting import run_job, wait_for_end, wait_for_report, wait_until
from wb_core.base import wire
from wb_core.base.cores import usable_cores
from wb_core.jobs import ledger, local, message, process, progress
from wb_core.jobs.local import LocalWorkers
from wb_core.jobs.process import Ready
from wb_core.jobs.progress import JobProgress

ROOT = Path(__file__).parents[2]
SHORT = wb.ImageConfig(epochs=2)
LONG = wb.ImageConfig(epochs=1000, model="tiny_vgg")


@pytest.fixture(scope="module")
def workers():
    """Two places, and a process that is ready."""
    workers = LocalWorkers(2)
    workers.warm_up()
    run_job(workers, wb.LinearConfig(epochs=1))
    yield workers
    workers.stop()


@pytest.fixture
def one_place(workers, monkeypatch):
    """The same with one place."""
    monkeypatch.setattr(workers, "size", 1)
    return workers


def begun(workers, config=LONG):
    """The ticket of a job that has trained at least a batch."""
    ticket = workers.submit(wb.Job(config))
    wait_for_report(workers, ticket, lambda report: len(report.batch_losses))
    return ticket


def pid_of(workers):
    return workers._forker._worker._process.pid


def child_of(workers):
    """The process of the only running job; those of earlier jobs may still be ending."""
    return wait_until(lambda: len(found := children_of(pid_of(workers))) == 1 and found)[0]


def same(weights, others):
    return weights.keys() == others.keys() and all(torch.equal(weights[name], others[name]) for name in weights)


class TestSameBits:
    @pytest.mark.parametrize(
        "config",
        [SHORT, wb.ImageConfig(epochs=1, model="relu", optimizer="adam", lr=0.003, batch_size=77, seed=7)],
        ids=["linear", "relu, adam"],
    )
    def test_a_job_has_the_bits_of_a_local_run(self, workers, config):
        run = wb.Run(config)
        run.finish()
        report = run_job(workers, config)
        assert without_seconds(report.rows) == without_seconds(run.history.row(epoch) for epoch in range(run.epoch))
        assert report.batch_losses.tolist() == run.batch_losses.tolist()
        assert same(report.weights, run.model.state_dict())
        assert (report.evaluation.loss, report.evaluation.accuracy) == (run.evaluation.loss, run.evaluation.accuracy)
        assert torch.equal(report.evaluation.logits, run.evaluation.logits)
        assert (report.batches, report.samples, report.device) == (run.batches, 6000, "cpu")
        assert report.seconds > 0

    @pytest.mark.parametrize("optimizer", ["sgd", "adam"])
    def test_a_job_of_a_line_has_the_bits_of_a_local_run(self, workers, optimizer):
        config = wb.LinearConfig(optimizer=optimizer, epochs=300)
        run = wb.Run(config)
        run.finish()
        report = run_job(workers, config)
        assert list(report.rows) == [run.history.row(epoch) for epoch in range(300)]
        assert report.rows.column("weight") == list(run.history.column("weight"))
        assert same(report.weights, run.model.state_dict())
        assert (report.evaluation, report.batches, len(report.batch_losses)) == (None, 0, 0)

    def test_a_job_starts_from_given_weights(self, workers):
        config = dataclasses.replace(SHORT, epochs=1)
        first = wb.Run(dataclasses.replace(config, seed=3))
        first.advance(batches=20)
        weights = {name: tensor.clone() for name, tensor in first.model.state_dict().items()}
        run = wb.Run(config)
        model = run.fresh_model()
        model.load_state_dict(weights)
        run.adopt(model)
        run.finish()
        report = run_job(workers, config, weights=weights)
        assert same(report.weights, run.model.state_dict())
        assert without_seconds(report.rows) == without_seconds([run.history.row(0)])

    def test_a_job_without_training_only_tests_the_weights(self, workers):
        run = wb.Run(SHORT)
        run.finish()
        report = run_job(workers, SHORT, weights=run.model.state_dict(), train=False)
        assert torch.equal(report.evaluation.logits, run.evaluation.logits)
        assert (report.evaluation.loss, report.evaluation.accuracy) == (run.evaluation.loss, run.evaluation.accuracy)
        assert same(report.weights, run.model.state_dict())
        assert (len(report.rows), len(report.batch_losses)) == (0, 0)

    def test_a_job_that_diverges_keeps_the_last_good_weights(self, workers):
        config = wb.LinearConfig(loss="mse", lr=100.0, epochs=1000)
        run = wb.Run(config)
        run.finish()
        report = run_job(workers, config)
        assert report.diverged_at == run.diverged_at == len(report.rows)
        assert same(report.weights, run.model.state_dict())


class TestLive:
    def test_rows_grow_while_a_job_runs_and_a_report_never_changes(self, workers):
        ticket = workers.submit(wb.Job(dataclasses.replace(SHORT, epochs=1000)))
        before = wait_for_report(
            workers, ticket, lambda report: len(report.rows) >= 1 and 0 < report.batch < report.batches
        )
        count, losses, rows = len(before.batch_losses), before.batch_losses.tolist(), list(before.rows)
        assert before.state == "running"
        assert before.seen == before.batch * 32
        assert math.isfinite(before.running_loss)
        assert count == len(rows) * before.batches + before.batch
        after = wait_for_report(workers, ticket, lambda report: len(report.rows) > len(rows) + 20)
        workers.cancel(ticket)
        assert (before.batch_losses.tolist(), list(before.rows)) == (losses, rows)
        assert after.batch_losses[:count].tolist() == losses
        assert list(after.rows[: len(rows)]) == rows
        with pytest.raises(ValueError, match="read-only"):
            after.batch_losses[0] = 0

    def test_weights_and_evaluation_are_those_of_the_last_recorded_epoch(self, workers):
        ticket = workers.submit(wb.Job(dataclasses.replace(SHORT, epochs=1000)))
        wait_for_report(workers, ticket, lambda report: len(report.rows) >= 2)
        workers.cancel(ticket)
        report = workers.poll(ticket)
        run = wb.Run(dataclasses.replace(SHORT, epochs=len(report.rows)))
        run.finish()
        assert report.state == "cancelled"
        assert same(report.weights, run.model.state_dict())
        assert torch.equal(report.evaluation.logits, run.evaluation.logits)

    def test_messages_come_at_most_ten_times_a_second(self, workers, monkeypatch):
        newer, times = JobProgress.newer, []
        monkeypatch.setattr(
            JobProgress, "newer", lambda self, *given: (times.append(time.monotonic()), newer(self, *given))[1]
        )
        run_job(workers, wb.LinearConfig(epochs=5000))
        assert len(times) <= 3 + (times[-1] - times[0]) / 0.1

    def test_a_worker_gets_the_data_folder_and_no_secrets(self, monkeypatch):
        monkeypatch.setenv("WORKBENCH_SECRET", "hush")
        monkeypatch.setenv("WB_DATA_DIR", "pictures")
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
        for new, gpus in ((process.spare, "3"), (process.forker, "")):
            worker = new()
            environment = wait_until(Path(f"/proc/{worker._process.pid}/environ").read_text).split("\0")
            worker.stop()
            assert "hush" not in str(environment)
            assert {"WB_DATA_DIR=pictures", f"CUDA_VISIBLE_DEVICES={gpus}", "OMP_NUM_THREADS=1"} <= {*environment}

    def test_the_forking_process_has_one_thread_and_its_children_low_priority(self, workers):
        assert len(os.listdir(f"/proc/{pid_of(workers)}/task")) == 1
        ticket = begun(workers)
        child = child_of(workers)
        assert os.getpriority(os.PRIO_PROCESS, child) == os.getpriority(os.PRIO_PROCESS, 0) + 10
        assert len(os.listdir(f"/proc/{child}/task")) == 2  # one trains, one listens
        workers.cancel(ticket)


class TestQueue:
    def test_a_waiting_job_moves_up_in_the_queue(self, one_place):
        first = begun(one_place)
        second, third, fourth = (one_place.submit(wb.Job(config)) for config in (SHORT, LONG, SHORT))
        assert [one_place.poll(ticket).place for ticket in (first, second, third, fourth)] == [0, 1, 2, 3]
        assert one_place.poll(second).state == "queued"
        one_place.cancel(third)
        assert [one_place.poll(ticket).place for ticket in (second, third, fourth)] == [1, 0, 2]
        one_place.cancel(first)
        wait_for_report(one_place, fourth, lambda report: report.place == 1)
        assert wait_for_end(one_place, second).state == "done"
        assert wait_for_end(one_place, fourth).state == "done"
        assert one_place.poll(third).state == "cancelled"

    def test_all_other_jobs_go_before_a_low_priority_one(self, one_place):
        running = begun(one_place)
        low = [one_place.submit(wb.Job(SHORT, low_priority=True)) for _ in range(2)]
        other = one_place.submit(wb.Job(SHORT))
        assert [one_place.poll(ticket).place for ticket in (other, *low)] == [1, 2, 3]
        one_place.cancel(running)
        assert wait_for_end(one_place, other).state == "done"
        assert [wait_for_end(one_place, ticket).state for ticket in low] == ["done"] * 2

    def test_a_stopped_workplace_can_be_garbage_collected(self):
        place = local.LocalWorkers(1)
        gone = weakref.ref(place)
        place.stop()
        del place
        gc.collect()
        assert gone() is None

    def test_no_more_jobs_run_at_once_than_there_are_places(self, workers):
        tickets = [workers.submit(wb.Job(wb.LinearConfig(epochs=400, seed=seed))) for seed in range(8)]
        at_once = []
        while not all(workers.poll(ticket).finished for ticket in tickets):
            with workers._lock:
                states = [workers._ledger.record(ticket).report.state for ticket in tickets]
            at_once.append(sum(state in ("starting", "running") for state in states))
        assert max(at_once) == 2
        assert [workers.poll(ticket).state for ticket in tickets] == ["done"] * 8

    def test_many_threads_can_submit_at_once(self, workers):
        configs = [wb.LinearConfig(seed=seed, epochs=3) for seed in range(24)]
        with ThreadPoolExecutor(12) as pool:
            tickets = list(pool.map(lambda config: workers.submit(wb.Job(config)), configs))
        assert len({*tickets}) == 24
        assert min(map(len, tickets)) >= 40
        for config, ticket in zip(configs, tickets, strict=True):
            run = wb.Run(config)
            run.finish()
            assert same(wait_for_end(workers, ticket).weights, run.model.state_dict())

    def test_an_unknown_ticket_is_refused(self, workers):
        for ask in (workers.poll, workers.cancel):
            with pytest.raises(wb.JobError) as caught:
                ask("unknown ticket")
            assert caught.value.code == "job.unknown"

    def test_the_oldest_finished_jobs_are_forgotten(self, one_place, monkeypatch):
        monkeypatch.setattr(ledger, "MAX_FINISHED", 30)
        running = begun(one_place)
        tickets = [one_place.submit(wb.Job(SHORT)) for _ in range(ledger.MAX_FINISHED + 2)]
        for ticket in tickets:
            one_place.cancel(ticket)
        for ticket in tickets[:2]:
            with pytest.raises(wb.JobError, match="not any more"):
                one_place.poll(ticket)
        assert {one_place.poll(ticket).state for ticket in tickets[2:]} == {"cancelled"}
        assert one_place.poll(running).state == "running"
        one_place.cancel(running)

    def test_large_finished_jobs_are_forgotten_earlier(self, workers, monkeypatch):
        monkeypatch.setattr(ledger, "MAX_FINISHED_BYTES", 100_000)
        tickets = [workers.submit(wb.Job(SHORT, train=False)) for _ in range(4)]
        wait_until(lambda: not workers._channels)
        assert len(workers._ledger._finished) == 1  # 72 kB each: the test and the weights
        with pytest.raises(wb.JobError):
            [workers.poll(ticket) for ticket in tickets]

    @pytest.mark.parametrize(
        ("text", "size"), [("3", 3), ("0", None), ("-1", None), ("two", None), ("", None), ("1.5", None)]
    )
    def test_wb_workers_sets_the_number_of_places(self, monkeypatch, text, size):
        monkeypatch.setenv("WB_WORKERS", text)
        assert LocalWorkers().size == (size or usable_cores())
        assert LocalWorkers(5).size == 5
        with pytest.raises(ValueError, match="one job"):
            LocalWorkers(0)


class TestTurns:
    """Who gets a place, with jobs that never end by themselves."""

    @pytest.fixture
    def workers_of(self, monkeypatch):
        release, made = threading.Event(), []
        monkeypatch.setattr(LocalWorkers, "_find_worker", lambda self, ticket, record: release.wait())

        def workers_of(size):
            made.append(LocalWorkers(size))
            return made[-1]

        yield workers_of
        for workers in made:
            workers.stop()
        release.set()

    @staticmethod
    def states(workers, tickets):
        return [workers.poll(ticket).state for ticket in tickets]

    def test_someone_without_a_job_has_a_place_beside_a_sweep_that_holds_all(self, workers_of):
        for size in (1, 2):
            workers = workers_of(size)
            sweep = [workers.submit(wb.Job(LONG, low_priority=True, owner="sweep")) for _ in range(4)]
            assert self.states(workers, sweep) == ["starting"] * size + ["queued"] * (4 - size)
            one = workers.submit(wb.Job(SHORT, owner="one"))
            other = workers.submit(wb.Job(SHORT, owner="other"))
            assert self.states(workers, [one, other]) == ["starting", "queued"]  # one place more, and not two
            assert workers.poll(other).place == 1

    def test_jobs_of_many_owners_take_turns(self, workers_of):
        workers = workers_of(2)
        many = [workers.submit(wb.Job(LONG, owner="many")) for _ in range(30)]
        few = [workers.submit(wb.Job(SHORT, owner="few")) for _ in range(2)]
        assert self.states(workers, many[:3]) == ["starting", "starting", "queued"]
        assert self.states(workers, few) == ["starting", "queued"]
        assert workers.poll(few[1]).place == 1  # one is running, and two of the other owner
        assert [workers.poll(ticket).place for ticket in many[2:]] == [*range(2, 30)]

    def test_without_an_owner_no_place_is_added(self, workers_of):
        workers = workers_of(2)
        assert self.states(workers, [workers.submit(wb.Job(LONG)) for _ in range(3)]) == ["starting"] * 2 + ["queued"]


class TestCancel:
    def test_cancel_ends_the_process_within_half_a_second(self, workers):
        slow = dataclasses.replace(LONG, batch_size=2000)  # a batch takes longer than that
        ticket = workers.submit(wb.Job(slow))
        wait_for_report(workers, ticket, lambda report: report.state == "running")
        child = child_of(workers)
        began = time.perf_counter()
        workers.cancel(ticket)
        workers.cancel(ticket)
        assert workers.poll(ticket).state == "cancelled"
        wait_until(lambda: not is_alive(child))
        took = time.perf_counter() - began
        print(f"cancelled in {took:.3f} s")  # noqa: T201
        assert took < 0.5

    def test_a_job_can_be_cancelled_in_the_queue_and_while_it_starts(self, workers):
        tick = threading.Event()
        for delay in (0, 0, 0.001, 0.003, 0.01, 0.02, 0.03):
            ticket = workers.submit(wb.Job(LONG))
            tick.wait(delay)
            workers.cancel(ticket)
            assert workers.poll(ticket).state == "cancelled"
        wait_until(lambda: children_of(pid_of(workers)) == [])
        run_job(workers, SHORT)

    def test_cancelling_a_finished_job_does_nothing(self, workers):
        ticket = workers.submit(wb.Job(SHORT))
        report = wait_for_end(workers, ticket)
        workers.cancel(ticket)
        assert workers.poll(ticket) is report

    def test_all_jobs_can_be_cancelled_while_others_poll(self, workers):
        tickets = [workers.submit(wb.Job(LONG)) for _ in range(12)]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(workers.cancel, tickets * 3))
            assert {report.state for report in pool.map(workers.poll, tickets)} == {"cancelled"}
        wait_until(lambda: children_of(pid_of(workers)) == [])
        run_job(workers, SHORT)


class TestFailures:
    def test_a_killed_worker_is_reported_and_keeps_what_it_learned(self, workers):
        ticket = workers.submit(wb.Job(dataclasses.replace(SHORT, epochs=1000)))
        wait_for_report(workers, ticket, lambda report: len(report.rows))
        child = child_of(workers)
        os.kill(child, signal.SIGKILL)
        report = wait_for_end(workers, ticket)
        assert report.state == "failed"
        assert isinstance(report.error, wb.JobError)
        assert report.error.code == "job.crashed"
        assert report.weights
        assert len(report.rows)
        run_job(workers, SHORT)

    @pytest.mark.slow
    def test_if_the_forking_process_is_killed_its_children_go_on_and_the_next_job_works(self, workers):
        ticket = begun(workers, dataclasses.replace(SHORT, epochs=1000))
        pid = pid_of(workers)
        child = child_of(workers)
        os.kill(pid, signal.SIGKILL)
        count = len(workers.poll(ticket).rows)
        wait_for_report(workers, ticket, lambda report: len(report.rows) > count + 2)
        run_job(workers, SHORT)
        assert pid_of(workers) != pid
        workers.cancel(ticket)
        wait_until(lambda: not is_alive(child), 0.5)

    def test_an_engine_error_arrives_unchanged(self, workers, tmp_path):
        config = wb.ImageConfig(dataset="fashion_mnist", data_dir=str(tmp_path))
        report = wait_for_end(workers, workers.submit(wb.Job(config)))
        assert (report.state, type(report.error)) == ("failed", wb.DataError)
        assert report.error.code == "data.missing"
        assert report.error.values == {"file": "train-images-idx3-ubyte.gz"}

    def test_another_error_is_a_crash_with_its_traceback_in_the_log(self, workers, caplog):
        report = wait_for_end(workers, workers.submit(wb.Job(SHORT, weights={"bias": torch.zeros(1)})))
        assert report.error.code == "job.crashed"
        assert "Missing key(s)" in caplog.text

    def test_a_job_that_might_use_a_gpu_is_not_forked(self, workers, monkeypatch):
        monkeypatch.setattr(local, "available_devices", lambda: ("cpu",))
        assert workers._ready_for("auto") is workers._forker
        monkeypatch.setattr(local, "available_devices", lambda: ("cuda", "cpu"))
        assert workers._ready_for("auto") is workers._ready_for("cuda") is workers._spare
        assert workers._ready_for("cpu") is workers._forker

    @pytest.mark.parametrize(
        ("devices", "expected"),
        [(("cpu",), [process.forker]), (("cuda", "cpu"), [process.forker, process.spare])],
    )
    def test_a_process_is_kept_ready_for_each_available_device(self, monkeypatch, devices, expected):
        started = []
        monkeypatch.setattr(local, "available_devices", lambda: devices)
        monkeypatch.setattr(Ready, "warm_up", lambda ready: started.append(ready._new))
        LocalWorkers(1).warm_up()
        assert sorted(started, key=expected.index) == expected

    @pytest.mark.slow
    def test_without_fork_each_job_uses_up_a_spare_process(self, monkeypatch):
        workers = LocalWorkers(1)
        monkeypatch.setattr(workers, "_forker", Ready(process.spare))
        ticket = begun(workers)
        child = workers._channels[ticket].close.__self__.pid
        workers.cancel(ticket)
        wait_until(lambda: not is_alive(child), 0.5)
        next_one = pid_of(workers)
        assert next_one != child
        workers.stop()
        assert not is_alive(next_one)

    @pytest.mark.slow
    def test_no_worker_remains_when_the_server_is_killed(self):
        code = """
import threading, wb_core as wb
workers = wb.LocalWorkers(1)
ticket = workers.submit(wb.Job(wb.ImageConfig(epochs=1000, model="tiny_vgg")))
while not len(workers.poll(ticket).batch_losses):
    threading.Event().wait(0.01)
print(workers._forker._worker._process.pid, flush=True)
threading.Event().wait()
"""
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as server:
            pid = int(server.stdout.readline())
            pids = [pid, *children_of(pid)]
            assert len(pids) == 2
            assert all(map(is_alive, pids))
            server.kill()
        wait_until(lambda: not any(map(is_alive, pids)), 10)

    def test_stop_ends_all_jobs_and_the_next_job_works(self, monkeypatch):
        monkeypatch.setattr(process, "BOOT", "import sys\nsys.stdin.read()")  # one that is never ready
        workers = LocalWorkers(1)
        tickets = [workers.submit(wb.Job(SHORT)) for _ in range(3)]
        wait_until(lambda: workers._forker._worker)
        pid = pid_of(workers)
        workers.stop()
        assert [workers.poll(ticket).state for ticket in tickets] == ["cancelled"] * 3
        assert not is_alive(pid)
        monkeypatch.setattr(local, "START_SECONDS", 0.1)
        assert wait_for_end(workers, workers.submit(wb.Job(SHORT))).error.code == "job.crashed"
        workers.stop()


FIELDS = dict(
    {"done": False, "seconds": 0.5, "device": "cpu", "diverged_at": None, "running_loss": 0.1},
    batch=1,
    batches=2,
    seen=3,
    samples=4,
)
ARRAYS = {"rows": np.zeros((1, 4)), "losses": np.zeros(2, np.float32)}


def framed(data):
    return message.SIZE.pack(len(data)) + data


class TestMessages:
    """No message of a faulty worker does any harm."""

    @staticmethod
    def received(data):
        return message.receive(io.BytesIO(data).read)

    @pytest.mark.parametrize(
        "error",
        [
            wb.DataError("data.missing", "there is none", file="x"),
            wb.DeviceError("mps", ("cuda", "cpu")),
            wb.ConfigError("config.out_of_range", field="lr", given=-1, allowed="more", low=0.0),
            wb.CheckpointError("checkpoint.wrong_shape", "no", found=(3, 1), needed=(1, 1)),
        ],
    )
    def test_an_error_survives_a_message(self, error):
        fields, arrays = self.received(message.pack(message.error_fields(error), {}))
        back = JobProgress(wb.Job(SHORT)).newer(fields, arrays).error
        assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))

    def test_a_job_survives_a_message_and_can_be_pickled(self):
        job = wb.Job(dataclasses.replace(SHORT, lr=0.1 + 0.2, data_dir="x"), {"a.b": torch.rand(2, 3)}, train=False)
        for back in (message.unpack_job(*self.received(message.pack_job(job))), pickle.loads(pickle.dumps(job))):
            assert (back.config, back.train) == (job.config, job.train)
            assert same(back.weights, job.weights)
        assert message.unpack_job(*self.received(message.pack_job(wb.Job(SHORT)))) == wb.Job(SHORT)

    def test_a_truncated_message_counts_as_the_end(self):
        data = message.pack(FIELDS, ARRAYS)
        assert all(self.received(data[:end]) is None for end in range(len(data)))
        assert self.received(data)[0] == FIELDS

    @pytest.mark.parametrize(
        "text", [b"", b"[]", b"5", b"null", b"\xff", b"[" * 100_000, b"9" * 10_000, b" " * (1 << 21)]
    )
    def test_invalid_fields_are_refused(self, text):
        with pytest.raises(ValueError):  # noqa: PT011
            self.received(framed(save({wire.FIELDS: np.frombuffer(text, np.uint8)})))

    @pytest.mark.parametrize(
        "arrays",
        [
            {"rows": np.zeros(1)},  # without fields
            {wire.FIELDS: np.zeros(2)},
            {wire.FIELDS: np.frombuffer(b"{}" + b" " * wire.MAX_TEXT, np.uint8)},
            {wire.FIELDS: np.frombuffer(b"{}", np.uint8), "rows": np.zeros(1, np.complex64)},
        ],
    )
    def test_invalid_arrays_are_refused(self, arrays):
        with pytest.raises(ValueError, match="message"):
            self.received(framed(save(arrays)))

    def test_invalid_bytes_are_refused(self):
        whole = message.pack(FIELDS, ARRAYS)[message.SIZE.size :]
        for data in (
            b"",
            b"no",
            bytes(100),
            b"\xff" * 100,
            whole[:-1],
            whole + b"x",
            whole[:20] + bytes(len(whole) - 20),
        ):
            with pytest.raises(ValueError, match="message"):
                self.received(framed(data))

    @pytest.mark.parametrize("size", [1 << 63, (1 << 28) + 1])
    def test_an_invalid_size_is_refused(self, size):
        with pytest.raises(ValueError, match="message"):
            self.received(message.SIZE.pack(size))

    @pytest.mark.parametrize(
        "change",
        [
            *(
                {"batch": -1},
                {"batch": 1.5},
                {"batch": True},
                {"seconds": "1"},
                {"seconds": 10**400},
                {"samples": None},
            ),
            *({"diverged_at": "x"}, {"evaluation": [1.0], "logits": 0}, {"evaluation": 5, "logits": 0}),
            *(
                {"rows": np.zeros((1, 3))},
                {"rows": np.zeros(4)},
                {"rows": np.zeros((3, 4))},
                {"rows": np.zeros((1, 4), "f")},
            ),
            *({"losses": np.zeros((2, 2), "f")}, {"losses": np.zeros(2)}, {"losses": np.zeros(377, "f")}),
            *({"error": "Path", "state": {}}, {"error": "DataError", "state": 5}, {"error": "DataError", "state": {}}),
            *({"error": "Exception", "state": {"code": "a", "message": "b", "values": {}}}, {"error": []}),
        ],
    )
    def test_invalid_reports_are_refused(self, change):
        fields, arrays = dict(FIELDS), dict(ARRAYS)
        if "logits" in change:
            arrays["logits"] = np.zeros((1, 10), np.float32)
        for name, value in change.items():
            (arrays if isinstance(value, np.ndarray) else fields)[name] = value
        with pytest.raises(ValueError):  # noqa: PT011
            JobProgress(wb.Job(SHORT)).newer(fields, arrays)
        assert JobProgress(wb.Job(SHORT)).newer(FIELDS, ARRAYS).state == "running"

    @pytest.mark.parametrize(
        "says", ["b'!' + bytes(1000)", "b'!' + b'\\xff' * 100", "b'!' + bytes([2]) + bytes(15) + b'{}'", "b'!'", "b'?'"]
    )
    def test_a_worker_that_sends_an_invalid_report_has_crashed(self, monkeypatch, says):
        monkeypatch.setattr(process, "BOOT", f"import os\nos.write(1, {says})")
        workers = LocalWorkers(1)
        monkeypatch.setattr(workers, "_forker", Ready(process.spare))
        report = wait_for_end(workers, workers.submit(wb.Job(SHORT)))
        assert (report.state, report.error.code) == ("failed", "job.crashed")
        workers.stop()

    def test_json_keeps_every_bit_of_a_number(self):
        numbers = [0.1 + 0.2, 1e-320, -0.0, math.inf]
        assert json.loads(json.dumps(numbers)) == numbers


def test_a_growing_array_never_changes_earlier_views():
    growing, views = progress.Growing(2, dtype=np.float64), []
    for n in range(100):
        growing.extend(np.full((n % 7, 2), float(n)))
        views.append((growing.view(), growing.view().copy()))
    assert all(np.array_equal(view, copy) for view, copy in views)
    assert len(growing) == len(views[-1][0])


def test_rows_are_a_sequence_of_dicts():
    rows = wb.records.Rows(("a", "b"), np.arange(6.0).reshape(3, 2))
    assert rows[-1] == {"a": 4.0, "b": 5.0}
    assert rows[1:] == [{"a": 2.0, "b": 3.0}, {"a": 4.0, "b": 5.0}]
    assert rows.column("b") == [1.0, 3.0, 5.0]
    assert rows != []
    assert rows != 5
    with pytest.raises(IndexError):
        rows[3]
