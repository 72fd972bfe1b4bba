"""The loss map under the lines of a class: a route for the leader's page, which knows how far they go."""

import asyncio
import functools
import math
from typing import Any

import torch
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import wb_core as wb

from ..player.growing import packed
from ..training import training_slot
from .events import aside, key_of, refusal
from .rooms import Rooms
from .seats import OnShow, RoomError

PATH = "room-map"
SIZE = 49
FAR = 1e9
Range = tuple[float, float]


def route(rooms: Rooms) -> Any:
    """The answer of the route: the losses of lines on the data of a seat, the lowest bias first."""

    async def answer(request: Request) -> Response:
        key, asked = key_of(request), request.query_params
        if key.seat:
            return Response(status_code=403)
        if refused := await refusal(rooms, key):
            return refused
        try:
            ranges = _range(asked["weight"]), _range(asked["bias"])
            seats = await aside(rooms.seats, key, {asked["seat"]})
        except (KeyError, ValueError):
            return Response(status_code=400)
        except RoomError:  # it has ended meanwhile, or cannot be reached
            return Response(status_code=503)
        show = seats[0].show if seats else None
        if show is None or show.attempt.page not in ("linear", "step"):
            return Response(status_code=204)
        losses = await asyncio.to_thread(_losses, show.text(), *ranges)
        return JSONResponse({"size": SIZE, "losses": losses}, headers={"Cache-Control": "no-store"})

    return answer


def _range(text: str) -> Range:
    low, high = map(float, text.split(","))
    if not (math.isfinite(low) and math.isfinite(high) and -FAR <= low < high <= FAR):
        raise ValueError(text[:40])
    return low, high


@functools.lru_cache(maxsize=64)
def _losses(text: str, weights: Range, biases: Range) -> str:
    run: Any = OnShow.read(text).attempt.run()
    with training_slot():
        surface = wb.loss_surface(run.data, run.config.loss, weights, biases, SIZE)
    return packed(torch.nan_to_num(surface.losses, nan=FAR).numpy())
