"""The tensor chapter of the course, line by line: each line can be done on the page with the same result."""

import contextlib
import io
import re
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

import wb_core as wb
from wb_core.base.seeding import global_generators
from wb_core.tensorlab import OPERATIONS, Call, Shelf, Step, advise
from wb_core.tensorlab.places import gpu

RNG_SEED = 5  # the RNG seed before a line without a seed


@dataclass(frozen=True)
class Line:
    """A line of the course, and the operations that do it on the page, in order, each with its values.

    `to` is the name on the shelf that gets the result; `beside` is what came with the result, where that is meant.
    `repaired` is the line without its slip. A `page` does it instead (or all code on the page has these
    names anyway), or it is a `look` at the tensor of this name.
    """

    says: str
    does: tuple = ()
    to: str = "C"
    beside: str = ""
    repaired: str = ""
    page: str = ""
    look: str = ""

    @property
    def code(self):
        return self.repaired or self.says


def do(says, operation, *, to="C", beside="", repaired="", then=(), **values):
    return Line(says, ((operation, values), *then), to, beside, repaired)


def look(says, a, repaired=""):
    return Line(says, look=a, repaired=repaired)


def device(says):
    return Line(says, page="device")


def names(says):
    return Line(says, page="names")


def seeds(says, beside=""):
    return do(says, "seeds", beside=beside, size=(3, 4), how="each", seed=42, second=42)


@dataclass(frozen=True)
class Part:
    """Lines that belong together; `before` defines tensors that the course presupposes."""

    lines: tuple
    before: str = ""
    shelf: dict = field(default_factory=dict)


CHAPTER_0 = {
    "1 to 17": Part(
        (
            names("import torch"),
            device("print(torch.__version__)"),
            device("!nvidia-smi"),
            do("torch.tensor(7)", "tensor", values=7),
            do(
                "TENSOR = torch.tensor([[[1,2,3],[4,5,6],[7,8,9]]])",
                "tensor",
                values="[[[1,2,3],[4,5,6],[7,8,9]]]",
                to="A",
            ),
            look("TENSOR.ndim", "A"),
            look("TENSOR.shape", "A"),
            do("RT = torch.rand(3,4)", "rand", size=(3, 4), seed=None),
            do("RT = torch.rand(size=(3,4))", "rand", size=(3, 4), seed=None),
            do("RIT = torch.rand(size=(3,224,224))", "image", seed=None, to="B"),
            look("RIT.ndim, RIT.shape", "B"),
            do("zeros = torch.zeros(size=(3,4))", "zeros", size=(3, 4)),
            do("ones = torch.ones(size=(3,4))", "ones", size=(3, 4)),
            look("ones.dtype", "C"),
            do("zero_to_nine = torch.arange(0,10)", "arange", start=0, end=10),
            do("zero_to_nine = torch.arange(start=0, end=10, step=1)", "arange", start=0, end=10, step=1, to="D"),
            do("torch.zeros_like(input=zero_to_nine)", "zeros-like", a="D"),
            do(
                "float_32_tensor = torch.tensor(([3,4,5]), dtype=None, device=None, requires_grad=False)",
                "tensor",
                values="([3,4,5])",
                dtype="none",
                requires_grad=False,
                to="A",
            ),
            do("float_16_tensor = float_32_tensor.type(torch.float16)", "type", a="A", dtype="float16"),
        )
    ),
    "18": Part(
        (
            do("some_tensor = torch.rand(3,4)", "rand", size=(3, 4), seed=None, to="A"),
            look("print(some_tensor)", "A"),
            look(
                "print(f”Datatype of tensor: {some_tensor.dtype}”)",
                "A",
                'print(f"Datatype of tensor: {some_tensor.dtype}")',
            ),
            look(
                "print(f”Shape of tensor: {some_tensor.shape}”)", "A", 'print(f"Shape of tensor: {some_tensor.shape}")'
            ),
            look(
                "print(f”Device tensor is on: {some_tensor.device}”)",
                "A",
                'print(f"Device tensor is on: {some_tensor.device}")',
            ),
        )
    ),
    "19": Part(
        (
            do("tensor = torch.tensor([1,2,3])", "tensor", values="[1,2,3]", to="A"),
            do("tensor + 10", "add", a="A", other="number", number=10),
            do("tensor * 10", "mul", a="A", other="number", number=10),
            do("tensor - 10", "sub", a="A", other="number", number=10),
        )
    ),
    "20 to 22": Part(
        (
            do("torch.matmul(tensor_A, tensor_B.T)", "matmul", a="A", b="B", transpose="b"),
            do("torch.mm(tensor_A, tensor_B.T)", "matmul", a="A", b="B", spelling="mm", transpose="b"),
        ),
        before="tensor_A = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])\n"
        "tensor_B = torch.tensor([[7., 8.], [9., 10.], [11., 12.]])",
        shelf={"A": "[[1., 2.], [3., 4.], [5., 6.]]", "B": "[[7., 8.], [9., 10.], [11., 12.]]"},
    ),
    "23 to 26": Part(
        (
            do("x = torch.arange(0,100,10)", "arange", start=0, end=100, step=10, to="A"),
            do("x.argmin()", "argmin", a="A"),
            do("x.argmax()", "argmax", a="A"),
            look("x.shape", "A"),
            do("R = x.reshape(1,9)", "reshape", a="A", shape=(1, 10), repaired="R = x.reshape(1,10)"),
            do("R = x.reshape(9,1)", "reshape", a="A", shape=(10, 1), repaired="R = x.reshape(10,1)", to="B"),
            do("V = x.view(1,9)", "view", a="A", shape=(1, 10), repaired="V = x.view(1,10)"),
            do("S = torch.stack([x,x,x,x], dim=0)", "stack", tensors=("A",), times=4, dim=0),
            do("S = torch.stack([x,x,x,x], dim=1)", "stack", tensors=("A",), times=4, dim=1),
            do("SQ = R.squeeze()", "squeeze", a="B"),
            do("USQ = x.unsqueeze(dim=0)", "unsqueeze", a="A", dim=0),
            do("USQ = x.unsqueeze(dim=1)", "unsqueeze", a="A", dim=1),
            do(
                "image = torch.rand(size=(244,244,3))",
                "image",
                order=(224, 224, 3),
                seed=None,
                repaired="image = torch.rand(size=(224,224,3))",
                to="D",
            ),
            do("P = torch.permute(image, (2,0,1))", "permute", a="D", dims=(2, 0, 1)),
        )
    ),
    "27": Part(
        (
            do(
                "x = torch.arange(1,10).reshape(1,3,3)",
                "arange",
                start=1,
                end=10,
                then=[("reshape", {"a": "A", "shape": (1, 3, 3)})],
                to="A",
            ),
            do("x[:,1,1]", "index", a="A", index=":,1,1"),
            look("x", "A"),
            do("x[0,1,1]", "index", a="A", index="0,1,1"),
        )
    ),
    "28": Part(
        (
            names("import torch"),
            names("import numpy as np"),
            do("array = np.arange(1.0, 8.0)", "from-numpy", start=1.0, end=8.0, beside="array"),
            do(
                "tensor = torch.from_numpy(array).type(torch.float32)",
                "from-numpy",
                start=1.0,
                end=8.0,
                convert="float32",
                to="A",
            ),
            do("tensor = torch.ones(size=(2,3,4))", "ones", size=(2, 3, 4), to="A"),
            do("array = tensor.numpy()", "numpy", a="A"),
        )
    ),
    "29": Part(
        (
            seeds("RANDOM_SEED = 42"),
            seeds("torch.manual_seed(RANDOM_SEED)"),
            seeds("x = torch.rand(3,4)", "x"),
            seeds("torch.manual_seed(RANDOM_SEED)"),
            seeds("y = torch.rand(3,4)", "y"),
        )
    ),
    "30": Part(
        (device("!nvidia-smi"), device("torch.cuda.is_available()"), device("torch.cuda.device_count()")),
    ),
    "31": Part(
        (
            device("device = “cuda” if torch.cuda.is_available() else “cpu”"),
            do("tensor = torch.tensor([1,2,3])", "tensor", values="[1,2,3]", to="A"),
            look("tensor.device", "A"),
            device("tensor_move_to_gpu = tensor.to(device)"),
            do("tensor_move_to_gpu.numpy()", "numpy", a="A", place="gpu"),
            device("tensor_move_to_cpu = tensor_move_to_gpu.cpu()"),
            do("tensor_move_to_cpu.numpy()", "numpy", a="A"),
        ),
        # The device that plays the GPU where there is none gives nothing back.
        before=f"tensor_move_to_gpu = torch.tensor([1,2,3]).to({gpu()!r})\ntensor_move_to_cpu = torch.tensor([1,2,3])",
    ),
}
REFUSED = ("tensor_move_to_gpu.numpy()",)
"""A line that the course calls impossible."""


def told(code, names):
    """The output of a line of plain code, and the value of its expression or of the name it assigns."""
    printed = io.StringIO()
    set_name = re.match(r"(\w+) = ", code)
    with global_generators(), contextlib.redirect_stdout(printed):
        torch.manual_seed(RNG_SEED)
        if set_name:
            exec(code, names)
            value = names[set_name[1]]
        else:
            value = eval(code, names)
    return value, printed.getvalue()


def same(left, right):
    left, right = (torch.from_numpy(one) if isinstance(one, np.ndarray) else one for one in (left, right))
    assert (left.dtype, left.shape, left.stride()) == (right.dtype, right.shape, right.stride())
    assert torch.equal(left, right)


def walk(part):
    """Do each line in plain code and on the shelf, and compare."""
    names = {"torch": torch, "np": np}
    exec(part.before, names)
    shelf = Shelf(())
    for name, values in part.shelf.items():
        shelf = shelf.after(Step(name, Call.of(OPERATIONS["tensor"], {"values": values})))
    for line in part.lines:
        if line.page:
            assert line.page == "device" or line.code.split()[-1] in names
            continue
        if line.look:
            outcome = shelf.run(Call.of(OPERATIONS["look"], {"a": line.look}))
            (variable,) = names.keys() & set(re.findall(r"\w+", line.code))
            value, printed = told(line.code, names)
            seen, seen_printed = told(line.code, {variable: outcome.result})
            assert printed == seen_printed
            assert torch.equal(value, seen) if torch.is_tensor(value) else value == seen
            continue
        for id_, values in line.does[:-1]:
            shelf = shelf.after(Step(line.to, Call.of(OPERATIONS[id_], values)))
        id_, values = line.does[-1]
        call = Call.of(OPERATIONS[id_], values)
        if line.says in REFUSED:
            with pytest.raises(wb.TensorError) as refusal:
                shelf.run(call)
            with pytest.raises(TypeError) as plain:
                eval(line.code, names)
            assert refusal.value.message == str(plain.value)
            assert advise(refusal.value, call, shelf).fixes
            continue
        outcome = shelf.run(call, RNG_SEED)
        if id_ == "seeds" and not line.beside:  # a line that seeds: the page's code has it, too
            exec(line.code, names)
            code = line.code.replace("RANDOM_SEED", str(names["RANDOM_SEED"]))
            assert "=" in code or call.lines("result").count(code) == 2
            continue
        if id_ == "seeds":
            with global_generators():
                exec(f"torch.manual_seed(RANDOM_SEED)\n{line.code}", names)
            same(outcome.others[line.beside], names[line.beside])
            continue
        value, _ = told(line.code, names)
        same(outcome.others[line.beside] if line.beside else outcome.result, value)
        if OPERATIONS[id_].keeps:
            shelf = shelf.after(Step(line.to, call, RNG_SEED))


@pytest.mark.parametrize("part", CHAPTER_0)
def test_every_line_of_the_course_can_be_done_on_the_page(part):
    walk(CHAPTER_0[part])


def test_two_tensors_with_the_same_seed_are_equal():
    outcome = Shelf(()).run(Call.of(OPERATIONS["seeds"], {"size": (3, 4)}))
    assert bool(outcome.result.all())


def test_a_view_shares_memory_with_its_source():
    def step(name, id_, **values):
        return Step(name, Call.of(OPERATIONS[id_], values))

    shelf = Shelf((step("A", "arange", end=100, step=10), step("B", "view", a="A", shape=(1, 10))))
    assert wb.shares_memory(shelf.tensors["A"], shelf.tensors["B"])


@pytest.mark.parametrize("id_", ["reshape", "view"])
@pytest.mark.parametrize("shape", [(1, 9), (9, 1)])
def test_an_impossible_reshape_is_refused_with_advice(id_, shape):
    shelf = Shelf((Step("A", Call.of(OPERATIONS["arange"], {"end": 100, "step": 10})),))
    call = Call.of(OPERATIONS[id_], {"shape": shape})
    with pytest.raises(wb.TensorError, match=re.escape(f"shape '{list(shape)}' is invalid for input of size 10")) as no:
        shelf.run(call)
    found = advise(no.value, call, shelf)
    assert "10" in found.message.template.format(**found.message.values)
    assert {(1, 10), (10, 1)} & {tuple(shelf.run(fix.call).result.shape) for fix in found.fixes}
