"""Waiting for other processes and threads."""

import threading
import time

import wb_core as wb


def wait_until(fact, seconds=60.0):
    """Poll until `fact()` is true, and return its value."""
    deadline, tick = time.monotonic() + seconds, threading.Event()
    while not (found := fact()):
        assert time.monotonic() < deadline
        tick.wait(0.005)
    return found


def wait_for_report(workers, ticket, fact):
    """Wait for the first report of a job for which `fact(report)` is true."""

    def look():
        report = workers.poll(ticket)
        return report if fact(report) else None

    return wait_until(look)


def wait_for_end(workers, ticket):
    """Wait for the last report of a job."""
    return wait_for_report(workers, ticket, lambda report: report.finished)


def run_job(workers, config, **more):
    """Run a new job, which must succeed, and return its last report."""
    report = wait_for_end(workers, workers.submit(wb.Job(config, **more)))
    assert (report.state, report.error) == ("done", None)
    return report
