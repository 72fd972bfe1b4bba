"""The checkpoint panel of a `RunLab`. Equal predictions prove that the loaded model is the saved one."""

import functools
import hashlib
from collections.abc import Callable

import pandas as pd
import torch

import wb_core as wb

from .. import run_controls
from ..of_epoch import Part, heading
from ..run_lab import RunLab
from . import panel
from .proofs import Proofs

Inputs = Callable[[wb.Run], torch.Tensor]
"""The test points of a run, (N, ...), for `run.predict`."""


class RunProofs(Proofs[tuple[torch.Tensor, torch.Tensor]]):
    """The test points and predictions of downloaded models, and the comparison for the last upload."""

    def __init__(self) -> None:
        super().__init__()
        self.proof: pd.DataFrame | None = None  # for a model that was saved in this session


def draw(lab: RunLab, proofs: RunProofs, at_epoch: Callable[[Part], None], inputs: Inputs, name: str) -> None:
    """Draw the download, of the epoch that `at_epoch` draws parts of, and the upload. `name` is what the inputs are."""
    receive = functools.partial(_receive, lab, proofs, inputs)
    left, right = panel.columns()
    with left:
        at_epoch(functools.partial(_download, proofs, inputs))
    with right:
        page = wb.kind_of(lab.run.config).page
        panel.upload(proofs, receive, page=page, megabytes=1, busy=lambda: lab.training)
        panel.draw_error(proofs, receive, lab.seen)
        if proofs.loaded and lab.loaded:
            panel.draw_proof(proofs.proof, name)
            panel.draw_notes(proofs)
    if proofs.rows and (proofs.error is not None or lab.loaded):
        panel.table(proofs.rows)


def _download(proofs: RunProofs, inputs: Inputs, run: wb.Run, epoch: int | None) -> None:
    heading(epoch)
    X = inputs(run)
    panel.download(run, proofs.remember, _fingerprint(run), (X, run.predict(X)))


def _receive(lab: RunLab, proofs: RunProofs, inputs: Inputs, table: str | None) -> None:
    """Load an upload, and compare its predictions with those at the time of saving, if that was in this session."""
    proofs.receive(run_controls.chosen(lab)[0], lab.load, table)
    before = proofs.saved.get(_fingerprint(lab.run)) if proofs.loaded else None
    proofs.proof = None
    if before is not None:
        X, saved = before
        loaded = lab.run.predict(X)
        proofs.proof = pd.DataFrame(
            {
                "X": _written(X, 2),
                "before": _written(saved, 6),
                "after": _written(loaded, 6),
                "equal": (saved == loaded).reshape(len(X), -1).all(dim=1).tolist(),
            }
        )


def _written(numbers: torch.Tensor, digits: int) -> list[str]:
    """The numbers of each row as text: (N, ...) -> N."""
    rows = numbers.reshape(len(numbers), -1).tolist()
    return [", ".join(f"{value:.{digits}f}" for value in row) for row in rows]


def _fingerprint(run: wb.Run) -> str:
    """A fingerprint of the parameters, whatever their names are: a file may be loaded into a model with other ones."""
    digest = hashlib.sha256()
    for tensor in run.model.state_dict().values():
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()
