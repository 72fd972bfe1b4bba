"""A small reverse proxy: it serves a server below a path of its own, which it strips, and its network can be cut."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.browser.server import free_port

MAX_HEAD = 65_536


class Proxy:
    """Forwards requests and websockets to the server at `target`. `prefix` is such as "/wb"."""

    def __init__(self, target: str, prefix: str) -> None:
        self.target, self.prefix = urlsplit(target), prefix
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}{prefix}/"
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._mute: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.connect()

    def connect(self) -> None:
        """Listen, at first or again."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def cut(self) -> None:
        """Drop all connections without a word, and refuse new ones."""
        asyncio.run_coroutine_threadsafe(self._drop(), self._loop).result(10)

    def mute(self) -> None:
        """Let nothing pass on the connections of now: a machine sleeps. When it says something, nobody knows them."""
        self._mute |= self._writers

    def stop(self) -> None:
        """End for good."""
        self.cut()
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port, limit=MAX_HEAD)

    async def _drop(self) -> None:
        if self._server is not None:
            for listener in self._server.sockets:
                self._loop.remove_reader(listener.fileno())
            await asyncio.sleep(0.01)  # asyncio leaves a connection open whose server ends while it is accepted
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _finish(self) -> None:
        """Drop all connections, also those that only begin. A task cancelled before that would leave its own open."""
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await self._drop()
            await asyncio.wait(tasks, timeout=0.05)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, or forward a websocket until either side ends it."""
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            method, path, rest = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)
            prefix = self.prefix.encode()
            if not path.startswith(prefix + b"/"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            else:
                if b"\r\nupgrade: websocket\r\n" not in rest.lower():
                    rest = rest.replace(b"Connection: keep-alive", b"Connection: close")
                there, thence = await asyncio.open_connection(self.target.hostname, self.target.port)
                self._writers.add(thence)
                thence.write(b" ".join([method, path.removeprefix(prefix), rest]))
                await asyncio.gather(self._pipe(reader, thence, True), self._pipe(there, writer, False))
                await self._close(thence)
        await self._close(writer)

    async def _close(self, writer: asyncio.StreamWriter) -> None:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self._writers.discard(writer)
        self._mute.discard(writer)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, from_browser: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(MAX_HEAD):
                if writer not in self._mute:
                    writer.write(data)
                    await writer.drain()
                elif from_browser:
                    break
        writer.close()


@contextmanager
def proxy(target: str, prefix: str = "") -> Iterator[Proxy]:
    """Put a proxy before a server."""
    made = Proxy(target, prefix)
    yield made
    made.stop()
