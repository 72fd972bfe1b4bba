"""The checkpoint panel of the image lab. Equal test results prove that the loaded model is the saved one."""

import functools
import hashlib

import streamlit as st

from ....i18n import _
from ....session import state
from ...checkpoint import panel
from ...checkpoint.proofs import Proofs
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
    receive = functools.partial(_receive, lab, proofs)
    left, right = panel.columns()
    with left:
        if (result := tested_model(lab)) is not None:
            panel.download(result.run, proofs.remember, _fingerprint(result), _tested(result))
    with right:
        panel.upload(proofs, receive, page="images", megabytes=2, busy=lambda: lab.training)
        panel.draw_error(proofs, receive, controls.config())
        if proofs.loaded and lab.loaded and lab.ticket == proofs.ticket and lab.result is not None:
            _draw_proof(lab.result, proofs)
            panel.draw_notes(proofs)
    if proofs.rows and (proofs.error is not None or lab.ticket == proofs.ticket):
        panel.table(proofs.rows)


def _receive(lab: ImageLab, proofs: ImageProofs, table: str | None) -> None:
    """Load an upload, which starts a job that tests it."""
    proofs.receive(controls.config(), lab.load, table)
    if proofs.loaded:
        proofs.ticket = lab.ticket


def _draw_proof(result: Result, proofs: ImageProofs) -> None:
    """Draw what was loaded, and the test results before saving and after loading, if both are known."""
    before, after = proofs.saved.get(_fingerprint(result)), _tested(result)
    if before is None:
        panel.draw_loaded()
        return
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


def _tested(result: Result) -> Tested:
    return result.evaluation.loss, result.evaluation.accuracy


def _fingerprint(result: Result) -> str:
    """A fingerprint of a model's weights and of the images it was tested on."""
    digest = hashlib.sha256(result.config.dataset.encode())
    for name, tensor in sorted(result.weights.items()):  # they come from a worker in any order
        digest.update(name.encode() + tensor.numpy().tobytes())
    return digest.hexdigest()
