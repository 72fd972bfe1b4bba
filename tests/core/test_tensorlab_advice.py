"""What the tensor lab advises is run as plain PyTorch, and gives what was meant."""

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.test_tensorlab_errors import check, refusal_of
from tests.width import cases
from wb_core.tensorlab import OPERATIONS, Call, Shelf, advise, read_call, read_program, warning


def run(code, names):
    """The value of the last line of plain PyTorch code."""
    names, lines = {"torch": torch, **names}, code.splitlines()
    exec("\n".join(lines[:-1]), names)
    return eval(lines[-1], names)


def advised(text, found_by=advise, **tensors):
    """The codes of the repairs of a call on these tensors, and the result of each in plain PyTorch."""
    shelf, call = Shelf(()), read_call(text)
    shelf.tensors.update(tensors)
    found = found_by(refusal_of(call, shelf), call, shelf) if found_by is advise else found_by(shelf.run(call), shelf)
    return {} if found is None else {fix.code: run(fix.code, tensors) for fix in found.fixes}


END = st.none() | st.integers(-6, 6)


def test_a_list_turned_around_is_torch_flip():
    (code, result), *others = advised("index_A_toto-1", A=torch.arange(5)).items()
    assert (code, result.tolist(), others) == ("torch.flip(A, dims=(0,))", [4, 3, 2, 1, 0], [])


@settings(max_examples=cases(100))
@given(st.data(), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_ranges_that_go_backwards_pick_what_they_pick_in_numpy(data, shape):
    a = torch.arange(math.prod(shape)).reshape(shape)
    index = tuple(
        data.draw(
            st.integers(-size, size - 1)
            | st.tuples(END, END, st.sampled_from([-3, -2, -1, 1, 2, None]))
            | st.tuples(st.none(), st.none(), st.sampled_from([-1, None]))
        )
        for size in shape
    )
    assume(any(isinstance(part, tuple) and (part[2] or 1) < 0 for part in index))
    parts = tuple(part if isinstance(part, int) else slice(*part) for part in index)
    call = Call.of(OPERATIONS["index"], {"index": index})
    [result] = advised(call.text, A=a).values()
    assert result.tolist() == a.numpy()[parts].tolist()


def test_a_vector_for_each_table_becomes_a_column():
    tables, vectors = torch.rand(4, 3, 5), torch.rand(4, 5)
    [(code, result)] = advised("matmul_A_B", A=tables, B=vectors).items()
    assert code == "B = B.unsqueeze(dim=-1)\ntorch.matmul(A, B)"
    meant = [table @ vector for table, vector in zip(tables, vectors, strict=True)]
    torch.testing.assert_close(result.squeeze(dim=-1), torch.stack(meant))


def test_a_row_for_each_table_that_meets_all_tables_gets_a_warning():
    """PyTorch runs it: (4, 5) with (4, 5, 3) gives (4, 4, 3)."""
    rows, tables = torch.rand(4, 5), torch.rand(4, 5, 3)
    [(code, result)] = advised("matmul_A_B", warning, A=rows, B=tables).items()
    assert code == "A = A.unsqueeze(dim=-2)\ntorch.matmul(A, B)"
    meant = [row @ table for row, table in zip(rows, tables, strict=True)]
    torch.testing.assert_close(result.squeeze(dim=-2), torch.stack(meant))
    [result] = advised("matmul_A_B", A=torch.stack([rows] * 2), B=torch.stack([tables] * 2)).values()  # this is refused
    torch.testing.assert_close(result.squeeze(dim=-2), torch.stack([torch.stack(meant)] * 2))
    assert advised("matmul_A_B", warning, A=torch.rand(2, 5), B=tables) == {}


def test_tables_of_two_batches_are_turned_within_their_batch():
    a, b = torch.rand(4, 3, 5), torch.rand(4, 2, 5)
    [(code, result)] = advised("matmul_A_B", A=a, B=b).items()
    assert ".T" not in code
    torch.testing.assert_close(result, torch.stack([one @ other.T for one, other in zip(a, b, strict=True)]))


def test_one_table_for_all_batches_is_turned():
    a, b = torch.rand(4, 3, 5), torch.rand(2, 5)
    [(code, result)] = advised("matmul_A_B", A=a, B=b).items()
    assert code == "torch.matmul(A, B.T)"
    torch.testing.assert_close(result, torch.stack([one @ b.T for one in a]))


def test_a_table_with_a_row_for_each_batch_is_never_turned():
    """(3, 4) is turned into (4, 3), which fits, and gives every batch the rows of all batches."""
    assert not [code for code in advised("matmul_A_B", A=torch.rand(3, 2, 4), B=torch.rand(3, 4)) if ".T" in code]
    assert not [code for code in advised("matmul_A_B", A=torch.rand(5, 3), B=torch.rand(3, 5, 2)) if ".T" in code]


@settings(max_examples=cases(60))
@given(*[st.lists(st.integers(1, 4), min_size=1, max_size=3)] * 2)
def test_a_new_dimension_for_broadcasting_never_makes_every_pair(one, other):
    a, b = torch.rand(one), torch.rand(other)
    try:
        torch.broadcast_shapes(one, other)
    except RuntimeError:
        for result in advised("add", A=a, B=b).values():
            assert result.shape in (a.shape, b.shape)


@pytest.mark.parametrize("id_", ["add", "sub", "mul", "div"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_row_and_a_column_are_brought_to_pairs(id_, turned):
    row, column = torch.rand(3) + 1, torch.rand(3, 1) + 1
    a, b = (column, row) if turned else (row, column)
    operator = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}[id_]
    meant = operator(a.reshape(-1), b.reshape(-1))
    results = advised(id_, warning, A=a, B=b).values()
    assert [result.reshape(-1).tolist() for result in results] == [meant.tolist()] * 2
    assert {tuple(result.shape) for result in results} == {(3,), (3, 1)}


def test_the_warning_names_the_error_that_pytorch_computes_and_the_one_of_pairs():
    shelf = Shelf(read_program("A_tensor_3v1.0v2.0v4.0*B_tensor_3x1v1.0v2.0v5.0"))
    call = read_call("sub")
    found = warning(shelf.run(call), shelf)
    a, b = shelf.tensors["A"], shelf.tensors["B"]
    with pytest.warns(UserWarning, match="broadcasting"):
        made = torch.nn.functional.mse_loss(b, a).item()
    meant = torch.nn.functional.mse_loss(b.squeeze(dim=1), a).item()
    assert found.message.values["made"] == f"{made:.4g}"
    assert found.message.values["meant"] == f"{meant:.4g}"
    assert (found.message.values["count"], found.message.values["square"]) == ("3", "9")
    check(found, shelf, call)


@pytest.mark.parametrize(
    ("a", "b"), [((3, 1), (3, 1)), ((3,), (3,)), ((1,), (1, 1)), ((3, 1), (4,)), ((3, 3), (3,)), ((3, 1), ())]
)
def test_other_shapes_get_no_warning(a, b):
    assert advised("sub", warning, A=torch.rand(a), B=torch.rand(b)) == {}


@pytest.mark.parametrize("id_", ["reshape", "view"])
@pytest.mark.parametrize(
    ("shape", "sizes", "source"),
    [
        ((48, 64, 3), "3x48x64", -1),
        ((3, 48, 64), "48x64x3", 0),
        ((48, 64, 3), "3x-1x64", -1),
        ((2, 5, 7, 3), "2x3x5x7", -1),
        ((2, 4, 5, 7), "2x5x7x4", 1),
    ],
)
def test_the_colors_of_a_picture_are_moved_by_permute(id_, shape, sizes, source):
    picture = torch.rand(shape)
    [(code, result)] = advised(f"{id_}_A_{sizes}", warning, A=picture).items()
    assert code.startswith("torch.permute(A, (")
    assert torch.equal(result, picture.movedim(source, (1 if picture.ndim == 4 else 0) if source == -1 else -1))


def test_the_face_is_itself_after_the_advice_and_scrambled_without_it():
    last, first = (Shelf(()).run(read_call(f"face_{colors}")).result for colors in ("last", "first"))
    [result] = advised("reshape_A_3x48x64", warning, A=last).values()
    assert torch.equal(result, first)
    assert (last.reshape(3, 48, 64) != first).float().mean() > 0.3


@pytest.mark.parametrize(
    ("shape", "sizes"), [((28, 28, 1), "1x28x28"), ((2, 3), "3x2"), ((5, 7, 3), "7x5x3"), ((4, 4, 4), "4x4x4")]
)
def test_other_new_shapes_get_no_warning(shape, sizes):
    assert advised(f"reshape_A_{sizes}", warning, A=torch.rand(shape)) == {}


def test_a_transpose_of_more_than_two_dimensions_becomes_permute():
    a, b = torch.rand(4, 3, 5), torch.rand(4, 2, 5)
    results = advised("t_A", warning, A=a)
    assert [result.shape for result in results.values()] == [(4, 5, 3), (5, 3, 4)]
    assert torch.equal(next(iter(results.values())), a.mT)
    assert advised("t_A", warning, A=a[0]) == {}
    a, b = torch.rand(3, 5), torch.rand(4, 5, 5)
    [(code, result)] = advised("matmul_A_B_matmul_b", warning, A=a, B=b).items()
    assert code == "B = torch.permute(B, (0, 2, 1))\ntorch.matmul(A, B)"
    torch.testing.assert_close(result, torch.stack([a @ one.T for one in b]))
