"""A tensor as the board draws it: every number in its cell, or an image of a large tensor."""

import base64
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.tensors import panels
from pages.ui.tensors.board import CellEdit, parse_edit
from pages.ui.tensors.panels import Scale, panel, scale_of, text


def draw(tensor, **options):
    return panel("A", tensor, title="A", role="source", **options)


def pixels(part, channels=1):
    data = np.frombuffer(base64.b64decode(part["pixels"]), dtype=np.uint8)
    return data.reshape(part["rows"], part["columns"], channels).squeeze()


@given(st.lists(st.integers(1, 5), max_size=4))
def test_every_cell_has_its_number(shape):
    tensor = torch.arange(math.prod(shape)).reshape(shape)
    drawn = draw(tensor)
    if drawn["kind"] != "cells":
        assert math.prod(shape[:-2]) > panels.MAX_SLICES or tensor.numel() > panels.MAX_CELLS
        return
    cells = {}
    for table in drawn["slices"]:
        assert len(table["texts"]) == len(table["shades"]) == table["rows"] * table["columns"]
        cells |= {table["first"] + i: number for i, number in enumerate(table["texts"])}
        leading = tuple(int(i) for i in table["label"].strip("[]").split(", ") if i)
        assert table["first"] == (int(tensor[leading].reshape(-1)[0]) if leading else 0)
    assert cells == {i: str(i) for i in range(tensor.numel())}
    assert drawn["facts"] == (f"{tuple(shape)} int64" if shape else "() one number int64")


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1.0, 4, "1.0"), (0.33666, 4, "0.3367"), (0.33666992, 8, "0.33666992"), (12.5, 4, "12.5"), (True, 4, "True"),
        (7, 4, "7"),
        (-0.0, 4, "-0.0"),
        (0.99999, 4, "0.99999"), (2.99996, 4, "2.99996"), (1234567.0, 4, "1.23e+6"), (0.00001, 4, "1.00e-5"),
        (float("nan"), 4, "nan"), (float("-inf"), 4, "-inf"), (2**62, 4, str(2**62)),
    ],
)  # fmt: skip
def test_numbers_are_short_and_show_their_type(value, digits, expected):
    assert text(value, digits) == expected


def test_colours_span_the_finite_numbers():
    drawn = draw(torch.tensor([1.0, float("nan"), 3.0, float("inf"), 2.0]))
    assert drawn["slices"][0]["shades"] == [0, -1, 255, -1, 128]
    assert draw(torch.tensor([7, 7]))["slices"][0]["shades"] == [128, 128]
    assert draw(torch.tensor([False, True]))["slices"][0]["shades"] == [0, 255]
    assert draw(torch.tensor([5.0]), scale=Scale(0, 10))["slices"][0]["shades"] == [128]
    assert scale_of(torch.tensor([float("nan")])) == Scale(0.0, 0.0)
    assert scale_of(torch.tensor([1, 5]), torch.tensor([-2.5])) == Scale(-2.5, 5.0)


def test_a_large_tensor_is_a_heat_map_of_its_numbers():
    tensor = torch.arange(200 * 300).reshape(200, 300)
    drawn = draw(tensor)
    assert drawn["kind"] == "heat"
    assert "from 0 to 59999, 29999.5 on average" in drawn["said"]
    part = drawn["slices"][0]
    every_row, every_column = 200 / part["rows"], 300 / part["columns"]
    assert part["rows"] <= 112
    assert part["columns"] <= 112
    expected = (tensor[:: round(every_row), :: round(every_column)] / 59999 * 255).round()
    assert np.array_equal(pixels(part), expected.numpy())


@pytest.mark.parametrize("shape", [(3, 40, 60), (40, 60, 3)])
def test_three_channels_between_0_and_1_are_an_image(shape):
    image = torch.rand(shape, generator=torch.Generator().manual_seed(1))
    drawn = draw(image)
    assert drawn["kind"] == "picture"
    colours = image if shape[2] == 3 else image.permute(1, 2, 0)
    assert np.array_equal(pixels(drawn["slices"][0], 3), (colours * 255).round().numpy())
    assert draw(image * 2)["kind"] == "heat"
    assert draw((image * 255).to(torch.int64))["kind"] == "heat"


def test_an_empty_tensor_says_that_it_is_empty():
    assert draw(torch.ones(0, 3))["kind"] == "empty"
    assert draw(torch.ones(3, 0))["slices"] == []


def test_the_storage_of_a_view_is_one_row():
    table = torch.arange(6).reshape(2, 3)
    row = panels.memory_panel(table.T[1:])
    assert row["slices"][0]["texts"] == ["0", "1", "2", "3", "4", "5"]
    assert "(1, 3)" in panels.strides(table.T)
    assert panels.memory_panel(torch.ones(65)) is None


def test_a_tensor_that_requires_grad_is_drawn():
    tensor = torch.ones(2, requires_grad=True) * 2
    assert draw(tensor)["slices"][0]["texts"] == ["2.0", "2.0"]


@pytest.mark.parametrize(
    "value",
    [
        None, 5, "edit", [], {}, {"panel": "A", "cell": -1, "text": "1"},
        {"panel": "A", "cell": True, "text": "1"}, {"panel": "A", "cell": 1.5, "text": "1"},
        {"panel": ["A"], "cell": 0, "text": "1"}, {"panel": "A", "cell": 0, "text": 1}, {"panel": "A", "cell": 0},
    ],
)  # fmt: skip
def test_invalid_messages_of_a_browser_are_ignored(value):
    assert parse_edit(value) is None


def test_a_typed_text_is_truncated():
    assert parse_edit({"panel": "A", "cell": 3, "text": "9" * 1000, "moment": 7}) == CellEdit("A", 3, "9" * 60, 7.0)
