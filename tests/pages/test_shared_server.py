"""A real server, as strangers can reach it: headers, uploads, hand-made messages, and its end during a training."""

import os
import signal

import pytest
import requests
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from benchmarks.server import serve
from benchmarks.visitor import Visitor
from tests.coroutines import result_of
from tests.processes import is_alive
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server():
    with serve() as server:
        yield server


@pytest.mark.parametrize("path", ["/", "/linear?lr=0.42", "/_stcore/health", "/media/no.csv"])
def test_every_response_has_the_headers(server, path):
    headers = requests.get(server.address + path, timeout=60).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"


def test_a_page_of_another_site_cannot_open_a_visit(server):
    async def from_site(origin):
        url = server.address.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(url, subprotocols=["streamlit"], origin=origin):
            return True

    assert result_of(from_site(server.address))
    for origin in ("https://evil.example", "http://127.0.0.1.evil.example", "null"):
        with pytest.raises(InvalidStatus):
            result_of(from_site(origin))


def test_uploads_need_the_visits_secret_and_the_cookie(server):
    async def visit():
        async with Visitor(server.address, "linear", "") as mine:
            path = f"{server.address}/_stcore/upload_file/{mine.session}/f"
            stranger = requests.put(path, files={"file": b"x"}, timeout=60)
            mine_is_taken = mine.upload(b"x")
            mine.session = "another-visit"
            return stranger.status_code, mine_is_taken, mine.upload(b"x")

    assert result_of(visit()) == (403, 204, 400)


def test_one_visit_cannot_fill_the_memory_with_uploads(server):
    async def visit():
        async with Visitor(server.address, "linear", "") as visitor:
            visitor.upload(b"the first")
            before = server.settled_memory()
            statuses = {visitor.upload(bytes(2_000_000)) for _ in range(60)}
            return statuses, server.memory() - before

    statuses, grown = result_of(visit())
    assert statuses == {204}
    assert grown < 40  # MB; it was 120


@pytest.mark.parametrize("page", ["linear", "tensors"])
def test_hand_made_widget_values_do_not_end_a_page(server, page):
    async def visit():
        async with Visitor(server.address, page, "") as visitor:
            for value in (
                {"string_value": "junk"},
                {"json_value": "{"},
                {"bytes_value": b"\xff"},
                {"bool_value": True},
            ):
                await visitor.send(*(WidgetState(id=widget, **value) for widget in visitor.widgets))
            await visitor.send(WidgetState(id="$$ID-unknown-unknown", string_value="junk"))
            return visitor.errors, visitor.widgets

    errors, widgets = result_of(visit())
    assert errors == []
    assert len(widgets) > 10


def test_sigterm_during_a_training_leaves_no_process():
    async def train(server):
        async with Visitor(server.address, "images", "model=tiny_vgg&epochs=50") as visitor:
            await visitor.click("Train")
            before = server.children()
            wait_until(lambda: any(os.getpriority(os.PRIO_PROCESS, child) for child in server.children()))  # it trains
            found = {*before, *server.children()}
            os.kill(server.pid, signal.SIGTERM)
            return found

    with serve() as server:
        children = result_of(train(server))
        wait_until(lambda: not is_alive(server.pid) and not any(map(is_alive, children)), seconds=20)
