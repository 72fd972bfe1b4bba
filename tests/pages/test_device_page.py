"""The device page for machines with and without a GPU, without a browser."""

import re
from dataclasses import replace
from html import unescape

import pytest
import streamlit as st
import torch

import wb_core as wb
from pages.ui.device import transfers
from pages.ui.i18n import LANGUAGES, translator
from pages.ui.widgets.numbers import number
from tests.pages.app import button, open_page
from wb_core.hardware import round_trip
from wb_core.hardware.speed import SIZES

GB = 1024**3
CPU_ONLY = wb.Machine(
    torch="9.9.9+cpu",
    python="3.99.0",
    cuda=None,
    cudnn=None,
    gpu_build=False,
    cuda_available=False,
    gpus=(),
    mps_available=False,
    accelerator_available=False,
    device="cpu",
    default_device="cpu",
    processor="Zuse <Z3>",
    cores=7,
    threads=3,
)
CARD = wb.Gpu(0, "Fast & Hot", 80 * GB, 60 * GB)
CUDA = replace(CPU_ONLY, cuda="13.1", cudnn=91002, gpu_build=True, cuda_available=True, gpus=(CARD,), device="cuda")
MAC = replace(CPU_ONLY, gpu_build=True, mps_available=True, device="mps")
THERE = (
    wb.EvaluatedLine(round_trip.MAKE, "tensor([1, 2, 3])"),
    wb.EvaluatedLine("there = tensor.to(device)", "tensor([1, 2, 3], device='cuda:0')"),
    wb.EvaluatedLine("there.numpy()", "TypeError: can't convert cuda:0", failed=True),
)
TIMES = (wb.Timing("cpu", 128, 1e-4), wb.Timing("cpu", 256, 1e-3), wb.Timing("cpu", 512, 8e-3))


@pytest.fixture(autouse=True)
def _no_program(monkeypatch):
    monkeypatch.setattr(wb, "has_nvidia_smi", lambda: False)


@pytest.fixture
def on(monkeypatch):
    """Open the page on a made-up machine; a GPU returns `THERE`."""

    def open_on(machine, smi=None, **session):
        monkeypatch.setattr(wb, "this_machine", lambda: machine)
        if smi:
            monkeypatch.setattr(wb, "has_nvidia_smi", lambda: True)
            monkeypatch.setattr(wb, "nvidia_smi", lambda: smi)
        if machine.device != "cpu":
            monkeypatch.setattr(wb, "device_round_trip", lambda device: THERE)
        app = open_page("device.py", state=session)
        assert not app.exception
        return app

    return open_on


def htmls(app, start):
    return [part.proto.body for part in app.get("html") if part.proto.body.startswith(start)]


def plain(html):
    return unescape(re.sub("<.*?>", "", html))


def answer(app):
    """The device in large letters, and its two sentences."""
    [html] = htmls(app, '<div class="wb-answer">')
    return re.search("<code>(.*?)</code>", html)[1], *map(plain, re.findall("<p>(.*?)</p>", html))


def facts(app):
    """Each fact by its expression: name, value."""
    [html] = htmls(app, '<div class="wb-cards">')
    found = {}
    fact = r'wb-hint-\d+">([^<]*)</button>.*?<dd>([^<]*)</dd><dd><code>([^<]*)</code>'
    for name, value, code in re.findall(fact, html):
        found[unescape(code)] = (unescape(name), unescape(value))
    return found


def lines(app):
    """Every displayed line of code with its result."""
    rows = "".join(htmls(app, '<ul class="wb-lines">'))
    return [tuple(map(plain, row)) for row in re.findall("<li.*?><code>(.*?)</code><samp.*?>(.*?)</samp>", rows)]


def times(app):
    html = "".join(htmls(app, '<table class="wb-times">'))
    rows = re.findall("<tr>(<td>.*?)</tr>", html)
    return [tuple(plain(cell) for cell in re.findall("<t[dh].*?>(.*?)</t[dh]>", row)) for row in rows]


def said(app):
    return " ".join(markdown.value for markdown in app.markdown)


def test_the_page_shows_what_torch_reports_on_this_machine(on):
    machine = wb.this_machine()
    app = on(machine)
    assert answer(app)[0] == wb.available_devices()[0]
    told = facts(app)
    assert told["torch.__version__"] == ("PyTorch", torch.__version__)
    assert told["streamlit.__version__"] == ("Streamlit", st.__version__)
    assert told["torch.get_num_threads()"] == ("Threads of PyTorch", str(torch.get_num_threads()))
    assert told["torch.cuda.device_count()"] == ("NVIDIA GPUs", str(torch.cuda.device_count()))
    assert f"torch.cuda.is_available() → {torch.cuda.is_available()}" in told
    shown = [(given.code, given.text) for given in (*wb.device_lines(), *wb.device_round_trip(machine.device))]
    assert [(code, text.removeprefix("✕ fails ")) for code, text in lines(app)][: len(shown)] == shown


def test_without_a_gpu_the_page_says_why(on):
    app = on(CPU_ONLY)
    device, first, second = answer(app)
    assert (device, first) == ("cpu", "PyTorch computes on the CPU here.")
    assert "no GPU" in second
    assert "built for the CPU only" in said(app)
    assert "nvidia-smi" not in [expander.label for expander in app.expander]
    told = facts(app)
    assert told["torch.version.cuda → None"] == ("CUDA", "none")
    assert told["torch.backends.cudnn.version() → None"] == ("cuDNN", "none")
    assert told["torch.cuda.is_available() → False"] == ("NVIDIA GPU usable", "no")
    assert told["torch.backends.mps.is_available() → False"] == ("Apple GPU usable", "no")
    assert ("Model", "Zuse <Z3>") in told.values()
    assert ("Cores", "7") in told.values()
    *_, stand_in, to_cuda = lines(app)
    assert [stand_in, to_cuda] == [(given.code, f"✕ fails {given.text}") for given in wb.without_gpu()]
    assert "can't convert meta device type tensor to numpy" in stand_in[1]
    assert "stands in" in plain("".join(htmls(app, '<ul class="wb-lines">')))


def test_a_gpu_build_without_a_gpu_is_reported(on):
    assert "finds none with a working driver" in said(on(replace(CPU_ONLY, gpu_build=True, cuda="13.1")))


def test_a_gpu_is_shown_with_its_memory(on):
    app = on(CUDA)
    assert answer(app)[:2] == ("cuda", "PyTorch can use the GPU here: Fast & Hot.")
    told = facts(app)
    assert told["torch.cuda.get_device_name(0)"] == ("cuda:0", "Fast & Hot")
    assert told["torch.cuda.mem_get_info(0)"] == ("Memory", "20.0 of 80.0 GB used, 60.0 GB free")
    assert told["torch.version.cuda → 13.1"] == ("CUDA", "13.1")
    assert told["torch.backends.cudnn.version() → 91002"] == ("cuDNN", "9.10.2")
    assert lines(app)[-1] == ("there.numpy()", "✕ fails TypeError: can't convert cuda:0")
    assert "meta" not in str(lines(app))  # there is a real GPU
    [html] = htmls(app, '<div class="wb-cards">')
    assert "--used:0.250" in html


def test_two_gpus_are_shown_one_of_unknown_memory(on):
    app = on(replace(CUDA, gpus=(CARD, wb.Gpu(1, "Other", None, None))))
    assert answer(app)[1] == "PyTorch can use 2 GPUs here: Fast & Hot, Other."
    assert facts(app)["torch.cuda.mem_get_info(1)"] == ("Memory", "unknown")


def test_an_apple_gpu_is_recognised(on):
    app = on(MAC)
    assert answer(app)[:2] == ("mps", "PyTorch can use this Mac's GPU.")


@pytest.mark.parametrize(
    ("smi", "machine", "sentence"),
    [
        (wb.NvidiaSmi("absent"), CUDA, "couldn't be started"),
        (wb.NvidiaSmi("slow"), CUDA, "didn't answer within 6 seconds"),
        (wb.NvidiaSmi("unreadable", code=0), CUDA, "isn't text"),
        (wb.NvidiaSmi("failed"), CPU_ONLY, "couldn't be started"),
        (wb.NvidiaSmi("failed", "no <driver>\n", 9), CPU_ONLY, "failed (exit code 9)"),
        (wb.NvidiaSmi("ok", "| 40°C <b> |\n", 0), CUDA, "Its output now:"),
        (wb.NvidiaSmi("ok", "| card |\n", 0), CPU_ONLY, "`9.9.9+cpu`"),
        (wb.NvidiaSmi("ok", "| card |\n", 0), replace(CPU_ONLY, cuda="13.1"), "too old for CUDA 13.1"),
    ],
)
def test_every_outcome_of_nvidia_smi_is_one_sentence(on, smi, machine, sentence):
    app = on(machine, smi)
    assert sentence in said(app)
    assert [plain(html) for html in htmls(app, '<pre class="wb-terminal"')] == (
        [smi.output.rstrip()] if smi.output else []
    )


def test_nothing_is_measured_before_the_button_is_pressed(monkeypatch):
    def never():
        raise AssertionError

    monkeypatch.setattr(wb, "time_products", never)
    app = open_page("device.py")
    assert not app.exception
    assert times(app) == []


def test_a_measurement_is_shown_and_stays(monkeypatch):
    app = open_page("device.py")
    button(app, "Measure").click().run()
    assert not app.exception
    timings = app.session_state["pages.ui.device.timing.DeviceLab"].timings
    assert [row[1] for row in times(app) if row[0] == "cpu"] == [f"{size} × {size}" for size in SIZES]
    for row, timing in zip(times(app), timings, strict=True):
        assert row[:3] == (timing.device, f"{timing.size} × {timing.size}", f"{number(timing.seconds * 1000, 3)} ms")
        assert float(row[3].replace(",", "")) == pytest.approx(timing.gflops, rel=0.01)
    before = times(app)
    app.switch_page("linear.py").run()
    app.switch_page("device.py").run()
    assert times(app) == before


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        (4e-3, "At 512 × 512 the GPU is 2.00 times as fast as the CPU."),
        (9e-3, "Even at 512 × 512 the CPU is faster"),
        (None, "The GPU failed"),
    ],
)
def test_the_findings_compare_sizes_and_devices(monkeypatch, there, sentence):
    monkeypatch.setattr(wb, "time_products", lambda: (*TIMES, wb.Timing("cuda", 512, there)))
    app = open_page("device.py")
    button(app, "Measure").click().run()
    assert "From 256 to 512 the CPU took 8.00 times as long" in said(app)
    assert sentence in said(app)
    assert (there is None) == (times(app)[-1][2] == "–")


@pytest.mark.parametrize(("long", "word"), [(80e-3, "more"), (8e-3, ""), (2e-3, "less")])
def test_a_time_that_does_not_grow_as_the_work_is_explained(monkeypatch, long, word):
    monkeypatch.setattr(wb, "time_products", lambda: (wb.Timing("cpu", 256, 1e-3), wb.Timing("cpu", 512, long)))
    app = open_page("device.py")
    button(app, "Measure").click().run()
    assert [found for found in ("more", "less") if f"That's {found} than 8" in said(app)] == ([word] if word else [])


def test_every_line_has_its_meaning():
    shown = {round_trip.USUAL_LINE, round_trip.NEW_LINE, round_trip.MAKE, *round_trip.WAY}
    assert transfers.MEANING.keys() | transfers.ON_GPU.keys() == shown | {round_trip.STAND_IN, round_trip.TO_CUDA}
    assert transfers.ON_CPU.keys() == transfers.ON_GPU.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("machine", [CPU_ONLY, MAC], ids=["processor", "Apple"])
def test_the_page_is_translated(on, machine, language):
    app = on(machine, language=language)
    assert [title.value for title in app.title] == [translator(language)("Device")]
    names = {name for name, _ in facts(app).values()}
    assert names >= {translator(language)(name) for name in ("Cores", "Apple GPU usable", "Threads of PyTorch")}
    assert answer(app)[1] == translator(language)(
        "PyTorch computes on the CPU here." if machine is CPU_ONLY else "PyTorch can use this Mac's GPU."
    )
