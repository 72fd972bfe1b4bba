"""Taking the model home as a file, and bringing it back."""

import dataclasses
import io

import pandas as pd
import streamlit as st
import torch

import wb_core as wb
from wb_core.base.fields import specs

from ....compare import curves
from ....i18n import _
from ....sentences import explain
from ....session import state
from ..lab import LinearLab

FILE_NAMES = {"parameter": "01_pytorch_workflow_model_0.pth", "linear": "01_pytorch_workflow_model_1.pth"}
MOST_PROOFS = 8  # downloads whose predictions a visit remembers


class Proofs:
    """What the visitor's downloads predicted when they were saved, and what became of the last upload."""

    def __init__(self) -> None:
        self.saved: dict[tuple[float, ...], tuple[torch.Tensor, torch.Tensor]] = {}
        self.seen: str | None = None
        self.outcome: Outcome | None = None

    def remember(self, line: tuple[float, ...], X: torch.Tensor, predictions: torch.Tensor) -> None:
        """Keep what a saved model predicted, at the moment it is taken home."""
        self.saved[line] = (X, predictions)
        while len(self.saved) > MOST_PROOFS:
            del self.saved[next(iter(self.saved))]


class Outcome:
    """What the page says of an upload: what is in it, and whether it was taken."""

    def __init__(self) -> None:
        self.rows: tuple[wb.Comparison, ...] = ()
        self.error: wb.CheckpointError | None = None
        self.proof = pd.DataFrame()
        self.from_here = False
        self.other_model: str | None = None  # the model that the file would fit


def draw(lab: LinearLab) -> None:
    run, proofs = lab.run, state.of(Proofs)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Take it with you"), anchor=False)
        st.caption(
            _("A checkpoint is a file with the learned parameters (`model.state_dict()`). Any PyTorch can read it.")
        )
        st.download_button(
            _("Download checkpoint"),
            wb.save_checkpoint(run),
            file_name=FILE_NAMES[run.config.model],
            mime="application/octet-stream",
            icon=":material/download:",
            on_click=proofs.remember,
            args=(_line(run), run.data.X_test, run.predict(run.data.X_test)),
        )
        st.code(f'model.load_state_dict(torch.load("{FILE_NAMES[run.config.model]}"))', language=None, wrap_lines=True)
    with right:
        st.subheader(_("Load it again"), anchor=False)
        file = st.file_uploader(
            _("Upload checkpoint"),
            type=["pth", "pt", "safetensors"],
            max_upload_size=1,
            key="linear.upload",
            help=_("A .pth, .pt or .safetensors file with the parameters of one of these models, 1 MB at most."),
        )
        if file is not None and file.file_id != proofs.seen:
            with st.spinner(_("The file is being checked.")):
                outcome = _receive(lab, file.getvalue(), proofs)
            proofs.seen, proofs.outcome = file.file_id, outcome
            if outcome.error is None:
                st.rerun()
        if file is not None and proofs.outcome is not None and (proofs.outcome.error or lab.loaded):
            _report(proofs.outcome)


def _receive(lab: LinearLab, data: bytes, proofs: Proofs) -> Outcome:
    """Look at an upload and load it; the run on show stays as it is when it cannot be loaded."""
    outcome = Outcome()
    try:
        found = wb.read_checkpoint(data)
        outcome.rows = wb.compare(found, lab.run)
        outcome.other_model = _model_of(found, lab.seen)
        lab.load(lab.seen, found)
    except wb.CheckpointError as error:
        outcome.error = error
        return outcome
    before = proofs.saved.get(_line(lab.run))
    outcome.from_here = before is not None
    X, saved = before or (lab.run.data.X_test, _after_saving_again(lab.run))
    loaded = lab.run.predict(X)
    outcome.proof = pd.DataFrame(
        {
            "X": X.flatten().tolist(),
            "before": saved.flatten().tolist(),
            "after": loaded.flatten().tolist(),
            "equal": (saved == loaded).flatten().tolist(),
        }
    )
    return outcome


def _after_saving_again(run: wb.Run) -> torch.Tensor:
    """The predictions of the model after one more way through a file, opened as a notebook would: the file is ours."""
    again = wb.Run(run.config)
    again.model.load_state_dict(torch.load(io.BytesIO(wb.save_checkpoint(run)), weights_only=True))
    return again.predict(run.data.X_test)


def _model_of(found: wb.Checkpoint, config: wb.LinearConfig) -> str | None:
    """The model that a file fits, where it is another one than the config's."""
    for model in wb.MODELS:
        run = wb.Run(dataclasses.replace(config, model=model))
        if model != config.model and all(row.fits for row in wb.compare(found, run)):
            return model
    return None


def _report(outcome: Outcome) -> None:
    if outcome.error is not None:
        st.error(explain(outcome.error), icon=":material/block:")
        if outcome.other_model:
            fitting, _torch_name = specs(wb.LinearConfig)["model"].options[outcome.other_model]
            st.info(
                _("This is a checkpoint of the other model. Choose “{model}” under Model and upload it again.").format(
                    model=_(fitting)
                ),
                icon=":material/swap_horiz:",
            )
        if outcome.rows:
            curves.draw(outcome.rows)
        st.caption(_("Nothing changed: you still see the model from before the upload."))
    else:
        _prove(outcome, outcome.proof)


def _prove(outcome: Outcome, proof: pd.DataFrame) -> None:
    """Show that the predictions from before saving are the ones after loading."""
    right = int(proof["equal"].sum())
    st.success(
        _("Loaded. {equal} of {all} predictions are the same before saving and after loading.").format(
            equal=right, all=len(proof)
        ),
        icon=":material/verified:",
    )
    curves.draw(outcome.rows)
    if not outcome.from_here:
        st.caption(_("The file wasn't saved during this visit, so its model was saved and loaded once more to check."))
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
