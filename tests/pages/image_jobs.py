"""Image jobs without processes: a place where jobs run only in name, and reports of what might have come of them."""

import dataclasses

import wb_core as wb

SMALL = wb.ImageConfig(epochs=2)
LAB = "pages.ui.labs.images.lab.ImageLab"


class FakeWork:
    """A `Workplace` that keeps a note of what it was asked for. Tests decide what becomes of a job."""

    def __init__(self):
        self.reports = {}
        self.polled, self.cancelled = [], []

    def submit(self, job):
        ticket = f"ticket {len(self.reports)}"
        self.reports[ticket] = wb.Report(job, state="running")
        return ticket

    def poll(self, ticket):
        self.polled.append(ticket)
        return self._known(ticket)

    def cancel(self, ticket):
        report = self._known(ticket)
        self.cancelled.append(ticket)
        if not report.finished:
            self.change(ticket, state="cancelled")

    def change(self, ticket, **changes):
        """Let something become of a job."""
        self.reports[ticket] = dataclasses.replace(self.reports[ticket], **changes)

    def forget(self, ticket):
        del self.reports[ticket]

    def _known(self, ticket):
        if ticket not in self.reports:
            raise wb.JobError("job.unknown", "no job is known by this ticket")
        return self.reports[ticket]


def rows_of(count):
    """So many epochs as a history records them."""
    return [
        {"train_loss": 0.75, "test_loss": 0.5 + epoch / 8, "test_accuracy": 81.25 - epoch, "seconds": 0.25}
        for epoch in range(count)
    ]


def checkpoint_of(tensors):
    """What the desk finds in a file with these tensors."""
    entries = (wb.Entry(name, tuple(tensor.shape), "float32", tensor) for name, tensor in tensors.items())
    return wb.Checkpoint("zip", tuple(entries))


def learned(config=SMALL, epochs=None):
    """What a report has of a training after so many epochs: a model of its own, tested. The model knows nothing."""
    run = wb.ImageRun(config)
    count = config.epochs if epochs is None else epochs
    return {
        "rows": rows_of(count),
        "batches": run.batches,
        "samples": len(run.data.train),
        "batch_losses": [0.75] * (count * run.batches),
        "evaluation": run.test(),
        "weights": run.model.state_dict(),
    }
