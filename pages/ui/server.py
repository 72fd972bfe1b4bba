"""How the server starts: what it prepares so that no visitor waits for it."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
import torch
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

import wb_core as wb
from wb_core import tensorlab

from . import assets, i18n
from .figures.linear import linear_charts, linear_recording
from .gate import static_files
from .gate.first_paint import FirstPaint
from .gate.headers import ResponseHeaders, frame_ancestors
from .gate.silence import end_silent_connections
from .gate.sockets import Sockets
from .gate.uploads import UploadBudget, use_no_temporary_files
from .gate.widget_values import check_widget_values
from .labs.images import work
from .live import route as neighbours
from .player import growing
from .room import curves, events, ground
from .room.here import ROOMS
from .session import reaper
from .widgets.fields import torch_name


def routes() -> list[Route]:
    """The addresses that the server answers beside Streamlit's own."""
    return [
        *assets.routes(),
        Route(f"{assets.base()}/{growing.PATH}/{{token}}", growing.answer),
        Route(f"{assets.base()}/leave", reaper.tab_closed, methods=["POST"]),
        Route(f"{assets.base()}/neighbours", neighbours.answer),
        Route(f"{assets.base()}/{events.PATH}", events.route(ROOMS)),
        Route(f"{assets.base()}/{curves.PATH}", curves.route(ROOMS)),
        Route(f"{assets.base()}/{ground.PATH}", ground.route(ROOMS)),
        Route(f"{assets.base()}/sweep_images", _former_sweep),
    ]


def middleware() -> list[Middleware]:
    """What every request passes before it reaches Streamlit."""
    headers = Middleware(ResponseHeaders, sites=frame_ancestors())
    return [
        headers,
        Middleware(static_files.StaticFiles),
        Middleware(FirstPaint),
        Middleware(Sockets),
        Middleware(UploadBudget),
    ]


async def _former_sweep(request: Request) -> RedirectResponse:
    """Lead an old link of an image sweep to the page that all sweeps share now; relative, for proxies with a prefix."""
    return RedirectResponse(f"sweep?kind=image&{request.url.query}".rstrip("&"))


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Get ready before the first visitor is let in."""
    check_widget_values()
    use_no_temporary_files()
    end_silent_connections()
    await asyncio.to_thread(warm_up)
    yield


def warm_up() -> None:
    """Do now what the first visitor would wait for: 3 s of imports that PyTorch leaves to its first training step."""
    # Two numbers to train: a second thread would only wait for the first, and steal a core from somebody else.
    torch.set_num_threads(1)
    static_files.warm_up()
    for optimizer in wb.OPTIMIZERS:
        run = wb.Run(wb.LinearConfig(optimizer=optimizer, epochs=2))
        run.finish()
        wb.diagnose(run.history, run.config)
    run.history.frame()
    wb.confusion_matrix(torch.zeros(2, dtype=torch.int64), torch.zeros(2, dtype=torch.int64), 2)
    tensorlab.Shelf().run(tensorlab.read_call("add"))
    wb.start_upload_sandbox()  # the process that opens uploads
    work.WORK.warm_up()  # the process that trains on pictures
    wb.to_notebook(wb.LinearConfig())  # the schema of notebooks, which is compiled only once
    for language in i18n.LANGUAGES:
        linear_charts(linear_recording(run), torch_name(run.config, "loss"), i18n.translator(language))
    # Streamlit collects garbage after every script run, which takes 220 ms with torch's objects in it. They stay for
    # good, so they need not be looked at again.
    gc.collect()
    gc.freeze()
