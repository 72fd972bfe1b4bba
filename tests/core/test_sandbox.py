"""The upload sandbox: it refuses every bad file, and none does harm."""

import contextlib
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

import wb_core as wb
from tests.core import plain
from tests.core.checkpoint_corpus import BIAS, WEIGHT, bad_files, good_files
from tests.core.real_checkpoints import refused as refused_by_name
from tests.processes import is_alive
from tests.waiting import wait_until
from tests.width import cases
from wb_core.base import wire
from wb_core.checkpoints.sandbox import protocol
from wb_core.checkpoints.sandbox.archive import check_archive
from wb_core.checkpoints.sandbox.desk import SANDBOX
from wb_core.sandbox import pool, process

ROOT = Path(__file__).parents[2]
MARKER = Path(tempfile.gettempdir()) / f"workbench-checkpoint-code-{os.getpid()}"
BAD = bad_files(MARKER)
GOOD = good_files()

# The codes with which a group of files is refused. The system decides how a bomb ends.
FAMILIES = {
    "number": {"not_finite", "too_big_number"},
    "memory": {"damaged", "not_finite"},  # what is not filled stays nan
    "type": {"wrong_dtype", "damaged"},
    "names": {"bad_name", "missing_key", "unexpected_key", "memory_limit", "not_finite"},
    "shape": {"wrong_shape"},
    "value": {"not_a_state_dict"},
    "content": {"not_a_state_dict", "missing_key"},
    "code": {"not_a_state_dict"},
    "bomb": {"time_limit", "memory_limit", "crashed", "damaged", "not_a_state_dict", "missing_key", "other_size"},
    "pickle": {"damaged", "not_a_state_dict"},
}
OTHERWISE = {
    "zip": {"damaged", "not_a_checkpoint"},
    "legacy": {"damaged", "not_a_state_dict", "not_finite", "time_limit"},
    "safetensors": {"damaged", "bad_name", "missing_key", "wrong_shape", "wrong_dtype", "not_finite", "memory_limit"},
    "other": {"empty", "too_large", "not_a_checkpoint", "damaged", "not_a_state_dict"},
}
# Files whose code says what they are.
NAMED = {
    "zip, foreign name 'constants.pkl'": "torchscript",
    "zip, foreign name 'code/__torch__.py'": "torchscript",
    "other, gzip": "packed",
    "other, 7z": "packed",
    "other, tar, w": "packed",
    "other, tar, w:gz": "packed",
    "other, HTML": "web_page",
    "other, NumPy": "numpy",
    "other, HDF5": "other_format",
    "other, legacy with code, protocol 4": "pickle",
    "safetensors, thousand names": "other_size",
    **{
        f"{kind}, {title}": code
        for kind in ("zip", "legacy")
        for title, code in {
            "code: functools.partial of a command": "function",
            "code: in a pandas table": "pandas",
            "names: three hundred": "other_size",
            "names: a table in a tensor's place": "other_size",
            "content: table of other names": "other_size",
            "content: table deep inside, of other names": "other_size",
            "content: table with items of its own": "other_size",
        }.items()
    },
    **{f"other, plain pickle with code, protocol {protocol}": "pickle" for protocol in range(2, 6)},
}


@pytest.fixture(scope="module")
def run():
    """A half-trained run whose optimizer has state."""
    run = wb.Run(wb.LinearConfig(momentum=0.9))
    run.advance(epochs=5)
    return run


def everything(run):
    """Everything that a file could change in a run, in a comparable form."""
    optimizer = run.optimizer.state_dict()
    momentum = [state["momentum_buffer"].numpy().tobytes() for state in optimizer["state"].values()]
    weights = {name: tensor.numpy().tobytes() for name, tensor in run.model.state_dict().items()}
    objects = id(run.model), id(run.optimizer), [id(p) for p in run.model.parameters()]
    history = plain.bits(run.history.frame()).to_json()
    rest = run.epoch, run.epochs, run.seconds, run.diverged_at, run.start, run.model.training
    return weights, momentum, optimizer["param_groups"], objects, history, rest, torch.get_rng_state().tolist()


def weights_of(run):
    return {name: tensor.numpy().tobytes() for name, tensor in run.model.state_dict().items()}, id(run.model), run.epoch


def refused(data, run):
    with pytest.raises(wb.CheckpointError) as caught:
        wb.load_checkpoint(data, into=run)
    error = caught.value
    assert error.code in wb.CHECKPOINT_CODES
    assert error.message == str(error) == wb.CHECKPOINT_CODES[error.code].format(**error.values)
    assert error.message.isascii()
    return error.code.removeprefix("checkpoint.")


def outcome_of(data, run):
    try:
        return wb.load_checkpoint(data, into=run)
    except wb.CheckpointError as error:
        return error


def peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def load(title="zip: dict"):
    run = wb.Run(wb.LinearConfig())
    wb.load_checkpoint(GOOD[title], into=run)
    assert run.line == {"weight": WEIGHT, "bias": BIAS}


def worker_pid():
    wb.start_upload_sandbox()
    return SANDBOX.worker._process.pid


@contextlib.contextmanager
def fresh_worker(kind):
    """Use workers of this kind within the block, and the previous one, or a new one, after it."""
    before = SANDBOX.worker, SANDBOX.new_worker
    SANDBOX.worker, SANDBOX.new_worker = None, kind
    try:
        yield
    finally:
        SANDBOX.stop()
        SANDBOX.worker, SANDBOX.new_worker = before


class TestBadFiles:
    @pytest.mark.parametrize(
        "title",
        # A bomb does the same in both formats, and takes a second or two in each.
        [pytest.param(title, marks=pytest.mark.slow if title.startswith("legacy, bomb") else ()) for title in BAD],
    )
    def test_a_bad_file_is_refused_in_time_and_changes_nothing(self, title, run):
        before, memory, began = everything(run), peak_memory(), time.monotonic()
        code = refused(BAD[title], run)
        assert time.monotonic() - began < 10
        assert peak_memory() - memory < 100_000_000
        assert everything(run) == before
        assert not MARKER.exists()
        kind, family = re.match(r"(\w+), (?:(\w+): )?", title).groups()
        assert code in ({NAMED[title]} if title in NAMED else FAMILIES[family] if family else OTHERWISE[kind])

    def test_every_code_that_a_file_can_cause_has_a_bad_file(self, run):
        seen = {
            "checkpoint." + refused(BAD[title], run)
            for title in (
                "other, empty",
                "other, too large, zeros",
                "other, text",
                "zip, wrong CRC",
                "zip, value: number",
                "zip, names: surrogate",
                "zip, names: one is missing",
                "zip, names: one too many",
                "zip, shape: (3,)",
                "zip, type: Long",
                "zip, number: nan",
                "zip, number: huge",
                "zip, bomb: bytearray of a gigabyte",
            )
        }
        named = {f"checkpoint.{code}" for _, _, code in refused_by_name()}  # tests/core/test_checkpoints.py tries each
        others = {f"checkpoint.{code}" for code in ("time_limit", "crashed", "busy", "no_such_table")}
        assert seen | named == set(wb.CHECKPOINT_CODES) - others


class TestMutations:
    """Good files with bytes changed, removed, added and moved."""

    titles = ("zip: state_dict", "legacy: state_dict", "safetensors: plain", "zip: written by hand")
    byte = st.binary(min_size=1, max_size=8)
    place = st.floats(0, 1)

    @staticmethod
    def changed(data, kind, place, other, new):
        at, to = int(place * (len(data) - 1)), int(other * (len(data) - 1))
        return {
            "flip": data[:at] + bytes([data[at] ^ (new[0] or 1)]) + data[at + 1 :],
            "replace": data[:at] + new + data[at + len(new) :],
            "insert": data[:at] + new + data[at:],
            "delete": data[:at] + data[at + len(new) :],
            "splice": data[:at] + data[min(at, to) : max(at, to)] + data[at:],
            "cut": data[:at],
        }[kind]

    kinds = st.sampled_from(["flip", "replace", "insert", "delete", "splice", "cut"])

    @settings(max_examples=cases(100))
    @given(
        title=st.sampled_from(titles), changes=st.lists(st.tuples(kinds, place, place, byte), min_size=1, max_size=3)
    )
    def test_a_changed_file_is_refused_or_its_finite_numbers_are_loaded(self, title, changes):
        data = GOOD[title]
        for change in changes:
            data = self.changed(data or b"x", *change)
        run = wb.Run(wb.LinearConfig())
        before = weights_of(run)
        outcome = outcome_of(data, run)
        if isinstance(outcome, wb.CheckpointError):
            assert outcome.code in wb.CHECKPOINT_CODES
            assert weights_of(run) == before
            return
        loaded = run.model.state_dict()
        assert {entry.name for entry in outcome.entries} == loaded.keys()
        for entry in outcome.entries:
            assert torch.equal(loaded[entry.name], entry.values)
            assert entry.values.isfinite().all()
            assert struct.pack("<f", entry.values.item()) in data

    @pytest.mark.parametrize("title", ["zip: dict", "zip: written by hand"])
    def test_a_changed_byte_in_a_zip_is_refused_or_harmless(self, title):
        data = GOOD[title]
        contents = check_archive(data)
        for at in range(len(data)):
            with contextlib.suppress(wb.CheckpointError):
                assert check_archive(data[:at] + bytes([data[at] ^ 0x21]) + data[at + 1 :]) == contents


class TestWorker:
    def test_warming_up_twice_starts_one_worker(self):
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda _: worker_pid(), range(8)))) == 1

    def test_a_good_file_is_answered_at_once(self):
        load()
        began = time.perf_counter()
        load()
        assert time.perf_counter() - began < 0.5

    def test_uploads_at_once_each_get_their_own_weights(self):
        load()  # the worker has started
        runs = [wb.Run(wb.LinearConfig(seed=seed)) for seed in range(24)]
        others = [wb.Run(wb.LinearConfig()) for _ in runs]
        files = [wb.save_checkpoint(run) for run in runs]
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(wb.load_checkpoint, files, others))
        assert [run.line for run in others] == [run.line for run in runs]

    def test_a_file_that_hangs_does_not_keep_others_waiting(self):
        load()
        bomb = BAD["zip, bomb: hash of a shared tuple as key"]
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(refused, bomb, wb.Run(wb.LinearConfig()))
            for _ in range(5):
                load()
            assert not slow.done()
            assert slow.result() == "time_limit"

    @pytest.mark.slow
    def test_a_good_file_waits_five_seconds_at_most_beside_thirty_that_hang(self):
        load()
        bomb = BAD["zip, bomb: hash of a shared tuple as key"]
        with ThreadPoolExecutor(30) as pool:
            slow = [pool.submit(refused, bomb, wb.Run(wb.LinearConfig())) for _ in range(30)]
            time.sleep(0.1)
            began = time.perf_counter()
            load()
            assert time.perf_counter() - began < 5
            assert not all(one.done() for one in slow)
            assert {one.result() for one in slow} <= {"time_limit", "busy"}

    def test_a_file_that_needs_more_than_the_first_turn_gets_a_second(self, monkeypatch):
        monkeypatch.setattr(SANDBOX, "seconds", (0.001, 1.0))
        load()

    def test_if_all_places_are_taken_the_upload_is_refused_as_busy(self, monkeypatch):
        monkeypatch.setattr(SANDBOX, "places", pool.Places(1))
        monkeypatch.setattr(pool, "QUEUE_SECONDS", 0.01)
        with SANDBOX.places.one(SANDBOX.refuse):
            assert refused(GOOD["zip: dict"], wb.Run(wb.LinearConfig())) == "busy"
        load()

    @pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
    def test_a_worker_that_was_killed_is_started_again(self, sig):
        load()
        pid = worker_pid()
        os.kill(pid, sig)
        load()
        assert worker_pid() != pid

    def test_a_worker_that_does_not_answer_is_replaced(self, monkeypatch):
        load()
        pid = worker_pid()
        os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr(pool, "START_SECONDS", 0.2)
        outcome_of(GOOD["zip: dict"], wb.Run(wb.LinearConfig()))  # the next worker needs more than that, too
        monkeypatch.undo()
        load()
        assert not is_alive(pid)

    @pytest.mark.slow
    def test_no_worker_and_no_child_remains_when_the_server_is_killed(self):
        code = """
import sys, threading, wb_core as wb
from wb_core.checkpoints.sandbox.desk import SANDBOX
wb.read_checkpoint(open(sys.argv[1], "rb").read())
print(SANDBOX.worker._process.pid, flush=True)
threading.Event().wait()
"""
        with tempfile.NamedTemporaryFile() as file:
            file.write(GOOD["zip: dict"])
            file.flush()
            server = subprocess.Popen([sys.executable, "-c", code, file.name], stdout=subprocess.PIPE, cwd=ROOT)
            with server:
                pid = int(server.stdout.readline())
                assert is_alive(pid)
                server.kill()
            wait_until(lambda: not is_alive(pid))

    @pytest.mark.slow
    def test_no_worker_remains_when_the_server_ends(self):
        code = (
            "import wb_core as wb; wb.start_upload_sandbox(); from wb_core.checkpoints.sandbox.desk import SANDBOX;"
            "print(SANDBOX.worker._process.pid)"
        )
        done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert not is_alive(int(done.stdout))

    def test_children_are_reaped(self):
        load()
        children = Path(f"/proc/{worker_pid()}/task/{worker_pid()}/children")
        wait_until(lambda: children.read_text() == "")

    def test_the_worker_has_one_thread_no_secrets_and_little_of_the_engine(self, monkeypatch):
        monkeypatch.setenv("WORKBENCH_SECRET", "hush")
        monkeypatch.chdir(tempfile.gettempdir())
        with fresh_worker(process.Forker):
            load()
            pid = worker_pid()
            assert "hush" not in Path(f"/proc/{pid}/environ").read_text()
            assert len(os.listdir(f"/proc/{pid}/task")) == 1
            files = Path(f"/proc/{pid}/maps").read_text()
            assert "torch" in files
            assert "pandas" not in files

    @pytest.mark.slow
    def test_without_fork_each_file_uses_up_a_spare_worker(self):
        with fresh_worker(process.Spare):
            first = worker_pid()
            load()
            second = worker_pid()
            assert first != second
            run = wb.Run(wb.LinearConfig())
            assert refused(BAD["zip, bomb: hash of a shared tuple as key"], run) == "time_limit"
            killed = worker_pid()
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: not is_alive(killed))
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(load, ["legacy: dict", "safetensors: plain"]))


class TestAnswers:
    """A child that a malicious file controls may send anything."""

    ENTRY = ("weights", [1], "float32")
    VALUES: ClassVar = {"0": np.zeros(1, np.float32)}

    @staticmethod
    def fields(*entries, place="", left_out=()):
        return {"tables": [[place, entries]], "left_out": left_out}

    @staticmethod
    def answer(text, values):
        return save({wire.FIELDS: np.frombuffer(text, np.uint8), **values})

    def test_what_is_packed_is_unpacked(self):
        entries = [
            protocol.Entry("a.b", (2, 3), "float64", torch.arange(6.0).reshape(2, 3)),
            protocol.Entry("c", (), "int64", None),
            protocol.Entry("d", (0,), "float16", torch.empty(0)),
        ]
        tables = (protocol.FoundTable("model", tuple(entries)), protocol.FoundTable("?", tuple(entries[:1])))
        content = protocol.unpack(protocol.pack(protocol.Content(tables, ("optimizer",))), 100)
        assert [table.place for table in content.tables] == ["model", "?"]
        assert content.left_out == ("optimizer",)
        assert torch.equal(content.tables[1].entries[0].values, entries[0].values)
        back = content.tables[0].entries
        assert [(e.name, e.shape, e.dtype) for e in back] == [(e.name, e.shape, e.dtype) for e in entries]
        assert torch.equal(back[0].values, entries[0].values)
        assert back[1].values is None
        assert back[2].values.shape == (0,)

    @pytest.mark.parametrize("text", [b"", b"[]", b"5", b"null", b"{}", b"\xff", b"[" * 100_000, b'{"tables": [[]]}'])
    def test_an_answer_without_the_fields_of_a_worker_is_a_crash(self, text):
        self.is_a_crash(self.answer(text, self.VALUES))

    @pytest.mark.parametrize(
        "entries",
        [
            [ENTRY] * 2,
            [["<b>", *ENTRY[1:]]],
            [["weights\n", *ENTRY[1:]]],
            [[5, *ENTRY[1:]]],
            [["weights", [-1], "float32"]],
            [["weights", [1.0], "float32"]],
            [["weights", [True], "float32"]],
            [["weights", "1", "float32"]],
            [["weights", [10**30], "int64"]],
            [["weights", [10**9], "float32"]],
            [["weights", [1] * 9, "float32"]],
            [["weights", [2], "float32"]],
            [["weights", [1], "**x**"]],
            [["weights", [1], "int64"]],
            [[*ENTRY, True]],
            5,
        ],
    )
    def test_entries_that_no_worker_gives_are_a_crash(self, entries):
        self.is_a_crash(wire.pack({"tables": [["", entries]], "left_out": []}, self.VALUES))

    @pytest.mark.parametrize(
        "fields",
        [
            {"tables": 5, "left_out": []},
            {"tables": [], "left_out": []},
            {"tables": [["", [ENTRY]]]},
            {"tables": [["", [ENTRY]]], "left_out": ["x"]},
            {"tables": [["", [ENTRY]]], "left_out": [[]]},
            {"tables": [["", [ENTRY]]], "left_out": [], "x": 1},
            {"tables": [["", [ENTRY]]], "left_out": [], "x": "x" * 2_000_000},
            {"tables": [["secret", [ENTRY]]], "left_out": []},
            {"tables": [["model\n", [ENTRY]]], "left_out": []},
            {"tables": [[5, [ENTRY]]], "left_out": []},
            {"tables": [["", [ENTRY]], ["", []]] * 9, "left_out": []},
            {"refused": "checkpoint.wrong_shape"},
            {"refused": "checkpoint.unheard_of"},
            {"refused": ["checkpoint.damaged"]},
        ],
    )
    def test_fields_that_no_worker_gives_are_a_crash(self, fields):
        self.is_a_crash(wire.pack(fields, self.VALUES))

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"weights": np.zeros(1, np.float32)},
            {**VALUES, "1": np.zeros(1, np.float32)},
            {"0": np.zeros(1)},
            {"0": np.zeros((1, 1), np.float32)},
            {"0": np.zeros((), np.float32)},
        ],
    )
    def test_values_that_no_worker_gives_are_a_crash(self, values):
        self.is_a_crash(wire.pack(self.fields(self.ENTRY), values))

    def test_more_entries_than_a_worker_gives_are_a_crash(self):
        empty, most = np.empty(0, np.float32), protocol.MAX_ENTRIES
        entries = [[f"w{i}", [0], "float32"] for i in range(most + 1)]
        values = {str(i): empty for i in range(most + 1)}
        self.is_a_crash(wire.pack(self.fields(*entries), values))
        del values[str(most)]
        content = protocol.unpack(wire.pack(self.fields(*entries[1:]), values), 100)
        assert len(content.tables[0].entries) == most

    @pytest.mark.parametrize("size", [0, 399])
    def test_more_values_than_the_file_can_hold_are_a_crash(self, size):
        answer = wire.pack(self.fields(["weights", [1_000_000], "float32"]), {"0": np.zeros(1_000_000, np.float32)})
        assert len(protocol.unpack(answer, 1_000_000).tables) == 1
        self.is_a_crash(answer, size)

    @pytest.mark.parametrize("answer", [b"", b"\0", b"\xff" * 4, struct.pack("<Q", 2) + b"{}" + bytes(1000)])
    def test_an_answer_that_is_no_message_is_a_crash(self, answer):
        self.is_a_crash(answer)

    @staticmethod
    def is_a_crash(answer, file_size=100):
        with pytest.raises(wb.CheckpointError) as caught:
            protocol.unpack(answer, file_size)
        assert caught.value.code == "checkpoint.crashed"

    def test_numbers_are_checked_again_in_the_server(self, monkeypatch):
        values = {"0": np.ones(1, np.float32), "1": np.full(1, np.nan, np.float32)}
        answer = wire.pack(self.fields(self.ENTRY, ("bias", [1], "float32")), values)
        monkeypatch.setattr(SANDBOX, "ask", lambda data, cpu_seconds, most: answer)
        assert refused(GOOD["zip: dict"], wb.Run(wb.LinearConfig())) == "not_finite"

    def test_a_worker_that_sends_without_end_is_cut_off(self, monkeypatch):
        monkeypatch.setattr(process, "BOOT", "import os\nos.write(1, b'!')\nwhile True: os.write(1, bytes(65536))")
        monkeypatch.setattr(pool, "ANSWER_SECONDS", 2.0)
        memory = peak_memory()
        with fresh_worker(process.Spare):
            assert refused(GOOD["zip: dict"], wb.Run(wb.LinearConfig())) == "crashed"
        assert peak_memory() - memory < 10_000_000

    def test_a_silent_worker_is_given_up(self, monkeypatch):
        monkeypatch.setattr(process, "BOOT", "import sys\nsys.stdin.read()")
        monkeypatch.setattr(pool, "START_SECONDS", 0.2)
        with fresh_worker(process.Spare):
            assert refused(GOOD["zip: dict"], wb.Run(wb.LinearConfig())) == "busy"

    def test_a_worker_that_cannot_start_is_given_up(self, monkeypatch):
        monkeypatch.setattr(process, "BOOT", "raise SystemExit(1)")
        for kind in (process.Spare, process.Forker):
            with fresh_worker(kind):
                assert refused(GOOD["zip: dict"], wb.Run(wb.LinearConfig())) == "busy"
