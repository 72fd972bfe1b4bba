"""The autograd graph of a loss, which PyTorch records for the backward pass."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from ....base.fields import N_

PLAIN = {
    "MulBackward0": N_("multiply"),
    "AddBackward0": N_("add"),
    "SubBackward0": N_("subtract"),
    "AbsBackward0": N_("absolute value"),
    "MeanBackward0": N_("mean"),
    "L1LossBackward0": N_("mean of the absolute values"),
    "MseLossBackward0": N_("mean of the squares"),
    "HuberLossBackward0": N_("Huber loss"),
    "AddmmBackward0": N_("multiply and add"),
    "TBackward0": N_("swap rows and columns"),
}
"""The names of nodes in plain words; a node that is missing here keeps PyTorch's name."""


@dataclass(frozen=True)
class Node:
    """One node of the graph. `name` is PyTorch's ("MulBackward0"), or that of a parameter, where a gradient ends.

    `shape` is that of the tensor that the node made, and of its gradient.
    """

    name: str
    parameter: bool
    shape: tuple[int, ...]

    @property
    def plain(self) -> str:
        """The name in plain words, an English message id; for a parameter, its own name."""
        return PLAIN.get(self.name, self.name.partition("Backward")[0])


@dataclass(frozen=True)
class Graph:
    """Nodes from the loss (number 0) down to the parameters, and edges from each node to its inputs.

    `prediction` is the number of the node that made `y_pred`; those before it compute the loss.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    prediction: int


class Walk:
    """Walks the graph behind a loss. The shapes become known when `loss.backward()` passes each node."""

    def __init__(self, loss: torch.Tensor, y_pred: torch.Tensor, parameters: Mapping[str, torch.Tensor]) -> None:
        names = {id(parameter): name for name, parameter in parameters.items()}
        assert loss.grad_fn is not None
        assert y_pred.grad_fn is not None
        self.found = [loss.grad_fn]
        self.edges: list[tuple[int, int]] = []
        self.names: list[str] = []
        self.parameters: list[bool] = []
        self.shapes: dict[int, tuple[int, ...]] = {}
        for number, node in enumerate(self.found):  # grows during the loop
            variable = getattr(node, "variable", None)
            self.names.append(node.name() if variable is None else names[id(variable)])
            self.parameters.append(variable is not None)
            node.register_prehook(lambda gradients, number=number: self._passed(number, gradients))
            for source, _ in node.next_functions:
                if source is None:  # data, which needs no gradient
                    continue
                if source not in self.found:
                    self.found.append(source)
                self.edges.append((number, self.found.index(source)))
        self.prediction = self.found.index(y_pred.grad_fn)

    def _passed(self, number: int, gradients: tuple[torch.Tensor, ...]) -> None:
        self.shapes[number] = tuple(gradients[0].shape)

    def finished(self) -> Graph:
        """The graph, after the backward pass."""
        parts = zip(self.names, self.parameters, strict=True)
        nodes = tuple(Node(name, leaf, self.shapes[i]) for i, (name, leaf) in enumerate(parts))
        return Graph(nodes, tuple(self.edges), self.prediction)
