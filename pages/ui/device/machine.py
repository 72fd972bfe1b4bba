"""The machine: a sentence on the device that PyTorch uses here, and three cards of facts.

Every fact has the expression that returns it.
"""

import os
import platform
from dataclasses import dataclass
from html import escape
from itertools import count

import streamlit as st

import wb_core as wb
from wb_core.base.cores import CGROUPS

from ..i18n import _
from ..widgets.markup import hint


def draw_answer(machine: wb.Machine) -> None:
    """Draw a sentence on the device, and one on what follows from it."""
    first, second = _sentences(machine)
    st.html(
        f'<div class="wb-answer"><code>{machine.device}</code>'
        f"<div><p>{escape(first)}</p><p>{escape(second)}</p></div></div>"
    )


def _sentences(machine: wb.Machine) -> tuple[str, str]:
    if machine.device != "cpu":
        return _on_gpu(machine), _(
            "Only when you tell it to: models and data start on the CPU, and you have to move them."
        )
    return (
        _("PyTorch computes on the CPU here."),
        _(
            "The CPU is the computer's processor. There's no GPU (graphics card) to use, and the models here are small "
            "enough to do without one."
        ),
    )


def _on_gpu(machine: wb.Machine) -> str:
    names = ", ".join(dict.fromkeys(gpu.name for gpu in machine.gpus))
    if machine.device == "mps":
        return _("PyTorch can use this Mac's GPU.")
    if len(machine.gpus) == 1:
        return _("PyTorch can use the GPU here: {name}.").format(name=names)
    return _("PyTorch can use {count} GPUs here: {names}.").format(count=len(machine.gpus), names=names)


GB = 1024**3


@dataclass(frozen=True)
class Fact:
    """A fact: its name, its value, the expression that returns it, and a sentence of help.

    `used` is a share from 0 to 1, drawn as a bar.
    """

    name: str
    value: str
    code: str
    help: str
    used: float | None = None


def draw_cards(machine: wb.Machine) -> None:
    """Draw the three cards, after a sentence on why PyTorch uses no GPU, if it doesn't."""
    if machine.device == "cpu":
        st.markdown(_why_cpu(machine))
    cards = {
        _("GPU (graphics card)"): _graphics(machine),
        _("CPU (processor)"): _processor(machine),
        _("Software"): _software(machine),
    }
    numbers = count()
    body = "".join(_card(title, facts, numbers) for title, facts in cards.items())
    st.html(f'<div class="wb-cards">{body}</div>')


def _why_cpu(machine: wb.Machine) -> str:
    if machine.gpu_build:
        return _("This PyTorch could use a GPU, but finds none with a working driver.")
    return _("This PyTorch was built for the CPU only and wouldn't use a GPU even if there were one.")


def _card(title: str, facts: list[Fact], numbers: "count[int]") -> str:
    rows = "".join(
        f'<div class="wb-fact"><dt>{hint(fact.name, fact.help, next(numbers))}</dt>'
        f"<dd>{escape(fact.value)}</dd><dd><code>{escape(fact.code)}</code>{_bar(fact.used)}</dd></div>"
        for fact in facts
    )
    return f'<section class="wb-card"><h2>{escape(title)}</h2><dl>{rows}</dl></section>'


def _bar(used: float | None) -> str:
    return "" if used is None else f'<span class="wb-bar" style="--used:{used:.3f}" aria-hidden="true"></span>'


def _software(machine: wb.Machine) -> list[Fact]:
    none = _("none")
    return [
        Fact(
            "PyTorch",
            machine.torch,
            "torch.__version__",
            _("The library that computes and learns. The part after the + says which device it was built for."),
        ),
        Fact(
            "CUDA",
            machine.cuda or none,
            _code("torch.version.cuda", machine.cuda),
            _(
                "NVIDIA's way to compute on GPUs. A PyTorch built without it can't use an NVIDIA GPU, even if there "
                "is one."
            ),
        ),
        Fact(
            "cuDNN",
            machine.cudnn_release or none,
            _code("torch.backends.cudnn.version()", machine.cudnn),
            _("NVIDIA's library of fast routines for neural networks. It runs on top of CUDA."),
        ),
        Fact(
            "Python",
            machine.python,
            "platform.python_version()",
            _("The programming language you use PyTorch in. This workbench is written in it too."),
        ),
        Fact(
            "Streamlit",
            st.__version__,
            "streamlit.__version__",
            _("The library that turns Python scripts into these pages."),
        ),
    ]


def _graphics(machine: wb.Machine) -> list[Fact]:
    return [
        Fact(
            _("NVIDIA GPU usable"),
            _yes(machine.cuda_available),
            _code("torch.cuda.is_available()", machine.cuda_available),
            _("Whether PyTorch can use `cuda`. It takes a GPU, its driver, and a PyTorch built for CUDA."),
        ),
        Fact(
            _("NVIDIA GPUs"),
            str(len(machine.gpus)),
            "torch.cuda.device_count()",
            _("PyTorch counts them from 0: the first one is `cuda:0`, or just `cuda`."),
        ),
        *(fact for gpu in machine.gpus for fact in _gpu(gpu)),
        Fact(
            _("Apple GPU usable"),
            _yes(machine.mps_available),
            _code("torch.backends.mps.is_available()", machine.mps_available),
            _("MPS (Metal Performance Shaders) is Apple's way to compute on a Mac's GPU. Its device is `mps`."),
        ),
        Fact(
            _("Any GPU usable"),
            _yes(machine.accelerator_available),
            _code("torch.accelerator.is_available()", machine.accelerator_available),
            _("Accelerator is PyTorch's word for a GPU or something like it, from any maker."),
        ),
    ]


def _gpu(gpu: wb.Gpu) -> list[Fact]:
    memory, used = _("unknown"), None
    if gpu.total and gpu.used is not None and gpu.free is not None:
        used = gpu.used / gpu.total
        memory = _("{used} of {total} GB used, {free} GB free").format(
            used=f"{gpu.used / GB:.1f}", total=f"{gpu.total / GB:.1f}", free=f"{gpu.free / GB:.1f}"
        )
    return [
        Fact(
            f"cuda:{gpu.index}",
            gpu.name,
            f"torch.cuda.get_device_name({gpu.index})",
            _("Its maker's name for it."),
        ),
        Fact(
            _("Memory"),
            memory,
            f"torch.cuda.mem_get_info({gpu.index})",
            _(
                "A GPU has its own memory. A model and its data have to fit into what's free, and other programs "
                "may be using it too."
            ),
            used,
        ),
    ]


def _processor(machine: wb.Machine) -> list[Fact]:
    return [
        Fact(
            _("Model"),
            machine.processor or _("unknown"),
            "/proc/cpuinfo" if platform.system() == "Linux" else "platform.processor()",
            _("The operating system's name for it."),
        ),
        Fact(
            _("Cores"),
            str(machine.cores),
            _cores_from(machine.cores),
            _("A core does one thing at a time. Only cores this server may use are counted."),
        ),
        Fact(
            _("Default device"),
            machine.default_device,
            "torch.get_default_device()",
            _("Tensors are created here unless you say otherwise, even if there's a GPU."),
        ),
        Fact(
            _("Threads of PyTorch"),
            str(machine.threads),
            "torch.get_num_threads()",
            _(
                "How many cores PyTorch uses for one computation. This workbench uses 1: its models are too small "
                "to get faster with more, and other visitors need the other cores."
            ),
        ),
    ]


def _cores_from(cores: int) -> str:
    """Where the number of cores comes from."""
    if platform.system() != "Linux":
        return "os.cpu_count()"
    return "len(os.sched_getaffinity(0))" if cores == len(os.sched_getaffinity(0)) else str(CGROUPS)


def _code(expression: str, value: object) -> str:
    """The expression with its value, for values that the page words differently."""
    return f"{expression} → {value}"


def _yes(is_so: bool) -> str:
    return _("yes") if is_so else _("no")
