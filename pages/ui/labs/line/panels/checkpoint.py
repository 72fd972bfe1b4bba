"""The checkpoint panel of the line lab. Equal predictions prove that the loaded model is the saved one."""

import dataclasses
import functools
from collections.abc import Iterator

import pandas as pd
import streamlit as st
import torch

import wb_core as wb
from wb_core.base.fields import specs

from ....i18n import _
from ....sentences import explain
from ....session import state
from ... import checkpoint_panel
from ...checkpoint_panel import Proofs
from ..lab import LinearLab


class LineProofs(Proofs[tuple[torch.Tensor, torch.Tensor]]):
    """The test points and predictions of downloaded models, and the comparison for the last upload."""

    def __init__(self) -> None:
        super().__init__()
        self.proof = pd.DataFrame()
        self.from_here = False  # the model was saved in this session


def draw(lab: LinearLab) -> None:
    run, proofs = lab.run, state.of(LineProofs)
    left, right = checkpoint_panel.columns()
    with left:
        X = run.data.X_test
        checkpoint_panel.download(run, proofs.remember, _line(run), (X, run.predict(X)))
    with right:
        file = checkpoint_panel.upload(
            proofs,
            functools.partial(_receive, lab, proofs),
            key="linear.upload",
            megabytes=1,
            accepts=_("A .pth, .pt or .safetensors file with the parameters of one of these models, 1 MB at most."),
        )
        if file is not None and proofs.error is not None:
            _draw_error(proofs, proofs.error)
        elif file is not None and lab.loaded:
            _draw_proof(proofs)


def _receive(lab: LinearLab, proofs: LineProofs, data: bytes) -> None:
    """Load an upload, and compare its predictions with those at the time of saving."""
    proofs.receive(data, lab.seen, functools.partial(_others, lab.seen), lab.load)
    if proofs.error is not None:
        return
    before = proofs.saved.get(_line(lab.run))
    proofs.from_here = before is not None
    X, saved = before or (lab.run.data.X_test, _after_saving_again(lab.run))
    loaded = lab.run.predict(X)
    proofs.proof = pd.DataFrame(
        {
            "X": X.flatten().tolist(),
            "before": saved.flatten().tolist(),
            "after": loaded.flatten().tolist(),
            "equal": (saved == loaded).flatten().tolist(),
        }
    )


def _after_saving_again(run: wb.Run) -> torch.Tensor:
    again = wb.Run(run.config)
    again.model.load_state_dict(checkpoint_panel.saved_again(run))
    return again.predict(run.data.X_test)


def _others(config: wb.LinearConfig, found: wb.Checkpoint) -> Iterator[wb.LinearConfig]:
    """The config with each of the models."""
    return (dataclasses.replace(config, model=model) for model in wb.MODELS)


def _draw_error(proofs: LineProofs, error: wb.WorkbenchError) -> None:
    st.error(explain(error), icon=":material/block:")
    if proofs.fitting is not None:
        fitting, _torch_name = specs(wb.LinearConfig)["model"].options[proofs.fitting.model]
        st.info(
            _("This is a checkpoint of the other model. Choose “{model}” under Model and upload it again.").format(
                model=_(fitting)
            ),
            icon=":material/swap_horiz:",
        )
    if proofs.rows:
        checkpoint_panel.table(proofs.rows)
    checkpoint_panel.nothing_changed()


def _draw_proof(proofs: LineProofs) -> None:
    """Draw the predictions before saving and after loading, side by side."""
    proof = proofs.proof
    st.success(
        _("Loaded. {equal} of {all} predictions are the same before saving and after loading.").format(
            equal=int(proof["equal"].sum()), all=len(proof)
        ),
        icon=":material/verified:",
    )
    checkpoint_panel.table(proofs.rows)
    if not proofs.from_here:
        checkpoint_panel.saved_elsewhere()
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
