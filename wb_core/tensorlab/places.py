"""Operations on tensors on two devices. Without a GPU, the "meta" device replaces it and raises similar errors."""

import torch

from ..base.fields import N_
from .limits import on_meta
from .operation import Formula, Message, Operation
from .origins import broadcast
from .params import Pick, Source

GPU_HERE = "cuda"
STAND_IN = "meta"
"""PyTorch's device for tensors without data, which cannot be combined with tensors on the CPU either."""

PLACES = {
    "cpu": ("CPU", ""),
    "gpu": ("GPU", '.to("cuda")'),
    "back": (N_("to the device and back"), '.to("cuda").cpu()'),
}


def gpu() -> str:
    """The GPU, or its stand-in."""
    return GPU_HERE if torch.cuda.is_available() else STAND_IN


def moved(tensor: torch.Tensor, place: str) -> torch.Tensor:
    """The tensor on the CPU, on the GPU, or moved to the GPU and back; `place` is a key of `PLACES`."""
    if place == "cpu":
        return tensor
    if place == "back" and gpu() == STAND_IN:
        return tensor.clone()  # meta tensors have no data; a GPU would give a copy, too
    away = tensor.to(gpu())
    return away.cpu() if place == "back" else away


def _add(a: torch.Tensor, b: torch.Tensor, place: str) -> torch.Tensor:
    result = a + moved(b, place)
    # PyTorch combines a 0-D tensor on the CPU with any device. Compute on the CPU, because "meta" has no data to show.
    return a + b if result.device.type == STAND_IN else result


def _device_note(a: torch.Tensor, b: torch.Tensor, place: str, result: torch.Tensor) -> Message | None:
    if place == "cpu" or gpu() == GPU_HERE:
        return None
    return Message(N_("There's no GPU here, so this ran on the CPU. With a GPU the numbers are the same."))


DEVICES = Operation(
    id="devices",
    section="compute",
    name=".to(device)",
    teaches=N_("PyTorch only combines tensors on the same device, and it never moves one by itself."),
    params={
        "a": Source(label=N_("Left"), help=N_("The tensor on the left side.")),
        "b": Source(label=N_("Right"), help=N_("The tensor on the right side."), default="B"),
        "place": Pick(
            torch="device",
            label=N_("Where the second one is"),
            help=N_("Move it to the GPU, or to the GPU and back to the CPU."),
            default="gpu",
            options=PLACES,
        ),
    },
    run=_add,
    code=lambda a, b, place: f"{a} + {b}{place}",
    planned=on_meta(lambda a, b, place: a + b),
    sign="+",
    stretches=True,
    keeps=False,
    named="result",
    note=_device_note,
    origins=lambda a, b, place, result: {"a": broadcast(a, result.shape), "b": broadcast(b, result.shape)},
    formula=lambda **_: Formula(pair=" + "),
)
