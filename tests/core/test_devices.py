"""Which device a run gets, on machines with and without accelerators."""

import pickle

import pytest
import torch

import wb_core as wb

MACHINES = {
    "all": ("cuda", "mps", "cpu"),
    "NVIDIA": ("cuda", "cpu"),
    "Apple": ("mps", "cpu"),
    "processor": ("cpu",),
}
every_machine = pytest.mark.parametrize("kinds", MACHINES.values(), ids=MACHINES)


@pytest.fixture
def machine(monkeypatch):
    def has(*kinds):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in kinds)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in kinds)

    return has


@every_machine
def test_auto_is_the_best_available_device(machine, kinds):
    machine(*kinds)
    assert wb.available_devices() == kinds
    assert wb.resolve_device("auto") == torch.device(kinds[0])


def test_resolving_cpu_does_not_look_for_gpus(monkeypatch):
    """A process that has looked for a GPU cannot fork safely."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: pytest.fail("it looked"))
    assert wb.resolve_device("cpu") == torch.device("cpu")


@every_machine
@pytest.mark.parametrize("kind", ["cuda", "mps", "cpu"])
def test_a_named_device_is_resolved_or_refused_with_the_available_ones(machine, kinds, kind):
    machine(*kinds)
    if kind in kinds:
        assert wb.resolve_device(kind) == torch.device(kind)
        return
    with pytest.raises(wb.DeviceError) as caught:
        wb.resolve_device(kind)
    error = caught.value
    assert (error.code, error.device, error.available) == ("device.unavailable", kind, kinds)
    assert error.values == {"device": kind, "available": kinds}
    assert all(word in str(error) for word in (repr(kind), *kinds))


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_a_run_on_an_unavailable_device_is_refused(machine, kind):
    machine("cpu")
    with pytest.raises(wb.DeviceError, match=kind):
        wb.Run(wb.LinearConfig(device=kind))


def test_an_unavailable_device_is_not_an_error_of_the_config(machine):
    machine("cpu")
    assert wb.LinearConfig(device="cuda").device == "cuda"


def test_auto_is_the_cpu_without_a_gpu(machine):
    machine("cpu")
    run = wb.Run(wb.LinearConfig(device="auto", epochs=2))
    run.finish()
    tensors = [*run.model.parameters(), run.data.X_train, run.data.y_train, run.data.X_test, run.data.y_test]
    assert {tensor.device for tensor in tensors} == {run.device} == {torch.device("cpu")}


def test_a_gpu_has_its_product_name(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"Maker's {device.type}")
    assert [wb.device_name(torch.device(kind)) for kind in ("cuda", "mps", "cpu")] == ["Maker's cuda", "MPS", "CPU"]


def test_a_device_error_can_be_pickled():
    error = pickle.loads(pickle.dumps(wb.DeviceError("cuda", ("mps", "cpu"))))
    assert (str(error), error.device, error.available) == (
        "there is no device 'cuda' here; this machine has mps, cpu",
        "cuda",
        ("mps", "cpu"),
    )
