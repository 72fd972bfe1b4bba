"""Bounds the number of visits, and lets nobody reach the visits of others.

A visit is a websocket. Streamlit checks the origin of each, too, but may ask a machine on the internet for its own
address to do so, and the whole server waits for the answer. So this check comes before.
"""

from urllib.parse import urlsplit

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from ..session.address import THIS_MACHINE

MAX_VISITS = 300
"""Open pages at once. Each takes some megabytes; Streamlit keeps those of visits that have ended for a minute."""

REFUSED = {"clear_cache", "set_run_on_save", "load_git_info"}
"""Messages of Streamlit's menu for developers, which is hidden here. The first clears everybody's caches."""

NOT_ALLOWED, TRY_AGAIN_LATER = 1008, 1013


class Sockets:
    """ASGI middleware for the websockets of visits."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        allowed = is_allowed(Headers(scope=scope))
        if not allowed or self._open >= MAX_VISITS:
            await receive()  # the request to connect
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER if allowed else NOT_ALLOWED})
            return

        async def receive_allowed() -> Message:
            while _is_refused(message := await receive()):
                pass
            return message

        self._open += 1
        try:
            scope = scope | {"headers": [*scope["headers"]]}
            del MutableHeaders(scope=scope)["origin"]  # checked here
            await self.app(scope, receive_allowed, send)
        finally:
            self._open -= 1


def is_allowed(headers: Headers) -> bool:
    """Whether the page that asks is our own, or of a site that the settings name; programs have no origin."""
    origin = headers.get("origin")
    if origin is None or not st.get_option("server.enableCORS"):
        return True
    try:
        site = urlsplit(origin)
    except ValueError:
        return False
    named = [urlsplit(name if "//" in name else f"//{name}").hostname for name in _settings()]
    return site.netloc == headers.get("host") or site.hostname in (*THIS_MACHINE, *filter(None, named))


def _settings() -> list[str]:
    return [*st.get_option("server.corsAllowedOrigins"), st.get_option("browser.serverAddress")]


def _is_refused(message: Message) -> bool:
    try:
        return BackMsg.FromString(message.get("bytes") or b"").WhichOneof("type") in REFUSED
    except DecodeError:  # Streamlit closes the connection
        return False
