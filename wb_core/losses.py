"""The losses a run can minimise. A new one is one line here and one option in `config.py`."""

from torch import nn

LOSSES: dict[str, type[nn.L1Loss] | type[nn.MSELoss] | type[nn.HuberLoss]] = {
    "l1": nn.L1Loss,
    "mse": nn.MSELoss,
    "huber": nn.HuberLoss,
}
"""From the id in a config to the class of the loss."""
