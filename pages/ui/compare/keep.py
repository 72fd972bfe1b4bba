"""The button that keeps the displayed run, and the link to the compare page."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..labs.images.lab import ImageLab
from ..labs.run_lab import RunLab
from ..sentences import explain
from ..session import state
from .settings import suggested_name
from .tray import Tray

Keepable = wb.KeptRun | wb.TrayError | None
"""A run to be kept, why it cannot be kept, or None if there is none."""


def trained(lab: RunLab) -> Keepable:
    """The run of such a lab, to be kept; None if it is untrained."""
    return kept(wb.record_of(lab.run), loaded=lab.loaded) if lab.run.epoch else None


def pictures(lab: ImageLab) -> Keepable:
    """The run of the image lab, to be kept; None if there is none or it has not ended."""
    report = lab.report
    if report is None or not report.job.train:
        return None
    return kept(report, loaded=report.job.weights is not None)


def kept(record: wb.RunRecord, *, loaded: bool = False, varied: Sequence[str] = ()) -> Keepable:
    """A run to be kept; None if it has no epochs or has not ended.

    `loaded` means that it started from a checkpoint; `varied` are its settings that a sweep varied.
    """
    if not record.finished or not record.rows:
        return None
    try:
        return wb.KeptRun.of_record(suggested_name(record.config, varied), record, loaded=loaded)
    except wb.TrayError as error:  # it has too many points of one's own
        return error


def draw(run: Keepable) -> None:
    """Draw the button that keeps a run, and the link with the number of kept runs."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="keep"):
        button(run, _("Save this run"), key="keep-button")
        label = _("Compare {count}/{most}").format(count=len(state.of(Tray).entries), most=wb.MAX_KEPT)
        st.page_link("compare.py", label=label, icon=":material/stacked_line_chart:")


def button(run: Keepable, label: str, key: str) -> None:
    """Draw the button that keeps a run, with this label until it is kept."""
    tray = state.of(Tray)
    kept = isinstance(run, wb.KeptRun) and tray.holds(run)
    st.button(
        _("Saved") if kept else label,
        icon=":material/bookmark_added:" if kept else ":material/bookmark_add:",
        help=explain(run)
        if isinstance(run, wb.TrayError)
        else _("Save this run to the tray to compare it with others."),
        disabled=kept or not isinstance(run, wb.KeptRun),
        on_click=_keep,
        args=(tray, run),
        key=key,
    )


def _keep(tray: Tray, run: wb.KeptRun) -> None:
    try:
        tray.keep(run)
    except wb.TrayError as error:
        st.toast(explain(error), icon=":material/inbox:", duration="long")
