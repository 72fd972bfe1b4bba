"""The shelf and its program: a link gives the same tensors everywhere, and no text does harm."""

import contextlib
import math
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core.test_tensorlab_operations import calls, run_as_plain_code
from tests.timing import at_most
from tests.width import cases
from wb_core.tensorlab import NAMES, OPERATIONS, START, Call, Drop, Edit, Shelf, Step, read_program, write_program
from wb_core.tensorlab.literal import shape_of
from wb_core.tensorlab.program import MAX_LETTERS, MAX_STEPS, needed, read_call
from wb_core.tensorlab.shelf import changed

KEPT = [operation for operation in OPERATIONS.values() if operation.keeps]
MAKERS = [operation for operation in KEPT if not {"a", "tensors"} & set(operation.params)]
VIEWS = [OPERATIONS[id_] for id_ in ("view", "reshape", "squeeze", "unsqueeze", "permute", "t", "index", "clone")]
BLANK = {name: torch.zeros(2, 3) for name in NAMES}


def steps(on, operations=KEPT):
    """A step with any operation; its call may be invalid for these tensors."""
    call = st.sampled_from(operations).flatmap(lambda operation: calls(operation, on))
    return st.builds(Step, st.sampled_from(NAMES), call)


VALUE = st.one_of(st.integers(-9, 9), st.booleans(), st.floats(-9, 9), st.sampled_from([300, -0.0, 1e15, 10**15, 0.1]))


@st.composite
def edits(draw, shelf):
    target = draw(st.sampled_from(sorted(shelf.tensors)))
    index = tuple(draw(st.integers(-size, size - 1)) for size in shelf.tensors[target].shape if size)
    return Edit(target, index, draw(VALUE), draw(st.sampled_from(["", "", "numpy", "array"])))


@st.composite
def shelves(draw, most=9):
    """A shelf after some valid steps: tensors, views, copies, edits and dropped names."""
    shelf = Shelf(())
    for _ in range(draw(st.integers(1, most))):
        kind = (
            draw(st.sampled_from(["make", "any", "view", "view", "edit", "edit", "drop"])) if shelf.tensors else "make"
        )
        if kind == "edit":
            drawn = edits(shelf)
        elif kind == "drop":
            drawn = st.builds(Drop, st.sampled_from(sorted(shelf.tensors)))
        else:
            drawn = steps(shelf.tensors, {"make": MAKERS, "any": KEPT, "view": VIEWS}[kind])
        try:
            shelf = shelf.after(draw(drawn))
        except wb.WorkbenchError:
            continue
    assume(shelf.program)
    return shelf


ANY_STEP = st.one_of(
    steps(BLANK),
    st.builds(Drop, st.sampled_from(NAMES)),
    st.builds(
        Edit,
        st.sampled_from(NAMES),
        st.lists(st.integers(-9, 999), max_size=4).map(tuple),
        VALUE,
        st.sampled_from(["", "array", "numpy"]),
    ),
)


def bits(array):
    tensor = torch.as_tensor(array).detach()
    return tuple(tensor.shape), tensor.dtype, tensor.stride(), tensor.contiguous().numpy().tobytes()


def state(shelf):
    """The content of a shelf: the bits of every tensor and array, and which share memory."""
    arrays = {f"{name}.{k}": torch.as_tensor(v) for name, found in shelf.others.items() for k, v in found.items()}
    tensors = {**{name: tensor.detach() for name, tensor in shelf.tensors.items()}, **arrays}
    shares = {(a, b): wb.shares_memory(tensors[a], tensors[b]) for a in tensors for b in tensors}
    grads = {name: tensor.requires_grad for name, tensor in shelf.tensors.items()}
    # Which array is called "array" and which "array_a" depends on earlier names.
    made = {name: re.sub(r"\barray_[a-d]\b", "array", lines) for name, lines in shelf.made.items()}
    made = {name: lines.removeprefix("torch.seed()\n") for name, lines in made.items()}
    return {name: bits(tensor) for name, tensor in tensors.items()}, shares, grads, made


# The shelf.


@settings(max_examples=cases(60))
@given(shelves())
def test_a_shelf_is_a_function_of_its_program(shelf):
    before = torch.get_rng_state()
    again = Shelf(shelf.program)
    assert state(again) == state(shelf)
    assert again.code == shelf.code
    assert torch.equal(torch.get_rng_state(), before)
    mine = [tensor.detach() for tensor in shelf.tensors.values()]
    assert not any(wb.shares_memory(one, other.detach()) for one in mine for other in again.tensors.values())


@settings(max_examples=cases(80))
@given(shelves(), st.data())
def test_a_step_makes_a_new_shelf_and_leaves_the_old_one(shelf, data):
    assume(shelf.tensors)
    before, code = state(shelf), list(shelf.code)
    more = data.draw(st.one_of(edits(shelf), steps(shelf.tensors), st.builds(Drop, st.sampled_from(NAMES))))
    try:
        after = shelf.after(more)
    except wb.WorkbenchError:
        after = None
    assert (state(shelf), shelf.code) == (before, code)
    if after is not None:
        assert state(after) == state(Shelf((*shelf.program, more)))


@settings(max_examples=cases(80))
@given(shelves())
def test_the_code_of_the_shelf_is_a_notebook_that_gives_the_same(shelf):
    names = {}
    for step, lines in zip(shelf.program, shelf.code, strict=True):
        # The `rng_seed` of the step replaces torch.seed().
        names = run_as_plain_code(lines.removeprefix("torch.seed()\n"), names, getattr(step, "rng_seed", 0))
    assert names.keys() & set(NAMES) == shelf.tensors.keys()
    for name, tensor in shelf.tensors.items():
        assert bits(names[name]) == bits(tensor)
        assert names[name].requires_grad == tensor.requires_grad
    pairs = [(a, b) for a in shelf.tensors for b in shelf.tensors]
    for a, b in pairs:
        shared = wb.shares_memory(shelf.tensors[a].detach(), shelf.tensors[b].detach())
        assert shared == wb.shares_memory(names[a].detach(), names[b].detach())


@settings(max_examples=cases(80))
@given(shelves(), st.data())
def test_an_edit_changes_exactly_the_tensors_that_share_memory(shelf, data):
    assume(shelf.tensors)
    edit = data.draw(edits(shelf))
    try:
        after = shelf.after(edit)
    except wb.WorkbenchError:
        return
    if edit.via == "array":
        written = after.others[edit.target]["array"]
        source, cell = torch.from_numpy(written), torch.from_numpy(written)[edit.index]
    else:
        source = after.tensors[edit.target].detach()
        cell = source[edit.index]
    assert cell == torch.tensor(edit.value, dtype=torch.float64).to(cell.dtype)
    for name, cells in changed(shelf, after).items():
        of, _, array = name.partition(".")
        there = torch.from_numpy(after.others[of][array]) if array else after.tensors[name].detach()
        assert wb.shares_memory(there, cell)
        assert int(cells.sum()) == 1
    for name, tensor in after.tensors.items():
        if not wb.shares_memory(tensor.detach(), cell):
            assert bits(tensor) == bits(shelf.tensors[name])
    assert wb.shares_memory(source, cell)


def test_an_edit_changes_the_source_of_a_view_and_not_the_source_of_a_copy():
    shelf = Shelf(read_program("A_arange_0_6*B_view_A_2x3*C_clone_A*D_reshape_B_3x2"))
    after = shelf.after(Edit("B", (1, 0), 99))
    assert after.tensors["A"].tolist() == [0, 1, 2, 99, 4, 5]
    assert after.tensors["D"].tolist() == [[0, 1], [2, 99], [4, 5]]
    assert after.tensors["C"].tolist() == shelf.tensors["A"].tolist() == [0, 1, 2, 3, 4, 5]
    assert {name: cells.nonzero().tolist() for name, cells in changed(shelf, after).items()} == {
        "A": [[3]],
        "B": [[1, 0]],
        "D": [[1, 1]],
    }


@pytest.mark.parametrize(("convert", "shared"), [("none", True), ("float32", False)])
def test_the_array_and_its_tensor_are_one_memory_until_the_type_is_converted(convert, shared):
    shelf = Shelf(()).after(Step("A", Call.of(OPERATIONS["from-numpy"], {"convert": convert})))
    assert shelf.tensors["A"].dtype == (torch.float64 if shared else torch.float32)
    by_array = shelf.after(Edit("A", (0,), 5.0, "array"))
    by_tensor = shelf.after(Edit("A", (0,), 5.0))
    assert by_array.others["A"]["array"][0] == by_tensor.tensors["A"][0] == 5
    assert (by_array.tensors["A"][0] == 5) == (by_tensor.others["A"]["array"][0] == 5) == shared


def test_the_code_of_a_number_too_large_for_its_type_runs_without_a_warning():
    shelf = Shelf(read_program("A_zeros_2_float16")).after(Edit("A", (0,), 1e15, "numpy"))
    names = run_as_plain_code("\n".join(shelf.code), {})
    assert bits(names["A"]) == bits(shelf.tensors["A"])
    assert names["A"][0] == float("inf")


@pytest.mark.parametrize("via", ["", "numpy"])
def test_a_tensor_with_gradients_can_be_edited_and_keeps_them(via):
    shelf = Shelf(read_program("A_zeros_2x3_none_y*B_t_A")).after(Edit("A", (1, 2), 7.5, via))
    assert shelf.tensors["A"].requires_grad
    assert shelf.tensors["A"].is_leaf
    assert shelf.tensors["B"][2, 1] == 7.5


def test_dropping_a_tensor_keeps_its_view():
    shelf = Shelf(read_program("A_arange_0_3*B_view_A_3x1")).after(Drop("A"))
    assert shelf.tensors.keys() == shelf.made.keys() == {"B"}
    assert shelf.tensors["B"].tolist() == [[0], [1], [2]]
    assert shelf.free == "A"
    assert Shelf(read_program("*".join(f"{name}_ones" for name in NAMES))).free == "D"


@pytest.mark.parametrize("step", [Drop("C"), Edit("C", (0,), 1), Step("A", Call.of(OPERATIONS["clone"], {"a": "C"}))])
def test_an_absent_tensor_is_reported_missing(step):
    with pytest.raises(wb.TensorError) as refusal:
        Shelf(START).after(step)
    assert (refusal.value.code, refusal.value.values) == ("tensor.missing", {"name": "C"})
    with pytest.raises(wb.TensorError, match="no tensor D"):
        Shelf(START).run(read_call("matmul_A_D"))


def test_a_call_ignores_missing_tensors_that_it_does_not_use():
    shelf = Shelf(read_program("A_ones"))
    assert shelf.run(read_call("add_A_number")).result.sum() == 132


@pytest.mark.parametrize(
    "edit",
    [
        Edit("A", (0,), 1),
        Edit("A", (), 1),
        Edit("A", (0, 0, 0), 1),
        Edit("A", (2, 0), 1),
        Edit("A", (10**30, 0), 1),
        Edit("A", (0, 0), 1, "array"),
        Edit("B", (0,), 300),
        Edit("B", (0,), -1, "numpy"),
        Edit("B", (0,), 10**15),
        Edit("A", (0, 3), 1, "numpy"),
        Edit("C", (0,), 1e15),
        Edit("C", (0,), 1e15, "numpy"),
    ],
    ids=str,
)
def test_any_edit_is_applied_or_refused(edit):
    shelf = Shelf(read_program("A_ones_2x3*B_zeros_2_uint8*C_zeros_2_float16"))
    before = state(shelf)
    try:
        after = shelf.after(edit)
    except wb.WorkbenchError:
        after = None
    assert state(shelf) == before
    if after is not None:  # float16 has no 1e15, but an infinity
        assert edit.target == "C"
        assert torch.isinf(after.tensors["C"][0])


def test_every_operation_runs_with_default_values_on_the_first_shelf():
    shelf = Shelf()
    assert shelf.program == START
    assert shelf.tensors["A"].tolist() == [[1, 2, 3], [4, 5, 6]]
    for operation in OPERATIONS.values():
        if operation.id not in ("matmul", "devices"):  # these two begin with a refusal
            shelf.run(Call.of(operation, {}))


def test_the_rng_seed_decides_only_calls_without_a_seed():
    free, fixed = read_call("rand_3x4_none_n_n"), read_call("rand_3x4_none_n_7")
    rolls = [Shelf((Step("A", free, rng_seed),)).tensors["A"] for rng_seed in (1, 1, 2)]
    assert torch.equal(rolls[0], rolls[1])
    assert not torch.equal(rolls[0], rolls[2])
    assert torch.equal(*(Shelf((Step("A", fixed, rng_seed),)).tensors["A"] for rng_seed in (1, 2)))


def test_shelves_in_many_threads_give_the_same_bits_and_leave_the_global_generator_alone():
    torch.rand(1)  # a state that no seed gives
    before = torch.get_rng_state()
    program = read_program(
        "A_rand_100x100*B_randint_0_9_100x100_none_3*C_matmul_A_A*D_seeds_50x2_none*A_edit_0x0_7*B_t_A*C_stack_AB_2"
    )
    with ThreadPoolExecutor(max_workers=4) as pool:
        found = list(pool.map(lambda _: state(Shelf(program)), range(12)))
    assert all(one == found[0] for one in found)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled()


def test_a_shelf_forgets_unneeded_steps_when_there_are_too_many():
    shelf = Shelf(())
    for number in range(3 * MAX_STEPS):
        shelf = shelf.after(Step("A", read_call(f"arange_{number}_{number + 3}")))
    assert shelf.tensors["A"].tolist() == [3 * MAX_STEPS - 1, 3 * MAX_STEPS, 3 * MAX_STEPS + 1]
    assert len(shelf.program) <= MAX_STEPS
    with pytest.raises(wb.TensorError) as refusal:
        shelf.after(*(Edit("A", (number % 3,), number) for number in range(MAX_STEPS)))
    assert refusal.value.code == "tensor.too_many_steps"


# The needed steps of a program.


@settings(max_examples=cases(150))
@given(shelves(most=12))
def test_the_needed_steps_of_a_program_give_the_same_shelf(shelf):
    fewer = needed(shelf.program)
    assert len(fewer) <= len(shelf.program)
    pruned = Shelf(fewer)
    assert state(pruned) == state(shelf)
    assert needed(fewer) == fewer


def test_the_array_in_the_code_is_the_array_of_the_tensor():
    shelf = Shelf(read_program("A_from-numpy_1_4_none*B_from-numpy_5_8_none*A_edit_0_9_array"))
    names = run_as_plain_code("\n".join(shelf.code), {})
    for name in ("A", "B"):
        assert names[name].tolist() == shelf.tensors[name].tolist()


@pytest.mark.parametrize("text", ["A_zeros_2_float16*A_edit_0_70000.0_numpy", "A_randint_0_100000000_3_float16"])
def test_no_operation_warns(text):
    """Warnings are errors in the tests, so a warning of NumPy or PyTorch would fail here."""
    with contextlib.suppress(wb.WorkbenchError):
        Shelf(read_program(text))


@pytest.mark.parametrize(
    ("text", "few"),
    [
        ("A_ones*A_zeros", "A_zeros"),
        ("A_ones*B_t_A*A_del", "A_ones*B_t_A*A_del"),
        ("A_ones*B_zeros*A_del", "B_zeros"),
        ("A_ones_2x1*B_t_A*A_zeros", "A_ones_2x1*B_t_A*A_zeros"),
        ("A_ones_2*B_view_A_2x1*A_edit_0_5*A_del", "A_ones_2*B_view_A_2x1*A_edit_0_5*A_del"),
        ("A_ones_2*A_edit_0_5*A_zeros_2", "A_zeros_2"),
        ("A_ones_2*B_zeros_2*B_edit_0_5*B_del", "A_ones_2"),
        ("A_ones_2*B_view_A_2*A_zeros*A_del", "A_ones_2*B_view_A_2*A_del"),
        ("A_ones_2x1*B_t_A*C_t_B*B_del*C_edit_0x0_5*C_del", "A_ones_2x1*B_t_A*C_t_B*B_del*C_edit_0x0_5*C_del"),
        ("A_ones_2*B_view_A_2*A_del*A_zeros*A_del", "A_ones_2*B_view_A_2*A_del"),
    ],
)
def test_needed_keeps_no_other_steps(text, few):
    program = read_program(text)
    assert state(Shelf(needed(program))) == state(Shelf(program))
    assert len(needed(program)) <= len(read_program(few))


# The codec.


def lost_luck(program):
    return tuple(replace(step, rng_seed=0) if isinstance(step, Step) else step for step in program)


def rectangular(program):
    """Whether each list of numbers is a full table and not empty, so that a link needs no brackets."""
    lists = [step.call.args["values"] for step in program if isinstance(step, Step) and "values" in step.call.args]
    return all(shape_of(value) is not None and 0 not in shape_of(value) for value in lists)


@settings(max_examples=cases(300))
@given(st.lists(ANY_STEP, max_size=12).map(tuple))
def test_a_program_is_written_and_read_to_the_last_bit(program):
    text = write_program(program)
    assume(len(text) <= MAX_LETTERS)
    found = read_program(text)
    assert (found, repr(found)) == (program, repr(program))
    assert write_program(found) == text
    if rectangular(program):
        assert re.fullmatch(r"[A-Za-z0-9*._-]*", text), text


@pytest.mark.parametrize("number", [1e16, 1e22, 1.5e300, -1e17, 1e-7, 1e-300, 0.1, -0.0, 5e-324, 2**63, -(10**40)])
def test_a_number_of_any_size_needs_no_escape_in_a_link(number):
    text = Call.of(OPERATIONS["tensor"], {"values": ((number, 1), (2, 3))}).text
    assert re.fullmatch(r"[A-Za-z0-9*._-]*", text)
    assert repr(read_call(text).args["values"]) == repr(((number, 1), (2, 3)))


@settings(max_examples=cases(60))
@given(shelves())
def test_a_link_gives_the_tensors_on_the_shelf(shelf):
    text = write_program(shelf.program)
    if len(text) <= MAX_LETTERS:
        assert state(Shelf(read_program(text))) == state(Shelf(lost_luck(shelf.program)))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_call_with_default_values_is_written_as_its_name(operation):
    call = Call.of(operation, {})
    assert call.text == operation.id
    assert read_call(operation.id) == call
    assert hash(read_call(operation.id)) == hash(call)


WORDS = ["to", "del", "edit", "array", "numpy", "none", "tensor", "number", "float32", "1e999", "nan"]
PIECES = ["[1]", "[", "()", "2x3", "2v1v2", "sv1", "9" * 30, "1x" * 50, "é", "\0", "١", "%2B", *"_*xvnstfy.-+:,0179 E"]
TOKENS = [*NAMES, *OPERATIONS, *WORDS, *PIECES]
VALID = st.lists(ANY_STEP, min_size=1, max_size=4).map(lambda program: write_program(tuple(program)))


@st.composite
def damaged(draw):
    """A link with something inserted, removed or moved."""
    text = draw(VALID)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(["", *TOKENS])) + text[at + draw(st.integers(0, 3)) :]
    return text


def read_or_refused(text):
    refusal, program = None, None
    with at_most(0.5):
        try:
            program = read_program(text)
        except wb.ConfigError as error:
            refusal = error
    assert refusal is None or 0 < len(str(refusal)) < 1000
    return program


@settings(max_examples=cases(300))
@given(st.one_of(damaged(), st.lists(st.sampled_from(TOKENS), max_size=25).map("".join), st.text(max_size=60)))
@example("A_tensor_2v1v")
@example("A_tensor_2v1vtf")
@example("A_tensor_1vtf")
def test_any_text_gives_a_program_or_an_error(text):
    program = read_or_refused(text)
    if program is None:
        return
    again = write_program(program)
    if len(again) <= MAX_LETTERS:
        assert repr(read_program(again)) == repr(program)
    with contextlib.suppress(wb.WorkbenchError):  # which may still fail when run
        Shelf(program)


@pytest.mark.parametrize(
    "text",
    [
        "A_tensor_" + "1x" * 1500 + "1v1",
        "A_tensor_" + "1x" * 2900 + "1v1",
        "A_tensor_1x1x1x1x1x1x1x1v1",
        "A_tensor_9999x9999x9999x9999v1",
        "A_tensor_" + "9999x" * 1000 + "9999v1",
        "A_tensor_0x5v1",
        "A_tensor_v",
        "A_tensor_1v" + "9" * 5900,
        "A_tensor_1v" + "9" * 3999,
        "A_tensor_" + "[" * 5900,
        "A_arange_" + "9" * 5900,
        "A_arange_" + "9" * 350,
        "A_arange_0_1e999",
        "A_edit_0_" + "9" * 350,
        "A_edit_" + "9" * 5900 + "_1",
        "A_edit_" + "1x" * 2900 + "_1",
        "A_zeros_" + "1x" * 2900,
        "A_zeros_" + " " * 5900 + "z",
        "A_index_A_" + " " * 5900 + "z",
        "A_index_A_" + ("to" + " " * 40) * 2 + "z",
        "A_index_A_" + "x" * 5900,
        "A_stack_" + "ABCD" * 1000,
        "A_stack_n",
        "A_look",
        "A_numpy_A",
        "E_ones",
        "A_ones_2_none_n_n_n",
        "A_edit_0",
        "A_edit_0_1_list",
        "A_edit_0_1_array_1",
        "*",
        "A_ones*",
        "_" * 6000,
        "*".join(["A_ones"] * (MAX_STEPS + 1)),
        "A" * (MAX_LETTERS + 1),
        "A_tensor_" + "1v" * 10**6,
    ],
    ids=lambda text: f"{text[:24]}-{len(text)}",
)
def test_a_hostile_link_is_refused_quickly(text):
    assert read_or_refused(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "A_rand_464x464*B_rand_464x464*" + "*".join(["C_matmul_A_B"] * (MAX_STEPS - 2)),
        "A_randint_0_9_464x464*" + "*".join(["C_matmul_A_A"] * (MAX_STEPS - 1)),
        "A_rand_464x464_float16*" + "*".join(["C_matmul_A_A"] * (MAX_STEPS - 1)),
        "*".join(f"{NAMES[i % 4]}_rand_1000x1000_float64" for i in range(MAX_STEPS)),
        "A_rand_1000x1000*"
        + "*".join(["B_clone_A*B_sum_A_1*C_argmax_A*D_permute_A*A_type_D_float16"] * (MAX_STEPS // 6)),
        "A_zeros_10x100000*B_t_A*" + "*".join(["C_reshape_B_1000000*D_reshape_B_1000x1000"] * (MAX_STEPS // 2 - 1)),
    ],
    ids=lambda text: text[:24],
)
def test_any_link_is_run_within_seconds(text):
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with contextlib.suppress(wb.TensorError):  # more than a shelf may compute
        Shelf(read_program(text))
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def test_the_number_of_cells_that_all_tensors_hold_is_small():
    shelf = Shelf(read_program("*".join(f"{name}_zeros_1000x1000_float64" for name in NAMES)))
    held = sum(tensor.nbytes for tensor in shelf.tensors.values())
    assert held == math.prod((4, 8, 10**6)) == 32e6
    assert all(isinstance(array, np.ndarray) for found in shelf.others.values() for array in found.values())
