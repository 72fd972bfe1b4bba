"""Tensors on two devices. Without a GPU, a stand-in device fails for the same reason."""

import torch

from ..base.fields import N_
from .limits import on_meta
from .operation import Formula, Message, Operation
from .origins import broadcast
from .params import Pick, Source

GPU_HERE = "cuda"
STAND_IN = "meta"
"""PyTorch's device without numbers, which nothing on the CPU can be combined with either."""

PLACES = {
    "cpu": ("CPU", ""),
    "gpu": ("GPU", '.to("cuda")'),
    "back": (N_("to the device and back"), '.to("cuda").cpu()'),
}


def gpu() -> str:
    """The device that plays the GPU: a real one where there is one."""
    return GPU_HERE if torch.cuda.is_available() else STAND_IN


def moved(tensor: torch.Tensor, place: str) -> torch.Tensor:
    """The tensor where it was asked for: left on the CPU, on the GPU, or back from there."""
    if place == "cpu":
        return tensor
    if place == "back" and gpu() == STAND_IN:
        return tensor.clone()  # nothing comes back from the stand-in; a copy is what a GPU would give
    away = tensor.to(gpu())
    return away.cpu() if place == "back" else away


def _add(a: torch.Tensor, b: torch.Tensor, place: str) -> torch.Tensor:
    result = a + moved(b, place)
    # A single number may lie on the CPU all the same. The stand-in has no numbers to show for it, but the CPU has.
    return a + b if result.device.type == STAND_IN else result


def _on_the_cpu(a: torch.Tensor, b: torch.Tensor, place: str, result: torch.Tensor) -> Message | None:
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
    note=_on_the_cpu,
    origins=lambda a, b, place, result: {"a": broadcast(a, result.shape), "b": broadcast(b, result.shape)},
    formula=lambda **_: Formula(pair=" + "),
)
