"""What PyTorch refuses becomes a lesson that is true, and repairs that work."""

import string

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core.test_tensorlab_operations import calls
from tests.core.test_tensorlab_shelf import shelves
from wb_core.tensorlab import OPERATIONS, Call, Shelf, lesson, read_program
from wb_core.tensorlab.lessons import FAMILIES
from wb_core.tensorlab.program import read_call

TABLES = "A_ones_2x3*B_ones_2x4*C_ones_3*D_zeros_s"
KINDS = "A_ones_2x3*B_ones_2x3_int64*C_ones_3x2_bool*D_ones_2x3_none_y"
EMPTY = "A_zeros_0x3*B_zeros_2x0"
DEEP = "A_ones_2x3x4*B_ones_3x4x5*C_ones_2x3*D_permute_A_2x0x1"

# For each lesson: what stands on the shelf, the call that is refused, and a word of the sentence.
TAUGHT = {
    "ragged": [
        ("", "tensor_[[1,2],[3]]", "row 1"),
        ("", "tensor_[[1,2],3]", "lists and single numbers"),
        ("", "tensor_[1,[2]]", "lists and single numbers"),
        ("", "tensor_[[[1],[2]],[[3],[4,5]]]", "table"),
        ("", "tensor_[[[1],[2]],[[3]]]", "row 1"),
    ],
    "no_gradient": [
        ("", "tensor_2v1v2_none_y", "whole numbers"),
        ("", "tensor_2v1v2_int64_y", "whole numbers"),
        ("", "zeros_2_int64_y", "whole numbers"),
        ("", "ones_2_bool_y", "whole numbers"),
    ],
    "does_not_fit": [
        ("", "tensor_2v1v300_uint8", "300 does not fit into uint8"),
        ("", "tensor_1v-1_uint8", "-1"),
        ("", f"tensor_1v{2**63}", "int64"),
        ("", f"tensor_1v{10**40}", "41 digits"),
    ],
    "negative": [
        ("", f"{id_}_2x-3", "-3")
        for id_ in ("rand", "zeros", "ones", "image", "seeds", "randint_0_10", "rand_2x-3_int64"[:4])
    ],
    "whole_numbers": [("", "rand_3_int64", "randint"), ("", "rand_3_bool_y", "randint"), ("", "rand_2_uint8", "randint")],
    "upside_down": [("", "randint_10_5", "high is 5"), ("", "randint_5_5", "none to draw")],
    "beyond_the_type": [("", "randint_0_300_3_uint8", "299"), ("", "randint_0_10_3_bool", "9")],
    "no_step": [("", "arange_0_10_0", "never"), ("", "arange_0_10_0.0", "never")],
    "wrong_way": [("", "arange_0_10_-1", "wrong way"), ("", "arange_10_0", "wrong way")],
    "no_bools": [("", "arange_0_10_1_bool", "bool")],
    "broadcasting": [
        *((TABLES, f"{id_}_A_tensor_B", "3 meets 4") for id_ in ("add", "sub", "mul", "div")),
        (DEEP, "add_A_tensor_C", "4 meets 3"),
    ],
    "two_bools": [(KINDS, "sub_C_tensor_C", "True minus False"), (KINDS, "sub_C_number__1".replace("__", "_n_"), "True")],
    "single_number": [
        (TABLES, "matmul_A_D", "D is a single number"),
        (TABLES, "matmul_D_A", "D is a single number"),
        (TABLES, "cat_DC", "D is a single number"),
    ],
    "two_dims_only": [(TABLES, "matmul_A_C_mm", "torch.mm"), (DEEP, "matmul_A_B_mm", "torch.mm")],
    "inner": [
        (TABLES, "matmul_A_B", "inner sizes"),
        (TABLES, "matmul_A_A", "inner sizes"),
        (TABLES, "matmul_B_C", "inner sizes"),
        (TABLES, "matmul_C_A", "inner sizes"),
        (TABLES, "matmul_A_B_at_b", "inner sizes"),
        (TABLES, "matmul_A_B_mm_both", "inner sizes"),
    ],
    "outer": [("A_ones_2x3x4*B_ones_3x4x5", "matmul_A_B", "how many")],
    "of_a_product": [
        (KINDS, "matmul_A_B_matmul_b", "same type"),
        (KINDS, "matmul_C_C_matmul_b", "True and False"),
        (KINDS, "matmul_B_C", "same type"),
    ],
    "beyond": [
        *((TABLES, f"{id_}_A_2", "no dimension 2") for id_ in ("sum", "mean", "min", "max", "argmin", "argmax", "squeeze")),
        (TABLES, "sum_A_-3", "no dimension -3"),
        (TABLES, "sum_D_1", "no dimension 1"),
        (TABLES, "unsqueeze_A_3", "no dimension 3"),
        (TABLES, "stack_A_2_3", "no dimension 3"),
        (TABLES, "cat_A_2_2", "no dimension 2"),
    ],
    "to_aggregate": [
        (KINDS, "mean_B", "whole numbers"),
        (KINDS, "mean_C_0", "bool"),
        (KINDS, "argmin_C", "True and False"),
        (KINDS, "argmax_C_1", "True and False"),
    ],
    "empty": [(EMPTY, f"{id_}_A", "no winner") for id_ in ("min", "max", "argmin", "argmax")],
    "count": [
        ("A_arange", "reshape_A_1x9", "1 × 9 = 9"),
        ("A_arange", "view_A_9x1", "9 × 1 = 9"),
        ("A_arange", "reshape_A_-1x3", "3"),
        ("A_arange", "reshape_A_s", "1"),
        (EMPTY, "reshape_A_5", "5"),
        ("A_ones_6", "view_A_0", "0"),
    ],
    "two_unknown": [
        ("A_arange", "reshape_A_-1x-1", "one of them"),
        ("A_arange", "view_A_-1x-1x2", "one of them"),
        ("A_arange", "reshape_A_-2x5", "from 0 up"),
    ],
    "not_in_order": [("A_ones_2x3*B_t_A", "view_B_6", "is_contiguous is False"), (DEEP, "view_D_6x4", "reshape")],
    "unequal": [(TABLES, "stack_AB", "B is (2, 4)"), (TABLES, "stack_AC", "C is (3,)"), (TABLES, "stack_CBA", "B is")],
    "unequal_to_join": [
        (TABLES, "cat_AB", "dimension 0"),
        (TABLES, "cat_AB_1_-2", "dimension -2"),
        (TABLES, "cat_AC", "C is (3,)"),
        (TABLES, "cat_CA", "A is (2, 3)"),
    ],
    "not_an_order": [
        (TABLES, "permute_A_0x0", "exactly once"),
        (TABLES, "permute_A_2x0x1", "exactly once"),
        (TABLES, "permute_D_0", "exactly once"),
        (TABLES, "permute_A_5", "exactly once"),
    ],
    "too_many": [(TABLES, "index_A_0x0x0", "2 parts"), (TABLES, "index_D_0", "0 parts"), (TABLES, "index_D_to", "0 parts")],
    "outside": [(TABLES, "index_A_0x3", "There is no 3"), (TABLES, "index_A_-3", "-3"), (EMPTY, "index_A_0", "0 places")],
    "backwards": [(TABLES, "index_A_toto-1", "backwards"), (TABLES, "index_A_tox0to3to0", "1 or more")],
    "elsewhere": [(KINDS, "numpy_A_n_gpu", "CPU"), (KINDS, "numpy_D_y_gpu", "CPU")],
    "needs_gradient": [(KINDS, "numpy_D", "D keeps track"), (KINDS, "numpy_D_n_gpu", "D keeps track")],
}  # fmt: skip
ROWS = [(family, *row) for family, rows in TAUGHT.items() for row in rows]


def refusal_of(call, shelf):
    try:
        shelf.run(call)
    except wb.WorkbenchError as error:
        return error
    return None


def check(found, shelf):
    """The sentence has all its values, the marks are dimensions that there are, and every repair runs."""
    text = found.said.says.format(**found.said.values)
    assert "{" not in text
    assert {field for _, field, _, _ in string.Formatter().parse(found.said.says) if field} <= set(found.said.values)
    assert len(text) < 400
    for name, dims in found.marks.items():
        assert len(set(dims)) == len(dims)
        assert set(dims) <= set(range(shelf.tensors[name].ndim)), (name, dims)
    codes = [fix.code for fix in found.fixes]
    assert len(set(codes)) == len(codes)
    for fix in found.fixes:
        assert (shelf.after(*fix.steps) if fix.steps else shelf).run(fix.call).result is not None


def namespace(shelf):
    return {"torch": torch, **{name: tensor.detach().clone() for name, tensor in shelf.tensors.items()}}


@pytest.mark.parametrize(("family", "program", "text", "word"), ROWS, ids=[f"{row[0]}-{row[2]}" for row in ROWS])
def test_a_refusal_teaches_its_lesson(family, program, text, word):
    shelf, call = Shelf(read_program(program)), read_call(text)
    error = refusal_of(call, shelf)
    assert error is not None
    assert error.code == "tensor.refused"
    values = shelf.values(call)
    first = next(found for found in FAMILIES[call.operation.id] if found(call, values) is not None)
    found = lesson(error, call, shelf)
    assert first.__name__ == family
    assert word in found.said.says.format(**found.said.values)
    check(found, shelf)


def test_every_lesson_is_in_the_table():
    assert TAUGHT.keys() == {family.__name__ for families in FAMILIES.values() for family in families}
    assert FAMILIES.keys() <= OPERATIONS.keys()


HAVE_NO_FIX = {"ragged", "outer", "empty"}


@pytest.mark.parametrize("family", sorted(TAUGHT.keys() - HAVE_NO_FIX))
def test_a_lesson_offers_a_repair(family):
    offered = []
    for program, text, _ in TAUGHT[family]:
        shelf, call = Shelf(read_program(program)), read_call(text)
        offered += lesson(refusal_of(call, shelf), call, shelf).fixes
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
        found = lesson(refusal_of(call, shelf), call, shelf)
        assert {name: tuple(sorted(dims)) for name, dims in found.marks.items()} == marks, text


@pytest.mark.parametrize("id_", FAMILIES)
@settings(max_examples=40)
@given(st.data())
def test_whatever_is_refused_the_lesson_is_whole_and_its_repairs_work(id_, data):
    shelf = data.draw(shelves(most=5))
    assume(shelf.tensors)
    call = data.draw(calls(OPERATIONS[id_], shelf.tensors))
    error = refusal_of(call, shelf)
    if error is None:
        return
    before = {name: tensor._version for name, tensor in shelf.tensors.items()}
    found = lesson(error, call, shelf)
    if found is not None:
        assert error.code == "tensor.refused"
        check(found, shelf)
    assert before == {name: tensor._version for name, tensor in shelf.tensors.items()}


@pytest.mark.parametrize("text", ["zeros_1000000x1000000", "zeros_1x1x1x1x1x1x1", "clone_D", "matmul_D_D"])
def test_what_is_not_pytorchs_own_refusal_has_no_lesson(text):
    shelf, call = Shelf(), read_call(text)
    error = refusal_of(call, shelf)
    assert error.code in ("tensor.too_large", "tensor.too_many_dims", "tensor.missing")
    assert lesson(error, call, shelf) is None


def test_a_repair_says_in_code_what_it_does():
    shelf = Shelf(read_program("A_ones_2x3*B_ones_2x3_int64"))
    call = Call.of(OPERATIONS["matmul"], {"transpose": "b"})
    (fix,) = lesson(refusal_of(call, shelf), call, shelf).fixes
    assert fix.code == "B = B.type(torch.float32)\ntorch.matmul(A, B.T)"
    names = namespace(shelf)
    lines = fix.code.splitlines()
    exec("\n".join(lines[:-1]), names)
    assert torch.equal(eval(lines[-1], names), shelf.after(*fix.steps).run(fix.call).result)


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8"])
def test_a_sentence_about_true_and_false_is_about_true_and_false(dtype):
    shelf, call = Shelf(()), read_call(f"arange_0_10_0.5_{dtype}")
    error = refusal_of(call, shelf)
    assert error.code == "tensor.refused"
    found = lesson(error, call, shelf)
    assert found is None or "no numbers that grow" not in found.said.says
