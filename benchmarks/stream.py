"""A page in a room without a browser: reads the room's events, and comes back by itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from pages.ui.room.seats import Key

PAUSE = 0.5  # seconds, as in stream.js


class Answer:
    """The answer to a request: its status, its headers, and its body, part by part."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.status, self.headers, self.received = 0, {}, 0

    async def begin(self) -> "Answer":
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.status = int(head[0].split()[1])
        self.headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in head[1:])}
        return self

    async def parts(self) -> AsyncIterator[bytes]:
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            yield await self._reader.readexactly(int(self.headers.get("content-length", 0)))
            return
        while True:
            line = await self._reader.readuntil(b"\r\n")
            part = await self._reader.readexactly(int(line, 16) + 2)
            self.received += len(line) + len(part)
            if part == b"\r\n":
                return
            yield part[:-2]


class Page:
    """One page of a seat or of the leader, at the process that the cookie names."""

    def __init__(self, address: str, key: Key, process: str = "") -> None:
        self.address, self.key, self.process = urlsplit(address), key, process
        self.received = 0  # bytes of all events
        self.breaks = 0  # how often a stream has ended

    async def get(self, path: str) -> tuple[int, Any]:
        """The status and the JSON of an address."""
        reader, writer = await self._ask(path)
        try:
            answer = await Answer(reader).begin()
            body = b"".join([part async for part in answer.parts()])
            return answer.status, json.loads(body) if answer.status == 200 else None
        finally:
            writer.close()

    async def events(self) -> AsyncIterator[tuple[str, Any]]:
        """What it hears, until the room ends."""
        while True:
            try:
                async for event in self._stream():
                    yield event
                    if event[0] == "end":
                        return
            except (OSError, asyncio.IncompleteReadError):  # a process that is gone
                pass
            self.breaks += 1
            await asyncio.sleep(PAUSE)

    async def _stream(self) -> AsyncIterator[tuple[str, Any]]:
        reader, writer = await self._ask("room-events")
        try:
            answer, text, before = await Answer(reader).begin(), "", self.received
            if answer.status == 403:
                yield "end", {}
            if answer.status != 200:
                return
            if cookie := answer.headers.get("set-cookie", ""):
                self.process = cookie.partition("WB=")[2].partition(";")[0] or self.process
            async for part in answer.parts():
                self.received = before + answer.received
                *whole, text = (text + part.decode()).split("\n\n")
                for event in whole:
                    if event.startswith("event: "):
                        name, _, data = event.removeprefix("event: ").partition("\ndata: ")
                        yield name, json.loads(data)
        finally:
            writer.close()

    async def _ask(self, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self.address.hostname, self.address.port, limit=2**22)
        head = [f"GET /{path} HTTP/1.1", f"Host: {self.address.netloc}", "Connection: close"]
        head += [f"X-Room: {self.key.code}", f"X-Seat: {self.key.seat}", f"X-Secret: {self.key.secret}"]
        head += [f"Cookie: WB={self.process}"] if self.process else []
        writer.write("\r\n".join([*head, "", ""]).encode())
        return reader, writer
