"""Image jobs without processes: a fake workplace, and reports that tests make up."""

import dataclasses

import wb_core as wb

SMALL = wb.ImageConfig(epochs=2)
LAB = "pages.ui.labs.images.lab.ImageLab"


class FakeWork:
    """A `Workplace` that records its calls. Tests set the reports of its jobs."""

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
        """Change the report of a job."""
        self.reports[ticket] = dataclasses.replace(self.reports[ticket], **changes)

    def forget(self, ticket):
        del self.reports[ticket]

    def _known(self, ticket):
        if ticket not in self.reports:
            raise wb.JobError("job.unknown", "no job is known by this ticket")
        return self.reports[ticket]


def rows_of(count):
    """The rows of `count` epochs, as a history records them."""
    return [
        {"train_loss": 0.75, "test_loss": 0.5 + epoch / 8, "test_accuracy": 81.25 - epoch, "seconds": 0.25}
        for epoch in range(count)
    ]


def checkpoint_of(tensors):
    """The checkpoint that is read from a file with these tensors."""
    entries = (wb.Entry(name, tuple(tensor.shape), "float32", tensor) for name, tensor in tensors.items())
    return wb.Checkpoint("zip", tuple(entries))


def learned(config=SMALL, epochs=None):
    """The fields of a report after `epochs` epochs, with an untrained model and its test."""
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
