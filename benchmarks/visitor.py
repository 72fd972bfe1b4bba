"""A visitor without a browser, who speaks Streamlit's websocket protocol."""

import json
import time
import uuid
from collections import deque
from typing import Any

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PLAYER, STORAGE, WATCH = "workbench_player", "workbench_browser_storage", "workbench_room"


class Visitor:
    """One session on a page, with the player's data and all errors after every script run."""

    def __init__(self, address: str, page: str, query: str) -> None:
        self.origin, self.page, self.query = address, page, query
        self.script = ""  # the page's id from the server
        self.session = ""  # the id of the visit from the server
        self.widgets: dict[str, str] = {}  # id -> kind of element
        self.buttons: dict[str, str] = {}  # label -> id of the widget
        self.player: dict[str, Any] = {}
        self.seat: dict[str, str] = {}  # what opens its seat in a room
        self.secret = ""  # what the server knows this visit by
        self.fragment = ""  # the id of the fragment that reruns periodically
        self.errors: list[str] = []
        self.received = 0  # bytes
        # Like Streamlit's page, cache the large messages of the last two runs, which the server does not repeat.
        self._kept: deque[dict[str, ForwardMsg]] = deque([{}], maxlen=3)

    async def __aenter__(self) -> "Visitor":
        self.socket: ClientConnection = await connect(
            self.origin.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            origin=self.origin,
            max_size=None,
            open_timeout=60,
            ping_interval=None,
        )
        await self._run(())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    def upload(self, data: bytes, name: str = "model.pth") -> int:
        """Upload a file into this visit as the page's uploader does; returns the status of the answer."""
        with requests.Session() as browser:
            browser.get(f"{self.origin}/_stcore/health", timeout=60)  # sets the cookie
            return browser.put(
                f"{self.origin}/_stcore/upload_file/{self.session}/{uuid.uuid4()}",
                files={"file": (name, data)},
                headers={"X-Xsrftoken": browser.cookies.get("_streamlit_xsrf", "")},
                timeout=120,
            ).status_code

    async def click(self, label: str) -> float:
        """Press a button, and return the seconds until the script has finished."""
        began = time.perf_counter()
        await self._run([WidgetState(id=self.buttons[label], trigger_value=True)])
        return time.perf_counter() - began

    async def move(self, slider: str, value: float, label: str) -> float:
        """Move a slider, press a button, and return the seconds until the script has finished."""
        began = time.perf_counter()
        [moved] = [WidgetState(id=widget) for widget in self.widgets if widget.endswith(slider)]
        moved.double_array_value.data.append(value)
        await self._run([moved, WidgetState(id=self.buttons[label], trigger_value=True)])
        return time.perf_counter() - began

    async def go(self, page: str, query: str) -> None:
        """Open another page in the same visit."""
        self.page, self.query, self.script = page, query, ""
        await self._run(())

    async def send(self, *states: WidgetState) -> None:
        """Send values of widgets, as a page does after a change."""
        await self._run(states)

    async def tick(self) -> None:
        """Run the fragment that reruns periodically."""
        await self._run((), self.fragment)

    async def _run(self, widgets: Any, fragment: str = "") -> None:
        """Run the script, or a fragment of it, once, and process all its messages."""
        message = BackMsg()
        state = message.rerun_script
        state.fragment_id = fragment
        state.query_string = self.query
        state.context_info.locale, state.context_info.url = "en-US", f"{self.origin}/{self.page}?{self.query}"
        if self.script:
            state.page_script_hash = self.script
        else:
            state.page_name = self.page
        state.widget_states.widgets.extend(widgets)
        state.cached_message_hashes.extend({key for run in self._kept for key in run})
        self._kept.append({})
        await self.socket.send(message.SerializeToString())
        while not self._take(await self.socket.recv()):
            pass

    def _take(self, data: str | bytes) -> bool:
        """Process one message; return whether the script has finished."""
        assert isinstance(data, bytes)
        self.received += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self._repeat(message)
        elif kind == "new_session":
            self.script = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self.fragment = message.auto_rerun.fragment_id
        elif kind == "page_not_found":
            self.errors.append("page not found")
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable:
                self._kept[-1][message.hash] = message
            self._look(message.delta.new_element)
        elif kind == "script_finished":
            return self._finished(message.script_finished)
        return False

    def _repeat(self, message: ForwardMsg) -> None:
        found = next((run[message.ref_hash] for run in self._kept if message.ref_hash in run), None)
        if found is None:
            self.errors.append("the server refers to a message that was never sent")
            return
        self._kept[-1][message.ref_hash] = found
        self._look(found.delta.new_element)

    def _look(self, element: Element) -> None:
        """Store the relevant parts of an element on the page."""
        kind = element.WhichOneof("type")
        if found := getattr(getattr(element, kind or "", None), "id", ""):
            self.widgets[found] = kind or ""
        if kind == "button":
            self.buttons[element.button.label] = element.button.id
        elif kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)
        elif kind == "bidi_component":
            component = element.bidi_component
            data = json.loads(component.json or component.mixed.json or "null")
            if component.component_name.endswith(PLAYER):
                self.player = data
            elif component.component_name.endswith(WATCH):
                self.seat = data["key"] or self.seat
            elif component.component_name.endswith(STORAGE):
                self.secret = data["secret"] or self.secret

    def _finished(self, status: int) -> bool:
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the script did not compile")
        # A run that is replaced by the next one has no end of its own.
        return status != ForwardMsg.FINISHED_EARLY_FOR_RERUN
