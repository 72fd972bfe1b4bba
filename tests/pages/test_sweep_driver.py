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
    """What is driven needs no more than `poll` and `cancel`, as jobs have."""
    return FakeWork()


class TestPolls:
    """Its clock is the number that `poll` is given; the thread that polls by a real one is held back."""

    @pytest.fixture
    def driver(self, jobs, monkeypatch):
        monkeypatch.setattr(SweepDriver, "_run", lambda self: None)
        return SweepDriver(jobs)

    def test_what_has_ended_is_polled_no_more(self, driver, jobs):
        ticket = jobs.submit(wb.Job(SMALL))
        driver.drive(ticket)
        driver.poll(0)
        jobs.change(ticket, state="done")
        driver.poll(1)
        driver.poll(2)
        assert jobs.polled == [ticket, ticket]

    def test_what_cannot_be_polled_harms_no_other_and_is_cancelled_in_the_end(self, driver, jobs, monkeypatch, caplog):
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

    def test_an_interruption_is_forgiven(self, driver, jobs, monkeypatch):
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
    """The driver's own thread, which waits for the test where it would sleep."""

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

    def test_it_ends_when_there_is_nothing_to_drive(self, jobs, nap):
        driver, ticket = SweepDriver(jobs), jobs.submit(wb.Job(SMALL))
        driver.drive(ticket)
        thread = driver._thread
        assert nap.begun.acquire(timeout=10)
        jobs.change(ticket, state="done")
        nap.over.release()
        thread.join(timeout=10)
        assert not thread.is_alive()
        assert driver._thread is None

    def test_it_begins_again_for_the_next_one(self, jobs, nap):
        driver, first = SweepDriver(jobs), jobs.submit(wb.Job(SMALL))
        jobs.change(first, state="done")
        driver.drive(first)
        self.wait_for_end(driver)
        second = jobs.submit(wb.Job(SMALL))
        driver.drive(second)
        assert nap.begun.acquire(timeout=10)
        assert jobs.polled[-1] == second

    def test_it_begins_with_the_next_one_where_the_system_had_no_thread(self, jobs, nap, monkeypatch):
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

    def test_it_outlives_one_that_is_forgotten(self, jobs, nap):
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

    def test_two_at_once_have_one_thread(self, jobs, nap):
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
