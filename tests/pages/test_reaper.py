"""Jobs end when their visitors have left."""

import pytest
from starlette.requests import Request
from streamlit.runtime import caching
from streamlit.testing.v1 import AppTest

import wb_core as wb
from pages.ui.session import reaper as reaper_module
from pages.ui.session.reaper import JobReaper
from tests.coroutines import result_of
from tests.pages.image_jobs import SMALL, FakeWork

SESSION = "test session id"
"""The session of every AppTest."""


@pytest.fixture
def here():
    """The sessions that have their browser."""
    return {"ann", "bob"}


@pytest.fixture
def jobs():
    return FakeWork()


@pytest.fixture
def reaper(jobs, here, clock):
    return JobReaper(jobs, here.__contains__, grace=8, away=600)


@pytest.fixture
def leave(here, reaper):
    """Close the tab of a session: its last message may come before or after Streamlit clears the caches."""

    def leave(session):
        reaper.left(session, closed=session == "ann")
        reaper.left(session, closed=session != "ann")
        here.discard(session)

    return leave


@pytest.fixture
def lose(here, reaper):
    """Disconnect the browser of a session, which says nothing: a locked phone, a lost network."""

    def lose(session):
        reaper.left(session)
        here.discard(session)

    return lose


class TestJobReaper:
    def test_a_job_continues_while_its_visitor_is_connected(self, reaper, jobs, clock):
        reaper.keep(jobs.submit(wb.Job(SMALL)), "ann")
        clock.move(1000)
        assert jobs.cancelled == []

    def test_an_abandoned_job_is_cancelled_after_the_grace_period(self, reaper, jobs, clock, leave):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        clock.move(100)
        leave("ann")
        clock.move(7.9)
        assert jobs.cancelled == []
        clock.move(0.1)
        assert jobs.cancelled == [ticket]
        assert not reaper._sessions
        assert not reaper._timers

    def test_a_job_outlives_a_lost_network_for_ten_minutes(self, reaper, jobs, clock, lose):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        lose("ann")
        clock.move(599)
        assert jobs.cancelled == []
        clock.move(1)
        assert jobs.cancelled == [ticket]

    def test_a_tab_that_is_closed_after_it_was_back_ends_its_job_at_once(self, reaper, jobs, here, clock, lose, leave):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        lose("ann")
        clock.move(300)
        here.add("ann")
        clock.move(10)
        leave("ann")
        clock.move(8)
        assert jobs.cancelled == [ticket]

    def test_another_session_finds_the_job_of_a_forgotten_one(self, reaper, jobs, clock, lose):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        lose("ann")
        clock.move(500)
        reaper.keep(ticket, "bob")
        clock.move(10_000)
        assert jobs.cancelled == []

    def test_a_session_without_jobs_starts_no_long_timer(self, reaper, clock, lose):
        lose("ann")
        assert clock.pending == []

    def test_a_job_started_by_a_leaving_visitor_is_cancelled_after_the_grace_period(
        self, reaper, jobs, here, clock, leave
    ):
        ticket = jobs.submit(wb.Job(SMALL))
        leave("ann")
        reaper.keep(ticket, "ann")
        clock.move(7.9)
        assert jobs.cancelled == []
        clock.move(0.1)
        assert jobs.cancelled == [ticket]

    def test_a_returning_visitor_gets_the_whole_grace_period_again(self, reaper, jobs, here, clock, leave):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        leave("ann")
        clock.move(5)
        here.add("ann")
        clock.move(2)
        leave("ann")
        clock.move(7.9)
        assert jobs.cancelled == []
        clock.move(0.1)
        assert jobs.cancelled == [ticket]

    def test_a_visitor_who_returns_and_leaves_again_is_noticed(self, reaper, jobs, here, clock, leave):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        leave("ann")
        here.add("ann")
        clock.move(1000)
        assert jobs.cancelled == []
        here.remove("ann")  # nothing is called, because the cache of this session was cleared before
        clock.move(600)
        assert jobs.cancelled == [ticket]

    def test_a_reload_keeps_the_job(self, reaper, jobs, clock, leave):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        leave("ann")
        clock.move(2)
        reaper.keep(ticket, "bob")
        clock.move(100)
        assert jobs.cancelled == []
        leave("bob")
        clock.move(7.9)
        assert jobs.cancelled == []
        clock.move(0.1)
        assert jobs.cancelled == [ticket]

    def test_a_reload_at_the_last_moment_keeps_the_job(self, jobs, here, clock):
        ticket = jobs.submit(wb.Job(SMALL))

        def reload_meanwhile(session):
            if session == "ann":
                reaper.keep(ticket, "bob")
            return session in here

        reaper = JobReaper(jobs, reload_meanwhile, grace=8)
        reaper.keep(ticket, "ann")
        reaper.left("ann", closed=True)
        here.remove("ann")
        clock.move(8)
        assert jobs.cancelled == []

    def test_a_job_in_two_tabs_continues_until_both_are_closed(self, reaper, jobs, clock, leave):
        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        reaper.keep(ticket, "bob")
        leave("bob")
        clock.move(100)
        assert jobs.cancelled == []
        leave("ann")
        clock.move(8)
        assert jobs.cancelled == [ticket]

    def test_two_jobs_are_independent(self, reaper, jobs, clock, leave):
        first, second = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(first, "ann")
        reaper.keep(second, "bob")
        leave("ann")
        clock.move(100)
        assert jobs.cancelled == [first]

    def test_a_forgotten_job_does_not_affect_others(self, reaper, jobs, clock, leave):
        forgotten, abandoned = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(forgotten, "ann")
        reaper.keep(abandoned, "ann")
        jobs.forget(forgotten)
        leave("ann")
        clock.move(100)
        assert jobs.cancelled == [abandoned]

    def test_a_job_that_cannot_be_cancelled_is_dropped_and_does_not_affect_others(
        self, reaper, jobs, clock, leave, monkeypatch, caplog
    ):
        broken, abandoned = jobs.submit(wb.Job(SMALL)), jobs.submit(wb.Job(SMALL))
        reaper.keep(broken, "ann")
        reaper.keep(abandoned, "ann")
        cancel = jobs.cancel

        def fail(ticket):
            if ticket == broken:
                raise ConnectionError("the place is gone")
            cancel(ticket)

        monkeypatch.setattr(jobs, "cancel", fail)
        leave("ann")
        clock.move(8)
        assert jobs.cancelled == [abandoned]
        assert not reaper._sessions
        assert [record.exc_info[0] for record in caplog.records] == [ConnectionError]

    def test_without_a_thread_for_the_timer_a_job_ends_at_once(self, reaper, jobs, leave, clock, monkeypatch):
        def start(timer):
            raise RuntimeError("can't start new thread")

        ticket = jobs.submit(wb.Job(SMALL))
        reaper.keep(ticket, "ann")
        monkeypatch.setattr("tests.pages.clock.Timer.start", start)
        leave("ann")
        assert jobs.cancelled == [ticket]


def last_message(text):
    """Send the message of a closed tab; returns the status of the answer."""

    async def receive():
        return {"type": "http.request", "body": text.encode(), "more_body": False}

    return result_of(reaper_module.tab_closed(Request({"type": "http", "method": "POST"}, receive))).status_code


class TestStreamlit:
    """Streamlit calls a reaper when a browser disconnects, as it clears the session's caches."""

    @pytest.fixture
    def keep(self, reaper, here):
        """Run a script of a session that keeps a job."""
        here.add(SESSION)
        reaper_module._kept_by_test = (reaper, "ticket 0")

        def script():
            from pages.ui.session import reaper as module

            reaper, ticket = module._kept_by_test
            reaper.keep(ticket)

        yield lambda: AppTest.from_function(script).run()
        del reaper_module._kept_by_test
        caching.clear_session_resource_cache(SESSION)

    def test_a_session_that_ends_cancels_its_jobs(self, keep, reaper, jobs, here, clock):
        ticket = jobs.submit(wb.Job(SMALL))
        assert not keep().exception
        keep()
        clock.move(100)
        assert jobs.cancelled == []
        caching.clear_session_resource_cache(SESSION)
        here.remove(SESSION)
        clock.move(599.9)
        assert jobs.cancelled == []
        clock.move(0.1)
        assert jobs.cancelled == [ticket]

    def test_a_closed_tab_says_so_with_its_secret_and_nothing_else_does(self, keep, jobs, here, clock):
        ticket = jobs.submit(wb.Job(SMALL))
        keep()
        [secret] = [secret for secret, tab in reaper_module._SECRETS.items() if tab.session == SESSION][-1:]
        caching.clear_session_resource_cache(SESSION)
        here.remove(SESSION)
        for wrong, status in (("", 204), (SESSION, 204), (secret[:-1], 204), ("é" * 10, 204), (secret * 9, 413)):
            assert last_message(wrong) == status
        clock.move(100)
        assert jobs.cancelled == []
        assert last_message(secret) == 204
        clock.move(8)
        assert jobs.cancelled == [ticket]

    def test_another_session_that_ends_cancels_nothing(self, keep, reaper, jobs, clock):
        jobs.submit(wb.Job(SMALL))
        keep()
        caching.clear_session_resource_cache("bob")
        clock.move(100)
        assert jobs.cancelled == []
