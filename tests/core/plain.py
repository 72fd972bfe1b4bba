"""The training loop of a line in plain PyTorch, which every run must reproduce to the last bit."""

import math
from collections.abc import Mapping

import pandas as pd
import torch
from torch import nn

import wb_core as wb


class LinearRegressionModel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))
        self.bias = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.weights * x + self.bias


class LinearRegressionModelV2(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear_layer = nn.Linear(in_features=1, out_features=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear_layer(x)


MODELS = {"parameter": LinearRegressionModel, "linear": LinearRegressionModelV2}
LOSSES = {"l1": nn.L1Loss, "mse": nn.MSELoss, "huber": nn.HuberLoss}


PARTS = ("X_train", "y_train", "X_test", "y_test")


def line_data(config: wb.LinearConfig) -> wb.LineData:
    """The points with the noise of `torch.manual_seed(seed)`, split with at least one point on either side."""
    X = torch.arange(config.start, config.end, config.step).unsqueeze(dim=1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        y = config.weight * X + config.bias + config.noise * torch.randn(len(X), 1)
    train_split = min(max(int(config.train_fraction * len(X)), 1), len(X) - 1)
    return wb.LineData(X[:train_split], y[:train_split], X[train_split:], y[train_split:])


def new_model(config: wb.LinearConfig) -> nn.Module:
    """The initial model after `torch.manual_seed(seed)`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return MODELS[config.model]()


def train(config: wb.LinearConfig, start: Mapping[str, float] | None = None) -> tuple[nn.Module, pd.DataFrame]:
    """The trained model and one row per epoch; training ends before the first row that is not finite."""
    data = line_data(config)
    model = new_model(config)
    if start is not None:
        for parameter, value in zip(model.parameters(), (start["weight"], start["bias"]), strict=True):
            nn.init.constant_(parameter, value)

    loss_fn = LOSSES[config.loss]()
    if config.optimizer == "sgd":
        optimizer = torch.optim.SGD(params=model.parameters(), lr=config.lr, momentum=config.momentum)
    else:
        optimizer = torch.optim.Adam(params=model.parameters(), lr=config.lr)

    rows = []
    for epoch in range(config.epochs):
        model.train()
        y_pred = model(data.X_train)
        loss = loss_fn(y_pred, data.y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        model.eval()
        with torch.inference_mode():
            test_pred = model(data.X_test)
            test_loss = loss_fn(test_pred, data.y_test)

        weight, bias = model.parameters()
        row = [number.item() for number in (loss, test_loss, weight, bias, weight.grad, bias.grad)]
        if not all(map(math.isfinite, row)):
            break
        rows.append([epoch, *row])
    columns = ["epoch", "train_loss", "test_loss", "weight", "bias", "weight_grad", "bias_grad"]
    return model, pd.DataFrame(rows, columns=columns)


def bits(frame: pd.DataFrame) -> pd.DataFrame:
    """Every number as the hexadecimal text of its bits, so that 0.0 and -0.0 differ."""
    return frame.astype(float).map(float.hex)


def assert_same_bits(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(bits(left), bits(right), check_dtype=False)
