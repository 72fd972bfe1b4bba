"""The operations of the tensor lab: the displayed code, run as plain PyTorch, gives the displayed result."""

import math
import resource
import warnings

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.timing import at_most
from tests.width import cases
from wb_core.base.fields import N_
from wb_core.base.seeding import global_generators
from wb_core.tensorlab import MAX_DIMS, MAX_ELEMENTS, NAMES, OPERATIONS, SECTIONS, Call, Shelf, read_program
from wb_core.tensorlab.dtypes import DTYPES
from wb_core.tensorlab.index import Index
from wb_core.tensorlab.limits import MAX_MULTIPLICATIONS
from wb_core.tensorlab.lists import Sizes, Values
from wb_core.tensorlab.params import Flag, Pick, Scalar, Source, Sources, Whole
from wb_core.tensorlab.places import STAND_IN, gpu
from wb_core.tensorlab.program import read_call
from wb_core.tensorlab.shelf import REFUSALS, said

every_operation = pytest.mark.parametrize("id_", OPERATIONS)

FLOATS = [0.0, -0.0, 1.0, 2.5, -3.0, 300.0, 70000.0, 1e-8, math.nan, math.inf, -math.inf]
WHOLES = [0, 1, 2, -3, 7, 300, 2**53, 2**53 + 1]
SMALL_FLOATS, SMALL_WHOLES = [0.0, 1.0, 2.0, -3.0, 0.5, 5.0, math.nan, math.inf], [0, 1, 2, 5, 7, 2**53, 2**53 + 1]


# What Hypothesis draws: all kinds of tensors, and calls about half of which are valid.

SIZE = st.sampled_from([2, 3, 1, 4, 0])


def filled(shape, dtype, seed, floats, wholes):
    pool = torch.tensor(floats if dtype.is_floating_point else wholes).to(dtype)
    return pool[torch.randint(len(pool), shape, generator=torch.Generator().manual_seed(seed))]


@st.composite
def tensors(draw, shape, dtype, floats=FLOATS, wholes=WHOLES):
    """A tensor of this shape and type: contiguous, transposed or a slice; with or without gradients."""
    seed, layout = draw(st.integers(0, 99)), draw(st.sampled_from(["packed", "turned", "cut"]))
    if layout == "turned":
        found = filled(shape[::-1], dtype, seed, floats, wholes).permute(list(range(len(shape)))[::-1])
    elif layout == "cut":
        larger = filled([2 * size + 1 for size in shape], dtype, seed, floats, wholes)
        found = larger[(slice(1, None, 2),) * len(shape)]
    else:
        found = filled(shape, dtype, seed, floats, wholes)
    if dtype.is_floating_point and draw(st.integers(0, 3)) == 0:
        found.requires_grad_()
        return found * 1 if draw(st.booleans()) else found
    return found


@st.composite
def families(draw, **pools):
    """Four tensors for the four names; their shapes and types often go together."""
    base = draw(st.lists(SIZE, max_size=4))
    main = draw(st.sampled_from(list(DTYPES.values())))
    found = {}
    for name in NAMES:
        way = draw(st.sampled_from(["same", "turned", "ones", "tail", "other"]))
        if way == "ones":
            shape = [size if draw(st.booleans()) else 1 for size in base]
        elif way == "other":
            shape = draw(st.lists(SIZE, max_size=4))
        else:
            shape = {"same": base, "turned": base[::-1], "tail": base[1:]}[way]
        dtype = main if draw(st.integers(0, 2)) else draw(st.sampled_from(list(DTYPES.values())))
        found[name] = draw(tensors(shape, dtype, **pools))
    return found


NUMBERS = st.one_of(
    st.integers(-5, 20),
    st.sampled_from([0.5, -1.5, 2.0, 0.001, 10**15, -1e15, 1e-320]),
    st.floats(-100, 100, allow_subnormal=False),
)
CELL = st.one_of(st.integers(-9, 9), st.booleans(), st.floats(-1e6, 1e6), st.sampled_from([2**63, 10**40, 300, 1e300]))
SHAPE = st.one_of(
    st.lists(st.integers(0, 4), max_size=4),
    st.lists(st.integers(-2, 5), max_size=8),
    st.lists(st.sampled_from([0, 1, 3, 1000, 10**6, 10**6 + 1, 2**63, 10**40]), max_size=4),
).map(tuple)


@st.composite
def full(draw, cells):
    """A nested tuple that is a full table, mostly with cells of one type."""
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    kind = draw(st.one_of(st.just(cells), st.sampled_from([st.integers(-9, 9), st.booleans(), st.floats(-9, 9)])))

    def of(sizes):
        return tuple(of(sizes[1:]) for _ in range(sizes[0])) if sizes else draw(kind)

    return of(shape)


def lists(cells=CELL):
    ragged = st.recursive(cells, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=6)
    return st.one_of(full(cells), ragged.filter(lambda value: depth(value) <= MAX_DIMS))


def depth(value):
    return 1 + max(map(depth, value), default=0) if isinstance(value, tuple) else 0


END = st.none() | st.integers(-4, 4)
PART = st.one_of(
    st.integers(-4, 4), st.tuples(END, END, st.sampled_from([None, None, 1, 2, -1, 0])), st.just((None, None, None))
)


def sizes_for(name, tensor):
    """Shapes that mostly fit the tensor's numbers, and orders that mostly name each dimension once."""
    if name == "dims":
        return st.permutations(range(tensor.ndim)).map(tuple) | st.lists(st.integers(-3, 4), max_size=5).map(tuple)
    shape, numel = tuple(tensor.shape), tensor.numel()
    near = [shape, shape[::-1], (-1,), (numel,), (1, numel), (*shape, 1), (-1, *shape[1:]), (-1, 2), (*shape[:-1], -1)]
    return st.sampled_from(near) | SHAPE


@st.composite
def calls(draw, operation, on):
    """A call of the operation, with values that suit the named tensors."""
    args = {}
    for name, param in operation.params.items():
        match param:
            case Source():
                drawn = st.sampled_from(sorted(on))
            case Sources():
                drawn = st.lists(st.sampled_from(sorted(on)), min_size=1, unique=True).map(tuple)
            case Whole():
                near = st.integers(max(param.low, -5), min(param.high, 5))
                drawn = st.one_of(near, near, st.integers(param.low, param.high))
                drawn = st.none() | drawn if param.optional else drawn
            case Scalar():
                drawn = NUMBERS
            case Pick():
                drawn = st.just(param.default) | st.sampled_from(list(param.options))
            case Flag():
                drawn = st.booleans()
            case Sizes() if name in ("dims", "shape"):
                drawn = sizes_for(name, on[args["a"]])
            case Sizes():
                drawn = SHAPE
            case Values():
                drawn = lists()
            case Index():
                drawn = st.lists(PART, min_size=1, max_size=4).map(tuple)
        args[name] = draw(drawn)
    return Call.of(operation, args)


# Plain PyTorch.


def run_as_plain_code(lines, names, rng_seed=0):
    """The namespace after these lines, run after `torch.manual_seed(rng_seed)`."""
    names = {"torch": torch, "np": np, **names}
    with global_generators(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The use of `x.T`|Tensor.T is deprecated")
        torch.manual_seed(rng_seed)
        if gpu() == STAND_IN:  # it gives nothing back
            lines = lines.replace('.to("cuda").cpu()', ".clone()")
        exec(lines.replace('"cuda"', repr(gpu())), names)
    return names


def truly_beyond(call, on):
    """Whether the result would be too large, as PyTorch's "meta" device says."""

    def beyond(shape):
        return len(shape) > MAX_DIMS or math.prod(shape) > MAX_ELEMENTS or max(shape, default=0) > MAX_ELEMENTS

    if call.operation.id == "from-numpy":  # np.arange has no "meta" device
        return call.args["end"] - call.args["start"] > MAX_ELEMENTS
    try:
        with torch.device("meta"):
            names = run_as_plain_code(call.lines("result"), {name: t.detach().to("meta") for name, t in on.items()})
    except REFUSALS:  # beyond PyTorch too
        if call.operation.id == "arange":
            return (call.args["end"] - call.args["start"]) / call.args["step"] > MAX_ELEMENTS
        return beyond(next(call.args[name] for name in ("size", "order") if name in call.args))
    return beyond(names["result"].shape)


def same_tensor(left, right):
    left, right = (torch.from_numpy(one) if isinstance(one, np.ndarray) else one for one in (left, right))
    assert wb.describe(left) == wb.describe(right)
    torch.testing.assert_close(left, right, rtol=0, atol=0, equal_nan=True)


def outcome_of(call, on, rng_seed=0):
    """The outcome of a call on these tensors, and the refusal; one of them is None."""
    shelf = Shelf(())
    shelf.tensors.update(on)
    try:
        return shelf.run(call, rng_seed), None
    except wb.TensorError as error:
        return None, error


def check(call, on, rng_seed=0):
    """Check that the lab gives PyTorch's result, or refuses for a valid reason."""
    versions = [tensor._version for tensor in on.values()]
    outcome, refusal = outcome_of(call, on, rng_seed)
    if refusal is not None and refusal.code != "tensor.refused":
        assert refusal.code in ("tensor.too_large", "tensor.too_many_dims")
        assert truly_beyond(call, on)
        return
    if refusal is not None:
        with pytest.raises(REFUSALS) as plain:
            run_as_plain_code(call.lines("result"), on, rng_seed)
        assert (refusal.values["error"], refusal.message) == (plain.type.__name__, said(plain.value))
        return
    assert versions == [tensor._version for tensor in on.values()]
    names = run_as_plain_code(call.lines("result"), on, rng_seed)
    result = outcome.result
    if call.operation.id == "look":
        assert names["result"] == (result.shape, result.ndim, result.dtype, result.device)
        assert result is on[call.args["a"]]
        return
    if torch.is_tensor(names["result"]) and names["result"].is_meta:  # a single number has any stride
        names = run_as_plain_code(call.replace(place="cpu").lines("result"), on)
    same_tensor(result, names["result"])
    for name, other in outcome.others.items():
        same_tensor(other, names[name])
    if isinstance(names["result"], torch.Tensor):
        shared = [[wb.shares_memory(found, t.detach()) for t in on.values()] for found in (result, names["result"])]
        assert shared[0] == shared[1]
    if outcome.note is not None:
        assert outcome.note.template.format(**outcome.note.values)


@every_operation
def test_the_code_with_default_values_gives_the_displayed_result(id_):
    on = {"A": torch.arange(6.0).reshape(2, 3), "B": torch.arange(6.0).reshape(3, 2) / 4}
    on |= {"C": torch.tensor([True, False]), "D": torch.ones(3, requires_grad=True)}
    operation = OPERATIONS[id_]
    check(Call.of(operation, {}), on)
    if id_ in ("matmul", "devices"):  # these two begin with a refusal
        return
    outcome, _ = outcome_of(Call.of(operation, {}), {"A": on["A"], "B": on["B"].T})  # the default values are valid
    assert outcome.result.numel()


@every_operation
@settings(max_examples=cases(30))
@given(st.data())
def test_the_code_gives_the_displayed_result_or_the_same_error(id_, data):
    on = data.draw(families())
    rng_seed = data.draw(st.integers(0, 3))
    check(data.draw(calls(OPERATIONS[id_], on)), on, rng_seed)


@pytest.mark.parametrize("text", ["index_A_0", "index_A_to", "index_A_0to2", "index_A_0x0", "index_A_tox0"])
@pytest.mark.parametrize("shape", [(), (0,), (2,), (2, 3)])
def test_an_index_is_accepted_or_refused_as_in_plain_code(text, shape):
    check(read_call(text), {"A": torch.arange(math.prod(shape)).reshape(shape)})


@pytest.mark.parametrize("step", [1e-320, 1e-300, 6.3e-152, -1e-320, 5e-324])
def test_a_step_too_small_to_count_is_refused(step):
    with pytest.raises(wb.TensorError):
        Shelf(()).run(Call.of(OPERATIONS["arange"], {"end": 10, "step": step}))
    check(Call.of(OPERATIONS["arange"], {"end": 10, "step": abs(step)}), {})
    check(Call.of(OPERATIONS["arange"], {"end": 0, "step": step}), {})


@pytest.mark.parametrize("how", ["each", "once", "none"])
def test_without_a_seed_random_numbers_continue(how):
    call = Call.of(OPERATIONS["seeds"], {"how": how, "seed": 7, "second": 7})
    for rng_seed in (0, 1, 2):
        check(call, {}, rng_seed)
    results = [Shelf(()).run(call, rng_seed).others["x"] for rng_seed in (1, 2)]
    assert torch.equal(*results) == (how != "none")
    assert bool(Shelf(()).run(call).result.all()) == (how == "each")


def test_the_registry_is_complete_and_every_record_says_what_it_teaches():
    assert all(id_ == operation.id and "_" not in id_ for id_, operation in OPERATIONS.items())
    assert list(dict.fromkeys(operation.section for operation in OPERATIONS.values())) == list(SECTIONS)
    for operation in OPERATIONS.values():
        assert operation.name
        assert operation.teaches == N_(operation.teaches)
        Call.of(operation, {})
        for name, param in operation.params.items():
            assert param.label
            assert param.help
            assert param.check(name, param.default) == param.default
            if param.when is not None:  # the other one is known by then
                names = list(operation.params)
                assert names.index(param.when[0]) < names.index(name)


BLOW_UPS = {
    "rand_1000000x1000000": "tensor.too_large",
    f"rand_{10**39}": "tensor.too_large",
    f"ones_0x{10**39}": "tensor.too_large",
    f"zeros_{'9' * 80}x{'9' * 80}": "tensor.too_large",
    "randint_0_10_1001x1001": "tensor.too_large",
    "image_3x100000x100000": "tensor.too_large",
    "seeds_1000000000000": "tensor.too_large",
    "arange_0_1000000000000000": "tensor.too_large",
    "arange_0_1_1e-12": "tensor.too_large",
    "from-numpy_0_1000000000000000": "tensor.too_large",
    "ones_1x1x1x1x1x1x1": "tensor.too_many_dims",
    "ones_x".replace("_x", "_" + "x".join(["1"] * 24)): "tensor.too_many_dims",
    "add_A_tensor_B": "tensor.too_large",
    "div_A_tensor_B": "tensor.too_large",
    "matmul_C_D": "tensor.too_large",
    "stack_C_4": "tensor.too_large",
    "cat_C_2": "tensor.too_large",
    "matmul_A_B_matmul_both": "tensor.too_large",
}


@pytest.mark.parametrize("text", BLOW_UPS)
def test_nothing_is_allocated_for_a_result_that_is_too_large(text):
    shelf = Shelf(read_program("A_zeros_1x1000x1*B_zeros_1000x1x1000*C_zeros_1000000x1*D_zeros_1x1000000"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_most(0.5), pytest.raises(wb.TensorError) as refusal:
        shelf.run(read_call(text))
    assert refusal.value.code == BLOW_UPS[text]
    assert len(str(refusal.value)) < 300
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16_000  # KiB


@given(st.integers(400, 1000), st.integers(1, 1000), st.integers(400, 1000), st.sampled_from(["none", "both", "b"]))
@settings(max_examples=cases(20))
@example(1000, 100, 1000, "none")
@example(1000, 101, 1000, "none")
def test_a_product_is_computed_up_to_a_hundred_million_multiplications(n, k, m, transpose):
    turned = transpose == "both"
    on = {"A": torch.zeros((k, n) if turned else (n, k)), "B": torch.zeros((k, m) if transpose == "none" else (m, k))}
    call = Call.of(OPERATIONS["matmul"], {"transpose": transpose})
    outcome, refusal = outcome_of(call, on)
    if n * k * m <= MAX_MULTIPLICATIONS:
        assert outcome.result.shape == (n, m)
    else:
        assert refusal.code == "tensor.too_much_work"


# Origins of cells.


def picked(tensor, cells):
    return tensor.detach().reshape(-1)[cells]


def moved(dtype, a, **_):
    return a[:, 0]


def element_wise(compute):
    def meaning(dtype, a, b=None, other=None, number=None, **_):
        return compute(a[:, 0].to(dtype), b[:, 0].to(dtype) if other == "tensor" else number)

    return meaning


def aggregated(name):
    def meaning(dtype, a, convert, **_):
        numbers = a if convert == "none" else a.type(DTYPES[convert])
        found = getattr(numbers, name)(dim=1)
        return found.values if name in ("min", "max") else found

    return meaning


MEANING = {
    "look": moved,
    "add": element_wise(lambda a, b: a + b),
    "sub": element_wise(lambda a, b: a - b),
    "mul": element_wise(lambda a, b: a * b),
    "div": element_wise(lambda a, b: a / b),
    "devices": lambda dtype, a, b, **_: a[:, 0].to(dtype) + b[:, 0].to(dtype),
    "matmul": lambda dtype, a, b, **_: (a * b).sum(dim=1).to(dtype),
    **{name: aggregated(name) for name in ("sum", "mean", "min", "max")},
    **dict.fromkeys(
        ("reshape", "view", "squeeze", "unsqueeze", "permute", "flip", "t", "clone", "index", "numpy"), moved
    ),
    "from-numpy": lambda dtype, array, **_: array[:, 0].to(dtype),
    "type": lambda to, a, dtype, **_: a[:, 0].type(DTYPES[dtype]),
    "seeds": lambda dtype, x, y, **_: x[:, 0] == y[:, 0],
}
"""Computes the result's cells from their origins, (cells, K) for each source; `dtype` is the result's."""


def sources_of(outcome, on):
    """The tensor behind each key of the operation's own origins."""
    args, others = outcome.call.args, {k: torch.as_tensor(v) for k, v in outcome.others.items()}
    return {**others, **{k: on[v] for k, v in args.items() if k in ("a", "b")}}


WITH_ORIGINS = [id_ for id_, operation in OPERATIONS.items() if operation.origins is not None]
WINNERS = ("min", "max", "argmin", "argmax")


@pytest.mark.parametrize("id_", WITH_ORIGINS)
@settings(max_examples=cases(30))
@given(st.data())
def test_every_cell_depends_exactly_on_its_origins(id_, data):
    on = data.draw(families(floats=SMALL_FLOATS, wholes=SMALL_WHOLES))
    call = data.draw(calls(OPERATIONS[id_], on))
    outcome, _ = outcome_of(call, on)
    if outcome is None:
        return
    result = outcome.result.detach().reshape(-1)
    if id_ in ("stack", "cat"):
        cells = outcome.origins
        assert cells.keys() == set(call.sources)
        parts = torch.stack([found[:, 0] for found in cells.values()])  # (sources, cells)
        assert ((parts >= 0).sum(dim=0) == 1).all()
        for name, found in cells.items():
            ours = found[:, 0] >= 0
            came = picked(on[name], found[ours][:, 0]).to(result.dtype)
            torch.testing.assert_close(result[ours], came, rtol=0, atol=0, equal_nan=True)
        return
    named = call.operation.origins(**outcome.values, result=outcome.result)
    sources = sources_of(outcome, on)
    came = {key: picked(sources[key], cells) for key, cells in named.items() if key != "won"}
    assert {len(cells) for cells in named.values()} == {len(result)}
    if id_ in MEANING:
        args = {k: v for k, v in call.args.items() if k not in ("a", "b")}
        exact = {"rtol": 0, "atol": 0} if id_ not in ("mean", "matmul", "sum") else {}
        meant = MEANING[id_](result.dtype, **came, **args)  # on the CPU, whatever the result's device
        torch.testing.assert_close(meant, result, equal_nan=True, check_device=False, **exact)
    if id_ in WINNERS and len(result):
        numbers = came["a"] if call.args["convert"] == "none" else came["a"].type(DTYPES[call.args["convert"]])
        best = (numbers.max if "max" in id_ else numbers.min)(dim=1).values
        assert named["won"].shape == (len(result), 1)
        assert (named["won"] == named["a"]).any(dim=1).all()
        won = picked(sources["a"], named["won"][:, 0]).to(numbers.dtype)
        torch.testing.assert_close(won, best, rtol=0, atol=0, equal_nan=True)
        if id_.startswith("arg"):
            assert torch.equal(named["won"][:, 0], named["a"].gather(1, result.reshape(-1, 1))[:, 0])


def test_every_operation_with_origins_is_tested():
    assert {*MEANING, "stack", "cat", "argmin", "argmax"} == set(WITH_ORIGINS)


@pytest.mark.parametrize("id_", ["add", "mul", "matmul", "devices"])
@settings(max_examples=cases(40))
@given(st.data())
def test_a_tensor_used_on_both_sides_has_all_its_origins(id_, data):
    on = data.draw(families(floats=SMALL_FLOATS, wholes=SMALL_WHOLES))
    call = data.draw(calls(OPERATIONS[id_], on)).replace(a="A", b="A")
    outcome, _ = outcome_of(call, on)
    if outcome is None or not outcome.result.numel():
        return
    by_param = call.operation.origins(**outcome.values, result=outcome.result)
    shown = outcome.origins
    for cell in range(outcome.result.numel()):
        wanted = {int(place) for cells in by_param.values() for place in cells[cell]}
        assert wanted == {int(place) for cells in shown.values() for place in cells[cell]}


@pytest.mark.parametrize("text", ["sum_A_0", "sum_A", "mean_A_0", "matmul_B_A", "matmul_C_D", "cat_AA", "stack_A"])
def test_a_cell_can_have_no_origins(text):
    shelf = Shelf(read_program("A_zeros_0x3*B_zeros_2x0*C_zeros_0*D_zeros_0"))
    text = text.replace("AA", "A")
    outcome = shelf.run(read_call(text))
    assert all(cells.shape == (outcome.result.numel(), cells.shape[1]) for cells in outcome.origins.values())


@pytest.mark.parametrize("spelling", ["matmul", "mm", "at"])
@pytest.mark.parametrize("transpose", ["none", "a", "b", "both"])
def test_a_tensor_times_itself_has_rows_and_columns_as_origins(spelling, transpose):
    call = Call.of(OPERATIONS["matmul"], {"b": "A", "spelling": spelling, "transpose": transpose})
    outcome, _ = outcome_of(call, {"A": torch.arange(4.0).reshape(2, 2)})
    cells = {int(place) for cells in outcome.origins.values() for place in cells[1]}
    assert cells == {"none": {0, 1, 3}, "a": {0, 2, 1, 3}, "b": {0, 1, 2, 3}, "both": {0, 2, 3}}[transpose]


@pytest.mark.parametrize("id_", WINNERS)
@pytest.mark.parametrize("dim", [None, 0])
def test_the_largest_of_integers_that_floats_cannot_distinguish_is_found(id_, dim):
    near = [2**53, 2**53 + 1] if "max" in id_ else [2**53 + 1, 2**53]
    outcome, _ = outcome_of(Call.of(OPERATIONS[id_], {"dim": dim}), {"A": torch.tensor(near)})
    assert outcome.origins["won"].tolist() == [[1]]
