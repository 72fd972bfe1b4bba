"""The checkpoint panel of the line lab. Equal predictions prove that the loaded model is the saved one."""

import functools

import pandas as pd
import streamlit as st
import torch

import wb_core as wb

from ....i18n import _
from ....session import state
from ... import checkpoint_panel, run_controls
from ...checkpoint_panel import Proofs
from ...of_epoch import heading
from .. import of_epoch
from ..lab import LinearLab


class LineProofs(Proofs[tuple[torch.Tensor, torch.Tensor]]):
    """The test points and predictions of downloaded models, and the comparison for the last upload."""

    def __init__(self) -> None:
        super().__init__()
        self.proof: pd.DataFrame | None = None  # for a model that was saved in this session


def draw(lab: LinearLab) -> None:
    proofs = state.of(LineProofs)
    receive = functools.partial(_receive, lab, proofs)
    left, right = checkpoint_panel.columns()
    with left:
        of_epoch.draw(lab, functools.partial(_download, proofs))
    with right:
        checkpoint_panel.upload(
            proofs,
            receive,
            page="linear",
            megabytes=1,
            busy=lambda: lab.training,
        )
        checkpoint_panel.draw_error(proofs, receive, lab.seen)
        if proofs.loaded and lab.loaded:
            _draw_proof(proofs)
            checkpoint_panel.draw_notes(proofs)
    if proofs.rows and (proofs.error is not None or lab.loaded):
        checkpoint_panel.table(proofs.rows)


def _download(proofs: LineProofs, run: wb.Run, epoch: int | None) -> None:
    heading(epoch)
    X = run.data.X_test
    checkpoint_panel.download(run, proofs.remember, _line(run), (X, run.predict(X)))


def _receive(lab: LinearLab, proofs: LineProofs, table: str | None) -> None:
    """Load an upload, and compare its predictions with those at the time of saving, if that was in this session."""
    proofs.receive(run_controls.chosen(lab)[0], lab.load, table)
    before = proofs.saved.get(_line(lab.run)) if proofs.loaded else None
    proofs.proof = None
    if before is not None:
        X, saved = before
        loaded = lab.run.predict(X)
        proofs.proof = pd.DataFrame(
            {
                "X": X.flatten().tolist(),
                "before": saved.flatten().tolist(),
                "after": loaded.flatten().tolist(),
                "equal": (saved == loaded).flatten().tolist(),
            }
        )


def _draw_proof(proofs: LineProofs) -> None:
    """Draw what was loaded, and the predictions before saving and after loading, side by side, if both are known."""
    proof = proofs.proof
    if proof is None:
        checkpoint_panel.draw_loaded()
        return
    st.success(
        _("Loaded. {equal} of {all} predictions are the same before saving and after loading.").format(
            equal=int(proof["equal"].sum()), all=len(proof)
        ),
        icon=":material/verified:",
    )
    st.dataframe(
        proof,
        hide_index=True,
        height=180,
        column_config={
            "X": st.column_config.NumberColumn("X_test", format="%.2f"),
            "before": st.column_config.NumberColumn(_("before saving"), format="%.6f"),
            "after": st.column_config.NumberColumn(_("after loading"), format="%.6f"),
            "equal": st.column_config.CheckboxColumn("=="),
        },
    )


def _line(run: wb.Run) -> tuple[float, ...]:
    return tuple(run.line.values())
