"""Who looks after jobs that are left behind."""

import threading
import time
from types import SimpleNamespace

import pytest

import wb_core as wb
from pages.ui.session import reaper as reaper_module
from pages.ui.session.reaper import JobReaper
from tests.pages.image_jobs import SMALL, FakeWork


class TestJobReaper:
    """Its clock is the number that `look` is given; the thread that looks by a real one is held back."""

    @pytest.fixture
    def here(self):
        """The sessions that have their browser."""
        return {"ann", "bob"}

    @pytest.fixture
    def jobs(self):
        return FakeWork()

    @pytest.fixture
    def reaper(self, jobs, here, monkeypatch):
        monkeypatch.setattr(JobReaper, "_watch", lambda self: None)
        return JobReaper(jobs, here.__contains__, grace=8)

    def test_a_job_goes_on_as_long_as_somebody_is_there(self, reaper, jobs):
        reaper.keep(jobs.submit(wb.Job(SMALL)), "ann")
        for now in range(0, 1000, 10):
            reaper.look(now)
        assert jobs.cancelled == []

    def test_a_job_that_is_left_behind_is_cancelled_after_the_grace(self, reaper, jobs, here):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        here.remove("ann")
        reaper.look(100)
        reaper.look(107.9)
        assert jobs.cancelled == []
        reaper.look(108)
        assert jobs.cancelled == [ticket]

    def test_who_comes_back_in_time_has_all_the_grace_again(self, reaper, jobs, here):
        reaper.keep(jobs.submit(wb.Job(SMALL)), "ann")
        here.remove("ann")
        reaper.look(100)
        here.add("ann")
        reaper.look(105)
        here.remove("ann")
        reaper.look(110)
        reaper.look(117)
        assert jobs.cancelled == []

    def test_a_reload_takes_the_job_over(self, reaper, jobs, here):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        here.remove("ann")
        reaper.look(100)
        reaper.keep(ticket, "bob")
        reaper.look(200)
        assert jobs.cancelled == []
        here.remove("bob")
        reaper.look(201)
        reaper.look(208)
        assert jobs.cancelled == []
        reaper.look(209)
        assert jobs.cancelled == [ticket]

    def test_a_reload_at_the_last_moment_takes_the_job_over(self, reaper, jobs, here, monkeypatch):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        here.remove("ann")
        reaper.look(100)
        poll = jobs.poll

        def reload_meanwhile(asked):
            reaper.keep(ticket, "bob")
            return poll(asked)

        monkeypatch.setattr(jobs, "poll", reload_meanwhile)
        reaper.look(200)
        assert jobs.cancelled == []

    def test_a_job_in_two_tabs_goes_on_until_both_are_closed(self, reaper, jobs, here):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        reaper.keep(ticket, "bob")
        here.remove("bob")
        reaper.look(0)
        reaper.look(100)
        assert jobs.cancelled == []
        here.remove("ann")
        reaper.look(200)
        reaper.look(208)
        assert jobs.cancelled == [ticket]

    def test_two_jobs_are_looked_after_apart(self, reaper, jobs, here):
        first, second = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(first, "ann")
        reaper.keep(second, "bob")
        here.remove("ann")
        reaper.look(0)
        reaper.look(100)
        assert jobs.cancelled == [first]

    def test_a_job_that_has_ended_is_not_asked_for_again(self, reaper, jobs):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        jobs.change(ticket, state="done")
        reaper.look(0)
        polled = list(jobs.polled)
        reaper.look(1)
        assert jobs.polled == polled == [ticket]

    def test_a_job_that_is_forgotten_harms_no_other(self, reaper, jobs, here):
        forgotten, left = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(forgotten, "ann")
        reaper.keep(left, "bob")
        jobs.forget(forgotten)
        here.clear()
        reaper.look(0)
        reaper.look(100)
        assert jobs.cancelled == [left]

    def test_work_of_which_nobody_can_tell_harms_no_other_and_is_let_go(self, reaper, jobs, here, monkeypatch, caplog):
        broken, left = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(broken, "ann")
        reaper.keep(left, "bob")
        here.remove("bob")

        def fail(ticket):
            if ticket == broken:
                raise ConnectionError("the place is gone")

        for verb in ("poll", "cancel"):
            known = getattr(jobs, verb)
            monkeypatch.setattr(jobs, verb, lambda ticket, known=known: fail(ticket) or known(ticket))
        reaper.look(0)
        reaper.look(8)
        assert jobs.cancelled == [left]
        assert not reaper._sessions
        assert [record.exc_info[0] for record in caplog.records] == [ConnectionError] * 3


class TestReapersThread:
    """The reaper's own thread, which waits for the test where it would sleep."""

    @pytest.fixture
    def jobs(self):
        return FakeWork()

    @pytest.fixture
    def nap(self, jobs, monkeypatch):
        nap = Nap()
        monkeypatch.setattr(reaper_module, "time", SimpleNamespace(monotonic=time.monotonic, sleep=nap.sleep))
        before = set(threading.enumerate())
        yield nap
        for ticket in jobs.reports:
            jobs.change(ticket, state="done")
        nap.over.release(1000)
        for thread in set(threading.enumerate()) - before:
            thread.join(timeout=10)

    def reaper(self, jobs):
        return JobReaper(jobs, lambda session: True)

    def test_it_ends_when_there_is_nothing_to_keep(self, jobs, nap):
        reaper, ticket = self.reaper(jobs), jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        thread = reaper._thread
        assert nap.begun.acquire(timeout=10)
        jobs.change(ticket, state="done")
        nap.over.release()
        thread.join(timeout=10)
        assert not thread.is_alive()
        assert reaper._thread is None

    def test_it_begins_again_for_the_next_job(self, jobs, nap):
        reaper, first = self.reaper(jobs), jobs.submit(wb.Job(SMALL))
        jobs.change(first, state="done")
        reaper.keep(first, "ann")
        self.wait_for_end(reaper)
        second = jobs.submit(wb.Job(SMALL))
        reaper.keep(second, "ann")
        assert nap.begun.acquire(timeout=10)
        assert jobs.polled[-1] == second

    def test_it_begins_with_the_next_job_where_the_system_had_no_thread(self, jobs, nap, monkeypatch):
        reaper, first, second = self.reaper(jobs), jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))

        def start(thread):
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as none_left:
            none_left.setattr(threading.Thread, "start", start)
            with pytest.raises(RuntimeError):
                reaper.keep(first, "ann")
        reaper.keep(second, "ann")
        assert nap.begun.acquire(timeout=10)
        assert set(jobs.polled) == {first, second}

    def test_it_outlives_a_job_that_is_forgotten(self, jobs, nap):
        reaper, forgotten, other = self.reaper(jobs), jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(other, "ann")
        reaper.keep(forgotten, "ann")
        jobs.forget(forgotten)
        thread = reaper._thread
        for _ in range(2):
            assert nap.begun.acquire(timeout=10)
            nap.over.release()
        assert thread.is_alive()
        assert reaper._thread is thread

    def test_two_jobs_at_once_have_one_thread(self, jobs, nap):
        reaper, tickets = self.reaper(jobs), [jobs.submit(wb.Job(SMALL)) for _ in range(8)]
        begin = threading.Barrier(8)

        def keep(ticket):
            begin.wait()
            reaper.keep(ticket, "ann")

        keeping = [threading.Thread(target=keep, args=[ticket]) for ticket in tickets]
        for thread in keeping:
            thread.start()
        for thread in keeping:
            thread.join()
        assert [thread.name for thread in threading.enumerate()].count("job-reaper") == 1
        assert reaper._sessions.keys() == set(tickets)

    def wait_for_end(self, reaper):
        thread = reaper._thread
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
