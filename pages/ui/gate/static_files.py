"""Streamlit's own scripts and fonts from memory: it opens, reads and sends each of the hundred that a page needs."""

import asyncio
import functools
import re
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from ..assets import Asset, base

ROOT = Path(file_util.get_static_dir())
FILES = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "static").rglob("*.*")}
"""By their paths below the server's, which change with their content."""

PLOTLY = next(name for name in FILES if "/PlotlyChart." in name and name.endswith(".js"))
"""What draws Streamlit's charts: the largest script by far."""


class StaticFiles:
    """ASGI middleware that answers for `FILES`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].removeprefix(f"{base()}/") if scope["type"] == "http" else ""
        if name not in FILES or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        file = await asyncio.to_thread(_file, name)
        await (await file.respond(Request(scope)))(scope, receive, send)


def warm_up() -> None:
    """Read what every page begins with."""
    page = (ROOT / "index.html").read_text(encoding="utf-8")
    for name in {PLOTLY, *re.findall(r'"\./(static/[^"]+)"', page)} & FILES.keys():
        _file(name)


@functools.cache
def _file(name: str) -> Asset:
    return Asset(FILES[name])
