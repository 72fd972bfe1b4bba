"""What the network of a seat says about the plane, at some of its epochs, as small pictures for the wall."""

import base64
import math
from typing import Any

import numpy as np
import torch

import wb_core as wb

from ..player.growing import packed

SIDE = 32
MOST_SPOTS = 120
LEVELS = 32
"""A pixel is its class times this, plus how sure the network is."""

MARGIN = 0.08


def pictures(run: wb.PointsRun, at: np.ndarray) -> dict[str, Any]:
    """The pictures of a trained run after these epochs, and some of its points.

    A picture is SIDE x SIDE bytes, from its top; the points are within it, from 0 to 1, with their class.
    """
    places = torch.cat([run.data.points_train, run.data.points_test]).cpu().numpy()
    classes = torch.cat([run.data.y_train, run.data.y_test]).cpu().numpy().astype(int)
    low, high = _area(places)
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], SIDE), np.linspace(high[1], low[1], SIDE))
    grid = torch.tensor(np.column_stack([x1.ravel(), x2.ravel()]), dtype=torch.float32)
    found = [_pixels(run.after(epoch).predict(grid)) for epoch in at]
    some = np.linspace(0, len(places) - 1, min(len(places), MOST_SPOTS)).round().astype(int)
    spots = (places[some] - low) / (high - low)
    return {
        "side": SIDE,
        "pictured": packed(at),
        "pictures": base64.b64encode(b"".join(found)).decode("ascii"),
        "spots": packed(np.column_stack([spots, classes[some]])),
    }


def _area(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners around points, square where that is sensible: as `areaOf` in `player/plane/axes.js`."""
    low, high = places.min(axis=0), places.max(axis=0)
    lengths = np.maximum(high - low, np.maximum(1e-6 * np.maximum(abs(low), abs(high)), 1e-6))
    if lengths.max() / lengths.min() <= 3:
        lengths = np.full(2, lengths.max())
    middle, half = (low + high) / 2, (0.5 + MARGIN) * lengths
    return middle - half, middle + half


def _pixels(logits: torch.Tensor) -> bytes:
    if logits.dim() == 1:
        classes, sure = (logits > 0).long(), torch.tanh(logits / 2).abs()
    else:
        chances = torch.softmax(logits, dim=1)
        most, classes = chances.max(dim=1)
        sure = (most * chances.shape[1] - 1) / (chances.shape[1] - 1)
    levels = (sure.nan_to_num(0) * math.nextafter(LEVELS, 0)).long().clamp(0, LEVELS - 1)
    return (classes * LEVELS + levels).numpy().astype(np.uint8).tobytes()
