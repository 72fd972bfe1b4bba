"""Response headers that say what browsers may do with our pages."""

import os
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VARIABLE = "WB_FRAME_ANCESTORS"
SOURCE = re.compile(r"\*|'self'|'none'|https?://[\w.*:\[\]-]+|https?:", re.ASCII)


class ResponseHeaders:
    """ASGI middleware that adds the headers to every response. Pages of `sites` may show ours in a frame."""

    def __init__(self, app: ASGIApp, sites: str) -> None:
        self.app = app
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",  # our addresses carry settings, which are no other site's business
            "Content-Security-Policy": f"frame-ancestors {sites}",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def frame_ancestors() -> str:
    """The sites whose pages may show ours in a frame, from WB_FRAME_ANCESTORS; by default only this server's own.

    Raises `ValueError` for anything but sites separated by spaces, such as "https://school.example".
    """
    sites = os.environ.get(VARIABLE, "'self'").split()
    if not sites or not all(SOURCE.fullmatch(site) for site in sites):
        raise ValueError(f"{VARIABLE} must be sites separated by spaces, such as https://school.example, or *")
    return " ".join(sites)
