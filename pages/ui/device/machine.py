"""The machine: the device that PyTorch uses here, in a sentence, and three cards of facts.

Every fact stands beside the expression that gives it.
"""

import platform
from dataclasses import dataclass
from html import escape
from itertools import count

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..widgets.markup import hint


def draw_answer(machine: wb.Machine) -> None:
    """Draw the device in one sentence, and what follows from it in another."""
    first, second = _sentences(machine)
    st.html(
        f'<div class="wb-answer"><code>{machine.device}</code>'
        f"<div><p>{escape(first)}</p><p>{escape(second)}</p></div></div>"
    )


def _sentences(machine: wb.Machine) -> tuple[str, str]:
    if machine.device != "cpu":
        return _on_gpu(machine), _(
            "It does so only when it is told to: models and data start on the processor (CPU) and have to be moved."
        )
    first = _("PyTorch computes on the processor (CPU) here: there is no GPU that it can use.")
    if machine.gpu_build:
        return first, _(
            "This PyTorch could use a GPU, but finds none with a working driver. "
            "The models of this workbench are small enough for a processor."
        )
    return first, _(
        "This PyTorch was built without support for GPUs, and would not see one even if it were there. "
        "The models of this workbench are small enough for a processor."
    )


def _on_gpu(machine: wb.Machine) -> str:
    names = ", ".join(dict.fromkeys(gpu.name for gpu in machine.gpus))
    if machine.device == "mps":
        return _("PyTorch can compute on the graphics processor (GPU) of this Mac.")
    if len(machine.gpus) == 1:
        return _("PyTorch can compute on the graphics card (GPU) here: {name}.").format(name=names)
    return _("PyTorch can compute on {count} graphics cards (GPUs) here: {names}.").format(
        count=len(machine.gpus), names=names
    )


GB = 1024**3


@dataclass(frozen=True)
class Fact:
    """A fact: its name, its value, the expression that gives it, and a sentence of help.

    `used` is a share from 0 to 1, drawn as a bar.
    """

    name: str
    value: str
    code: str
    help: str
    used: float | None = None


def draw_cards(machine: wb.Machine) -> None:
    """Draw the three cards."""
    cards = {
        _("Graphics card (GPU)"): _graphics(machine),
        _("Processor (CPU)"): _processor(machine),
        _("Software"): _software(machine),
    }
    numbers = count()
    body = "".join(_card(title, facts, numbers) for title, facts in cards.items())
    st.html(f'<div class="wb-cards">{body}</div>')


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
            _("The library that computes and learns. What stands after the + says what it was built for."),
        ),
        Fact(
            "CUDA",
            machine.cuda or none,
            _code("torch.version.cuda", machine.cuda),
            _(
                "NVIDIA's way to let graphics cards compute. A PyTorch without it cannot use an NVIDIA card, "
                "even where there is one."
            ),
        ),
        Fact(
            "cuDNN",
            machine.cudnn_release or none,
            _code("torch.backends.cudnn.version()", machine.cudnn),
            _("NVIDIA's collection of fast routines for neural networks, which works on top of CUDA."),
        ),
        Fact(
            "Python",
            machine.python,
            "platform.python_version()",
            _("The programming language in which one uses PyTorch, and in which this workbench is written."),
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
            _("Whether PyTorch can compute on `cuda`: it takes a card, its driver, and a PyTorch built for CUDA."),
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
            _("MPS, Metal Performance Shaders, is Apple's way to let the GPU of a Mac compute; its device is `mps`."),
        ),
        Fact(
            _("GPU of any maker usable"),
            _yes(machine.accelerator_available),
            _code("torch.accelerator.is_available()", machine.accelerator_available),
            _("Accelerator is PyTorch's word for a GPU, or something like it, of whatever maker."),
        ),
    ]


def _gpu(gpu: wb.Gpu) -> list[Fact]:
    memory, used = _("not told"), None
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
            _("The name that its maker gave it."),
        ),
        Fact(
            _("Memory"),
            memory,
            f"torch.cuda.mem_get_info({gpu.index})",
            _("A GPU has memory of its own. A model and its data must fit into what is free; others may use it, too."),
            used,
        ),
    ]


def _processor(machine: wb.Machine) -> list[Fact]:
    return [
        Fact(
            _("Model"),
            machine.processor or _("unknown"),
            "/proc/cpuinfo" if platform.system() == "Linux" else "platform.processor()",
            _("The name that the operating system has for it."),
        ),
        Fact(
            _("Cores"),
            str(machine.cores),
            "len(os.sched_getaffinity(0))" if platform.system() == "Linux" else "os.cpu_count()",
            _("A core does one thing at a time. Counted are those that this server may use."),
        ),
        Fact(
            _("Where new tensors are"),
            machine.default_device,
            "torch.get_default_device()",
            _("A tensor of which nothing else is said is here, even where there is a GPU."),
        ),
        Fact(
            _("Threads of PyTorch"),
            str(machine.threads),
            "torch.get_num_threads()",
            _(
                "On how many cores PyTorch spreads one computation. This workbench asks for 1: its models are too "
                "small to get faster with more, and the other cores are left to other visitors."
            ),
        ),
    ]


def _code(expression: str, value: object) -> str:
    """The expression with its value, where the page words the value differently."""
    return f"{expression} → {value}"


def _yes(is_so: bool) -> str:
    return _("yes") if is_so else _("no")
