"""The arithmetic behind a line of the training step, with real numbers: 0.3367 - 0.01 * (-0.6000) = 0.3427."""

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from ..best_line import pointwise, slope
from ..config import LinearConfig
from .moments import Moment, Trace

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8  # the defaults of torch.optim.Adam


Terms = tuple[str | float, ...]


@dataclass(frozen=True)
class Equation:
    """`name` = `terms` = `result`: the terms are numbers and the text between them, the result is PyTorch's own.

    A long sum has only its first two numbers and its last one among the terms, with "…" between. `compute` gives the
    result for other numbers in place of those in the terms; it is None for a long sum.
    """

    name: str
    terms: Terms
    result: float
    compute: Callable[..., float] | None = field(default=None, compare=False)

    def written(self, number: Callable[[float], str]) -> str:
        """The terms as text, each number formatted by `number`, negative ones in brackets after a sign."""
        texts: list[str] = []
        for at, term in enumerate(self.terms):
            if isinstance(term, str):
                texts.append(term)
                continue
            inside = texts and texts[-1].endswith(("(", "|"))
            after = self.terms[at + 1] if at + 1 < len(self.terms) else ""
            squared = isinstance(after, str) and after.startswith("²")
            brackets = term < 0 and (squared or (texts and not inside))
            texts.append(f"({number(term)})" if brackets else number(term))
        return "".join(texts)


def equations(config: LinearConfig, trace: Trace, line: str) -> tuple[Equation, ...]:
    """What the line computed in this epoch; empty for a line that computes nothing or was left out."""
    if line not in MAKERS or line in trace.skipped:
        return ()
    return tuple(MAKERS[line](config.at(trace.epoch), *trace.around(line)))


def _forward(config: LinearConfig, before: Moment, after: Moment) -> Iterator[Equation]:
    X, y_pred = _numbers(after, "X"), _numbers(after, "y_pred")
    weight, bias = _line(after)
    for at in _shown(len(X)):
        yield Equation(f"y_pred[{at}]", (weight, " * ", X[at], " + ", bias), y_pred[at], _predict)


def _loss(config: LinearConfig, before: Moment, after: Moment) -> Iterator[Equation]:
    yield from _mean_cost("loss", config.loss, _numbers(after, "residuals"), _number(after, "loss"))


def _backward(config: LinearConfig, before: Moment, after: Moment) -> Iterator[Equation]:
    residuals, X = _numbers(after, "residuals"), _numbers(after, "X")
    slopes = slope(config.loss, np.array(residuals)).tolist()
    if config.loss == "l1":
        yield Equation("slope[0]", ("sign(", residuals[0], ")"), slopes[0], np.sign)
    elif config.loss == "mse":
        yield Equation("slope[0]", ("2 * ", residuals[0]), slopes[0], lambda residual: 2 * residual)
    else:
        yield Equation("slope[0]", ("clip(", residuals[0], ")"), slopes[0], lambda residual: max(-1, min(residual, 1)))
    weight, bias = _names(after)
    sums: tuple[tuple[str, Sequence[Terms]], ...] = (
        (weight, [(slope, " * ", x) for slope, x in zip(slopes, X, strict=True)]),
        (bias, [(slope,) for slope in slopes]),
    )
    for name, parts in sums:
        old, new = before.tensors[f"{name}.grad"], _number(after, f"{name}.grad")
        initial = () if old is None else (old.item(), " + ")
        yield Equation(f"{name}.grad", (*initial, *_mean(parts)), new)


def _step(config: LinearConfig, before: Moment, after: Moment) -> Iterator[Equation]:
    for name in _names(after):
        if after.tensors[f"{name}.grad"] is not None:
            yield from UPDATES[config.optimizer](config, name, before, after)


def _sgd(config: LinearConfig, name: str, before: Moment, after: Moment) -> Iterator[Equation]:
    step = _number(after, f"{name}.grad")
    if config.momentum:
        memory = f"{name}.momentum_buffer"
        old, new = before.tensors[memory], _number(after, memory)
        initial: Terms = (f"{name}.grad",)  # the first step is the gradient itself
        if old is None:
            yield Equation(memory, initial, new)
        else:
            kept: Terms = (f"{config.momentum:.10g} * ", old.item(), " + ", step)
            yield Equation(memory, kept, new, lambda old, grad: config.momentum * old + grad)
        step = new
    terms: Terms = (_number(before, name), f" - {config.lr:.10g} * ", step)
    yield Equation(name, terms, _number(after, name), lambda old, step: old - config.lr * step)


def _adam(config: LinearConfig, name: str, before: Moment, after: Moment) -> Iterator[Equation]:
    grad, count = _number(after, f"{name}.grad"), _number(after, f"{name}.step")
    averages = {}
    for memory, beta, square in (("exp_avg", BETA1, ()), ("exp_avg_sq", BETA2, ("²",))):
        old = before.tensors[f"{name}.{memory}"]
        averages[memory] = new = _number(after, f"{name}.{memory}")
        average: Terms = (
            f"{beta:g} * ",
            0.0 if old is None else old.item(),
            f" + {1 - beta:g} * ",
            grad,
            *square,
        )
        power = 2 if square else 1
        yield Equation(f"{name}.{memory}", average, new, functools.partial(_average, beta, power))
    mean = (averages["exp_avg"], " / ", 1 - BETA1**count)
    size = (averages["exp_avg_sq"], " / ", 1 - BETA2**count)
    initial = (_number(before, name), f" - {config.lr:.10g} * (")
    update: Terms = (*initial, *mean, ") / (√(", *size, f") + {EPS:g})")
    yield Equation(
        name,
        update,
        _number(after, name),
        lambda old, mean, less, size, fewer: old - config.lr * (mean / less) / (math.sqrt(size / fewer) + EPS),
    )


def _evaluate(config: LinearConfig, before: Moment, after: Moment) -> Iterator[Equation]:
    weight, bias = _line(after)
    X, y_pred = _numbers(after, "X_test"), _numbers(after, "test_pred")
    yield Equation("test_pred[0]", (weight, " * ", X[0], " + ", bias), y_pred[0], _predict)
    yield from _mean_cost("test_loss", config.loss, _numbers(after, "test_residuals"), _number(after, "test_loss"))


def _mean_cost(name: str, loss: str, residuals: list[float], result: float) -> Iterator[Equation]:
    if loss == "huber":
        costs = pointwise(loss, np.array(residuals)).tolist()
        if abs(residuals[0]) <= 1:
            yield Equation("cost[0]", ("0.5 * ", residuals[0], "²"), costs[0], lambda residual: residual**2 / 2)
        else:
            yield Equation("cost[0]", ("|", residuals[0], "| - 0.5"), costs[0], lambda residual: abs(residual) - 0.5)
        yield Equation(name, _mean([(cost,) for cost in costs]), result)
    else:
        bars = loss == "l1"
        yield Equation(
            name, _mean([("|", residual, "|") if bars else (residual, "²") for residual in residuals]), result
        )


def _predict(weight: float, x: float, bias: float) -> float:
    return weight * x + bias


def _average(beta: float, power: int, old: float, grad: float) -> float:
    return beta * old + (1 - beta) * grad**power


def _mean(parts: Sequence[Terms]) -> Terms:
    """The terms of a mean: (first + second + … + last) / count."""
    shown = _shown(len(parts))
    terms: list[str | float] = ["("]
    for position, at in enumerate(shown):
        if position:
            terms.append(" + … + " if at > shown[position - 1] + 1 else " + ")
        terms.extend(parts[at])
    return (*terms, f") / {len(parts)}")


def _shown(count: int) -> list[int]:
    """The indices of the numbers to write out: the first two and the last."""
    return sorted({0, min(1, count - 1), count - 1})


def _names(moment: Moment) -> tuple[str, str]:
    """The model's names for its weight and its bias."""
    weight, bias = (name.removesuffix(".grad") for name in moment.tensors if name.endswith(".grad"))
    return weight, bias


def _line(moment: Moment) -> tuple[float, float]:
    weight, bias = (_number(moment, name) for name in _names(moment))
    return weight, bias


def _numbers(moment: Moment, name: str) -> list[float]:
    tensor = moment.tensors[name]
    assert isinstance(tensor, torch.Tensor)
    return list(map(float, tensor.flatten().tolist()))


def _number(moment: Moment, name: str) -> float:
    [number] = _numbers(moment, name)
    return number


MAKERS: dict[str, Callable[[LinearConfig, Moment, Moment], Iterator[Equation]]] = {
    "forward": _forward,
    "loss": _loss,
    "backward": _backward,
    "step": _step,
    "evaluate": _evaluate,
}
UPDATES = {"sgd": _sgd, "adam": _adam}
