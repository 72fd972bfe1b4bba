"""Compares random tensors drawn with the same seed or another: chapter 0, 29."""

import torch

from ..base.fields import N_
from ..base.seeding import generator
from .create import SIZE
from .operation import Formula, Message, Operation, OpResult
from .origins import numbered
from .params import Pick, Whole

SECTION = "seeds"
HOW = {
    "each": (N_("before each of the two"), "each"),
    "once": (N_("once, before the first"), "once"),
    "none": (N_("not at all"), "none"),
}


def _compare(size: tuple[int, ...], how: str, seed: int, second: int, rng_seed: int) -> OpResult:
    numbers = generator(rng_seed if how == "none" else seed)
    x = torch.rand(size, generator=numbers)
    y = torch.rand(size, generator=generator(second) if how == "each" else numbers)
    return OpResult(x == y, {"x": x, "y": y})


def _before(size: str, how: str, seed: str, second: str) -> tuple[str, ...]:
    lines = [f"x = torch.rand(size={size})", f"y = torch.rand(size={size})"]
    if how == "each":
        lines.insert(1, f"torch.manual_seed({second})")
    return (*(() if how == "none" else (f"torch.manual_seed({seed})",)), *lines)


def _seed_note(size: tuple[int, ...], how: str, seed: int, second: int, result: torch.Tensor) -> Message:
    if how == "none":
        return Message(
            N_("Without a seed the numbers come from wherever PyTorch happens to be in the list: new ones every time.")
        )
    if how == "once":
        return Message(
            N_(
                "The seed is set once. The second tensor continues in the list where the first one stopped, so it "
                "differs."
            )
        )
    if seed == second:
        return Message(
            N_("Both start at the same place in the list, so every cell is the same. That's what a seed is for.")
        )
    return Message(N_("Two seeds, two starting points: the numbers have nothing to do with each other."))


COMPARE = Operation(
    id="seeds",
    section=SECTION,
    name="torch.manual_seed",
    teaches=N_("Computers take random numbers from a long, fixed list. The seed decides where in the list they start."),
    params={
        "size": SIZE,
        "how": Pick(
            label=N_("Set the seed"), help=N_("When torch.manual_seed is called."), default="each", options=HOW
        ),
        "seed": Whole(
            torch="manual_seed",
            label=N_("First seed"),
            help=N_("The seed before the first tensor."),
            default=42,
            low=0,
            high=2**31 - 1,
        ),
        "second": Whole(
            label=N_("Second seed"),
            help=N_("The seed before the second tensor."),
            default=42,
            low=0,
            high=2**31 - 1,
            when=("how", "each"),
        ),
    },
    run=_compare,
    is_random=True,
    sign="==",
    before=_before,
    code=lambda **_: "x == y",
    planned=lambda size, **_: size,
    origins=lambda result, **_: {"x": numbered(result).reshape(-1, 1), "y": numbered(result).reshape(-1, 1)},
    formula=lambda **_: Formula(pair=" == ", then=" → "),
    note=_seed_note,
)

OPERATIONS = (COMPARE,)
