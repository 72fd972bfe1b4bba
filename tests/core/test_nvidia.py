"""Fake nvidia-smi programs: one that works, and others that fail."""

import os
import threading
import time

import pytest

import wb_core as wb
from wb_core.hardware import nvidia

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")


@pytest.fixture
def smi(monkeypatch, tmp_path):
    """Put a shell script on the PATH as nvidia-smi, or none without a text, and clear the cache."""
    monkeypatch.setattr(nvidia, "_shared", nvidia._SharedResult())
    monkeypatch.setattr(nvidia, "FRESH", 0.0)
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(script):
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        program.chmod(0o755)
        return program

    return put


def test_the_output_is_returned_unchanged(smi):
    assert not wb.has_nvidia_smi()
    smi("printf '| NVIDIA-SMI 1.2 |\\n| 40°C   <b> |\\n'")
    assert wb.has_nvidia_smi()
    assert wb.nvidia_smi() == wb.NvidiaSmi("ok", "| NVIDIA-SMI 1.2 |\n| 40°C   <b> |\n", 0)


def test_without_the_program_the_state_is_absent(smi):
    assert wb.nvidia_smi() == wb.NvidiaSmi("absent")


def test_a_failure_has_its_output_and_exit_code(smi):
    smi("echo 'it could not reach the driver' >&2; exit 9")
    assert wb.nvidia_smi() == wb.NvidiaSmi("failed", "it could not reach the driver\n", 9)


def test_a_program_that_cannot_start_has_failed(smi):
    smi("").write_bytes(b"\x7fELF, but not really")
    assert wb.nvidia_smi() == wb.NvidiaSmi("failed")


def test_undecodable_output_is_unreadable(smi):
    smi("printf '\\377\\376\\000\\200'")
    assert wb.nvidia_smi() == wb.NvidiaSmi("unreadable", code=0)


@pytest.mark.parametrize("script", ["exec sleep 60", "sleep 60 & wait", "trap '' TERM INT; sleep 60"])
def test_a_program_that_hangs_is_killed(smi, monkeypatch, script):
    monkeypatch.setattr(nvidia, "LIMIT", 0.3)
    smi(script)
    began = time.monotonic()
    assert wb.nvidia_smi() == wb.NvidiaSmi("slow")
    assert time.monotonic() - began < 5


def test_the_program_gets_an_empty_stdin(smi):
    smi("read line || echo nothing")
    assert wb.nvidia_smi().output == "nothing\n"


def test_concurrent_callers_start_one_process(smi, monkeypatch, tmp_path):
    monkeypatch.setattr(nvidia, "FRESH", 60.0)
    smi(f"echo x >> {tmp_path}/starts; sleep 0.2; echo hello")
    told = []
    visitors = [threading.Thread(target=lambda: told.append(wb.nvidia_smi())) for _ in range(30)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert told == [wb.NvidiaSmi("ok", "hello\n", 0)] * 30
    assert (tmp_path / "starts").read_text() == "x\n"


def test_the_program_runs_again_after_a_while(smi):
    smi("echo one")
    assert wb.nvidia_smi().output == "one\n"
    smi("echo two")
    assert wb.nvidia_smi().output == "two\n"


def test_the_program_is_started_without_arguments(smi):
    program = smi('echo "$0 $#"')
    assert wb.nvidia_smi().output == f"{program} 0\n"
