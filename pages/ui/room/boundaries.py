"""What the network of a seat says about the plane, at some of its epochs, as small pictures for the wall."""

import base64
import math
from typing import Any

import numpy as np
import torch

import wb_core as wb

from ..figures.points import area, places
from ..player.growing import packed

SIDE = 32
MOST_SPOTS = 120
LEVELS = 32
"""A pixel is its class times this, plus how sure the network is."""


def pictures(run: wb.PointsRun, at: np.ndarray) -> dict[str, Any]:
    """The pictures of a trained run after these epochs, and some of its points.

    A picture is SIDE x SIDE bytes, from its top; the points are within it, from 0 to 1, with their class.
    """
    spots = places(run)
    classes = torch.cat([run.data.y_train, run.data.y_test]).cpu().numpy().astype(int)
    low, high = area(spots)
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], SIDE), np.linspace(high[1], low[1], SIDE))
    grid = torch.tensor(np.column_stack([x1.ravel(), x2.ravel()]), dtype=torch.float32)
    found = [_pixels(run.after(epoch).predict(grid)) for epoch in at]
    some = np.linspace(0, len(spots) - 1, min(len(spots), MOST_SPOTS)).round().astype(int)
    within = (spots[some] - low) / (high - low)
    return {
        "side": SIDE,
        "pictured": packed(at),
        "pictures": base64.b64encode(b"".join(found)).decode("ascii"),
        "spots": packed(np.column_stack([within, classes[some]])),
    }


def _pixels(logits: torch.Tensor) -> bytes:
    if logits.dim() == 1:
        classes, sure = (logits > 0).long(), torch.tanh(logits / 2).abs()
    else:
        chances = torch.softmax(logits, dim=1)
        most, classes = chances.max(dim=1)
        sure = (most * chances.shape[1] - 1) / (chances.shape[1] - 1)
    levels = (sure.nan_to_num(0) * math.nextafter(LEVELS, 0)).long().clamp(0, LEVELS - 1)
    return (classes * LEVELS + levels).numpy().astype(np.uint8).tobytes()
