"""What browsers send passes the gate: a budget for uploads, a number of visits, no message that reaches others."""

import asyncio
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

import plotly
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from streamlit import config, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from pages.ui import assets
from pages.ui.gate import sockets, static_files, uploads
from pages.ui.gate.first_paint import FirstPaint
from pages.ui.gate.headers import VARIABLE, ResponseHeaders, frame_ancestors
from pages.ui.gate.sockets import Sockets
from pages.ui.gate.static_files import StaticFiles
from pages.ui.gate.uploads import MIB, UploadBudget
from tests.coroutines import result_of

EMPTY = {"type": "http.request", "body": b"", "more_body": False}


async def ask(app, method, path, body=b"", headers=(), wait=None):
    """The status and the headers of the app's answer. The body is on its way until the event `wait` is set."""
    answer, chunks = [], [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if wait:
            await wait.wait()
        return chunks.pop() if chunks else EMPTY

    async def send(message):
        answer.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [*headers]}
    await app(scope | {"root_path": "", "http_version": "1.1", "app": None}, receive, send)
    return answer[0]["status"], dict(answer[0]["headers"])


class TestUploads:
    """Streamlit's own upload route and file store, behind the budget."""

    @pytest.fixture
    def store(self, monkeypatch):
        """Streamlit's store of uploaded files, and a `put(visit, file, size)` that uploads one."""
        options = {"server.enableXsrfProtection": False, "server.maxUploadSize": 2}
        before = {name: config.get_option(name) for name in options}
        for name, value in options.items():
            config.set_option(name, value)
        store = MemoryUploadedFileManager("/_stcore/upload_file")
        everybody_is_there = SimpleNamespace(is_active_session=lambda visit: True)
        routes = Starlette(routes=create_upload_routes(everybody_is_there, store, ""))
        app = UploadBudget(routes, lambda: store)

        async def put(visit, file, size=10, wait=None):
            part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="model.pth"\r\n\r\n'
            headers = [(b"content-type", b"multipart/form-data; boundary=x")]
            path = f"/_stcore/upload_file/{visit}/{file}"
            return (await ask(app, "PUT", path, part + bytes(size) + b"\r\n--x--\r\n", headers, wait))[0]

        async def delete(visit, file):
            return (await ask(app, "DELETE", f"/_stcore/upload_file/{visit}/{file}"))[0]

        monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)  # undone after the test
        uploads.use_no_temporary_files()
        yield SimpleNamespace(put=put, delete=delete, remove_visit=store.remove_session_files, has=self.has(store))
        for name, value in before.items():
            config.set_option(name, value)

    @staticmethod
    def has(store):
        return lambda visit, names: [file.file_id for file in store.get_files(visit, [*names])]

    def test_a_visit_keeps_its_newest_files(self, store):
        names = [f"f{number}" for number in range(20)]
        assert {result_of(store.put("visit", name)) for name in names} == {204}
        assert store.has("visit", names) == names[-uploads.VISIT_FILES :]

    def test_four_hundred_files_of_two_megabytes_take_eight(self, store):
        names = [f"f{number}" for number in range(12)]
        assert {result_of(store.put("visit", name, 2 * MIB - 100)) for name in names} == {204}
        assert store.has("visit", names) == names[-4:]

    def test_what_a_visitor_replaces_or_removes_does_not_count(self, store):
        async def visit():
            await store.put("visit", "first")
            for number in range(30):
                await store.put("visit", "again")
                await store.put("visit", f"f{number}")
                await store.delete("visit", f"f{number}")

        result_of(visit())
        assert store.has("visit", ["first", "again"]) == ["first", "again"]

    def test_one_visit_takes_nothing_from_another(self, store):
        result_of(store.put("quiet", "mine"))
        for number in range(20):
            result_of(store.put("busy", f"f{number}"))
        assert store.has("quiet", ["mine"]) == ["mine"]
        assert store.has("quiet", ["f19"]) == store.has("busy", ["mine"]) == []

    def test_all_visits_together_have_a_budget_in_which_ended_ones_do_not_count(self, store, monkeypatch):
        monkeypatch.setattr(uploads, "ALL_FILES", 3)
        for visit in "abc":
            result_of(store.put(visit, "f"))
        store.remove_visit("c")
        result_of(store.put("d", "f"))
        assert [visit for visit in "abcd" if store.has(visit, ["f"])] == ["a", "b", "d"]
        result_of(store.put("e", "f"))
        assert [visit for visit in "abcde" if store.has(visit, ["f"])] == ["b", "d", "e"]

    def test_too_many_at_once_are_refused_of_one_visit_and_of_all(self, store, monkeypatch):
        monkeypatch.setattr(uploads, "ALL_ARRIVING", uploads.VISIT_ARRIVING + 2)

        async def storm():
            here = asyncio.Event()
            visits = ["busy"] * (uploads.VISIT_ARRIVING + 3) + ["b", "c", "d", "e"]
            asked = [asyncio.create_task(store.put(v, f"f{n}", wait=here)) for n, v in enumerate(visits)]
            await asyncio.sleep(0)
            here.set()
            statuses = await asyncio.gather(*asked)
            return statuses, await store.put("busy", "later")

        statuses, later = result_of(storm())
        assert statuses == [204] * uploads.VISIT_ARRIVING + [429] * 3 + [204] * 2 + [429] * 2
        assert later == 204

    def test_an_upload_that_takes_too_long_is_ended(self, store, monkeypatch):
        monkeypatch.setattr(uploads, "SECONDS", 0.05)

        async def slow():
            return await store.put("visit", "f", wait=asyncio.Event()), await store.put("visit", "g")

        assert result_of(slow()) == (408, 204)

    def test_the_largest_file_needs_no_folder_for_temporary_files(self, store, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
        assert result_of(store.put("visit", "f", 2 * MIB - 100)) == 204


class TestSockets:
    @staticmethod
    def message(kind):
        message = BackMsg()
        if kind == "rerun_script":
            message.rerun_script.query_string = "a=1"
        else:
            setattr(message, kind, True)
        return {"type": "websocket.receive", "bytes": message.SerializeToString()}

    @staticmethod
    async def receive_all(sent):
        """What Streamlit receives of what a browser sends."""
        received, sent = [], [*sent, {"type": "websocket.disconnect"}]

        async def app(scope, receive, send):
            while not received or received[-1]["type"] != "websocket.disconnect":
                received.append(await receive())

        async def receive():
            return sent.pop(0)

        await Sockets(app)({"type": "websocket", "headers": []}, receive, None)
        return received[:-1]

    def test_a_visitor_cannot_clear_the_caches_of_all(self):
        run, clear, junk = self.message("rerun_script"), self.message("clear_cache"), {"bytes": b"\xff", "type": ""}
        connect = {"type": "websocket.connect"}
        got = result_of(self.receive_all([connect, clear, run, self.message("set_run_on_save"), junk, clear]))
        assert got == [connect, run, junk]

    @pytest.mark.parametrize(
        ("origin", "allowed"),
        [
            (None, True),
            ("http://bench.example:8501", True),
            ("http://localhost:3000", True),
            ("https://school.example", True),
            ("https://evil.example", False),
            ("http://bench.example", False),
            ("http://bench.example:8501.evil.example", False),
            ("https://school.example.evil.example", False),
            ("null", False),
            ("http://[", False),
        ],
    )
    def test_only_our_own_pages_and_those_of_named_sites_open_a_visit(self, monkeypatch, origin, allowed):
        options = {"server.corsAllowedOrigins": ["https://school.example"]}
        monkeypatch.setattr(st, "get_option", lambda name: options.get(name, config.get_option(name)))
        monkeypatch.setattr(net_util, "get_external_ip", lambda: pytest.fail("the server waits for the internet"))
        seen, sent = [], []

        async def app(scope, receive, send):
            seen.append(Headers(scope=scope).get("origin"))

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message)

        headers = {"host": "bench.example:8501", **({"origin": origin} if origin else {})}
        result_of(Sockets(app)({"type": "websocket", "headers": Headers(headers).raw}, receive, send))
        assert seen == ([None] if allowed else [])
        assert sent == ([] if allowed else [{"type": "websocket.close", "code": 1008}])

    def test_more_visits_than_there_is_room_for_are_asked_to_come_later(self, monkeypatch):
        monkeypatch.setattr(sockets, "MAX_VISITS", 2)

        async def crowd():
            leave, sent = asyncio.Event(), []

            async def app(scope, receive, send):
                await leave.wait()

            async def receive():
                return {"type": "websocket.connect"}

            async def send(message):
                sent.append(message)

            door = Sockets(app)
            inside = [asyncio.create_task(door({"type": "websocket", "headers": []}, receive, send)) for _ in range(2)]
            await asyncio.sleep(0)
            await door({"type": "websocket", "headers": []}, receive, send)
            refused = [*sent]
            leave.set()
            await asyncio.gather(*inside)
            await door({"type": "websocket", "headers": []}, receive, send)
            return refused, sent

        refused, sent = result_of(crowd())
        assert refused == sent == [{"type": "websocket.close", "code": 1013}]


class TestHeaders:
    def test_every_answer_has_them(self):
        page = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))])
        for path, expected in (("/", 200), ("/nowhere", 404)):
            status, headers = result_of(ask(ResponseHeaders(page, "'self'"), "GET", path))
            assert status == expected
            assert headers[b"x-content-type-options"] == b"nosniff"
            assert headers[b"referrer-policy"] == b"same-origin"
            assert headers[b"content-security-policy"] == b"frame-ancestors 'self'"

    @pytest.mark.parametrize(
        ("given", "sites"),
        [
            (None, "'self'"),
            ("https://school.example  http://localhost:*", "https://school.example http://localhost:*"),
            ("*", "*"),
        ],
    )
    def test_the_environment_says_which_sites_may_frame_the_pages(self, monkeypatch, given, sites):
        monkeypatch.delenv(VARIABLE, raising=False)
        if given is not None:
            monkeypatch.setenv(VARIABLE, given)
        assert frame_ancestors() == sites

    @pytest.mark.parametrize("given", ["", "school.example; script-src *", "https://a, https://b", "self"])
    def test_anything_else_is_named_when_the_server_starts(self, monkeypatch, given):
        monkeypatch.setenv(VARIABLE, given)
        with pytest.raises(ValueError, match=VARIABLE):
            frame_ancestors()


class TestFiles:
    """What a page begins with."""

    def test_streamlits_scripts_come_compressed_from_memory_and_nothing_else_does(self):
        app = StaticFiles(Starlette())
        script = next(name for name in static_files.FILES if name.endswith(".js"))
        font = next(name for name in static_files.FILES if name.endswith(".woff2"))
        packs = [(b"accept-encoding", b"gzip")]

        status, headers = result_of(ask(app, "GET", f"/{script}", headers=packs))
        assert (status, headers[b"content-encoding"]) == (200, b"gzip")
        assert b"immutable" in headers[b"cache-control"]
        status, headers = result_of(ask(app, "GET", f"/{font}", headers=packs))
        assert (status, headers[b"content-type"]) == (200, b"font/woff2")
        assert b"content-encoding" not in headers
        for path in ("/static/../app.py", "/static/js", f"/x/{script}", "/"):
            assert result_of(ask(app, "GET", path))[0] == 404

    @pytest.mark.parametrize(
        ("path", "depth", "script"),
        [("/", 0, "plotly"), ("/linear", 1, "plotly"), ("/tensors", 1, "hands"), ("/no/such", 2, "hands")],
    )
    def test_a_page_knows_how_deep_it_lies_and_asks_for_its_scripts_at_once(self, path, depth, script):
        page = Route(path, lambda request: HTMLResponse("<title></title>"))
        answer = []

        async def send(message):
            answer.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": ""}
        result_of(FirstPaint(Starlette(routes=[page]))(scope | {"headers": [(b"accept", b"text/html")]}, None, send))
        body = answer[-1]["body"].decode()
        assert f"below.length - {depth})" in body
        assert assets.url(script) in body
        assert (assets.url("plotly") in body) == (script == "plotly")


def test_every_script_has_a_name_of_its_own():
    assert sorted(assets.FILES.values()) == sorted(assets.HERE.rglob("*.js"))


def test_the_script_of_the_charts_is_that_of_the_installed_plotly():
    """It is the part of plotly.js that our charts need; see `pages/ui/player/plotly`."""
    whole = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    ours, theirs = (
        re.search(r"plotly\.js.* (v[\d.]+)", path.read_text(encoding="utf-8")[:200])
        for path in (assets.FILES["plotly"], whole)
    )
    assert ours
    assert theirs
    assert ours[1] == theirs[1]
