"""The tree of exceptions.

    WorkbenchError
    ├── ConfigError       a setting that makes no sense
    ├── DataError         data that cannot be used
    ├── DeviceError       a device that this machine does not have
    ├── TensorError       a computation with tensors that PyTorch or the lab refuses
    ├── CheckpointError   a file that is not a checkpoint of this model
    ├── TrayError         runs that cannot be kept, or a file that is not one of kept runs
    ├── LessonError       a lesson, or a file of results, that is not one
    └── JobError          a job that crashed, or a ticket that is unknown

Each error has a stable `code` ("config.out_of_range") and its `values`. The message is plain English for a notebook;
a page looks up the code and words it in the reader's language.
"""

import copyreg
from typing import Any


class WorkbenchError(Exception):
    """Root of all errors raised by `wb_core`.

    `code` is a stable id, `values` fill in the sentence, `message` is the sentence in English.
    """

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:  # errors can be copied and pickled
        return copyreg.__newobj__, (type(self), self.message), self.__dict__  # type: ignore[attr-defined]


class ConfigError(WorkbenchError):
    """A setting has a value that is not allowed: `field`, the value `given`, what is `allowed`, and perhaps more."""

    def __init__(self, code: str, *, field: str, given: object, allowed: str, **more: Any) -> None:
        message = f"{field} is {given!r}; allowed is {allowed}"
        super().__init__(code, message, field=field, given=given, allowed=allowed, **more)
        self.field = field
        self.given = given
        self.allowed = allowed


class DataError(WorkbenchError):
    """Data that cannot be used for training."""


class DeviceError(WorkbenchError):
    """The requested `device` does not exist on this machine; `available` lists those that do."""

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
    """A computation with tensors that is refused. The tensors are unchanged.

    The code "tensor.refused" means that PyTorch refused it: `message` is PyTorch's own, and `values["error"]` is the
    type of its exception.
    """


class CheckpointError(WorkbenchError):
    """A file that is not a checkpoint of this model. The run is unchanged."""


class TrayError(WorkbenchError):
    """Runs that cannot be kept for comparison, or a file that is not a tray. The tray is unchanged."""


class LessonError(WorkbenchError):
    """A lesson that makes no sense, or a file that is not one of lessons or results.

    "lesson.bad_value" names the `field` that is not as it must be; a message never contains text from a file.
    """


class JobError(WorkbenchError):
    """A job that failed.

    "job.crashed", "job.unknown" (or no longer known), "job.no_cluster" (the Ray cluster cannot be reached) or
    "job.no_ray" (Ray is not installed).
    """
