"""Taking a model home as a file, and bringing it back."""

import dataclasses
import hashlib
import io
import math

import streamlit as st
import torch

import wb_core as wb
from wb_core.base.fields import specs

from ....compare import curves
from ....i18n import _
from ....sentences import explain
from ....session import state
from ....widgets import fields
from .. import controls
from ..lab import ImageLab, Result, run_here
from ..recipe import checkpoint_name
from . import empty_state

MOST_PROOFS = 8
MOST_BYTES = 2_000_000
"""What the server lets through; the largest model on offer has 0.6 MB."""

Tested = tuple[float, float]
"""The test loss and the test accuracy of a model."""


class ImageProofs:
    """How good the visitor's downloads were when they were saved, and what became of the last upload."""

    def __init__(self) -> None:
        self.saved: dict[str, Tested] = {}
        self.seen: str | None = None
        self.rows: tuple[wb.Comparison, ...] = ()
        self.error: wb.CheckpointError | wb.DataError | None = None
        self.fitting: wb.ImageConfig | None = None  # settings that the file would fit
        self.shown: str | None = None  # the ticket of the job that tests the last upload

    def remember(self, weights: str, tested: Tested) -> None:
        """Keep how good a saved model was, at the moment it is taken home."""
        self.saved[weights] = tested
        while len(self.saved) > MOST_PROOFS:
            del self.saved[next(iter(self.saved))]


def draw(lab: ImageLab) -> None:
    proofs = state.of(ImageProofs)
    left, right = st.columns(2, gap="large")
    with left:
        _take_home(lab, proofs)
    with right:
        _bring_back(lab, proofs)
    if proofs.rows and (proofs.error is not None or lab.ticket == proofs.shown):
        curves.draw(proofs.rows)


def _take_home(lab: ImageLab, proofs: ImageProofs) -> None:
    st.subheader(_("Take it with you"), anchor=False)
    st.caption(_("A checkpoint is a file with the learned parameters (`model.state_dict()`). Any PyTorch can read it."))
    if (result := empty_state.result(lab)) is None:
        return
    name = checkpoint_name(result.config)
    st.download_button(
        _("Download checkpoint"),
        wb.save_checkpoint(result.run),
        file_name=name,
        mime="application/octet-stream",
        icon=":material/download:",
        on_click=proofs.remember,
        args=(_print_of(result), (result.exam.loss, result.exam.accuracy)),
    )
    st.code(f'model.load_state_dict(torch.load("{name}"))', language=None, wrap_lines=True)


def _bring_back(lab: ImageLab, proofs: ImageProofs) -> None:
    st.subheader(_("Load it again"), anchor=False)
    file = st.file_uploader(
        _("Upload checkpoint"),
        type=["pth", "pt", "safetensors"],
        max_upload_size=2,
        key="images.upload",
        help=_("A .pth, .pt or .safetensors file with the parameters of the model chosen on the left, 2 MB at most."),
    )
    if file is None:
        return
    if file.file_id != proofs.seen:
        proofs.seen = file.file_id
        with st.spinner(_("The file is being checked.")):
            _receive(lab, file.getvalue(), proofs)
        if proofs.error is None:
            st.rerun()
    if proofs.error is not None:
        _refused(lab, proofs, proofs.error, file.getvalue())
    elif lab.loaded and lab.ticket == proofs.shown and lab.result is not None:
        _prove(lab.result, proofs)


def _receive(lab: ImageLab, data: bytes, proofs: ImageProofs) -> None:
    """Look at an upload and load it; the run on show stays as it is when it cannot be loaded."""
    config = controls.config()
    proofs.rows, proofs.error, proofs.fitting = (), None, None
    try:
        run = run_here(config)
        found = wb.read_checkpoint(data, limit=min(MOST_BYTES, wb.size_limit(run)))
        proofs.rows = wb.compare(found, run)
        proofs.fitting = _fitting(found, config)
        lab.load(config, found)
    except (wb.CheckpointError, wb.DataError) as error:
        proofs.error = error
        return
    proofs.shown = lab.ticket


def _fitting(found: wb.Checkpoint, config: wb.ImageConfig) -> wb.ImageConfig | None:
    """The settings, other than the config's, whose model a file fits."""
    low, high = specs(wb.ImageConfig)["hidden_units"].offered
    for hidden_units in {entry.shape[0] for entry in found.entries if entry.shape and low <= entry.shape[0] <= high}:
        for model in wb.IMAGE_MODELS:
            other = dataclasses.replace(config, model=model, hidden_units=hidden_units)
            if other != config and all(row.fits for row in wb.compare(found, run_here(other))):
                return other
    return None


def _refused(lab: ImageLab, proofs: ImageProofs, error: wb.WorkbenchError, data: bytes) -> None:
    other = proofs.fitting
    if other is None:
        st.error(explain(error), icon=":material/block:")
    else:
        name, _torch_name = specs(wb.ImageConfig)["model"].options[other.model]
        whose = _("This is a checkpoint of “{model}” with {hidden} hidden units.").format(
            model=_(name), hidden=other.hidden_units
        )
        # Of another model all names differ: they stand in the table below.
        differs = explain(error) if error.code == "checkpoint.wrong_shape" else _("The settings ask for another model.")
        st.error(f"{whose} {differs}", icon=":material/block:")
        st.button(_("Use these settings and load it"), on_click=_choose, args=(lab, proofs, data))
    st.caption(_("Nothing changed: you still see the model from before the upload."))


def _choose(lab: ImageLab, proofs: ImageProofs, data: bytes) -> None:
    """Put the settings that a file fits into the controls, and load it."""
    other = proofs.fitting
    if other is not None:
        fields.put(wb.ImageConfig, {"model": other.model, "hidden_units": other.hidden_units})
        _receive(lab, data, proofs)


def _prove(result: Result, proofs: ImageProofs) -> None:
    """Show that the model is as good after loading as it was before saving."""
    after = (result.exam.loss, result.exam.accuracy)
    saved = proofs.saved.get(_print_of(result))
    before = saved or _after_saving_again(result)
    if before == after:
        st.success(_("Loaded. The test gives the same loss and accuracy as before saving."), icon=":material/verified:")
    else:
        st.warning(_("Loaded. The test result isn't the same as before saving."), icon=":material/warning:")
    st.dataframe(
        [
            {"what": _("before saving"), "loss": before[0], "accuracy": before[1]},
            {"what": _("after loading"), "loss": after[0], "accuracy": after[1]},
        ],
        hide_index=True,
        column_config={
            "what": st.column_config.TextColumn(""),
            "loss": st.column_config.NumberColumn(_("Test loss"), format="%.10f"),
            "accuracy": st.column_config.NumberColumn(_("Test accuracy (%)"), format="%.6f"),
        },
    )
    if saved is None:
        st.caption(_("The file wasn't saved during this visit, so its model was saved and loaded once more to check."))


def _after_saving_again(result: Result) -> Tested:
    """How good the model is after one more way through a file: equal weights give an equal test."""
    again = torch.load(io.BytesIO(wb.save_checkpoint(result.run)), weights_only=True)
    same = all(torch.equal(tensor, again[name]) for name, tensor in result.weights.items())
    return (result.exam.loss, result.exam.accuracy) if same else (math.nan, math.nan)


def _print_of(result: Result) -> str:
    """A fingerprint of a model's numbers and of the pictures that it was tested on."""
    digest = hashlib.sha256(result.config.dataset.encode())
    for name, tensor in result.weights.items():
        digest.update(name.encode() + tensor.numpy().tobytes())
    return digest.hexdigest()
