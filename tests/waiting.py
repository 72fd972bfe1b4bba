"""Waiting for something that another process or thread does."""

import threading
import time

import wb_core as wb


def until(fact, seconds=60.0):
    """Wait until something is so, and give what it gave; nothing tells us when."""
    deadline, tick = time.monotonic() + seconds, threading.Event()
    while not (found := fact()):
        assert time.monotonic() < deadline
        tick.wait(0.005)
    return found


def when(workers, ticket, fact):
    """The first report of a job of which something is so."""

    def look():
        report = workers.poll(ticket)
        return report if fact(report) else None

    return until(look)


def end_of(workers, ticket):
    """The last report of a job."""
    return when(workers, ticket, lambda report: report.finished)


def done(workers, config, **more):
    """The last report of a new job, which must come to its end."""
    report = end_of(workers, workers.submit(wb.Job(config, **more)))
    assert (report.state, report.error) == ("done", None)
    return report
