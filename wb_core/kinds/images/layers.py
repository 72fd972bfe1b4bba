"""A model's layers, and their output for a batch of images."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: its `name` in the model, its `kind` ("Conv2d"), and what it did to a batch.

    `code` is the layer as PyTorch prints it, `parameters` the number of its parameters, `taken` and `made` the input
    and output shapes, and `output` the output on the CPU.
    """

    name: str
    kind: str
    code: str
    parameters: int
    taken: tuple[int, ...]
    made: tuple[int, ...]
    output: torch.Tensor


def layers_of(model: nn.Module, X: torch.Tensor) -> tuple[Layer, ...]:
    """The layers of a model in the order in which a batch X (N, ...) passes through them, without gradients."""
    found: list[Layer] = []

    def watch(name: str, layer: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def note(module: nn.Module, taken: tuple[torch.Tensor, ...], made: torch.Tensor) -> None:
            count = sum(parameter.numel() for parameter in module.parameters())
            shapes = tuple(taken[0].shape), tuple(made.shape)
            found.append(Layer(name, type(module).__name__, repr(module), count, *shapes, made.cpu()))

        return layer.register_forward_hook(note)

    # Only the leaves: a module that contains others just passes data on.
    leaves = {name: layer for name, layer in model.named_modules() if not list(layer.children())}
    handles = [watch(name, layer) for name, layer in leaves.items()]
    was_training = model.training
    try:
        model.eval()
        with torch.inference_mode():
            model(X.to(next(model.parameters()).device))
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()
    return tuple(found)


def shape_error(features: torch.Tensor, in_features: int, out_features: int = 10) -> str:
    """PyTorch's error for features (N, F) passed to `nn.Linear(in_features, out_features)`; "" if they fit."""
    weight = torch.zeros(out_features, in_features)
    try:
        nn.functional.linear(features, weight)
    except RuntimeError as error:
        return str(error)
    return ""
