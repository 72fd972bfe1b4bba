"""What the browser needs before Streamlit's script runs."""

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import assets
from . import static_files

HEAD = Path(__file__).with_name("first_paint.html").read_text(encoding="utf-8")
PLAYED = {"", "linear", "step", "points"}
"""The pages that begin with the player's charts."""


def _scripts(folder: str) -> list[str]:
    return [path.stem for path in sorted((Path(__file__).parents[1] / folder).glob("*.js"))]


HANDS = _scripts("hands")
PLANE = _scripts("player/plane")
"""The scripts of the network and its boundary."""

PLOTTED = {"compare", "sweep"}
"""The pages that begin with a chart of Streamlit's."""


class FirstPaint:
    """ASGI middleware that puts `head` before the scripts of Streamlit's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = scope["type"] == "http" and any(
            name == b"accept" and b"text/html" in value for name, value in scope["headers"]
        )
        if not wants_page:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def send_page(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                await _send(start, body, head(scope["path"]), send)

        plain = [header for header in scope["headers"] if header[0] not in UNCHANGED]
        await self.app(scope | {"headers": plain}, receive, send_page)


# A page with our head in it is neither compressed yet, nor the one that Streamlit's tag names.
UNCHANGED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


def head(path: str) -> bytes:
    """What the page at this path gets into its head: the scripts that it needs, how deep it lies, and `HEAD`."""
    page = path.removeprefix(assets.base()).strip("/")
    modules, scripts = [*map(assets.url, HANDS)], ""
    if page in PLAYED:
        modules += map(assets.url, ("player", "charts", "sketch", "text"))
        scripts = f'<script async fetchpriority="high" src="{assets.url("plotly")}" onerror="this.remove()"></script>'
    if page == "points":
        modules += map(assets.url, PLANE)
    if page in PLOTTED:
        modules.append(static_files.PLOTLY)
    scripts += "".join(f'<link rel="modulepreload" href="{module}">' for module in modules)
    depth = len(page.split("/")) if page else 0
    return (scripts + HEAD.replace("DEPTH", str(depth))).encode()


async def _send(start: Message, body: bytes, head: bytes, send: Send) -> None:
    headers = MutableHeaders(scope=start)
    if headers.get("content-type", "").startswith("text/html") and start["status"] == 200:
        body = body.replace(b"<title>", head + b"<title>", 1)
        headers["content-length"] = str(len(body))
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
    await send(start)
    await send({"type": "http.response.body", "body": body})
