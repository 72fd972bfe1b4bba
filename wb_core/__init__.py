"""The engine of Torch Workbench: a PyTorch training that records every epoch, and nothing else.

import wb_core as wb

run = wb.Run(wb.LinearConfig(lr=0.02, epochs=200))
run.finish()
run.history.frame()
"""

from .config import LinearConfig
from .data import LineData
from .devices import available_devices, device_name, resolve_device
from .errors import CheckpointError, ConfigError, DataError, DeviceError, WorkbenchError
from .history import History
from .losses import LOSSES
from .models import MODELS, LinearRegressionModel, LinearRegressionModelV2
from .optimizers import OPTIMIZERS
from .run import Run
from .surface import Surface, loss_surface
from .tensors import TensorInfo, describe

__all__ = [
    "LOSSES",
    "MODELS",
    "OPTIMIZERS",
    "CheckpointError",
    "ConfigError",
    "DataError",
    "DeviceError",
    "History",
    "LineData",
    "LinearConfig",
    "LinearRegressionModel",
    "LinearRegressionModelV2",
    "Run",
    "Surface",
    "TensorInfo",
    "WorkbenchError",
    "available_devices",
    "describe",
    "device_name",
    "loss_surface",
    "resolve_device",
]
