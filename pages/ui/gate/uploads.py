"""Bounds what uploads take: Streamlit itself keeps any number of files in memory until their visit ends."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterable

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileManager

MIB = 2**20
VISIT_FILES, VISIT_BYTES = 50, 8 * MIB
"""What one visit may keep. Pages read a file as soon as it is there, so the oldest ones can go."""

ALL_FILES, ALL_BYTES = 1000, 256 * MIB
"""What all visits together may keep."""

VISIT_ARRIVING, ALL_ARRIVING = 8, 64
"""How many uploads may be on their way at once; the server refuses further ones."""

SECONDS = 60.0
"""How long an upload of at most `server.maxUploadSize` may take."""

PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)\Z")


def use_no_temporary_files() -> None:
    """Hold uploads in memory while they arrive: the folder for temporary files may be full or not writable."""
    MultiPartParser.spool_max_size = 4 * MIB  # more than `server.maxUploadSize`


def _files() -> UploadedFileManager:
    return runtime.get_instance().uploaded_file_mgr


class UploadBudget:
    """ASGI middleware that refuses too many uploads at once, and removes the oldest files beyond the budgets."""

    def __init__(self, app: ASGIApp, files: Callable[[], UploadedFileManager] = _files) -> None:
        self.app = app
        self._files = files
        self._arriving: Counter[str] = Counter()  # uploads on their way, by visit
        self._kept: dict[tuple[str, str], None] = {}  # visit and file, the oldest first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        upload = PATH.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if upload is None:
            await self.app(scope, receive, send)
            return
        visit, file = upload.groups()
        if self._arriving[visit] >= VISIT_ARRIVING or self._arriving.total() >= ALL_ARRIVING:
            await PlainTextResponse("Too many uploads at once", status_code=429)(scope, receive, send)
            return
        self._arriving[visit] += 1
        try:
            await self._pass_on(scope, receive, send)
        finally:
            self._arriving[visit] -= 1
            self._arriving += Counter()  # drops those at 0
            self._keep(visit, file)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def answer(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            async with asyncio.timeout(SECONDS):
                await self.app(scope, receive, answer)
        except TimeoutError:
            if not answered:
                await PlainTextResponse("The upload took too long", status_code=408)(scope, receive, send)

    def _keep(self, visit: str, file: str) -> None:
        self._kept.pop((visit, file), None)
        self._kept[visit, file] = None
        self._trim([key for key in self._kept if key[0] == visit], VISIT_FILES, VISIT_BYTES)
        self._trim(self._kept, ALL_FILES, ALL_BYTES)

    def _trim(self, keys: Iterable[tuple[str, str]], most_files: int, most_bytes: int) -> None:
        """Keep the newest files within the budget, and remove the others."""
        files, count, size = self._files(), 0, 0
        for visit, file in reversed([*keys]):
            found = files.get_files(visit, [file])
            count += len(found)
            size += sum(len(one.data) + len(one.name) + len(one.type) for one in found)
            if count > most_files or size > most_bytes:
                files.remove_file(visit, file)
                found = []
            if not found:  # removed here, by its visitor, or with its visit
                del self._kept[visit, file]
