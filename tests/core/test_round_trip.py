"""The lines on devices: each result is what torch gives for the displayed line."""

import pytest
import torch

import wb_core as wb
from wb_core.hardware import round_trip

NO_NUMPY = "TypeError: can't convert {} device type tensor to numpy"


def by_hand(code, **names):
    """What Python's prompt would show after this line."""
    try:
        value = eval(code.rpartition(" = ")[2], {"torch": torch, **names})
    except (RuntimeError, TypeError, AssertionError) as error:
        return f"{type(error).__name__}: {error}", True
    return repr(value), False


def answers(told):
    return [(answer.text, answer.failed) for answer in told]


@pytest.mark.parametrize(("cuda", "best"), [(False, "'cpu'"), (True, "'cuda'")])
def test_the_usual_line_names_the_available_device(monkeypatch, cuda, best):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    usual, _ = wb.device_lines()
    assert usual == wb.EvaluatedLine('device = "cuda" if torch.cuda.is_available() else "cpu"', best)


@pytest.mark.parametrize(
    ("found", "said"), [(None, "'cpu'"), (torch.device("mps"), "device(type='mps')")], ids=["none", "Apple"]
)
def test_the_newer_line_also_names_gpus_of_other_makers(monkeypatch, found, said):
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda check_available: found)
    assert wb.device_lines()[1].text == said


def test_on_the_cpu_every_line_works():
    told = wb.device_round_trip("cpu")
    assert [answer.code for answer in told] == [round_trip.MAKE, *round_trip.WAY]
    tensor = torch.tensor([1, 2, 3])
    expected = [by_hand(answer.code, tensor=tensor, there=tensor, back=tensor, device="cpu") for answer in told]
    assert answers(told) == expected
    assert not any(failed for _, failed in expected)


def test_on_another_device_numpy_fails_and_a_failed_move_is_the_last_line():
    *before, numpy, back = wb.device_round_trip("meta")
    tensor = torch.tensor([1, 2, 3])
    there = tensor.to("meta")
    assert answers([*before, numpy, back]) == [
        by_hand(answer.code, tensor=tensor, there=there, device="meta") for answer in [*before, numpy, back]
    ]
    assert numpy.code == "there.numpy()"
    assert numpy.text.startswith(NO_NUMPY.format("meta"))
    assert back.code == "back = there.cpu()"  # meta has no numbers to bring back
    assert [answer.failed for answer in (*before, numpy, back)] == [False] * len(before) + [True, True]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_the_move_fails_with_its_exception():
    told = wb.device_round_trip("cuda")
    assert told[-1].code == "there = tensor.to(device)"
    assert told[-1].failed


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_with_a_gpu_only_numpy_fails():
    told = wb.device_round_trip("cuda")
    assert [answer.code for answer in told if answer.failed] == ["there.numpy()"]
    assert told[3].text.startswith(NO_NUMPY.format("cuda:0"))
    assert told[-1].text == "array([1, 2, 3])"


def test_the_stand_in_raises_the_exception_of_a_gpu_with_its_own_name():
    stand_in, to_cuda = wb.without_gpu()
    tensor = torch.tensor([1, 2, 3])
    assert (stand_in.text, stand_in.failed) == by_hand(stand_in.code, tensor=tensor)
    assert stand_in.text.startswith(NO_NUMPY.format("meta"))
    assert (to_cuda.text, to_cuda.failed) == by_hand('tensor.to("cuda")', tensor=tensor)


def test_an_error_that_is_not_about_devices_is_not_swallowed():
    with pytest.raises(NameError):
        round_trip._evaluate("nothing.numpy()", {})
