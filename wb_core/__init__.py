"""The engine of Torch Workbench: a PyTorch training that records every epoch, and nothing else.

import wb_core as wb

run = wb.Run(wb.LinearConfig(lr=0.02, epochs=200))
run.finish()
run.history.frame()
"""

from .answers import Answers
from .best import BestLine, best_line
from .checkpoints import (
    Checkpoint,
    Comparison,
    adopt_checkpoint,
    compare,
    expected,
    load_checkpoint,
    read_checkpoint,
    save_checkpoint,
    size_limit,
)
from .config import ImageConfig, LinearConfig
from .customs.codes import CHECKPOINT_CODES
from .customs.desk import warm_up
from .customs.parcel import Entry
from .data import ImageData, LineData, Pictures, fashion_mnist
from .devices import available_devices, device_name, resolve_device
from .diagnosis import DIAGNOSES, Diagnosis, Finding, Limits, Suggestion, diagnose, limits_of
from .errors import (
    CheckpointError,
    ConfigError,
    DataError,
    DeviceError,
    JobError,
    TensorError,
    TrayError,
    WorkbenchError,
)
from .export import changed_lines, to_notebook, to_script
from .history import History
from .jobs import Job, LocalWorkers, RayWorkers, Report, Workplace, workplace
from .layers import Layer, layers_of, refused
from .losses import IMAGE_LOSSES, LOSSES
from .machine import Gpu, Machine, this_machine
from .metrics import confusion_matrix
from .microscope import WHAT_IFS, Equation, Graph, Microscope, Moment, Trace, WhatIf, equations
from .models import (
    IMAGE_MODELS,
    MODELS,
    LinearImages,
    LinearRegressionModel,
    LinearRegressionModelV2,
    ReluImages,
    TinyVGG,
)
from .moving import Answer, device_lines, there_and_back, without_gpu
from .nvidia import NvidiaSmi, has_nvidia_smi, nvidia_smi
from .optimizers import OPTIMIZERS
from .run import Exam, ImageRun, LinearRun, Run
from .slips import SLIPS, Curve, Slip, SlipOutcome, Snippet, Told, run_slip
from .speed import Timing, time_products
from .surface import Surface, loss_surface
from .sweep import Axes, JobSweep, Sweep, SweepResult, sweep
from .tensors import TensorInfo, describe, shares_memory
from .tray import MOST_KEPT, KeptAnswers, KeptRun, SideBySide, read_tray, write_tray

__all__ = [
    "CHECKPOINT_CODES",
    "DIAGNOSES",
    "IMAGE_LOSSES",
    "IMAGE_MODELS",
    "LOSSES",
    "MODELS",
    "MOST_KEPT",
    "OPTIMIZERS",
    "SLIPS",
    "WHAT_IFS",
    "Answer",
    "Answers",
    "Axes",
    "BestLine",
    "Checkpoint",
    "CheckpointError",
    "Comparison",
    "ConfigError",
    "Curve",
    "DataError",
    "DeviceError",
    "Diagnosis",
    "Entry",
    "Equation",
    "Exam",
    "Finding",
    "Gpu",
    "Graph",
    "History",
    "ImageConfig",
    "ImageData",
    "ImageRun",
    "Job",
    "JobError",
    "JobSweep",
    "KeptAnswers",
    "KeptRun",
    "Layer",
    "Limits",
    "LineData",
    "LinearConfig",
    "LinearImages",
    "LinearRegressionModel",
    "LinearRegressionModelV2",
    "LinearRun",
    "LocalWorkers",
    "Machine",
    "Microscope",
    "Moment",
    "NvidiaSmi",
    "Pictures",
    "RayWorkers",
    "ReluImages",
    "Report",
    "Run",
    "SideBySide",
    "Slip",
    "SlipOutcome",
    "Snippet",
    "Suggestion",
    "Surface",
    "Sweep",
    "SweepResult",
    "TensorError",
    "TensorInfo",
    "Timing",
    "TinyVGG",
    "Told",
    "Trace",
    "TrayError",
    "WhatIf",
    "WorkbenchError",
    "Workplace",
    "adopt_checkpoint",
    "available_devices",
    "best_line",
    "changed_lines",
    "compare",
    "confusion_matrix",
    "describe",
    "device_lines",
    "device_name",
    "diagnose",
    "equations",
    "expected",
    "fashion_mnist",
    "has_nvidia_smi",
    "layers_of",
    "limits_of",
    "load_checkpoint",
    "loss_surface",
    "nvidia_smi",
    "read_checkpoint",
    "read_tray",
    "refused",
    "resolve_device",
    "run_slip",
    "save_checkpoint",
    "shares_memory",
    "size_limit",
    "sweep",
    "there_and_back",
    "this_machine",
    "time_products",
    "to_notebook",
    "to_script",
    "warm_up",
    "without_gpu",
    "workplace",
    "write_tray",
]
