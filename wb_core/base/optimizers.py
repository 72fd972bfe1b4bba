"""The optimizers that a run can use. A new one is an entry here and an option in `settings.py`."""

import inspect
from collections.abc import Callable, Iterable
from types import MethodType
from typing import Any

import torch
from torch import nn

# foreach=False skips the search for tensors to fuse, of which a run has few. The arithmetic is the same.
OPTIMIZERS: dict[str, Callable[[Iterable[nn.Parameter], Any], torch.optim.Optimizer]] = {
    "sgd": lambda params, config: torch.optim.SGD(
        params, lr=config.lr, momentum=config.momentum, weight_decay=_weight_decay(config), foreach=False
    ),
    "adam": lambda params, config: torch.optim.Adam(
        params, lr=config.lr, weight_decay=_weight_decay(config), foreach=False
    ),
}
"""From the id in a config to the function that builds the optimizer."""


def _weight_decay(config: Any) -> float:
    return float(getattr(config, "weight_decay", 0.0))  # not every kind has it


def build_optimizer(model: nn.Module, config: Any) -> torch.optim.Optimizer:
    """The optimizer that `config` names, over all parameters of `model`."""
    _skip_the_compiler()
    optimizer = OPTIMIZERS[config.optimizer](model.parameters(), config)
    _remove_profiler_labels(optimizer)
    return optimizer


def _skip_the_compiler() -> None:
    """Spare a process the import of torch's compiler with its first optimizer, which takes as long as that of torch.

    `add_param_group` imports it only to be left out of what is compiled. This is where it looks first.
    """
    add = inspect.unwrap(torch.optim.Optimizer.add_param_group)
    setattr(add, "__dynamo_disable", add)


def _remove_profiler_labels(optimizer: torch.optim.Optimizer) -> None:
    """Replace `step` and `zero_grad` by the same functions without torch's profiler labels.

    On a model with two parameters the labels cost more than the arithmetic. The results are the same bits.
    """
    step = MethodType(inspect.unwrap(type(optimizer).step), optimizer)
    params = [param for group in optimizer.param_groups for param in group["params"]]

    def zero_grad() -> None:
        for param in params:
            param.grad = None

    setattr(optimizer, "step", torch.no_grad()(step))  # noqa: B010
    setattr(optimizer, "zero_grad", zero_grad)  # noqa: B010
