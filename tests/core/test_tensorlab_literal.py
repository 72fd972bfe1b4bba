"""Typed text is read as data: numbers or one clear error, quickly, for any text."""

import ast
import builtins
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core.test_tensorlab_operations import full, lists
from tests.timing import at_most
from tests.width import cases
from wb_core.tensorlab.dtypes import DTYPES
from wb_core.tensorlab.index import Index
from wb_core.tensorlab.lists import Sizes, Values
from wb_core.tensorlab.literal import (
    MAX_LETTERS,
    flat,
    nested,
    read_list,
    read_number,
    read_printed,
    shape_of,
    write_list,
)
from wb_core.tensorlab.params import Scalar, Whole

GOOD = {
    "[[1, 2], [3, 4]]": ((1, 2), (3, 4)),
    "7": 7,
    " -7.5 ": -7.5,
    "([3,4,5])": (3, 4, 5),
    "(1)": 1,
    "1, 2": (1, 2),
    "[1,\n 2]": (1, 2),
    "[True, False]": (True, False),
    "[[1, 2], [3]]": ((1, 2), (3,)),
    "[]": (),
    "[[], []]": ((), ()),
    "()": (),
    "1e5": 100000.0,
    "[1,]": (1,),
    "9" * 40: int("9" * 40),
    "[[[[[[1]]]]]]": ((((((1,),),),),),),
    "tensor([[1., 2.],\n        [3., 4.]])": ((1.0, 2.0), (3.0, 4.0)),
    "tensor([1, 2], device='cuda:0')": (1, 2),
    "tensor([0.5, 2.0], grad_fn=<AddBackward0>)": (0.5, 2.0),
    "tensor(3., dtype=torch.float64, requires_grad=True)": 3.0,
    "torch.tensor([True, False])": (True, False),
    "Parameter containing:\ntensor([[0.5]], requires_grad=True)": ((0.5,),),
    "array([1, 2], dtype=int32)": (1, 2),
    "np.array([[1, 2], [3, 4]])": ((1, 2), (3, 4)),
    "[1 2]": (1, 2),
    "[[1 2]\n [3 4]]": ((1, 2), (3, 4)),
    "[[ 1.5 -2. ]\n [1e-3 2e5]]": ((1.5, -2.0), (0.001, 200000.0)),
    "[[ True False]]": ((True, False),),
    "1\n2\n3": (1, 2, 3),
    "1\t2\r\n3\t4\r\n": ((1, 2), (3, 4)),
    "1\t2.5": (1, 2.5),
    "［［１、２］，［３，－４．５］］": ((1, 2), (3, -4.5)),
    "[1, 20, 300]": (1, 20, 300),
}
BAD = {
    "": "list.brackets",
    " ": "list.brackets",
    "[": "list.brackets",
    "]": "list.brackets",
    "[1, 2": "list.brackets",
    "[1, 2]]": "list.brackets",
    "[1,000, 2]": "list.thousands",
    "10,050": "list.thousands",
    "1,5\t2,5\n3,5\t4,5": "list.cells",
    "1,234.5\t2\n3\t4": "list.cells",
    "[0 1 2 ... 7 8 9]": "list.left_out",
    "tensor([0, 1,  ..., 8, 9])": "list.left_out",
    "tensor([1, 2]": "list.words",
    "tensor(" + "1, dtype=" * 400: "list.words",
    "[1,,2]": "list.brackets",
    "[,1]": "list.brackets",
    "007": "list.brackets",
    "1+2": "list.brackets",
    "1(2)": "list.brackets",
    "[1][0]": "list.brackets",
    "1 -": "list.brackets",
    "-True": "list.brackets",
    "1True": "list.brackets",
    "eee": "list.brackets",
    "..": "list.brackets",
    "...": "list.brackets",
    "١": "list.brackets",
    "[1,\x1c2]": "list.brackets",
    "-" * 3999 + "1": "list.brackets",
    "1," * 1999 + "]": "list.brackets",
    "1e999": "list.too_large",
    "[1, -1e999]": "list.too_large",
    "nan": "list.not_finite",
    "[1, NaN]": "list.not_finite",
    "-inf": "list.not_finite",
    "[Infinity]": "list.not_finite",
    "1+2j": "list.words",
    "None": "list.words",
    "x": "list.words",
    "[x for x in y]": "list.words",
    "__import__('os').system('true')": "list.words",
    "{1, 2}": "list.words",
    "'1'": "list.words",
    "1_000": "list.words",
    "0x10": "list.words",
    "9**9": "list.words",
    "\0": "list.words",
    "“1”": "list.words",
    "[" * 3999: "list.too_deep",
    "[" * 8 + "1" + "]" * 8: "list.too_deep",
    "[" * 10_000: "list.too_long",
    "9" * 5000: "list.too_long",
    "1 " * MAX_LETTERS: "list.too_long",
    "x" * 10**7: "list.too_long",
}


def quickly(function, *args):
    """The result of the function, or its `ConfigError`; it must be quick."""
    with at_most(0.5):
        try:
            return function(*args)
        except wb.ConfigError as error:
            return error


@pytest.mark.parametrize("text", GOOD, ids=lambda text: text[:20])
def test_a_list_is_read(text):
    found = read_list(text)
    assert (found, repr(found)) == (GOOD[text], repr(GOOD[text]))


@pytest.mark.parametrize("text", BAD, ids=lambda text: f"{text[:20]!r}-{len(text)}")
def test_other_texts_are_refused_with_a_code(text):
    error = quickly(read_list, text, "numbers")
    assert isinstance(error, wb.ConfigError)
    assert (error.code, error.field, error.given) == (BAD[text], "numbers", text[:60])


@pytest.mark.parametrize("dtype", [*DTYPES.values(), torch.bfloat16], ids=str)
@pytest.mark.parametrize("shape", [(), (3,), (2, 2)], ids=str)
def test_what_pytorch_prints_gives_its_numbers_and_its_dtype(dtype, shape):
    tensor = torch.full(shape, 1).to(dtype)
    printed = read_printed(f"{tensor!r}")
    again = torch.tensor(read_list(f"{tensor!r}"), dtype=DTYPES.get(printed.dtype))
    assert printed.dtype == "bfloat16" if dtype is torch.bfloat16 else again.dtype is dtype
    assert torch.equal(again.to(dtype), tensor)


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "bool"])
def test_what_numpy_prints_gives_its_dtype(dtype):
    assert read_printed(repr(np.ones((2, 2), dtype))).dtype == (dtype if dtype != "bool" else "none")


def test_arguments_of_a_printed_tensor_are_kept_as_written():
    text = "tensor([1., 2.], device='cuda:0', dtype=torch.float64, grad_fn=<SumBackward1>, requires_grad=True)"
    printed = read_printed(text)
    assert printed.arguments == {
        "device": "'cuda:0'",
        "dtype": "torch.float64",
        "grad_fn": "<SumBackward1>",
        "requires_grad": "True",
    }
    assert (printed.dtype, printed.requires_grad) == ("float64", True)
    assert read_printed("tensor([], size=(0, 3))").arguments == {"size": "(0, 3)"}
    assert read_printed("torch.tensor([1], dtype=torch.long)").dtype == "int64"
    assert read_printed("[1, 2]") is None


@given(lists())
def test_a_written_list_is_read_back(value):
    text = write_list(value)
    found = quickly(read_list, text)
    if len(text) > MAX_LETTERS:
        assert found.code == "list.too_long"
        return
    assert repr(found) == repr(value)
    assert repr(found) == repr(ast.literal_eval(text)).replace("[", "(").replace("]", ")") or "(" in repr(found)


LETTERS = "0123456789.,eE+-[]() TrueFalsenaif"
HOSTILE = st.one_of(
    st.text(st.sampled_from(LETTERS), max_size=40),
    st.text(max_size=40),
    st.lists(st.sampled_from([*"[](),1-e. \n\t", "1e5", "True"])).map("".join),
    st.builds(str.__mul__, st.sampled_from([*"[(-+ \ne", "1,", "[1],", "1e", "True", ". "]), st.integers(1, 4100)),
)


@settings(max_examples=cases(400))
@given(HOSTILE)
def test_any_text_gives_numbers_or_an_error_and_is_never_evaluated(text):
    found = quickly(read_list, text)
    if not isinstance(found, wb.ConfigError):
        assert all(type(number) in (int, float, bool) and math.isfinite(number) for number in flat(found))
        return
    assert found.code.startswith("list.")
    assert str(found)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "print(1)", "exec('1')", "eval('1')", "open('x')", "(e)", "True()"]
)
def test_parsing_calls_no_code(text, monkeypatch):
    for name in ("eval", "exec", "print", "open"):
        monkeypatch.setattr(builtins, name, lambda *_, **__: pytest.fail("it was called"))
    assert isinstance(quickly(read_list, text), wb.ConfigError)


@pytest.mark.parametrize("text", ["[1]", "1, 2", "()", "[]"])
def test_a_single_number_is_not_a_list(text):
    with pytest.raises(wb.ConfigError) as refusal:
        read_number(text, "end")
    assert (refusal.value.code, refusal.value.field) == ("list.number", "end")
    assert read_number("(1)") == 1


@given(full(st.integers(-9, 9)))
def test_a_full_table_has_a_shape_from_which_it_is_built_again(value):
    shape = shape_of(value)
    assert len(flat(value)) == math.prod(shape)
    if math.prod(shape):
        assert nested(flat(value), shape) == value


@pytest.mark.parametrize(
    ("value", "shape"),
    [(1, ()), ((), (0,)), (((), ()), (2, 0)), (((1,), 2), None), (((1, 2), (3,)), None), ((((1,),), ((1, 2),)), None)],
)
def test_only_a_ragged_list_has_no_shape(value, shape):
    assert shape_of(value) == shape


# Other texts that are typed.

PARAMS = {
    "values": Values(label="", help=""),
    "scalar": Scalar(label="", help="", default=0),
    "sizes": Sizes(label="", help=""),
    "index": Index(label="", help=""),
    "whole": Whole(label="", help="", default=0, low=-7, high=6, optional=True),
}
TYPED = st.one_of(
    HOSTILE,
    st.text(st.sampled_from("0123456789 ,:x×-+()\n"), max_size=30),
    st.builds(str.__mul__, st.sampled_from([*" :-9(\n", "1 ", "1,", "1x", " :"]), st.integers(1, 3000)),
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("sizes", "２， ３", (2, 3)), ("index", "０：２", ((0, 2, None),)), ("whole", "－３", -3)],
)
def test_full_width_digits_and_marks_are_those_of_ascii(kind, text, value):
    assert PARAMS[kind].check("field", text) == value


@pytest.mark.parametrize("kind", PARAMS)
@settings(max_examples=cases(150))
@given(st.one_of(TYPED, st.none(), st.booleans(), st.floats(), st.integers(), st.lists(st.integers() | st.none())))
def test_any_input_gives_a_value_or_an_error(kind, given_):
    param = PARAMS[kind]
    found = quickly(param.check, "field", given_)
    if isinstance(found, wb.ConfigError):
        assert found.field == "field"
        return
    hash(found)  # all the way down
    assert repr(param.check("field", found)) == repr(found)


@pytest.mark.parametrize("kind", PARAMS)
@pytest.mark.parametrize(
    "text",
    [
        (" " * 100 + ":") * 2 + " " * 100 + "z",
        (" " * 50 + ":") * 2 + " " * 50 + "z",
        "1" + " " * 3000 + "z",
        " " * 3000 + "1z",
        "1" * 15 + " " * 3000 + ":" + "z",
        "," * 6000,
        "(" * 6000,
    ],
    ids=lambda text: f"{text.strip()[:1]}-{len(text)}",
)
def test_a_long_text_is_refused_quickly(kind, text):
    assert isinstance(quickly(PARAMS[kind].check, "field", text), wb.ConfigError)


@pytest.mark.parametrize("text", ["..., 0", "x > 0", "[0, 2]", "...", "x >= 1", "x == 2", "~x", "[[0, 2]]"])
def test_other_ways_to_index_are_named(text):
    """The page says what PyTorch takes besides numbers and ranges, and what to write instead of `...`."""
    with pytest.raises(wb.ConfigError) as caught:
        Index(label="", help="").check("index", (text,))
    assert caught.value.code == "lab.other_index"
