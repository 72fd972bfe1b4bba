"""What a network says with given parameters, all in one row (P,) in the order of the model, without dropout."""

import itertools

import torch
from torch.nn import functional

from .config import PointsConfig
from .data import points_data

_BENDS = {"none": lambda z: z, "relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


def mean_loss(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The mean loss, (): that of `nn.BCEWithLogitsLoss` for logits (N,), of `nn.CrossEntropyLoss` for (N, classes)."""
    if logits.dim() == 1:
        return functional.binary_cross_entropy_with_logits(logits, y)
    return functional.cross_entropy(logits, y)


def right(logits: torch.Tensor, y: torch.Tensor) -> int:
    """How many classes are right. For two classes a point is of class 1 if its probability is above one half."""
    found = logits.sigmoid() > 0.5 if logits.dim() == 1 else logits.argmax(dim=1)
    return int((found == y).sum())


def layers_of(config: PointsConfig, parameters: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The weight (after, before) and the bias (after,) of each layer, from all parameters in one row (P,)."""
    layers, at = [], 0
    for before, after in itertools.pairwise(config.sizes):
        weight = parameters[at : at + after * before].reshape(after, before)
        at += after * before
        layers.append((weight, parameters[at : at + after]))
        at += after
    return layers


def outputs_of(config: PointsConfig, parameters: torch.Tensor, X: torch.Tensor) -> list[torch.Tensor]:
    """The outputs of every layer for inputs (N, features): (N, units), ..., and the logits (N,) or (N, classes)."""
    outputs, bend = [X], _BENDS[config.activation]
    *hidden, (weight, bias) = layers_of(config, parameters)
    for its_weight, its_bias in hidden:
        outputs.append(bend(functional.linear(outputs[-1], its_weight, its_bias)))
    logits = functional.linear(outputs[-1], weight, bias)
    return [*outputs[1:], logits.squeeze(dim=1) if config.outputs == 1 else logits]


def training_accuracy(config: PointsConfig, parameters: torch.Tensor) -> float:
    """The percent of all training points that the network gets right."""
    data = points_data(config)
    return 100 * right(outputs_of(config, parameters, data.X_train)[-1], data.y_train) / len(data.y_train)


def training_gradient(config: PointsConfig, parameters: torch.Tensor) -> torch.Tensor:
    """The gradient of the loss on the training points by all parameters: (P,)."""
    data, parameters = points_data(config), parameters.clone().requires_grad_()
    loss = mean_loss(outputs_of(config, parameters, data.X_train)[-1], data.y_train)
    return torch.autograd.grad(loss, parameters)[0]


def dead_units(config: PointsConfig, parameters: torch.Tensor) -> list[int]:
    """How many units of each hidden layer with ReLU are 0 for all training points; none without ReLU."""
    if config.activation != "relu":
        return [0] * len(config.hidden)
    outputs = outputs_of(config, parameters, points_data(config).X_train)[:-1]
    return [int((output <= 0).all(dim=0).sum()) for output in outputs]
