"""What a browser gets when it grabs a slider: the numbers and charts of each stop's own run, within bounds."""

import asyncio
import dataclasses
import gzip
import json
import struct
import threading
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

import wb_core as wb
from pages.ui.figures.linear import linear_charts, linear_recording
from pages.ui.figures.points import points_charts, points_recording
from pages.ui.i18n import translator
from pages.ui.live import message, route
from pages.ui.live.line import LINE
from pages.ui.live.message import Question
from pages.ui.live.offer import offer
from pages.ui.live.points import POINTS
from pages.ui.session import reaper, share
from pages.ui.widgets.fields import torch_name
from tests.core.plane_oracle import course
from tests.coroutines import result_of
from tests.pages.app import open_page, widget
from tests.runs import finished
from tests.width import cases
from wb_core.base.fields import applies, specs

EN = translator("en")
SPEC = specs(wb.LinearConfig)["points"]


class Message:
    """A message as live.js reads it."""

    def __init__(self, data):
        (length,) = struct.unpack_from("<I", data)
        self.header = json.loads(data[4 : 4 + length])
        self.values = self.header["values"]
        numbers, at = np.frombuffer(data[4 + length :], "<f4"), 0
        self.columns = {}
        for name, counts in self.header.get("columns", {}).items():
            parts = []
            for count in counts if isinstance(counts, list) else [counts]:
                parts.append(numbers[at : at + count])
                at += count
            self.columns[name] = parts if isinstance(counts, list) else parts[0]
        assert at == len(numbers)

    def stop(self, row):
        """The columns of a stop, and its layouts."""
        frames = self.header["frames"][row]
        own = {name: part[row] if isinstance(part, list) else part[:frames] for name, part in self.columns.items()}
        for name, parts in self.header["joined"].items():
            own[name] = np.concatenate([own[part] for part in parts])
        return own, [self.header["layouts"][number] for number in self.header["layout"][row]]


def told(config, field, part=-1, trained=True):
    question = Question(config=config, field=field, part=part, trained=trained, language="en")
    return Message(message.message(question, EN, lambda: None))


def same_as_the_page(found, row, config, trained):
    """A stop has the bits and the layouts with which the page draws the run of this config."""
    run = finished(config) if trained else wb.Run(config)
    recording = linear_recording(run, wb.limits_of(run.data, config.loss).best)
    columns, layouts = found.stop(row)
    assert (found.header["frames"][row], found.header["trained"][row]) == (recording.frames, recording.trained)
    for name, column in columns.items():
        if not name.startswith("grid"):
            assert column.tolist() == np.asarray(recording.columns[name], np.float32).tolist(), name
    charts = linear_charts(recording, torch_name(config, "loss"), EN)
    assert layouts == [json.loads(json.dumps(dict(chart.layout))) for chart in charts]


@settings(max_examples=cases(24), deadline=None)
@given(st.data())
def test_every_stop_has_the_numbers_and_the_axes_of_its_page(data):
    draw = data.draw
    config = wb.LinearConfig(
        loss=draw(st.sampled_from(["l1", "mse", "huber"])),
        optimizer=draw(st.sampled_from(["sgd", "adam"])),
        model=draw(st.sampled_from(["parameter", "linear"])),
        lr=draw(st.sampled_from([0.0003, 0.0137, 0.6, 1.0])),
        noise=draw(st.sampled_from([0.0, 0.1])),
        weight=draw(st.sampled_from([0.7, 0.123456])),
        epochs=draw(st.integers(1, 40)),
        points=draw(st.sampled_from([(), wb.EXAMPLES["boiling"].points])),
        shuffle=draw(st.booleans()),
        standardise=draw(st.booleans()),
    )
    sliders = [name for name in LINE.fields if applies(config, name)]
    field, trained = draw(st.sampled_from(sliders)), draw(st.booleans())
    if not trained and field in ("lr", "epochs"):
        assert "frames" not in told(config, field, trained=False).header
        return
    blocks = len(Question(config=config, field=field, part=-1, trained=trained, language="en").blocks)
    few = blocks if field != "epochs" else 2  # the later ones are long trainings
    found = told(config, field, draw(st.integers(-1, few - 1)), trained)
    row = draw(st.integers(0, len(found.values) - 1))
    same_as_the_page(found, row, dataclasses.replace(config, **{field: found.values[row]}), trained)


def test_an_exploded_run_ends_where_the_page_ends_it():
    config = wb.LinearConfig(loss="mse", epochs=150, lr=1.0, end=5.0, start=3.0)
    found = told(config, "lr")
    assert found.header["frames"][-1] < 150
    same_as_the_page(found, len(found.values) - 1, config, trained=True)


def test_the_stops_reach_as_far_as_the_slider():
    config = wb.LinearConfig(points=wb.EXAMPLES["boiling"].points, loss="mse", epochs=5)
    question = Question(config=config, field="lr", part=-1, trained=True, language="en")
    assert question.stops[0] < wb.limits_of(wb.Run(config).data, "mse").lr(config) < question.stops[-1]
    options = widget(open_page(points=SPEC.text(config.points), loss="mse"), "Learning rate").options
    assert question.stops == [float(option) for option in options]


def test_answers_about_own_points_are_not_kept():
    answers, config = route.Answers(), wb.LinearConfig(points=((1, 2), (2, 4), (3, 5)), epochs=5)
    for one in (config, wb.LinearConfig(epochs=5)):
        answers._make(Question(config=one, field="lr", part=-1, trained=True, language="en"), threading.Event())
    assert [question.config.points for question in answers._kept] == [()]


def test_the_words_are_those_with_which_the_verdict_begins():
    found = told(wb.LinearConfig(loss="mse", epochs=60), "lr")
    for value, outcome in zip(found.values, found.header["outcomes"], strict=True):
        run = finished(wb.LinearConfig(loss="mse", epochs=60, lr=value))
        diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, advise=False)
        assert outcome["label"] == ("good" if diagnosis.good else diagnosis.label)
        exploded = diagnosis.label == "exploding"
        assert outcome["loss"] == (None if exploded else np.float32(run.history.row(-1)["test_loss"]))


def test_the_current_value_is_a_stop_even_if_it_is_none_of_the_slider():
    found = told(wb.LinearConfig(lr=0.0137, epochs=5), "lr")
    assert 0.0137 in found.values
    assert found.header["places"] == sorted(found.header["places"])
    assert (found.header["places"][0], found.header["places"][-1]) == (0.0, 1.0)


def test_all_parts_together_have_every_stop():
    config = wb.LinearConfig(epochs=150)
    question = Question(config=config, field="weight", part=-1, trained=True, language="en")
    assert len(question.blocks) > 1
    assert [stop for block in question.blocks for stop in block] == question.stops
    assert set(question.asked) < set(question.stops)
    assert len(question.asked) > len(question.stops) / 16


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (wb.LinearConfig(epochs=200), "lr"),
        (wb.LinearConfig(epochs=200), "weight"),
        (wb.LinearConfig(epochs=30, step=0.0001), "weight"),
        (wb.LinearConfig(epochs=30, start=-2.0, end=3.0, step=0.0005), "noise"),
    ],
)
def test_a_message_is_small(config, field):
    question = Question(config=config, field=field, part=-1, trained=True, language="en")
    data = message.message(question, EN, lambda: None)
    assert len(data) < 2 * LINE.most_bytes
    if field == "lr":
        assert len(gzip.compress(data, 1)) < 150_000


class Browser:
    """Sends requests to the route, as visits with secrets of their own."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr(reaper, "_SECRETS", dict.fromkeys(["a", "b", "c"]))
        self.answers = route.Answers()
        self.app = Starlette(routes=[Route("/neighbours", self.answers.answer)])

    async def ask(self, query, visit="a", gone=None):
        """The status and the body of an answer. The browser goes away when the event `gone` is set."""
        answer = []

        async def receive():
            if receive.asked:
                await (gone or asyncio.Event()).wait()
                return {"type": "http.disconnect"}
            receive.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        receive.asked = False

        async def send(message):
            answer.append(message)

        scope = {"type": "http", "method": "GET", "path": "/neighbours", "query_string": query.encode()}
        scope |= {"headers": [(b"x-visit", visit.encode())], "root_path": "", "http_version": "1.1", "app": None}
        await self.app(scope, receive, send)
        return answer[0]["status"], b"".join(part.get("body", b"") for part in answer[1:])


@pytest.fixture
def browser(monkeypatch):
    return Browser(monkeypatch)


GOOD = "kind=linear&field=lr&part=-1&trained=on&language=en&epochs=20"


def test_the_route_gives_the_message(browser):
    status, body = result_of(browser.ask(GOOD))
    assert status == 200
    assert Message(gzip.decompress(body)).values == told(wb.LinearConfig(epochs=20), "lr").values


@pytest.mark.parametrize(
    "query",
    [
        "",
        "epochs=20",
        "field=lr",
        GOOD.replace("lr", "seed"),
        GOOD.replace("lr", "momentum"),
        GOOD.replace("lr", "nothing"),
        GOOD + "&device=cuda",
        GOOD + "&device=auto",
        GOOD + "&lr=nan",
        GOOD + "&lr=2000",
        GOOD + "&weight=1e9",
        GOOD + "&step=0.000001",
        GOOD + "&unknown=1",
        GOOD.replace("epochs=20", "epochs=1000000"),
        GOOD.replace("part=-1", "part=1"),
        GOOD.replace("part=-1", "part=-2"),
        GOOD.replace("part=-1", "part=99999999999"),
        GOOD.replace("part=-1", "part=x"),
        GOOD.replace("part=-1", "part="),
        GOOD.replace("part=-1", "part=\u0663"),
        GOOD.replace("trained=on", "trained=yes"),
        GOOD.replace("language=en", "language=../en"),
    ],
)
def test_what_no_page_of_ours_asks_is_refused(browser, query, monkeypatch):
    monkeypatch.setattr(route, "message", lambda *_: pytest.fail("it was trained"))
    assert result_of(browser.ask(query)) == (400, b"")


@pytest.mark.parametrize("visit", ["", "stranger", "é"])
def test_only_a_visit_of_this_server_is_answered(browser, visit, monkeypatch):
    monkeypatch.setattr(route, "message", lambda *_: pytest.fail("it was trained"))
    assert result_of(browser.ask(GOOD, visit)) == (403, b"")


def test_one_visit_that_asks_a_hundred_times_at_once_takes_nothing_from_others(browser, monkeypatch):
    most, now, lock = [], [], threading.Lock()
    real = route.message

    def counted(*args):
        with lock:
            now.append(1)
            most.append(len(now))
        try:
            return real(*args)
        finally:
            with lock:
                now.pop()

    monkeypatch.setattr(route, "message", counted)

    async def storm():
        storm = [browser.ask(f"{GOOD}&seed={number}", "a") for number in range(100)]
        others = [browser.ask(f"{GOOD}&seed={number}", visit) for visit in "bc" for number in range(2)]
        return [status for status, _ in await asyncio.gather(*storm, *others)]

    statuses = result_of(storm())
    assert statuses[:100] == [200] * route.OF_A_VISIT + [503] * (100 - route.OF_A_VISIT)
    assert statuses[100:] == [200] * 4
    assert max(most) <= route.AT_ONCE
    assert not browser.answers._open


def test_a_browser_that_goes_away_ends_the_work(browser, monkeypatch):
    ended, begun = threading.Event(), threading.Event()

    def endless(question, translate, watch):
        begun.set()
        try:
            while True:
                watch()
        finally:
            ended.set()

    monkeypatch.setattr(route, "message", endless)

    async def visit():
        gone = asyncio.Event()
        asked = asyncio.create_task(browser.ask(GOOD, gone=gone))
        await asyncio.to_thread(begun.wait, 30)
        gone.set()
        return await asked, await asyncio.to_thread(ended.wait, 30)

    (status, _), stopped = result_of(visit())
    assert (status, stopped) == (204, True)


def test_what_takes_too_long_is_ended(browser, monkeypatch):
    monkeypatch.setattr(route, "SECONDS", 0.05)
    status, body = result_of(browser.ask(GOOD.replace("epochs=20", "epochs=5000")))
    assert (status, body) == (204, b"")


def test_the_same_question_is_answered_from_memory_which_has_a_bound(browser, monkeypatch):
    first = result_of(browser.ask(GOOD))
    monkeypatch.setattr(route, "message", lambda *_: bytes(1))
    assert result_of(browser.ask(GOOD, "b")) == first
    monkeypatch.setattr(route, "KEPT_BYTES", 100)
    assert result_of(browser.ask(GOOD + "&seed=1"))[0] == 200
    assert sum(map(len, browser.answers._kept.values())) <= 100


def test_the_settings_of_a_question_are_those_of_a_link():
    config = wb.LinearConfig(lr=0.2, noise=0.1, epochs=30)
    query = {"kind": "linear", "field": "lr", "part": "0", "trained": "off", "language": "ko", **share.encode(config)}
    assert route.read(query) == Question(config=config, field="lr", part=0, trained=False, language="ko")


class TestPoints:
    """The neighbours of a run on points: the parameters of every shown epoch, from which the browser draws."""

    CONFIG = course(points=60, hidden=(4,), epochs=30)

    @pytest.mark.parametrize("field", ["lr", "weight_decay"])
    def test_every_stop_has_the_numbers_of_its_run(self, field):
        config = dataclasses.replace(self.CONFIG, epochs=333, hidden=(8, 8))
        found = told(config, field)
        assert getattr(config, field) in found.values
        row = len(found.values) - 1
        run = finished(dataclasses.replace(config, **{field: found.values[row]}))
        columns, layouts = found.stop(row)
        shown = columns["epoch"].astype(int)
        assert (len(shown), shown[0], shown[-1]) == (57, 0, 332)
        for name in run.columns:
            assert columns[name].tolist() == np.asarray(run.history.column(name), np.float32)[shown].tolist()
        assert columns["parameters"].tolist() == run.parameters[shown].flatten().tolist()
        assert columns["last_parameters"].tolist() == run.parameters[-1].tolist()
        charts = points_charts(points_recording(run), EN)
        assert [chart.id for chart in charts] == list(POINTS.charts)
        assert layouts[1] == json.loads(json.dumps(dict(charts[1].layout)))
        assert found.header["outcomes"][row]["loss"] == np.float32(run.history.row(-1)["test_loss"])

    def test_a_run_that_explodes_has_parameters_for_each_of_its_frames(self):
        config = dataclasses.replace(self.CONFIG, activation="none", lr=1000.0, weight_decay=1.0)
        found = told(config, "lr")
        row = found.values.index(1000.0)
        assert found.header["outcomes"][row]["label"] == "exploding"
        columns, _ = found.stop(row)
        assert len(columns["parameters"]) == found.header["frames"][row] * len(columns["last_parameters"])

    @pytest.mark.parametrize("hidden", [(), (8, 8), (16, 16, 16, 16)])
    def test_a_message_is_small(self, hidden):
        config = dataclasses.replace(self.CONFIG, hidden=hidden, epochs=200, data="blobs", classes=4)
        question = Question(config=config, field="lr", part=-1, trained=True, language="en")
        assert len(message.message(question, EN, lambda: None)) < 1.1 * POINTS.most_bytes

    def test_the_route_answers_what_the_page_offers(self, browser):
        given = offer(self.CONFIG, trained=True)
        assert given["fields"] == ["lr", "weight_decay"]
        status, body = result_of(browser.ask(f"field=lr&part=-1&trained=on&language=en&{given['query']}"))
        assert status == 200
        assert Message(gzip.decompress(body)).values == told(self.CONFIG, "lr").values

    @pytest.mark.parametrize("more", [{"batch_size": 8}, {"dropout": 0.2}, {"device": "cuda"}])
    def test_runs_without_neighbours_offer_none_and_are_refused(self, browser, more):
        config = dataclasses.replace(self.CONFIG, **more)
        assert offer(config, trained=True) is None
        query = urlencode({"kind": "points", **share.encode(config)})
        assert result_of(browser.ask(f"field=lr&part=-1&trained=on&language=en&{query}"))[0] == 400

    def test_answers_about_own_points_are_not_kept(self):
        answers = route.Answers()
        own = dataclasses.replace(self.CONFIG, data="own", own=tuple((n, n % 3, n % 2) for n in range(8)))
        for one in (own, self.CONFIG):
            answers._make(Question(config=one, field="lr", part=-1, trained=True, language="en"), threading.Event())
        assert [question.config for question in answers._kept] == [self.CONFIG]
