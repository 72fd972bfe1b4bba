"""Sweeps go on without a page that shows them."""

import threading
import time
from types import SimpleNamespace

import pytest

import wb_core as wb
from pages.ui.sweep import driver as driver_module
from pages.ui.sweep.driver import PATIENCE, SweepDriver
from tests.pages.image_jobs import SMALL, FakeWork


@pytest.fixture
def jobs():
    """A fake sweep with `poll` and `cancel`."""
    return FakeWork()


class TestPolls:
    """Tests pass the time to `poll`; the real thread is held back."""

    @pytest.fixture
    def driver(self, jobs, monkeypatch):
        monkeypatch.setattr(SweepDriver, "_run", lambda self: None)
        return SweepDriver(jobs)

    def test_a_finished_sweep_is_not_polled_again(self, driver, jobs):
        ticket = jobs.submit(wb.Job(SMALL))
        driver.drive(ticket)
        driver.poll(0)
        jobs.change(ticket, state="done")
        driver.poll(1)
        driver.poll(2)
        assert jobs.polled == [ticket, ticket]

    def test_a_sweep_that_cannot_be_polled_is_cancelled_and_does_not_affect_others(
        self, driver, jobs, monkeypatch, caplog
    ):
        broken, other = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        driver.drive(broken)
        driver.drive(other)
        poll = jobs.poll

        def fail(ticket):
            if ticket == broken:
                raise ConnectionError("the place is gone")
            return poll(ticket)

        monkeypatch.setattr(jobs, "poll", fail)
        driver.poll(0)
        driver.poll(PATIENCE - 0.1)
        assert jobs.cancelled == []
        driver.poll(PATIENCE)
        assert jobs.cancelled == [broken]
        driver.poll(PATIENCE + 1)
        assert jobs.polled == [other] * 4
        assert [record.exc_info[0] for record in caplog.records] == [ConnectionError] * 3

    def test_a_short_interruption_is_tolerated(self, driver, jobs, monkeypatch):
        ticket = jobs.submit(wb.Job(SMALL))
        driver.drive(ticket)

        def fail(ticket):
            raise ConnectionError("the place is gone")

        for now in (0, 100):
            with monkeypatch.context() as broken:
                broken.setattr(jobs, "poll", fail)
                driver.poll(now)
            driver.poll(now + PATIENCE - 1)
        assert jobs.cancelled == []
        assert jobs.polled == [ticket, ticket]


class TestThread:
    """The driver's thread, which waits for the test instead of sleeping."""

    @pytest.fixture
    def nap(self, jobs, monkeypatch):
        nap = Nap()
        monkeypatch.setattr(driver_module, "time", SimpleNamespace(monotonic=time.monotonic, sleep=nap.sleep))
        before = set(threading.enumerate())
        yield nap
        for ticket in jobs.reports:
            jobs.change(ticket, state="done")
        nap.over.release(1000)
        for thread in set(threading.enumerate()) - before:
            thread.join(timeout=10)

    def test_the_thread_ends_without_sweeps(self, jobs, nap):
        driver, ticket = SweepDriver(jobs), jobs.submit(wb.Job(SMALL))
        driver.drive(ticket)
        thread = driver._thread
        assert nap.begun.acquire(timeout=10)
        jobs.change(ticket, state="done")
        nap.over.release()
        thread.join(timeout=10)
        assert not thread.is_alive()
        assert driver._thread is None

    def test_the_thread_starts_again_for_the_next_sweep(self, jobs, nap):
        driver, first = SweepDriver(jobs), jobs.submit(wb.Job(SMALL))
        jobs.change(first, state="done")
        driver.drive(first)
        self.wait_for_end(driver)
        second = jobs.submit(wb.Job(SMALL))
        driver.drive(second)
        assert nap.begun.acquire(timeout=10)
        assert jobs.polled[-1] == second

    def test_after_a_failed_start_the_thread_starts_with_the_next_sweep(self, jobs, nap, monkeypatch):
        driver, first, second = SweepDriver(jobs), jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))

        def start(thread):
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as none_left:
            none_left.setattr(threading.Thread, "start", start)
            with pytest.raises(RuntimeError):
                driver.drive(first)
        driver.drive(second)
        assert nap.begun.acquire(timeout=10)
        assert set(jobs.polled) == {first, second}

    def test_the_thread_survives_a_forgotten_sweep(self, jobs, nap):
        driver, forgotten, other = SweepDriver(jobs), jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        driver.drive(other)
        driver.drive(forgotten)
        jobs.forget(forgotten)
        thread = driver._thread
        for _ in range(2):
            assert nap.begun.acquire(timeout=10)
            nap.over.release()
        assert thread.is_alive()
        assert driver._thread is thread

    def test_two_sweeps_share_one_thread(self, jobs, nap):
        driver, tickets = SweepDriver(jobs), [jobs.submit(wb.Job(SMALL)) for _ in range(8)]
        begin = threading.Barrier(8)

        def drive(ticket):
            begin.wait()
            driver.drive(ticket)

        driving = [threading.Thread(target=drive, args=[ticket]) for ticket in tickets]
        for thread in driving:
            thread.start()
        for thread in driving:
            thread.join()
        assert [thread.name for thread in threading.enumerate()].count("sweep-driver") == 1
        assert driver._tickets == set(tickets)

    def wait_for_end(self, driver):
        thread = driver._thread
        if thread is not None:
            thread.join(timeout=10)
            assert not thread.is_alive()


class Nap:
    """A sleep that lasts until the test ends it."""

    def __init__(self):
        self.begun, self.over = threading.Semaphore(0), threading.Semaphore(0)

    def sleep(self, seconds):
        self.begun.release()
        self.over.acquire()
