"""Image sweeps: a job for each combination, results as they arrive, and isolated failures."""

import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from tests.pages.image_jobs import FakeWork, rows_of
from wb_core.sweeps import OUTCOMES
from wb_core.sweeps.jobs import AHEAD

LIMIT = wb.KINDS["image"].sweep_limit
QUICK = wb.ImageConfig(epochs=1, hidden_units=1, batch_size=256)


class Places(FakeWork):
    """A fake workplace with `size` places; further jobs are queued until one ends."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def submit(self, job):
        ticket = super().submit(job)
        self.change(ticket, state="queued")
        self.fill()
        return ticket

    def fill(self):
        for ticket, report in self.reports.items():
            if report.state == "queued" and len(self.running()) < self.size:
                self.change(ticket, state="running")

    def running(self):
        return [ticket for ticket, report in self.reports.items() if report.state == "running"]

    def end(self, ticket, **changes):
        epochs = self.reports[ticket].job.config.epochs
        self.change(ticket, **{"state": "done", "rows": rows_of(epochs), **changes})
        self.fill()


def test_each_run_has_the_numbers_of_its_config():
    got = wb.sweep(QUICK, lr=[0.01, 0.2], optimizer=["sgd", "adam"], seed=[3])
    assert (len(got), got.ended, got.finished, got.progress) == (4, 4, True, 1.0)
    frame = got.frame()
    assert frame.outcome.tolist() == ["done"] * 4
    for number in range(4):
        run = wb.Run(got.config(number))
        run.finish()
        row, [expected] = frame.iloc[number], list(got.reports[number].rows)
        recorded = run.history.row(0)
        for name in ("train_loss", "test_loss", "test_accuracy"):
            assert row[f"final_{name}"] == expected[name] == pytest.approx(recorded[name], rel=1e-5)
        assert (row.best_epoch, row.epochs_done) == (0, 1)
        assert row.seconds > 0
    assert list(frame.columns[:3]) == ["lr", "optimizer", "seed"]


@given(st.integers(1, 4), st.integers(1, 12), st.data())
def test_jobs_are_submitted_in_order_and_only_a_few_wait_at_once(size, count, data):
    work = Places(size)
    sweep = wb.JobSweep(wb.ImageConfig(epochs=2), work, seed=range(count))
    steps = 0
    while not sweep.finished:
        sweep.look()
        waiting = [report for report in work.reports.values() if report.state == "queued"]
        assert len(waiting) <= AHEAD
        assert len(work.reports) == min(count, sweep.ended + size + len(waiting))
        work.end(data.draw(st.sampled_from(work.running())))
        sweep.look()
        steps += 1
    assert steps == count == sweep.ended
    assert [report.job.config.seed for report in work.reports.values()] == list(range(count))
    assert sweep.frame().final_test_accuracy.tolist() == [80.25] * count


def test_several_threads_can_poll_at_once():
    class Slow(Places):
        def submit(self, job):
            time.sleep(0.01)
            return super().submit(job)

    work = Slow(2)
    sweep = wb.JobSweep(QUICK, work, seed=range(9))
    with ThreadPoolExecutor(4) as visitors:
        list(visitors.map(lambda _visitor: sweep.look(), range(4)))
    assert [report.job.config.seed for report in work.reports.values()] == list(range(2 + AHEAD))
    assert sweep.tickets[: 2 + AHEAD] == list(work.reports)


def test_few_jobs_of_a_sweep_wait_before_another_job():
    work = Places(1)
    sweep = wb.JobSweep(QUICK, work, seed=range(50))
    sweep.look()
    work.submit(wb.Job(QUICK))
    assert len(work.reports) == 1 + AHEAD + 1


def test_a_failed_run_does_not_affect_the_others():
    work = Places(8)
    sweep = wb.JobSweep(QUICK, work, seed=range(5))
    sweep.look()
    first, second, third, fourth, fifth = work.reports
    lost = wb.JobError("job.crashed", "the process ended")
    work.end(first)
    work.end(second, state="failed", error=lost, rows=[])
    work.end(third, diverged_at=0, rows=[])
    work.forget(fourth)
    sweep.look()
    assert not sweep.finished
    assert sweep.frame().outcome.tolist() == ["done", "failed", "exploding", "failed", "running"]
    work.end(fifth)
    sweep.look()
    assert sweep.finished
    assert sweep.reports[1].error is lost
    assert sweep.reports[3].error.code == "job.unknown"
    assert [math.isnan(loss) for loss in sweep.frame().final_test_loss] == [False, True, True, True, False]


def test_a_workplace_that_accepts_no_job_fails_every_run():
    class Closed(FakeWork):
        def submit(self, job):
            raise wb.JobError("job.crashed", "the worker is gone")

    sweep = wb.sweep(QUICK, work=Closed(), seed=range(3))
    assert sweep.frame().outcome.tolist() == ["failed"] * 3


def test_a_temporarily_unreachable_workplace_loses_no_run():
    class Away(Places):
        away = False

        def submit(self, job):
            if self.away:
                raise ConnectionError("no answer")
            return super().submit(job)

    work = Away(1)
    sweep = wb.JobSweep(QUICK, work, seed=range(5))
    sweep.look()
    work.end("ticket 0")
    work.away = True
    with pytest.raises(ConnectionError):
        sweep.look()
    work.away = False
    while not sweep.finished:
        sweep.look()
        for ticket in work.running():
            work.end(ticket)
    assert [report.job.config.seed for report in work.reports.values()] == list(range(5))
    assert sweep.frame().outcome.tolist() == ["done"] * 5


def test_cancelling_a_sweep_keeps_its_results():
    work = Places(2)
    sweep = wb.JobSweep(wb.ImageConfig(epochs=2), work, seed=range(6))
    sweep.look()
    work.end("ticket 0")
    sweep.look()
    sweep.cancel()
    assert sweep.finished
    assert work.cancelled == ["ticket 1", "ticket 2", "ticket 3", "ticket 4"]
    assert sweep.frame().outcome.tolist() == ["done", *["cancelled"] * 4, ""]
    sweep.look()
    sweep.cancel()
    assert len(work.reports) == 5


def test_a_sweep_reports_progress_and_can_be_stopped():
    seen = []

    def watch(progress):
        seen.append(progress)
        return False

    work = Places(1)
    sweep = wb.sweep(QUICK, work=work, watch=watch, seed=range(3))
    assert sweep.stopped
    assert seen == [0.0]
    assert set(sweep.frame().outcome) <= set(OUTCOMES)


def test_progress_counts_images_seen():
    work = Places(2)
    sweep = wb.JobSweep(wb.ImageConfig(), work, epochs=[1, 3])
    sweep.look()
    work.end("ticket 0")
    work.change("ticket 1", rows=rows_of(1), batch=94, batches=188)
    sweep.look()
    assert sweep.progress == pytest.approx((1 + 1.5) / 4)


def test_a_sweep_does_not_keep_weights():
    work = Places(1)
    sweep = wb.JobSweep(QUICK, work, seed=[1])
    sweep.look()
    work.end("ticket 0", weights=wb.ImageRun(QUICK).model.state_dict())
    sweep.look()
    assert sweep.reports[0].weights is None


@pytest.mark.parametrize(
    ("config", "axes", "code"),
    [
        (QUICK, {"seed": range(LIMIT.runs + 1)}, "sweep.too_many"),
        (QUICK, {"seed": []}, "sweep.empty"),
        (QUICK, {"dataset": ["fashion_mnist"]}, "sweep.no_axis"),
        (QUICK, {"weight": [1.0]}, "sweep.no_axis"),
        (QUICK, {"lr": [0.0]}, "config.out_of_range"),
        (wb.ImageConfig(epochs=1000), {"seed": range(6)}, "sweep.too_many_pictures"),
        (wb.ImageConfig(dataset="fashion_mnist"), {"seed": [1], "epochs": [300, 300]}, "sweep.too_many_pictures"),
    ],
)
def test_an_impossible_sweep_is_refused_before_any_job_is_submitted(config, axes, code):
    work = FakeWork()
    with pytest.raises(wb.ConfigError) as caught:
        wb.sweep(config, work=work, **axes)
    assert caught.value.code == code
    assert not work.reports


def test_the_work_limit_counts_images():
    with pytest.raises(wb.ConfigError) as caught:
        wb.JobSweep(wb.ImageConfig(epochs=100), FakeWork(), seed=range(99))
    assert caught.value.values["arithmetic"] == "99 × 100 × 6,000 = 59,400,000"
    assert caught.value.values["most"] == f"{LIMIT.work:,}"
