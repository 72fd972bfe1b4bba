"""The scripts that the browser fetches from this server, each at an address that changes with its content."""

import functools
import gzip
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PARTS = ("edit", "fit", "plane")
FILES = {
    "plotly": Path(__file__).parent / "player" / "plotly" / "plotly-cartesian.min.js",
    "player": Path(__file__).parent / "player" / "player.js",
    "charts": Path(__file__).parent / "player" / "charts.js",
    "sketch": Path(__file__).parent / "player" / "sketch.js",
    "live": Path(__file__).parent / "player" / "live.js",
    **{path.stem: path for part in PARTS for path in (Path(__file__).parent / "player" / part).glob("*.js")},
    "growing": Path(__file__).parent / "player" / "growing.js",
    "text": Path(__file__).parent / "player" / "text.js",
    "hands": Path(__file__).parent / "hands" / "hands.js",
    "board": Path(__file__).parent / "tensors" / "board" / "board.js",
    "walk": Path(__file__).parent / "step" / "walk" / "walk.js",
    "watch": Path(__file__).parent / "room" / "watch" / "watch.js",
    "ask": Path(__file__).parent / "room" / "watch" / "ask.js",
    "curtain": Path(__file__).parent / "room" / "watch" / "curtain.js",
    "stream": Path(__file__).parent / "room" / "watch" / "stream.js",
    **{path.stem: path for path in (Path(__file__).parent / "room" / "wall").glob("*.js")},
    "counts": Path(__file__).parent / "room" / "stage" / "counts.js",
    **{path.stem: path for path in (Path(__file__).parent / "room").glob("*.js")},
    "curve": Path(__file__).parent / "lessons" / "curve" / "curve.js",
}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
TEXTS = (".js", ".css")  # what is smaller when compressed


IMPORT = re.compile(rb'from "(?:\.{1,2}/)+(?:\w+/)*(\w+)\.js"')


class Asset:
    """A file, kept in memory compressed as well as plain: thirty people who open the page at once cost no work.

    What a script imports has the address of that asset.
    """

    def __init__(self, path: Path) -> None:
        self.plain = path.read_bytes()
        if path.suffix == ".js":
            self.plain = IMPORT.sub(lambda found: b'from "./%s"' % _file(found[1].decode()), self.plain)
        self.packed = gzip.compress(self.plain, compresslevel=6, mtime=0) if path.suffix in TEXTS else b""
        self.path = f"assets/{path.stem}-{hashlib.sha256(self.plain).hexdigest()[:12]}.js"
        self.media_type = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path)[0]

    async def respond(self, request: Request) -> Response:
        """The file, compressed for a browser that says it can unpack it."""
        packed = self.packed and "gzip" in request.headers.get("accept-encoding", "")
        headers = FOREVER | {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packed else {})
        return Response(self.packed if packed else self.plain, media_type=self.media_type, headers=headers)


@functools.cache
def asset(name: str) -> Asset:
    """The asset of that name in `FILES`, read once."""
    return Asset(FILES[name])


def _file(name: str) -> bytes:
    return Path(asset(name).path).name.encode()


def base() -> str:
    """The path below which the server answers, without a slash at its end."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""


def url(name: str) -> str:
    """Where the browser finds an asset, relative to every page: a proxy may serve them below a path of its own."""
    return asset(name).path


def component(name: str, css: Path) -> Any:
    """The component `workbench_<name>`: a box of the class `wb-<name>`, which the asset at its `data["script"]` fills.

    Its styles are not isolated, because the page's style sheet knows the theme.
    """
    return st.components.v2.component(
        f"workbench_{name}",
        html=f'<div class="wb-{name}"></div>',
        css=css.read_text(encoding="utf-8"),
        js="export default (c) => import(new URL(c.data.script, location.href).href).then((m) => m.default(c));",
        isolate_styles=False,
    )


def routes() -> list[Route]:
    """One route for each asset."""
    return [Route(f"{base()}/{url(name)}", asset(name).respond) for name in FILES]
