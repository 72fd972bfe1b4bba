"""The engine of Torch Workbench: a PyTorch training that records every epoch, and nothing else.

import wb_core as wb

run = wb.Run(wb.LinearConfig(lr=0.02, epochs=200))
run.finish()
run.history.frame()
"""

from .base.devices import available_devices, device_name, resolve_device
from .base.diagnosis import DIAGNOSES, Diagnosis, Finding, Suggestion
from .base.errors import (
    CheckpointError,
    ConfigError,
    DataError,
    DeviceError,
    JobError,
    LessonError,
    TensorError,
    TrayError,
    WorkbenchError,
)
from .base.evaluation import Evaluation
from .base.history import History
from .base.losses import IMAGE_LOSSES, LOSSES
from .base.optimizers import OPTIMIZERS
from .base.split import Scale
from .base.tensors import TensorInfo, describe, shares_memory
from .checkpoints.checkpoint import (
    Checkpoint,
    adopt_checkpoint,
    compare_checkpoint,
    expected_tensors,
    fitting_config,
    load_checkpoint,
    read_checkpoint,
    save_checkpoint,
    size_limit,
)
from .checkpoints.comparison import Comparison
from .checkpoints.notes import CHECKPOINT_NOTES, Note
from .checkpoints.sandbox.codes import CHECKPOINT_CODES
from .checkpoints.sandbox.protocol import Entry
from .checkpoints.table import Table
from .export import changed_lines, to_notebook, to_script
from .hardware.machine import Gpu, Machine, this_machine
from .hardware.nvidia import NvidiaSmi, has_nvidia_smi, nvidia_smi
from .hardware.round_trip import EvaluatedLine, device_lines, device_round_trip, without_gpu
from .hardware.speed import Timing, time_products
from .jobs import Job, LocalWorkers, RayWorkers, Report, Workplace, workplace
from .kinds import KINDS, Kind, diagnose, kind_of
from .kinds.images.config import ImageConfig
from .kinds.images.data import ImageData, Pictures, fashion_mnist
from .kinds.images.layers import Layer, layers_of, shape_error
from .kinds.images.metrics import confusion_matrix
from .kinds.images.models import IMAGE_MODELS, LinearImages, ReluImages, TinyVGG
from .kinds.images.predictions import Predictions
from .kinds.images.run import ImageRun
from .kinds.images.stored_predictions import StoredPredictions
from .kinds.line.best_line import BestLine, best_line
from .kinds.line.biography import Biography, biography
from .kinds.line.config import LinearConfig
from .kinds.line.data import LineData, own_data, points_of, scale_of
from .kinds.line.diagnosis import Limits, limits_of
from .kinds.line.export import points_csv
from .kinds.line.landscape import Surface, loss_surface
from .kinds.line.microscope import WHAT_IFS, Equation, Graph, Microscope, Moment, Trace, WhatIf, equations
from .kinds.line.models import MODELS, LinearRegressionModel, LinearRegressionModelV2
from .kinds.line.run import LinearRun
from .kinds.points.config import PointsConfig
from .kinds.points.run import PointsRun
from .kinds.run import Run
from .lessons import LESSONS, Lesson, Verdict, check_lesson, read_lesson, write_lesson
from .records import MAX_KEPT, KeptRun, RunRecord, SideBySide, read_tray, record_of, write_tray
from .slips import SLIPS, Curve, ExecutionResult, Slip, SlipOutcome, Snippet, run_slip
from .sweeps import Axes, JobSweep, Neighbours, Sweep, SweepResult, neighbours, sweep
from .tables.codes import CELL_CODES, TABLE_CODES
from .tables.examples import EXAMPLES, SPOT_EXAMPLES, Example
from .tables.points import LeftOut, Points
from .tables.table import DataTable, read_table
from .uploads import start_upload_sandbox

__all__ = [
    "CELL_CODES",
    "CHECKPOINT_CODES",
    "CHECKPOINT_NOTES",
    "DIAGNOSES",
    "EXAMPLES",
    "IMAGE_LOSSES",
    "IMAGE_MODELS",
    "KINDS",
    "LESSONS",
    "LOSSES",
    "MAX_KEPT",
    "MODELS",
    "OPTIMIZERS",
    "SLIPS",
    "SPOT_EXAMPLES",
    "TABLE_CODES",
    "WHAT_IFS",
    "Axes",
    "BestLine",
    "Biography",
    "Checkpoint",
    "CheckpointError",
    "Comparison",
    "ConfigError",
    "Curve",
    "DataError",
    "DataTable",
    "DeviceError",
    "Diagnosis",
    "Entry",
    "Equation",
    "EvaluatedLine",
    "Evaluation",
    "Example",
    "ExecutionResult",
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
    "KeptRun",
    "Kind",
    "Layer",
    "LeftOut",
    "Lesson",
    "LessonError",
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
    "Neighbours",
    "Note",
    "NvidiaSmi",
    "Pictures",
    "Points",
    "PointsConfig",
    "PointsRun",
    "Predictions",
    "RayWorkers",
    "ReluImages",
    "Report",
    "Run",
    "RunRecord",
    "Scale",
    "SideBySide",
    "Slip",
    "SlipOutcome",
    "Snippet",
    "StoredPredictions",
    "Suggestion",
    "Surface",
    "Sweep",
    "SweepResult",
    "Table",
    "TensorError",
    "TensorInfo",
    "Timing",
    "TinyVGG",
    "Trace",
    "TrayError",
    "Verdict",
    "WhatIf",
    "WorkbenchError",
    "Workplace",
    "adopt_checkpoint",
    "available_devices",
    "best_line",
    "biography",
    "changed_lines",
    "check_lesson",
    "compare_checkpoint",
    "confusion_matrix",
    "describe",
    "device_lines",
    "device_name",
    "device_round_trip",
    "diagnose",
    "equations",
    "expected_tensors",
    "fashion_mnist",
    "fitting_config",
    "has_nvidia_smi",
    "kind_of",
    "layers_of",
    "limits_of",
    "load_checkpoint",
    "loss_surface",
    "neighbours",
    "nvidia_smi",
    "own_data",
    "points_csv",
    "points_of",
    "read_checkpoint",
    "read_lesson",
    "read_table",
    "read_tray",
    "record_of",
    "resolve_device",
    "run_slip",
    "save_checkpoint",
    "scale_of",
    "shape_error",
    "shares_memory",
    "size_limit",
    "start_upload_sandbox",
    "sweep",
    "this_machine",
    "time_products",
    "to_notebook",
    "to_script",
    "without_gpu",
    "workplace",
    "write_lesson",
    "write_tray",
]
