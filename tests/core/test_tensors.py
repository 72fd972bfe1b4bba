"""`describe` against torch's own attributes, and against what they mean."""

import dataclasses

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.width import cases
from wb_core.base.tensors import positions

DTYPES = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64,
    torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
]  # fmt: skip


@st.composite
def tensors(draw):
    """Tensors of any shape and type, and views of them: sliced, permuted, expanded."""
    shape = draw(st.lists(st.integers(0, 5), max_size=4))
    dtype = draw(st.sampled_from(DTYPES))
    tensor = torch.arange(torch.Size(shape).numel()).to(dtype).reshape(shape)
    for dim, size in enumerate(shape):
        first, step = draw(st.integers(0, size)), draw(st.integers(1, 3))
        tensor = tensor[(slice(None),) * dim + (slice(first, None, step),)]
    tensor = tensor.permute(draw(st.permutations(range(len(shape)))))
    if draw(st.booleans()):
        tensor = tensor.expand(draw(st.integers(1, 4)), *tensor.shape)
    if dtype.is_floating_point and draw(st.booleans()):
        tensor.requires_grad_()
    return tensor


@given(tensors())
def test_every_field_is_torchs_own_attribute(tensor):
    info = dataclasses.asdict(wb.describe(tensor))
    for name in ("ndim", "requires_grad", "is_leaf", "itemsize", "nbytes"):
        assert info.pop(name) == getattr(tensor, name), name
    for name in ("numel", "stride", "storage_offset", "is_contiguous"):
        assert info.pop(name) == getattr(tensor, name)(), name
    assert info == {"shape": tuple(tensor.shape), "dtype": str(tensor.dtype), "device": "cpu", "grad_fn": None}


@given(tensors())
def test_shape_stride_and_offset_rebuild_the_tensor_from_its_storage(tensor):
    info = wb.describe(tensor)
    storage = torch.empty(0, dtype=tensor.dtype).set_(tensor.untyped_storage())
    assert torch.equal(torch.as_strided(storage, info.shape, info.stride, info.storage_offset), tensor)
    packed = tensor.clone(memory_format=torch.contiguous_format)
    assert info.nbytes == info.numel * info.itemsize == packed.untyped_storage().nbytes()


@given(tensors())
def test_the_description_is_plain_data_and_the_tensor_is_untouched(tensor):
    version, before = tensor._version, tensor.detach().clone()
    info = wb.describe(tensor)
    values = dataclasses.asdict(info).values()
    assert {type(value) for value in values} <= {tuple, int, bool, str, type(None)}
    assert info == wb.describe(tensor)
    assert tensor._version == version
    assert torch.equal(tensor, before)


@pytest.mark.parametrize(
    "make",
    [lambda x: x * 2, lambda x: x.T, lambda x: x.sum(), lambda x: torch.nn.functional.relu(x)],
    ids=["mul", "transpose", "sum", "relu"],
)
def test_a_computed_tensor_names_the_function_that_made_it(make):
    result = make(torch.ones(2, 3, requires_grad=True))
    info = wb.describe(result)
    assert info.grad_fn == result.grad_fn.name()
    assert (info.requires_grad, info.is_leaf) == (True, False)
    assert wb.describe(result.detach()).grad_fn is None


def test_a_tensor_too_large_to_read_is_described_all_the_same():
    info = wb.describe(torch.empty(10**6, 10**6, device="meta"))
    assert (info.device, info.numel, info.nbytes) == ("meta", 10**12, 4 * 10**12)


@st.composite
def views(draw, root):
    """A view of the tensor: sliced, permuted, expanded, unsqueezed, or its bytes read as another type."""
    view = root
    for _ in range(draw(st.integers(0, 3))):
        way = draw(st.sampled_from(["slice", "permute", "expand", "unsqueeze", "bytes", "pick"]))
        if way == "slice" and view.ndim:
            dim = draw(st.integers(0, view.ndim - 1))
            first, end, step = draw(st.integers(0, 5)), draw(st.integers(0, 6)), draw(st.integers(1, 3))
            view = view[(slice(None),) * dim + (slice(first, end, step),)]
        elif way == "pick" and view.ndim and view.shape[0]:
            view = view[draw(st.integers(0, view.shape[0] - 1))]
        elif way == "permute":
            view = view.permute(draw(st.permutations(range(view.ndim))))
        elif way == "expand":
            view = view.expand(draw(st.integers(1, 3)), *view.shape)
        elif way == "unsqueeze":
            view = view.unsqueeze(draw(st.integers(0, view.ndim)))
        elif way == "bytes" and view.ndim and view.stride(-1) == 1:
            smaller = [dtype for dtype in (torch.uint8, torch.int16, torch.int32) if dtype.itemsize <= view.itemsize]
            view = view.view(draw(st.sampled_from(smaller)))
    return view


def cells(tensor):
    """Each memory cell once: along a dimension of stride 0 it repeats."""
    for dim, stride in enumerate(tensor.stride()):
        tensor = tensor.narrow(dim, 0, 1) if stride == 0 and tensor.shape[dim] else tensor
    return tensor


def as_bytes(tensor):
    return tensor.clone(memory_format=torch.contiguous_format).reshape(-1).view(torch.uint8)


@settings(max_examples=cases(300))
@given(st.data())
def test_tensors_share_memory_if_a_write_to_one_changes_the_other(data):
    root = torch.zeros(4, 5, dtype=data.draw(st.sampled_from([torch.float32, torch.float64, torch.int16])))
    a, b = data.draw(views(root)), data.draw(views(data.draw(st.sampled_from([root, root, root, root.clone()]))))
    shared = wb.shares_memory(a, b)
    assert shared == wb.shares_memory(b, a)
    ones = torch.full((a.numel() * a.itemsize,), 255, dtype=torch.uint8).view(a.dtype).reshape(a.shape)
    before = as_bytes(b).clone()
    cells(a).copy_(ones[tuple(slice(0, size) for size in cells(a).shape)])
    assert (not torch.equal(as_bytes(b), before)) == shared


@given(tensors())
def test_a_tensor_shares_its_memory_with_itself_and_not_with_its_copy(tensor):
    tensor = tensor.detach()
    assert wb.shares_memory(tensor, tensor) == bool(tensor.numel())
    assert not wb.shares_memory(tensor, tensor.clone())
    assert not wb.shares_memory(tensor, tensor.to("meta"))


def test_rows_and_columns_of_one_table_share_where_they_cross():
    table = torch.zeros(3, 4)
    assert wb.shares_memory(table[1], table[:, 2])
    assert not wb.shares_memory(table[1], table[2])
    assert not wb.shares_memory(table[:, ::2], table[:, 1::2])
    assert not wb.shares_memory(torch.zeros(0, 3), torch.zeros(0, 3))
    meta = torch.empty(3, device="meta")
    assert not wb.shares_memory(meta, meta)


def test_memory_shared_through_numpy_is_found():
    x = torch.arange(6.0)
    y = torch.from_numpy(x.numpy())
    assert wb.shares_memory(x, y)
    assert not wb.shares_memory(x[:3], y[3:])


def test_memory_shared_through_a_numpy_slice_is_found():
    x = torch.arange(6.0)
    y = torch.from_numpy(x[2:].numpy())  # its storage starts where the array does
    y[0] = 7
    assert x[2] == 7
    assert wb.shares_memory(x, y)
    assert wb.shares_memory(x[:3], y)
    assert not wb.shares_memory(x[:2], y)


@given(tensors())
def test_positions_are_the_storage_offsets_of_the_cells(tensor):
    places = positions(tensor)
    assert (places.shape, places.dtype, places.device.type) == (tensor.shape, torch.int64, "cpu")
    storage = torch.empty(0, dtype=tensor.dtype).set_(tensor.untyped_storage())
    assert torch.equal(storage[places], tensor)
