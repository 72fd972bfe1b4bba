"""Operations on the tensors of many runs, one row for each run, with the bits that each run has alone.

Most of PyTorch's operations give the same bits for many runs at once. Those that do not, because PyTorch takes another
code path for another size or another place in memory, run once for each run.
"""

import math
from collections.abc import Callable
from functools import cache

import torch
from torch.nn import functional

from ...base.seeding import generator

ALIGNED = 16
"""PyTorch's tensors begin at multiples of this many float32 numbers."""

TRIALS = 2_000  # random numbers of a trial


def padded(count: int) -> int:
    return -(-count // ALIGNED) * ALIGNED


def aligned(runs: int, *shape: int) -> torch.Tensor:
    """Zeros (R, ...), of which each run's begin where a tensor of its own would: matrix products may depend on it.

    There is a gap between any two runs, so that PyTorch computes elementwise functions for each run on its own. It
    takes several numbers at a time, and what is left over one by one, which can give other bits.
    """
    count = math.prod(shape)
    return torch.zeros(runs, padded(count) + ALIGNED)[:, :count].view(runs, *shape)


class Product:
    """A matrix product of each run: at once for all of them, if that gives the same bits, else one after the other.

    Which one depends on the sizes alone, so a trial with random numbers decides, once for each size.
    """

    def __init__(self, one: Callable[..., object], many: Callable[..., object]) -> None:
        self._one, self._many = one, many
        self._same = cache(self._compare)

    def __call__(self, *parts: torch.Tensor, out: torch.Tensor) -> None:
        """Write the products of parts (R, ...) into `out` (R, ...)."""
        if self._same(tuple(out.shape[1:]), *(tuple(part.shape[1:]) for part in parts)):
            self._many(*parts, out=out)
        else:
            self._one_by_one(*parts, out=out)

    def _one_by_one(self, *parts: torch.Tensor, out: torch.Tensor) -> None:
        for *row, place in zip(*parts, out, strict=True):
            self._one(*row, out=place)

    def _compare(self, result: tuple[int, ...], *shapes: tuple[int, ...]) -> bool:
        random = generator(0)
        runs = max(7, TRIALS // math.prod(result))
        parts = [aligned(runs, *shape).normal_(generator=random) for shape in shapes]
        one_by_one, at_once = aligned(runs, *result), aligned(runs, *result)
        self._one_by_one(*parts, out=one_by_one)
        self._many(*parts, out=at_once)
        return torch.equal(one_by_one, at_once)


FORWARD = Product(
    lambda x, weight, bias, out: torch.addmm(bias, x, weight.t(), out=out),
    lambda x, weight, bias, out: torch.baddbmm(bias.unsqueeze(1), x, weight.transpose(1, 2), out=out),
)
"""Inputs (N, before), weights (after, before) and biases (after,) to outputs (N, after)."""

BY_WEIGHT = Product(
    lambda slopes, x, out: torch.mm(slopes.t(), x, out=out),
    lambda slopes, x, out: torch.bmm(slopes.transpose(1, 2), x, out=out),
)
"""Gradients by the outputs (N, after) and inputs (N, before) to those by the weights (after, before)."""

BY_INPUT = Product(
    lambda slopes, weight, out: torch.mm(slopes, weight, out=out),
    lambda slopes, weight, out: torch.bmm(slopes, weight, out=out),
)
"""Gradients by the outputs (N, after) and weights (after, before) to those by the inputs (N, before)."""

ACTIVATIONS = {"relu": torch.relu_, "tanh": torch.tanh_, "sigmoid": torch.sigmoid_}

BACKWARD: dict[str, Callable[[torch.Tensor, torch.Tensor], object]] = {
    "relu": lambda slopes, output: torch.ops.aten.threshold_backward(slopes, output, 0, grad_input=slopes),
    "tanh": lambda slopes, output: torch.ops.aten.tanh_backward(slopes, output, grad_input=slopes),
    "sigmoid": lambda slopes, output: torch.ops.aten.sigmoid_backward(slopes, output, grad_input=slopes),
}
"""From the gradients by an activation's outputs, and these, to those by its inputs, in place."""

LOGISTIC = Product(
    lambda logits, y, out: out.copy_(functional.binary_cross_entropy_with_logits(logits, y)),
    lambda logits, y, out: out.copy_(functional.binary_cross_entropy_with_logits(logits, y, reduction="none").mean(1)),
)
"""Logits (N,) and classes (N,) to the mean loss, ()."""
