"""The button that keeps the displayed run, and the link to the compare page."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..labs.images.lab import ImageLab
from ..labs.line.lab import LinearLab
from ..sentences import explain
from ..session import state
from .settings import suggested_name
from .tray import Tray


def line(lab: LinearLab) -> wb.KeptRun | None:
    """The run of the linear-regression lab, to be kept; None if it is untrained."""
    return kept(wb.record_of(lab.run), loaded=lab.loaded) if lab.run.epoch else None


def pictures(lab: ImageLab) -> wb.KeptRun | None:
    """The run of the image lab, to be kept; None if there is none or it has not ended."""
    report = lab.report
    if report is None or not report.job.train:
        return None
    return kept(report, loaded=report.job.weights is not None)


def kept(record: wb.RunRecord, *, loaded: bool = False, varied: Sequence[str] = ()) -> wb.KeptRun | None:
    """A run to be kept; None if it has no epochs or has not ended.

    `loaded` means that it started from a checkpoint; `varied` are its settings that a sweep varied.
    """
    if not record.finished or not record.rows:
        return None
    return wb.KeptRun.of_record(suggested_name(record.config, varied), record, loaded=loaded)


def draw(run: wb.KeptRun | None) -> None:
    """Draw the button that keeps a run, and the link with the number of kept runs."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="keep"):
        button(run, _("Save this run"), key="keep-button")
        label = _("Compare {count}/{most}").format(count=len(state.of(Tray).entries), most=wb.MAX_KEPT)
        st.page_link("compare.py", label=label, icon=":material/stacked_line_chart:")


def button(run: wb.KeptRun | None, label: str, key: str) -> None:
    """Draw the button that keeps a run, with this label until it is kept; None if there is none to keep."""
    tray = state.of(Tray)
    kept = run is not None and tray.holds(run)
    st.button(
        _("Saved") if kept else label,
        icon=":material/bookmark_added:" if kept else ":material/bookmark_add:",
        help=_("Save this run to the tray to compare it with others."),
        disabled=run is None or kept,
        on_click=_keep,
        args=(tray, run),
        key=key,
    )


def _keep(tray: Tray, run: wb.KeptRun) -> None:
    try:
        tray.keep(run)
    except wb.TrayError as error:
        st.toast(explain(error), icon=":material/inbox:", duration="long")
