"""Templates for a linear run's code.

A `$name` in a template stands for a comment in the reader's language.
"""

from string import Template

CLASSES = {"parameter": "LinearRegressionModel", "linear": "LinearRegressionModelV2"}
FILES = {"parameter": "01_pytorch_workflow_model_0.pth", "linear": "01_pytorch_workflow_model_1.pth"}
INIT = """\
with torch.no_grad():
    w, b = model.parameters()
    w.fill_({weight!r})
    b.fill_({bias!r})"""

STARTS = {
    "parameter": """\
checkpoint = {{
    "weights": torch.tensor([{weight!r}]),
    "bias": torch.tensor([{bias!r}]),
}}
model.load_state_dict(checkpoint)""",
    "linear": """\
checkpoint = {{
    "linear_layer.weight": torch.tensor([[{weight!r}]]),
    "linear_layer.bias": torch.tensor([{bias!r}]),
}}
model.load_state_dict(checkpoint)""",
}
"""Code that loads a weight and a bias, by model."""

LIBRARIES = """\
from copy import deepcopy
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from torch import nn

print(torch.__version__)"""

READ_POINTS = """\
from csv import DictReader

with open("points.csv", encoding="utf-8", newline="") as file:
    points = [(float(row["x"]), float(row["y"])) for row in DictReader(file)]"""

STANDARDISE = """\
X_train, X_test, y_train, y_test = (part.double() for part in (X_train, X_test, y_train, y_test))
x_mean, x_std = X_train.mean(), {x_std}
y_mean, y_std = y_train.mean(), {y_std}
X_train, X_test = (((part - x_mean) / x_std).float().to(device) for part in (X_train, X_test))
y_train, y_test = (((part - y_mean) / y_std).float().to(device) for part in (y_train, y_test))

print(X_train[:5], y_train[:5])"""

OWN_LINE = """\
weight, bias = (parameter.item() for parameter in model.parameters())
own_weight = weight * y_std / x_std
own_bias = bias * y_std + y_mean - own_weight * x_mean

print(f"Weight: {own_weight:.6g} | Bias: {own_bias:.6g}")"""

PICTURE = """\
def plot_predictions(predictions=None):
    plt.figure(figsize=(10, 7))
    plt.scatter(X_train.cpu(), y_train.cpu(), c="b", s=4, label="Training data")
    plt.scatter(X_test.cpu(), y_test.cpu(), c="g", s=4, label="Testing data")
    if predictions is not None:
        plt.scatter(X_test.cpu(), predictions.cpu(), c="r", s=4, label="Predictions")
    plt.legend(prop={"size": 14})
    plt.show()


plot_predictions()"""

BODIES = {
    "parameter": Template("""\
    def __init__(self):
        super().__init__()
        # $numbers
        self.weights = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))
        self.bias = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.weights * x + self.bias"""),
    "linear": Template("""\
    def __init__(self):
        super().__init__()
        # $numbers
        self.linear_layer = nn.Linear(in_features=1, out_features=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear_layer(x)"""),
}

HEAD = """\
epoch_count, loss_values, test_loss_values = [], [], []

for epoch in range(epochs):"""

LOOP = Template("""\
    last_good = deepcopy(model.state_dict())  # $copy

    # $training
    model.train()
    y_pred = model(X_train)  # $forward
    loss = loss_fn(y_pred, y_train)  # $loss
    optimizer.zero_grad()  # $zero_grad
    loss.backward()  # $backward
    optimizer.step()  # $step

    # $testing
    model.eval()
    with torch.inference_mode():
        test_pred = model(X_test)
        test_loss = loss_fn(test_pred, y_test)

    # $diverged
    if not (loss.isfinite() and test_loss.isfinite()):
        print(f"Epoch: {epoch} | The numbers grew beyond all bounds: stopped.")
        model.load_state_dict(last_good)
        break

    epoch_count.append(epoch)
    loss_values.append(loss.item())
    test_loss_values.append(test_loss.item())
    if epoch % 10 == 0:
        print(f"Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}")

print(model.state_dict())""")

CURVES = """\
plt.plot(epoch_count, loss_values, marker=".", label="Train loss")
plt.plot(epoch_count, test_loss_values, marker=".", label="Test loss")
plt.title("Training and test loss curves")
plt.ylabel("Loss")
plt.xlabel("Epochs")
plt.legend()
plt.show()"""

PREDICTIONS = """\
model.eval()
with torch.inference_mode():
    y_preds = model(X_test)

plot_predictions(y_preds)"""

LOAD = """\
loaded_model = {model}().to(device)
loaded_model.load_state_dict(torch.load(f=MODEL_SAVE_PATH, weights_only=True))

loaded_model.eval()
with torch.inference_mode():
    loaded_model_preds = loaded_model(X_test)

print((y_preds == loaded_model_preds).all())"""
