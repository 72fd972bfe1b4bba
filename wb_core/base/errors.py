"""Everything that can go wrong, as one tree of exceptions.

    WorkbenchError
    ├── ConfigError       a setting that makes no sense
    ├── DataError         data that cannot be used
    ├── DeviceError       a device that this machine does not have
    ├── TensorError       a computation with tensors that PyTorch or the lab refuses
    ├── CheckpointError   a file that is not a checkpoint of this model
    ├── TrayError         runs that cannot be kept, or a file that is not one of kept runs
    └── JobError          a job that ended before its time, or that nobody knows

Each error has a stable `code` ("config.out_of_range") and its `values`. The message is plain English for a notebook;
a page looks up the code and says it in the reader's language.
"""

import copyreg
from typing import Any


class WorkbenchError(Exception):
    """Root of all errors raised by `wb_core`.

    `code` is a stable id, `values` what the sentence is made of, `message` the sentence in English.
    """

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:  # errors can be copied and pickled
        return copyreg.__newobj__, (type(self), self.message), self.__dict__  # type: ignore[attr-defined]


class ConfigError(WorkbenchError):
    """A setting has a value that is not allowed: `field`, what was `given`, what is `allowed`, and perhaps more."""

    def __init__(self, code: str, *, field: str, given: object, allowed: str, **more: Any) -> None:
        message = f"{field} is {given!r}; allowed is {allowed}"
        super().__init__(code, message, field=field, given=given, allowed=allowed, **more)
        self.field = field
        self.given = given
        self.allowed = allowed


class DataError(WorkbenchError):
    """Data that cannot be used for training."""


class DeviceError(WorkbenchError):
    """A device was asked for that this machine does not have: `device`, and what is `available`."""

    def __init__(self, device: str, available: tuple[str, ...]) -> None:
        super().__init__(
            "device.unavailable",
            f"there is no device {device!r} here; this machine has {', '.join(available)}",
            device=device,
            available=available,
        )
        self.device = device
        self.available = available


class TensorError(WorkbenchError):
    """A computation with tensors that is refused. What it was meant for is untouched.

    With the code "tensor.refused" it was PyTorch who refused: `message` is in its own words, and `values` has the type
    of its exception, `error`.
    """


class CheckpointError(WorkbenchError):
    """A file that is not a checkpoint of this model. The run it was meant for is untouched."""


class TrayError(WorkbenchError):
    """Runs that cannot be kept for comparison, or a file that is not one of kept runs. The tray is untouched."""


class JobError(WorkbenchError):
    """A job whose process ended before its time ("job.crashed"), or that is not known any more ("job.unknown").

    Or one for the cluster, which does not answer ("job.no_cluster"), or for which there is no Ray here ("job.no_ray").
    """
