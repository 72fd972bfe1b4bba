"""Many runs on points in the plane as one batch: each run is an independent row in every tensor.

The numbers are the same bits as those of a `Run` of each config. The operations are those that autograd would run,
without the graph.
"""

import itertools
import math
from collections.abc import Collection, Sequence

import numpy as np
import torch
from torch.nn import functional

from ...base.seeding import generator
from .batch_operations import ACTIVATIONS, BACKWARD, BY_INPUT, BY_WEIGHT, FORWARD, LOGISTIC, aligned, padded
from .batch_optimizers import Adam, Sgd
from .config import PointsConfig
from .data import PointsData, points_data
from .models import build_model
from .run import PointsRun


class Batch:
    """R runs with the same number of epochs, whose configs are `alike`.

    `record` (E, 4, R) float64 has the columns of a `History`, epoch by epoch. A row whose numbers are no longer finite
    is invalid from there. All parameters are kept after each number of epochs in `keep`.
    """

    def __init__(
        self, configs: Sequence[PointsConfig], data: Sequence[PointsData] | None = None, keep: Collection[int] = ()
    ) -> None:
        self.configs = configs
        first = self.first = configs[0]
        self.epochs = 0
        data = [points_data(config) for config in configs] if data is None else data
        self.train, self.test = (Side(first, data, part) for part in ("train", "test"))
        layout = _Layout(first.sizes)
        self.params, self.gradients = (torch.zeros(len(configs), layout.width) for _ in range(2))
        self._numbers = layout.numbers
        self.params[:, self._numbers] = torch.stack(_starts(configs))
        self._layers, self._layer_gradients = layout.layers(self.params), layout.layers(self.gradients)
        self.record = torch.empty(first.epochs, len(PointsRun.columns), len(configs), dtype=torch.float64)
        self._keep = frozenset(int(epochs) for epochs in keep)
        self._kept: dict[int, np.ndarray] = {}
        self._step = (Adam if first.optimizer == "adam" else Sgd)(configs)

    @property
    def done(self) -> bool:
        """Whether all epochs ran."""
        return self.epochs == self.first.epochs

    def start(self, row: int, config: PointsConfig) -> None:
        """Let a run begin with the initial parameters of another config with the same network."""
        self.params[row, self._numbers] = _start(config)

    def advance(self) -> None:
        """Train all runs for one epoch, and record it."""
        with torch.inference_mode():
            row = self.record[self.epochs]
            self.train.forward(self._layers)
            row[0], row[2] = self.train.losses(), self.train.accuracies()
            self.train.backward(self._layers, self._layer_gradients)
            self._step(self.params, self.gradients)
            self.test.forward(self._layers)
            row[1], row[3] = self.test.losses(), self.test.accuracies()
        self.epochs += 1
        if self.epochs in self._keep:
            self._kept[self.epochs] = self.params[:, self._numbers].numpy()

    def parameters(self, rows: slice, epochs: np.ndarray) -> np.ndarray:
        """All parameters of some runs, each after so many epochs: (K,) -> (K, P); nan where they were not kept."""
        found = np.full((len(epochs), len(self._numbers)), np.nan, np.float32)
        for number in set(epochs.tolist()) & set(self._kept):
            found[epochs == number] = self._kept[number][rows][epochs == number]
        return found


Layers = Sequence[tuple[torch.Tensor, torch.Tensor]]
"""The weights (R, after, before) and the biases (R, after) of each layer."""


class Side:
    """The training points or the test points of R runs, and what the networks make of them."""

    def __init__(self, config: PointsConfig, data: Sequence[PointsData], part: str) -> None:
        self.activation = config.activation
        self.y = _stacked([getattr(one, f"y_{part}") for one in data])  # (R, N)
        runs, points = self.y.shape
        inputs = aligned(runs, points, len(config.features))
        inputs.copy_(_stacked([getattr(one, f"X_{part}") for one in data]))
        self.outputs = [inputs, *(aligned(runs, points, units) for units in (*config.hidden, config.outputs))]
        self.slopes = [aligned(*output.shape) for output in self.outputs]  # the gradients of the loss by the outputs

    @property
    def logits(self) -> torch.Tensor:
        """(R, N, outputs)."""
        return self.outputs[-1]

    def forward(self, layers: Layers) -> None:
        """Compute the outputs of every layer."""
        for place, (weight, bias) in enumerate(layers):
            output = self.outputs[place + 1]
            FORWARD(self.outputs[place], weight, bias, out=output)
            if place < len(layers) - 1 and self.activation != "none":
                ACTIVATIONS[self.activation](output)

    def losses(self) -> torch.Tensor:
        """The mean loss of each run: (R,)."""
        if self.logits.shape[2] == 1:
            losses = torch.empty(len(self.y))
            LOGISTIC(self.logits.squeeze(2), self.y, out=losses)
            return losses
        return torch.stack([functional.cross_entropy(*one) for one in zip(self.logits, self.y, strict=True)])

    def accuracies(self) -> torch.Tensor:
        """The percent of the points that each run gets right: (R,)."""
        logits = self.logits
        found = logits.squeeze(2).sigmoid() > 0.5 if logits.shape[2] == 1 else logits.argmax(dim=2)
        return 100 * (found == self.y).sum(dim=1).double() / self.y.shape[1]

    def backward(self, layers: Layers, gradients: Layers) -> None:
        """Compute the gradients of all parameters from the outputs."""
        self._loss_backward()
        for place in reversed(range(len(layers))):
            slopes, (weight, bias) = self.slopes[place + 1], gradients[place]
            BY_WEIGHT(slopes, self.outputs[place], out=weight)
            bias.copy_(slopes.sum(dim=1))
            if place:
                before = self.slopes[place]
                BY_INPUT(slopes, layers[place][0], out=before)
                if self.activation != "none":
                    BACKWARD[self.activation](before, self.outputs[place])

    def _loss_backward(self) -> None:
        """The gradients of the losses by the logits."""
        logits, slopes = self.logits, self.slopes[-1]
        runs, points, outputs = logits.shape
        if outputs == 1:
            torch.sigmoid_(slopes.copy_(logits))
            slopes.squeeze(2).sub_(self.y).div_(points)
            return
        scores = torch.log_softmax(logits.reshape(runs * points, outputs), dim=1)
        wrong = torch.zeros_like(scores).scatter_(1, self.y.reshape(-1, 1), -1 / points)
        found = torch.ops.aten._log_softmax_backward_data(wrong, scores, 1, torch.float32)
        slopes.copy_(found.reshape(logits.shape))


class _Layout:
    """Where the parameters of all layers are in one row, each tensor at a place where it is aligned."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._shapes: list[tuple[int, ...]] = []
        self._places: list[int] = []
        numbers: list[int] = []
        at = 0
        for before, after in itertools.pairwise(sizes):
            for shape in ((after, before), (after,)):
                self._shapes.append(shape)
                self._places.append(at)
                numbers += range(at, at + math.prod(shape))
                at += padded(math.prod(shape))
        self.width, self.numbers = at, torch.tensor(numbers)

    def layers(self, rows: torch.Tensor) -> Layers:
        """Views of rows (R, width)."""
        parts = [
            rows[:, at : at + math.prod(shape)].view(-1, *shape)
            for at, shape in zip(self._places, self._shapes, strict=True)
        ]
        return list(zip(parts[::2], parts[1::2], strict=True))


def _stacked(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """The points of all runs: (R, ...), without a copy if they are all the same."""
    if all(one is parts[0] or torch.equal(one, parts[0]) for one in parts[1:]):
        return parts[0].expand(len(parts), *parts[0].shape)
    return torch.stack(list(parts))


def _starts(configs: Sequence[PointsConfig]) -> list[torch.Tensor]:
    """The initial parameters of every run, which its seed decides."""
    made = {seed: _start(config) for seed, config in {config.seed: config for config in configs}.items()}
    return [made[config.seed] for config in configs]


def _start(config: PointsConfig) -> torch.Tensor:
    """The initial parameters of a run in one row."""
    return torch.cat([param.detach().flatten() for param in build_model(config, generator(config.seed)).parameters()])
