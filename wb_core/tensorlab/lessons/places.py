"""What keeps NumPy, or another tensor, from a tensor."""

from ...base.fields import N_
from ..operation import Call
from ..places import GPU_HERE, gpu
from .lesson import Lesson, Values, instead, taught


def elsewhere(call: Call, values: Values) -> Lesson | None:
    """The numbers are not where NumPy could read them."""
    if values["place"] != "gpu" or (values["a"].requires_grad and not values["detach"]):
        return None
    says = (
        N_("The tensor is on the GPU, and NumPy can only read what's on the CPU. Bring it back with `.cpu()` first.")
        if gpu() == GPU_HERE
        else N_(
            "NumPy can only read what's on the CPU: bring the tensor back with `.cpu()` first. There's no GPU here, "
            'so PyTorch\'s device "meta" stands in for it in the message below; on a GPU it says cuda:0.'
        )
    )
    return taught(says, fixes=[instead(call, place="back"), instead(call, place="cpu")])


def needs_gradient(call: Call, values: Values) -> Lesson | None:
    """The tensor carries the record of how it was computed."""
    if not values["a"].requires_grad:
        return None
    return taught(
        N_("{name} tracks gradients (requires_grad), which NumPy can't do. `.detach()` gives just the values."),
        name=call.args["a"],
        fixes=[instead(call, detach=True)],
    )


def two_devices(call: Call, values: Values) -> Lesson | None:
    """One tensor lies on the CPU and the other does not."""
    if values["place"] != "gpu":
        return None
    says = (
        N_("{a} is on the CPU and {b} on the GPU. PyTorch moves nothing by itself: bring {b} back, or move {a} there.")
        if gpu() == GPU_HERE
        else N_(
            "{a} would be on the CPU and {b} on the GPU, and PyTorch moves nothing by itself. There's no GPU here, "
            'so PyTorch\'s device "meta" stands in for it in the message below; on a GPU it says cuda:0.'
        )
    )
    return taught(
        says,
        a=call.args["a"],
        b=call.args["b"],
        fixes=[instead(call, place="back"), instead(call, place="cpu")],
    )
