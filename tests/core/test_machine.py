"""The machine, compared with torch and the system, and with simulated GPUs."""

import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

import wb_core as wb
from wb_core.base import cores
from wb_core.hardware import machine


@pytest.fixture(autouse=True)
def _forget_the_processor():
    machine._processor.cache_clear()
    yield
    machine._processor.cache_clear()


@pytest.fixture
def cards(monkeypatch):
    """Simulate GPUs for torch: name -> (free, total), or the exception that asking for the memory raises."""

    def put(memories):
        names = list(memories)

        def memory(index):
            told = memories[names[index]]
            if isinstance(told, Exception):
                raise told
            return told

        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: len(names))
        monkeypatch.setattr(torch.cuda, "get_device_name", names.__getitem__)
        monkeypatch.setattr(torch.cuda, "mem_get_info", memory)

    return put


def test_versions_are_those_of_torch_and_python():
    found = wb.this_machine()
    assert found.torch == torch.__version__
    assert found.python == ".".join(map(str, sys.version_info[:3]))
    assert found.cuda == torch.version.cuda
    assert found.cuda_available == torch.cuda.is_available()
    assert found.mps_available == torch.backends.mps.is_available()
    assert len(found.gpus) == torch.cuda.device_count()
    assert found.accelerator_available == torch.accelerator.is_available()
    assert found.device == wb.available_devices()[0]
    assert found.default_device == str(torch.tensor(1).device)


def test_threads_are_read_on_each_call():
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            assert wb.this_machine().threads == threads
    finally:
        torch.set_num_threads(before)


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bind a process to cores")


@LINUX
def test_cores_are_those_that_this_process_is_bound_to():
    def cores_on_one():
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])  # binds only this thread
        return wb.this_machine().cores

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(cores_on_one).result() == 1


@LINUX
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8),
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "20000 100000\n"}, 1),
        ({"cpu.max": "9900000 100000\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu.max": "?"}, 8),
    ],
    ids=str,
)
def test_a_container_has_the_cores_of_its_quota(monkeypatch, tmp_path, files, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cores, "CGROUPS", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)))
    assert wb.this_machine().cores == expected


@pytest.mark.parametrize(
    ("number", "release"), [(91002, "9.10.2"), (90100, "9.1.0"), (8907, "8.9.7"), (8005, "8.0.5"), (None, None)]
)
def test_the_version_of_cudnn_has_the_usual_form(monkeypatch, number, release):
    monkeypatch.setattr(torch.backends.cudnn, "version", lambda: number)
    found = wb.this_machine()
    assert (found.cudnn, found.cudnn_release) == (number, release)


def test_an_incompatible_cudnn_is_none(monkeypatch):
    def version():
        raise RuntimeError("cuDNN version incompatibility")

    monkeypatch.setattr(torch.backends.cudnn, "version", version)
    assert wb.this_machine().cudnn is None


def test_every_gpu_is_listed_with_its_memory(cards):
    cards({"Left": (60, 80), "Right": (24, 24)})
    found = wb.this_machine()
    assert found.gpus == (wb.Gpu(0, "Left", 80, 60), wb.Gpu(1, "Right", 24, 24))
    assert [gpu.used for gpu in found.gpus] == [20, 0]
    assert (found.cuda_available, found.device) == (True, "cuda")


def test_a_gpu_of_unknown_memory_is_listed_too(cards):
    cards({"Taken": torch.OutOfMemoryError("CUDA out of memory"), "Free": (1, 2)})
    taken, free = wb.this_machine().gpus
    assert taken == wb.Gpu(0, "Taken", None, None)
    assert taken.used is None
    assert free.used == 1


class TestProcessor:
    @pytest.fixture
    def cpuinfo(self, monkeypatch, tmp_path):
        monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")
        monkeypatch.setattr(machine, "BRAND", [str(tmp_path / "sysctl")])
        monkeypatch.setattr(platform, "processor", lambda: "")
        monkeypatch.setattr(platform, "machine", lambda: "")
        return tmp_path / "cpuinfo"

    def test_on_linux_the_name_is_the_first_model_name(self, cpuinfo):
        cpuinfo.write_bytes(b"processor\t: 0\nmodel name\t: Best: One \xff\nflags\t: a\n\nmodel name\t: Other\n")
        assert wb.this_machine().processor == "Best: One \ufffd"

    @pytest.mark.parametrize("text", ["", "model name\t:\n", "BogoMIPS\t: 50.00\n"])
    def test_a_processor_without_a_name_has_its_architecture(self, cpuinfo, monkeypatch, text):
        cpuinfo.write_text(text)
        assert wb.this_machine().processor is None
        machine._processor.cache_clear()
        monkeypatch.setattr(platform, "machine", lambda: "aarch64")
        assert wb.this_machine().processor == "aarch64"

    @pytest.mark.parametrize(
        ("script", "name"), [("echo Apple M9", "Apple M9"), ("exit 1", None), ("echo", None), (None, None)]
    )
    def test_on_macos_sysctl_gives_the_name(self, cpuinfo, monkeypatch, script, name):
        monkeypatch.setattr(sys, "platform", "darwin")
        if script:
            program = Path(machine.BRAND[0])
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        assert machine._processor() == name
