"""The checkpoint panel of points in the plane. Equal predictions prove that the loaded network is the saved one."""

import functools
import hashlib

import pandas as pd
import torch

import wb_core as wb

from ....session import state
from ... import checkpoint_panel, run_controls
from ...checkpoint_panel import Proofs
from ...of_epoch import heading
from .. import of_epoch
from ..lab import PointsLab


class PointsProofs(Proofs[tuple[torch.Tensor, torch.Tensor]]):
    """The test points and the logits of downloaded networks, and the comparison for the last upload."""

    def __init__(self) -> None:
        super().__init__()
        self.proof: pd.DataFrame | None = None  # for a network that was saved in this session


def draw(lab: PointsLab) -> None:
    proofs = state.of(PointsProofs)
    receive = functools.partial(_receive, lab, proofs)
    left, right = checkpoint_panel.columns()
    with left:
        of_epoch.draw(lab, functools.partial(_download, proofs))
    with right:
        checkpoint_panel.upload(proofs, receive, page="points", megabytes=1, busy=lambda: lab.training)
        checkpoint_panel.draw_error(proofs, receive, lab.seen)
        if proofs.loaded and lab.loaded:
            checkpoint_panel.draw_proof(proofs.proof, "x1, x2")
            checkpoint_panel.draw_notes(proofs)
    if proofs.rows and (proofs.error is not None or lab.loaded):
        checkpoint_panel.table(proofs.rows)


def _download(proofs: PointsProofs, run: wb.Run, epoch: int | None) -> None:
    heading(epoch)
    points = run.data.points_test.cpu()
    checkpoint_panel.download(run, proofs.remember, _fingerprint(run), (points, run.predict(points)))


def _receive(lab: PointsLab, proofs: PointsProofs, table: str | None) -> None:
    """Load an upload, and compare its predictions with those at the time of saving, if that was in this session."""
    proofs.receive(run_controls.chosen(lab)[0], lab.load, table)
    before = proofs.saved.get(_fingerprint(lab.run)) if proofs.loaded else None
    proofs.proof = None
    if before is not None:
        points, saved = before
        loaded = lab.run.predict(points)
        proofs.proof = pd.DataFrame(
            {
                "X": [f"{x1:.2f}, {x2:.2f}" for x1, x2 in points.tolist()],
                "before": _written(saved),
                "after": _written(loaded),
                "equal": (saved == loaded).reshape(len(points), -1).all(dim=1).tolist(),
            }
        )


def _written(logits: torch.Tensor) -> list[str]:
    rows = logits.reshape(len(logits), -1).tolist()
    return [", ".join(f"{value:.6f}" for value in row) for row in rows]


def _fingerprint(run: wb.Run) -> str:
    """A fingerprint of a network's parameters."""
    digest = hashlib.sha256()
    for name, tensor in run.model.state_dict().items():
        digest.update(name.encode() + tensor.cpu().numpy().tobytes())
    return digest.hexdigest()
