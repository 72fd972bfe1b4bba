"""Tensors on the wrong device, or with gradients that NumPy cannot handle."""

from ...base.fields import N_
from ..operation import Call
from ..places import GPU_HERE, gpu
from .parts import Advice, Values, instead, taught


def elsewhere(call: Call, values: Values) -> Advice | None:
    """The tensor is on the GPU, which NumPy cannot read."""
    if values["place"] != "gpu" or (values["a"].requires_grad and not values["detach"]):
        return None
    template = (
        N_("The tensor is on the GPU, and NumPy can only read what's on the CPU. Bring it back with `.cpu()` first.")
        if gpu() == GPU_HERE
        else N_(
            "NumPy can only read what's on the CPU: bring the tensor back with `.cpu()` first. There's no GPU here, "
            'so PyTorch\'s device "meta" stands in for it in the message below; on a GPU it says cuda:0.'
        )
    )
    return taught(template, fixes=[instead(call, place="back"), instead(call, place="cpu")])


def needs_gradient(call: Call, values: Values) -> Advice | None:
    """The tensor tracks gradients, which NumPy does not know."""
    if not values["a"].requires_grad:
        return None
    return taught(
        N_("{name} tracks gradients (requires_grad), which NumPy can't do. `.detach()` gives just the values."),
        name=call.args["a"],
        fixes=[instead(call, detach=True)],
    )


def two_devices(call: Call, values: Values) -> Advice | None:
    """The tensors are on different devices."""
    if values["place"] != "gpu":
        return None
    template = (
        N_("{a} is on the CPU and {b} on the GPU. PyTorch moves nothing by itself: bring {b} back, or move {a} there.")
        if gpu() == GPU_HERE
        else N_(
            "{a} would be on the CPU and {b} on the GPU, and PyTorch moves nothing by itself. There's no GPU here, "
            'so PyTorch\'s device "meta" stands in for it in the message below; on a GPU it says cuda:0.'
        )
    )
    return taught(
        template,
        a=call.args["a"],
        b=call.args["b"],
        fixes=[instead(call, place="back"), instead(call, place="cpu")],
    )
