"""The tensors of a training step, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from ..run import LinearRun
from .graph import Graph, Walk


@dataclass(frozen=True)
class Moment:
    """Copies of all tensors right after a line has run, on the CPU; None where PyTorch has None.

    By name: the parameters, their `.grad`, their optimizer state, and the tensors of `MADE`. `training` is the model's
    mode, `tracked` says whether the test loss has an autograd graph.
    """

    line: str
    training: bool
    tensors: Mapping[str, torch.Tensor | None]
    tracked: bool = False


@dataclass(frozen=True)
class Trace:
    """One epoch: the moment before its first line, one moment after each line, and the graph of its loss.

    `skipped` are the lines that a what-if leaves out; they have a moment too, in which nothing changes.
    """

    epoch: int
    before: Moment
    moments: tuple[Moment, ...]
    graph: Graph
    skipped: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of the lines in the order they ran."""
        return tuple(moment.line for moment in self.moments)

    def around(self, line: str) -> tuple[Moment, Moment]:
        """The moments right before and right after a line."""
        at = self.lines.index(line)
        return (self.moments[at - 1] if at else self.before), self.moments[at]

    def changed(self, line: str) -> tuple[str, ...]:
        """The names of the tensors that this line created, changed or cleared."""
        before, after = self.around(line)
        return tuple(name for name, tensor in after.tensors.items() if _differ(before.tensors[name], tensor))


class Recorder:
    """Records a moment after each line of one epoch; it is the `on_line` callback of `LinearRun.advance`."""

    def __init__(self, run: LinearRun) -> None:
        self.run = run
        self.made: dict[str, torch.Tensor] = {}
        self.moments: list[Moment] = []
        self.before = self._moment("")
        self.walk: Walk | None = None
        self._hook = run.model.register_forward_hook(self._input)

    def __call__(self, line: str, *tensors: torch.Tensor | None) -> None:
        tracked = False
        if line == "forward":
            [y_pred] = tensors
            assert y_pred is not None
            self.made |= {"y_pred": y_pred, "residuals": y_pred - self.run.data.y_train}
            self._hook.remove()  # not during the test
        elif line == "loss":
            [loss] = tensors
            assert loss is not None
            self.made["loss"] = loss
            self.walk = Walk(loss, self.made["y_pred"], dict(self.run.model.named_parameters()))
        elif line == "evaluate":
            test_pred, test_loss = tensors
            assert test_pred is not None
            assert test_loss is not None
            self.made |= {"X_test": self.run.data.X_test, "test_pred": test_pred, "test_loss": test_loss}
            self.made["test_residuals"] = test_pred - self.run.data.y_test
            tracked = test_loss.requires_grad
        self.moments.append(self._moment(line, tracked))

    def trace(self, epoch: int, skipped: tuple[str, ...]) -> Trace:
        """The recorded epoch, all its lines."""
        assert self.walk is not None
        return Trace(epoch, self.before, tuple(self.moments), self.walk.finished(), skipped)

    def _input(self, model: nn.Module, args: tuple[torch.Tensor, ...], y_pred: torch.Tensor) -> None:
        self.made["X"] = args[0]

    def _moment(self, line: str, tracked: bool = False) -> Moment:
        run, found = self.run, dict[str, torch.Tensor | None]()
        named = dict(run.model.named_parameters())
        for name, parameter in named.items():
            found[name] = parameter
        for name, parameter in named.items():
            found[f"{name}.grad"] = parameter.grad
        for name, parameter in named.items():
            for memory in MEMORIES[run.settings.optimizer]:
                found[f"{name}.{memory}"] = run.optimizer.state.get(parameter, {}).get(memory)
        found |= {name: self.made.get(name) for name in MADE}
        if run.settings.momentum == 0:
            found = {name: tensor for name, tensor in found.items() if not name.endswith(".momentum_buffer")}
        copies = {name: None if tensor is None else tensor.detach().cpu().clone() for name, tensor in found.items()}
        return Moment(line, run.model.training, copies, tracked)


MADE = ("X", "y_pred", "residuals", "loss", "X_test", "test_pred", "test_residuals", "test_loss")
"""The tensors that the lines make; `X` is as it reached the model, `residuals` is y_pred - y."""

MEMORIES = {"sgd": ("momentum_buffer",), "adam": ("exp_avg", "exp_avg_sq", "step")}
"""The names of the state that each optimizer keeps for a parameter."""


def _differ(before: torch.Tensor | None, after: torch.Tensor | None) -> bool:
    if before is None or after is None:
        return before is not after
    return not torch.allclose(before, after, rtol=0, atol=0, equal_nan=True)
