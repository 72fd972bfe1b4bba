"""How far a job is: a bar for the epoch and one for the run.

They are plain HTML: Streamlit's own bars cost the browser ten times as much, and they change several times a second.
"""

from html import escape

import wb_core as wb

from ...i18n import _


def html(report: wb.Report) -> str:
    """The bars of a job that has not ended, and what has happened to it."""
    happened = f"<p>{escape(begun_again())}</p>" if report.tries > 1 else ""
    return "".join(_bar(part, text) for part, text in parts(report)) + happened


def begun_again() -> str:
    """What a visitor should know of a job with more than one try."""
    return _("A computer in the cluster was lost, so this run started over on another one.")


def parts(report: wb.Report) -> list[tuple[float, str]]:
    """How full each bar is, from 0 to 1, and what it says."""
    config, done = report.job.config, len(report.rows)
    if report.state == "queued" and not report.place:
        place = _("Waiting for a free slot in the cluster.")
        return [(0.0, place), (0.0, _("It starts by itself as soon as there is one."))]
    if report.state == "queued":
        place = _("Other visitors are training. Your place in the queue: {place}").format(place=report.place)
        return [(0.0, place), (0.0, _("It starts by itself when it's your turn."))]
    if report.state == "starting" or not report.batches:
        return [(0.0, _("Getting the pictures ready")), (0.0, _("It starts right away."))]
    if not report.job.train:
        return [(0.5, _("Testing the model"))]
    testing = report.batch in (0, report.batches) and len(report.batch_losses) > done * report.batches
    seen = report.samples if testing else report.seen
    looked = _("Looked at {seen}/{samples} samples").format(seen=f"{seen:,}", samples=f"{report.samples:,}")
    epoch = _("Epoch {epoch} of {epochs}").format(epoch=min(done + 1, config.epochs), epochs=config.epochs)
    return [
        (seen / report.samples, _("Testing the model") if testing else looked),
        (min(1.0, len(report.batch_losses) / (report.batches * config.epochs)), epoch + _pace(report)),
    ]


def _pace(report: wb.Report) -> str:
    """Speed and time left, once there is something to tell them from."""
    if report.seconds < 0.3:
        return ""
    learned = len(report.batch_losses)
    left = report.seconds / learned * (report.batches * report.job.config.epochs - learned)
    return " · " + _("{speed} pictures per second · about {left} s left").format(
        speed=f"{learned * report.samples / report.batches / report.seconds:,.0f}", left=f"{left:.0f}"
    )


def _bar(part: float, text: str) -> str:
    said, percent = escape(text), f"{100 * part:.0f}"
    return (
        f'<div class="wb-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" '
        f'aria-label="{said}"><span>{said}</span><i style="--part:{part:.4f}"></i></div>'
    )
