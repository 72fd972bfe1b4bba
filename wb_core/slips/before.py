"""Pieces of the code that comes before a slip."""

from ..base.fields import N_

IMPORTS = """\
import torch
from torch import nn
"""

DATA = """\
X = torch.arange(0, 1, 0.02).unsqueeze(dim=1)
y = 0.7 * X + 0.3
X_train, y_train = X[:40], y[:40]
X_test, y_test = X[40:], y[40:]
"""

MODEL = """
class LinearRegressionModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))
        self.bias = nn.Parameter(torch.randn(1, requires_grad=True, dtype=torch.float))

    def forward(self, x):
        return self.weights * x + self.bias
"""

MODEL_V2 = """
class LinearRegressionModelV2(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear_layer = nn.Linear(in_features=1, out_features=1)

    def forward(self, x):
        return self.linear_layer(x)
"""

SEED = """
torch.manual_seed(42)
"""

MODEL_0 = MODEL + SEED + "model_0 = LinearRegressionModel()\n"

MODEL_1 = MODEL_V2 + SEED + "model_1 = LinearRegressionModelV2()\n"

TRAINING_0 = """\
loss_fn = nn.L1Loss()
optimizer = torch.optim.SGD(params=model_0.parameters(), lr=0.01)
"""

TRAINING_1 = TRAINING_0.replace("model_0", "model_1")

PLOT = '''
curves = []


class plt:
    """A stand-in for matplotlib, which is not installed: it records the curves for the page to draw."""

    def plot(x, y, label):
        curves.append((label, x, y))

    def legend():
        print("Legend:", [label for label, x, y in curves])
'''

STAND_IN = N_("The workbench has no matplotlib; a short stand-in takes its place. You find it in the code before.")

FOLDER = N_("The file is saved in a temporary folder, `MODEL_PATH`, which is deleted after the run.")
