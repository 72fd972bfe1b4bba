"""The checkpoint panel of the image lab. Equal test results prove that the loaded model is the saved one."""

import dataclasses
import functools
import hashlib
import math
from collections.abc import Iterator

import streamlit as st
import torch

import wb_core as wb
from wb_core.base.fields import specs

from ....i18n import _
from ....sentences import explain
from ....session import state
from ....widgets import fields
from ... import checkpoint_panel
from ...checkpoint_panel import Proofs
from .. import controls
from ..lab import ImageLab, Result
from ..verdict import tested_model

Tested = tuple[float, float]
"""The test loss and the test accuracy of a model."""


class ImageProofs(Proofs[Tested]):
    """The test results of downloaded models, and the job that tests the last upload."""

    def __init__(self) -> None:
        super().__init__()
        self.ticket: str | None = None


def draw(lab: ImageLab) -> None:
    proofs = state.of(ImageProofs)
    left, right = checkpoint_panel.columns()
    with left:
        if (result := tested_model(lab)) is not None:
            checkpoint_panel.download(result.run, proofs.remember, _fingerprint(result), _tested(result))
    with right:
        _upload(lab, proofs)
    if proofs.rows and (proofs.error is not None or lab.ticket == proofs.ticket):
        checkpoint_panel.table(proofs.rows)


def _upload(lab: ImageLab, proofs: ImageProofs) -> None:
    file = checkpoint_panel.upload(
        proofs,
        functools.partial(_receive, lab, proofs),
        key="images.upload",
        megabytes=2,
        accepts=_(
            "A .pth, .pt or .safetensors file with the parameters of the model chosen on the left, 2 MB at most."
        ),
    )
    if file is not None and proofs.error is not None:
        _draw_error(lab, proofs, proofs.error, file)
    elif file is not None and lab.loaded and lab.ticket == proofs.ticket and lab.result is not None:
        _draw_proof(lab.result, proofs)


def _receive(lab: ImageLab, proofs: ImageProofs, data: bytes) -> None:
    """Load an upload, which starts a job that tests it."""
    config = controls.config()
    proofs.receive(data, config, functools.partial(_others, config), lab.load)
    if proofs.error is None:
        proofs.ticket = lab.ticket


def _others(config: wb.ImageConfig, found: wb.Checkpoint) -> Iterator[wb.ImageConfig]:
    """The config with each model, in each size that the file may have."""
    low, high = specs(wb.ImageConfig)["hidden_units"].offered
    for hidden_units in {entry.shape[0] for entry in found.entries if entry.shape and low <= entry.shape[0] <= high}:
        for model in wb.IMAGE_MODELS:
            yield dataclasses.replace(config, model=model, hidden_units=hidden_units)


def _draw_error(lab: ImageLab, proofs: ImageProofs, error: wb.WorkbenchError, data: bytes) -> None:
    other = proofs.fitting
    if other is None:
        st.error(explain(error), icon=":material/block:")
    else:
        name, _torch_name = specs(wb.ImageConfig)["model"].options[other.model]
        whose = _("This is a checkpoint of “{model}” with {hidden} hidden units.").format(
            model=_(name), hidden=other.hidden_units
        )
        # For another model all names differ, which the table below shows.
        differs = explain(error) if error.code == "checkpoint.wrong_shape" else _("The settings ask for another model.")
        st.error(f"{whose} {differs}", icon=":material/block:")
        st.button(_("Use these settings and load it"), on_click=_adopt_settings, args=(lab, proofs, data))
    checkpoint_panel.nothing_changed()


def _adopt_settings(lab: ImageLab, proofs: ImageProofs, data: bytes) -> None:
    """Set the controls to the settings that a file fits, and load it."""
    other = proofs.fitting
    if other is not None:
        fields.put(wb.ImageConfig, {"model": other.model, "hidden_units": other.hidden_units})
        _receive(lab, proofs, data)


def _draw_proof(result: Result, proofs: ImageProofs) -> None:
    """Draw the test results before saving and after loading."""
    after = _tested(result)
    saved = proofs.saved.get(_fingerprint(result))
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
        checkpoint_panel.saved_elsewhere()


def _after_saving_again(result: Result) -> Tested:
    """The test results after saving and loading once more, which are the same if the weights are."""
    again = checkpoint_panel.saved_again(result.run)
    same = all(torch.equal(tensor, again[name]) for name, tensor in result.weights.items())
    return _tested(result) if same else (math.nan, math.nan)


def _tested(result: Result) -> Tested:
    return result.evaluation.loss, result.evaluation.accuracy


def _fingerprint(result: Result) -> str:
    """A fingerprint of a model's weights and of the images it was tested on."""
    digest = hashlib.sha256(result.config.dataset.encode())
    for name, tensor in result.weights.items():
        digest.update(name.encode() + tensor.numpy().tobytes())
    return digest.hexdigest()
