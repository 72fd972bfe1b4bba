"""The timing of matrix products: what is timed, that torch is left alone, and that a GPU is synchronized."""

import threading

import pytest
import torch

import wb_core as wb
from wb_core.hardware import speed


@pytest.fixture
def products(monkeypatch):
    """Records the device and the size of every product."""
    seen, real = [], torch.mm

    def mm(left, right):
        seen.append((left.device.type, left.shape, right.shape, left.dtype))
        return real(left, right)

    monkeypatch.setattr(torch, "mm", mm)
    return seen


def test_every_size_is_timed_on_the_cpu(products):
    timings = wb.time_products(["cpu"])
    assert [(timing.device, timing.size) for timing in timings] == [("cpu", size) for size in (128, 256, 512)]
    for timing in timings:
        assert timing.seconds > 0
        assert 1 <= timing.repeats <= speed.REPEATS
        assert timing.threads == torch.get_num_threads()
        assert timing.operations == 2 * timing.size**3
        assert timing.gflops == pytest.approx(2 * timing.size**3 / timing.seconds / 1e9)
        shape = torch.Size([timing.size, timing.size])
        calls = products.count(("cpu", shape, shape, torch.float32))
        assert calls == timing.repeats + 1  # plus the warm-up


def test_the_time_is_the_median_of_the_repeats(monkeypatch):
    monkeypatch.setattr(speed, "_repeat", lambda left, right: [9.0, 1.0, 2.0])
    assert [timing.seconds for timing in wb.time_products(["cpu"], [4])] == [2.0]


def test_a_slow_machine_measures_each_size_once(monkeypatch, products):
    monkeypatch.setattr(speed, "BUDGET", 1e-12)
    [timing] = wb.time_products(["cpu"], [64])
    assert timing.repeats == 1
    assert len(products) == 2


def test_the_cpu_is_timed_before_other_devices(monkeypatch):
    monkeypatch.setattr(speed, "available_devices", lambda: ("meta", "cpu"))
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda device: None)
    assert [timing.device for timing in wb.time_products(sizes=[8])] == ["cpu", "meta"]


def test_a_product_on_a_gpu_is_synchronized(monkeypatch, products):
    waits = []
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda device: waits.append((device.type, len(products))))
    [timing] = wb.time_products(["meta"], [16])
    assert waits == [("meta", count) for count in range(1, timing.repeats + 2)]
    assert timing.threads is None


def test_a_failing_gpu_has_no_time_but_the_cpu_has(monkeypatch):
    def synchronize(device):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.accelerator, "synchronize", synchronize)
    here, there = wb.time_products(["cpu", "meta"], [16])
    assert here.seconds > 0
    assert (there.seconds, there.gflops) == (None, None)


def test_timing_leaves_torchs_settings_unchanged():
    def settings():
        return torch.get_rng_state().tolist(), torch.get_num_threads(), torch.is_grad_enabled()

    before = settings()
    wb.time_products(["cpu"])
    assert settings() == before


def test_only_one_caller_measures_at_a_time(monkeypatch):
    inside, most, lock = 0, 0, threading.Lock()

    def repeat(left, right):
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.02)
        with lock:
            inside -= 1
        return [1.0]

    monkeypatch.setattr(speed, "_repeat", repeat)
    people = [threading.Thread(target=wb.time_products, args=(["cpu"], [4])) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert most == 1
