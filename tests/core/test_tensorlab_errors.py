"""Errors of PyTorch become true advice with repairs that work."""

import string

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core.test_tensorlab_operations import calls
from tests.core.test_tensorlab_shelf import shelves
from tests.width import cases
from wb_core.tensorlab import OPERATIONS, Call, Shelf, advise, read_call, read_program
from wb_core.tensorlab.advice import FAMILIES

TABLES = "A_ones_2x3*B_ones_2x4*C_ones_3*D_zeros_s"
KINDS = "A_ones_2x3*B_ones_2x3_int64*C_ones_3x2_bool*D_ones_2x3_none_y"
EMPTY = "A_zeros_0x3*B_zeros_2x0"
DEEP = "A_ones_2x3x4*B_ones_3x4x5*C_ones_2x3*D_permute_A_2x0x1"

AGGREGATES = ("sum", "mean", "min", "max", "argmin", "argmax")
WINNERS = ("min", "max", "argmin", "argmax")

# For each advice: the shelf, the refused call, and a text that the sentence must contain.
TAUGHT = {
    "ragged": [
        ("", "tensor_[[1,2],[3]]", "1"),
        ("", "tensor_[[1,2],3]", ""),
        ("", "tensor_[1,[2]]", ""),
        ("", "tensor_[[[1],[2]],[[3],[4,5]]]", ""),
        ("", "tensor_[[[1],[2]],[[3]]]", "1"),
    ],
    "no_gradient": [
        ("", "tensor_2v1v2_none_y", ""),
        ("", "tensor_2v1v2_int64_y", ""),
        ("", "zeros_2_int64_y", ""),
        ("", "ones_2_bool_y", ""),
    ],
    "does_not_fit": [
        ("", "tensor_2v1v300_uint8", "300"),
        ("", f"tensor_1v{2**31}_int32", "2,147,483,647"),
        ("", f"tensor_1v{2**63}", "int64"),
        ("", f"tensor_1v{10**40}", "int64"),
    ],
    "negative": [("", f"{id_}_2x-3", "-3") for id_ in ("rand", "zeros", "ones", "image", "seeds", "randint_0_10")],
    "whole_numbers": [("", f"rand_3_{dtype}", dtype) for dtype in ("int64", "int32", "uint8", "bool")],
    "upside_down": [("", "randint_10_5", "5"), ("", "randint_5_5", "5")],
    "beyond_the_type": [("", "randint_0_300_3_uint8", "299"), ("", "randint_0_10_3_bool", "9")],
    "no_step": [("", "arange_0_10_0", "0"), ("", "arange_0_10_0.0", "0")],
    "no_whole_step": [("", "arange_0_10_0.5_int64", "0.5")],
    "ambiguous": [(EMPTY, "reshape_A_-1x0", "0"), (EMPTY, "view_A_0x-1", "0")],
    "wrong_way": [("", "arange_0_10_-1", "-1"), ("", "arange_10_0", "10")],
    "no_bools": [("", "arange_0_10_1_bool", "bool")],
    "broadcasting": [
        *((TABLES, f"{id_}_A_tensor_B", "(2, 4)") for id_ in ("add", "sub", "mul", "div")),
        (DEEP, "add_A_tensor_C", "(2, 3, 4)"),
        (TABLES, "devices_A_B_back", "(2, 4)"),
    ],
    "two_bools": [
        (KINDS, "sub_C_tensor_C", "True"),
        ("A_ones_2*B_tensor_2vtvf", "sub", "True"),
        (KINDS, "sub_C_number_A_1", "True"),
    ],
    "single_number": [(TABLES, "matmul_A_D", "D"), (TABLES, "matmul_D_A", "D"), (TABLES, "cat_DC", "D")],
    "two_dims_only": [(TABLES, "matmul_A_C_mm", "C"), (DEEP, "matmul_A_B_mm", "3")],
    "inner": [
        (TABLES, "matmul_A_B", "(2, 4)"),
        (TABLES, "matmul_A_A", "(2, 3)"),
        (TABLES, "matmul_B_C", "(3,)"),
        (TABLES, "matmul_C_A", "(3,)"),
        (TABLES, "matmul_A_B_at_b", "(4, 2)"),
        (TABLES, "matmul_A_B_mm_both", "(4, 2)"),
    ],
    "outer": [("A_ones_2x3x4*B_ones_3x4x5", "matmul_A_B", "(3, 4, 5)")],
    "of_a_product": [
        (KINDS, "matmul_A_B_matmul_b", "int64"),
        (KINDS, "matmul_C_C_matmul_b", "True"),
        (KINDS, "matmul_B_C", "bool"),
    ],
    "beyond": [
        *((TABLES, f"{id_}_A_2", "2") for id_ in (*AGGREGATES, "squeeze")),
        (TABLES, "sum_A_-3", "-3"),
        (TABLES, "sum_D_1", "1"),
        (TABLES, "unsqueeze_A_3", "3"),
        (TABLES, "stack_A_2_3", "3"),
        (TABLES, "cat_A_2_2", "2"),
    ],
    "to_aggregate": [
        (KINDS, "mean_B", "int64"),
        (KINDS, "mean_C_0", "bool"),
        (KINDS, "argmin_C", "C"),
        (KINDS, "argmax_C_1", "C"),
    ],
    "empty": [(EMPTY, f"{id_}_A", "(0, 3)") for id_ in WINNERS],
    "count": [
        ("A_arange", "reshape_A_1x9", "1 × 9 = 9"),
        ("A_arange", "view_A_9x1", "9 × 1 = 9"),
        ("A_arange", "reshape_A_-1x3", "3"),
        ("A_arange", "reshape_A_s", "1"),
        (EMPTY, "reshape_A_5", "5"),
        ("A_ones_6", "view_A_0", "0"),
    ],
    "two_unknown": [
        ("A_arange", "reshape_A_-1x-1", "-1"),
        ("A_arange", "view_A_-1x-1x2", "-1"),
        ("A_arange", "reshape_A_-2x5", "0"),
    ],
    "not_in_order": [("A_ones_2x3*B_t_A", "view_B_6", "False"), (DEEP, "view_D_6x4", "False")],
    "unequal": [(TABLES, "stack_AB", "(2, 4)"), (TABLES, "stack_AC", "(3,)"), (TABLES, "stack_CBA", "(2, 4)")],
    "unequal_to_join": [
        (TABLES, "cat_AB", "(2, 4)"),
        (TABLES, "cat_AB_1_-2", "(2, 4)"),
        (TABLES, "cat_AC", "(3,)"),
        (TABLES, "cat_CA", "(2, 3)"),
    ],
    "not_an_order": [
        (TABLES, "permute_A_0x0", "A"),
        (TABLES, "permute_A_2x0x1", "A"),
        (TABLES, "permute_D_0", "D"),
        (TABLES, "permute_A_5", "5"),
    ],
    "too_many": [(TABLES, "index_A_0x0x0", "2"), (TABLES, "index_D_0", "D"), (TABLES, "index_D_to", "D")],
    "outside": [(TABLES, "index_A_0x3", "3"), (TABLES, "index_A_-3", "-3"), (EMPTY, "index_A_0", "A")],
    "backwards": [(TABLES, "index_A_toto-1", "flip"), (TABLES, "index_A_tox2to0to-2", "flip")],
    "no_forward_step": [(TABLES, "index_A_tox0to3to0", "0")],
    "not_to_flip": [(TABLES, "flip_A_2", "2"), (TABLES, "flip_A_0x0", "0"), (TABLES, "flip_A_0x-2", "-2")],
    "two_devices": [(TABLES, "devices_A_A", "A"), (TABLES, "devices_A_C", "C")],
    "elsewhere": [(KINDS, "numpy_A_n_gpu", "CPU"), (KINDS, "numpy_D_y_gpu", "CPU")],
    "needs_gradient": [(KINDS, "numpy_D", "D"), (KINDS, "numpy_D_n_gpu", "D")],
}
ROWS = [(family, *row) for family, rows in TAUGHT.items() for row in rows]


def refusal_of(call, shelf):
    try:
        shelf.run(call)
    except wb.WorkbenchError as error:
        return error
    return None


def check(found, shelf, call):
    """Check that the sentence has all its values, the marks are existing dimensions, and every repair runs."""
    text = found.message.template.format(**found.message.values)
    assert "{" not in text
    assert {field for _, field, _, _ in string.Formatter().parse(found.message.template) if field} <= set(
        found.message.values
    )
    assert len(text) < 400
    for name, dims in found.marks.items():
        assert len(set(dims)) == len(dims)
        assert set(dims) <= set(range(shelf.tensors[name].ndim)), (name, dims)
    codes = [fix.code for fix in found.fixes]
    assert len(set(codes)) == len(codes)
    for fix in found.fixes:
        now = shelf
        for step in fix.steps:
            assert_not_deprecated(step.call, now)
            now = now.after(step)
        if fix.call.args.get("transpose") != call.args.get("transpose"):  # else it's the visitor's own
            assert_not_deprecated(fix.call, now)
        assert now.run(fix.call).result is not None


def assert_not_deprecated(call, shelf):
    """PyTorch warns of `.T` for anything but two dimensions."""
    turned = {"t": ["a"], "matmul": {"none": [], "both": ["a", "b"]}.get(call.args.get("transpose"), ["a", "b"])}
    if call.args.get("transpose") in ("a", "b"):
        turned["matmul"] = [call.args["transpose"]]
    assert all(shelf.tensors[call.args[name]].ndim == 2 for name in turned.get(call.operation.id, []))


def namespace(shelf):
    return {"torch": torch, **{name: tensor.detach().clone() for name, tensor in shelf.tensors.items()}}


@pytest.mark.parametrize(("family", "program", "text", "word"), ROWS, ids=[f"{row[0]}-{row[2]}" for row in ROWS])
def test_each_refusal_has_its_advice(family, program, text, word):
    shelf, call = Shelf(read_program(program)), read_call(text)
    error = refusal_of(call, shelf)
    assert error is not None
    assert error.code == "tensor.refused"
    values = shelf.values(call)
    first = next(found for found in FAMILIES[call.operation.id] if found(call, values) is not None)
    found = advise(error, call, shelf)
    assert first.__name__ == family
    assert word in found.message.template.format(**found.message.values)
    check(found, shelf, call)


def test_all_advice_is_in_the_table():
    assert TAUGHT.keys() == {family.__name__ for families in FAMILIES.values() for family in families}
    assert FAMILIES.keys() <= OPERATIONS.keys()


HAVE_NO_FIX = {"ragged", "outer", "empty"}


@pytest.mark.parametrize("family", sorted(TAUGHT.keys() - HAVE_NO_FIX))
def test_advice_offers_a_repair(family):
    offered = []
    for program, text, _ in TAUGHT[family]:
        shelf, call = Shelf(read_program(program)), read_call(text)
        offered += advise(refusal_of(call, shelf), call, shelf).fixes
    assert offered


def test_the_marks_name_the_dimensions_that_clash():
    shelf = Shelf(read_program(TABLES))
    for text, marks in {
        "add_A_tensor_B": {"A": (1,), "B": (1,)},
        "matmul_A_B": {"A": (1,), "B": (0,)},
        "matmul_A_B_matmul_b": {"A": (1,), "B": (1,)},
        "matmul_A_A": {"A": (0, 1)},
        "stack_AB": {"A": (1,), "B": (1,)},
        "cat_AB_1_0": {"A": (1,), "B": (1,)},
        "cat_AB_1_-2": {"A": (1,), "B": (1,)},
        "index_A_0x7": {"A": (1,)},
    }.items():
        call = read_call(text)
        found = advise(refusal_of(call, shelf), call, shelf)
        assert {name: tuple(sorted(dims)) for name, dims in found.marks.items()} == marks, text


@pytest.mark.parametrize("id_", FAMILIES)
@settings(max_examples=cases(40))
@given(st.data())
def test_all_advice_is_complete_and_its_repairs_work(id_, data):
    shelf = data.draw(shelves(most=5))
    assume(shelf.tensors)
    call = data.draw(calls(OPERATIONS[id_], shelf.tensors))
    error = refusal_of(call, shelf)
    if error is None:
        return
    before = {name: tensor._version for name, tensor in shelf.tensors.items()}
    found = advise(error, call, shelf)
    if found is not None:
        assert error.code == "tensor.refused"
        check(found, shelf, call)
    assert before == {name: tensor._version for name, tensor in shelf.tensors.items()}


@pytest.mark.parametrize("text", ["zeros_1000000x1000000", "zeros_1x1x1x1x1x1x1", "clone_D", "matmul_D_D"])
def test_a_refusal_by_the_lab_has_no_advice(text):
    shelf, call = Shelf(), read_call(text)
    error = refusal_of(call, shelf)
    assert error.code in ("tensor.too_large", "tensor.too_many_dims", "tensor.missing")
    assert advise(error, call, shelf) is None


def test_the_code_of_a_repair_does_what_the_repair_does():
    shelf = Shelf(read_program("A_ones_2x3*B_ones_2x3_int64"))
    call = Call.of(OPERATIONS["matmul"], {"transpose": "b"})
    (fix,) = advise(refusal_of(call, shelf), call, shelf).fixes
    assert fix.code == "B = B.type(torch.float32)\ntorch.matmul(A, B.T)"
    names = namespace(shelf)
    lines = fix.code.splitlines()
    exec("\n".join(lines[:-1]), names)
    assert torch.equal(eval(lines[-1], names), shelf.after(*fix.steps).run(fix.call).result)


def test_the_sentence_on_booleans_applies_only_to_booleans():
    shelf, call = Shelf(()), read_call("arange_0_10_0.5_int64")  # a step that becomes 0 as a whole number
    found = advise(refusal_of(call, shelf), call, shelf)
    assert found is None or "no evenly spaced" not in found.message.template


@pytest.mark.parametrize("text", ["[[[1],[2]],[[3],[4,5]]]", "[[1,2],[3]]", "[[[1]],[[2,3]],[[4]]]"])
def test_ragged_lists_without_bare_numbers_get_the_sentence_on_lengths(text):
    shelf, call = Shelf(()), Call.of(OPERATIONS["tensor"], {"values": text})
    found = advise(refusal_of(call, shelf), call, shelf)
    assert "single number" not in found.message.template


@pytest.mark.parametrize("index", ["toto-1", "toto0"])
def test_a_single_number_has_no_dimension_to_mark_or_to_flip(index):
    shelf, call = Shelf(read_program("A_tensor_2v1v2*B_sum_A")), read_call(f"index_B_{index}")
    found = advise(refusal_of(call, shelf), call, shelf)
    assert not any(found.marks.values())
    assert found.fixes == ()


@pytest.mark.parametrize(
    ("program", "text", "family"),
    [
        ("A_zeros_0x3", "mean_A_n_int64", "empty"),  # it is refused for its type: the mean of nothing is NaN
        ("A_zeros_0x3", "view_A_-1x0", "not_in_order"),  # it is refused for the -1: 0 times anything is 0
        ("A_zeros_0x3_int64", "mean_A_n_int64", "empty"),
    ],
)
def test_an_empty_tensor_is_not_taught_the_wrong_advice(program, text, family):
    shelf, call = Shelf(read_program(program)), read_call(text)
    error, values = refusal_of(call, shelf), shelf.values(call)
    assert error.code == "tensor.refused"
    first = next((found for found in FAMILIES[call.operation.id] if found(call, values) is not None), None)
    assert first is None or first.__name__ != family
