"""`describe` against torch's own attributes, and against what they mean."""

import dataclasses

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb

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
