"""The image lab: the engine against a plain PyTorch loop, its workers, its page, and other visitors."""

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from torch import nn
from torch.utils.data import DataLoader, Dataset

import wb_core as wb
from wb_core.kinds.images.data import find_folder

from .browser import PATIENCE, chromium, idle, visit
from .report import Line, show
from .server import Server, serve
from .visitor import Visitor

FULL = wb.ImageConfig(dataset="fashion_mnist", epochs=1)
ROUNDS = 3
WATCHED = wb.ImageConfig(dataset="fashion_mnist", epochs=3)
OTHERS, TRAININGS, PAUSE, TICK = 5, 10, 1.0, 0.15


class PerSample(Dataset[tuple[torch.Tensor, int]]):
    """A data set that converts each image on access, by way of a PIL image, like torchvision's."""

    def __init__(self, pictures: wb.Pictures) -> None:
        self.pixels, self.y = pictures.pixels, pictures.y.tolist()

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, place: int) -> tuple[torch.Tensor, int]:
        image = Image.fromarray(self.pixels[place].numpy())
        numbers = torch.from_numpy(np.array(image, np.uint8, copy=True)).view(28, 28, 1)
        return numbers.permute(2, 0, 1).contiguous().to(torch.float32).div(255), self.y[place]


def notes_loop(data: wb.ImageData) -> tuple[float, tuple[float, ...]]:
    """Seconds of an epoch of the plain loop, and what it prints."""
    torch.manual_seed(42)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Linear(10, 10))
    loss_fn, optimizer = nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=0.1)
    train_dataloader = DataLoader(PerSample(data.train), batch_size=32, shuffle=True)
    test_dataloader = DataLoader(PerSample(data.test), batch_size=32, shuffle=False)
    torch.manual_seed(42)
    began, train_loss, test_loss, right = time.perf_counter(), torch.zeros(()), torch.zeros(()), 0
    for X, y in train_dataloader:
        model.train()
        loss = loss_fn(model(X), y)
        train_loss += loss.detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.inference_mode():
        for X, y in test_dataloader:
            test_pred = model(X)
            test_loss = test_loss + loss_fn(test_pred, y)
            right += int(torch.eq(y, test_pred.argmax(dim=1)).sum())
    seconds = time.perf_counter() - began
    figures = train_loss / len(train_dataloader), test_loss / len(test_dataloader)
    return seconds, (*(figure.item() for figure in figures), 100 * right / len(data.test))


def workbench(data: wb.ImageData) -> tuple[float, tuple[float, ...]]:
    """The same of a run."""
    run = wb.ImageRun(FULL, data=data)
    began = time.perf_counter()
    run.finish()
    row = run.history.row(0)
    return time.perf_counter() - began, (row["train_loss"], row["test_loss"], row["test_accuracy"])


def against_the_notes() -> Iterator[Line]:
    torch.set_num_threads(1)
    data = wb.fashion_mnist("fashion_mnist")
    pairs = [(notes_loop(data), workbench(data)) for _ in range(ROUNDS)]
    ratio = statistics.median(notes[0] / ours[0] for notes, ours in pairs)
    same = all(notes[1] == ours[1] for notes, ours in pairs)
    notes, ours = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    yield Line(
        "an epoch of 60,000, against a per-sample DataLoader",
        f"{ratio:.1f} times faster ({notes:.2f} s, {ours:.2f} s)",
        "at least 3, aim at 4",
        ratio >= 3,
    )
    yield Line("  its figures", "the same bits" if same else "others", "the same", same)


def job(work: wb.LocalWorkers, config: wb.ImageConfig) -> tuple[wb.Report, float, float]:
    """Run a job: its last report, the seconds until it ran, and its peak memory in MB."""
    began, started, most = time.perf_counter(), 0.0, 0.0
    ticket = work.submit(wb.Job(config))
    while not (report := work.poll(ticket)).finished:
        if report.state == "running" and not started:
            started = time.perf_counter() - began
        most = max([most, *map(_resident, _workers())])
        time.sleep(0.005)
    return report, started, most


def workers(work: wb.LocalWorkers) -> Iterator[Line]:
    small = wb.ImageConfig(epochs=1)
    job(work, small)  # the first job waits for the worker process
    starts = sorted(job(work, small)[1] for _ in range(5))
    yield Line(
        "a job until it runs",
        f"{starts[2]:.2f} s ({starts[0]:.2f} to {starts[-1]:.2f})",
        "at most 0.3 s",
        starts[2] <= 0.3,
    )
    most = job(work, FULL)[2]
    yield Line("memory of a worker with 60,000 pictures", f"{most:.0f} MB", "at most 900 MB", 0 < most <= 900)


def live(work: wb.LocalWorkers, server: Server, browser: Browser) -> Iterator[Line]:
    """How often the page updates during a training, and what that costs the training."""
    page = visit(browser, f"{server.address}/images?dataset=fashion_mnist&epochs={WATCHED.epochs}")
    expect(page.locator(".wb-pictures img").first).to_be_visible(timeout=PATIENCE)
    idle(page)
    ratios, rates = [], []
    for number in range(ROUNDS + 1):
        alone = sum(row["seconds"] for row in job(work, WATCHED)[0].rows)
        watched, changes = train(page)
        if number:  # the first one does not count
            ratios.append(alone / watched)
            rates.append(changes / watched)
    page.context.close()
    rate, ratio = statistics.median(rates), statistics.median(ratios)
    yield Line("live records on the page", f"{rate:.1f} per second", "at least 4", rate >= 4)
    yield Line("  training, against the same without a page", f"{ratio:.0%} as fast", "at least 95%", ratio >= 0.95)


def train(page: Page) -> tuple[float, int]:
    """Train once on the page: the sum of seconds in its table, and the number of different states it showed."""
    page.evaluate(
        """() => {
            window.benchStates = new Set();
            const look = () => benchStates.add(document.querySelector(".st-key-status")?.innerText);
            window.benchWatch = new MutationObserver(look);
            benchWatch.observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator(".st-key-status")).to_contain_text("Looked at", timeout=PATIENCE)
    expect(page.locator(".st-key-status")).to_contain_text("Training time", timeout=2 * PATIENCE)
    idle(page)
    states: int = page.evaluate("benchWatch.disconnect(), [...benchStates].filter((s) => /Looked at/.test(s)).length")
    times = page.locator(".wb-epochs tbody td:last-child").all_inner_texts()
    return sum(float(text.split()[0]) for text in times), states


def opening(server: Server, browser: Browser) -> Iterator[Line]:
    seconds = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        page = visit(browser, f"{server.address}/images")
        expect(page.locator(".wb-pictures img").first).to_be_visible(timeout=PATIENCE)
        seconds.append(time.perf_counter() - began)
        page.context.close()
    median = statistics.median(seconds[1:])
    yield Line("opening the page to the first picture", f"{median:.2f} s", "at most 2.5 s", median <= 2.5)


def beside(server: Server) -> Iterator[Line]:
    """How long other visitors of the linear-regression lab wait while two jobs run."""
    seconds, errors = asyncio.run(_beside(server))
    p95 = statistics.quantiles(seconds, n=100, method="inclusive")[94]
    figure = f"{p95:.2f} s (median {statistics.median(seconds):.2f} s)" + (f", {errors[0][:80]}" if errors else "")
    yield Line("linear lab beside two image jobs, p95", figure, "at most 1 s", p95 <= 1 and not errors)


async def _beside(server: Server) -> tuple[list[float], list[str]]:
    long = "model=tiny_vgg&dataset=fashion_mnist&epochs=20"
    async with Visitor(server.address, "images", long) as first, Visitor(server.address, "images", long) as second:
        await asyncio.gather(first.click("Train"), second.click("Train"))
        watching = [asyncio.create_task(_watch(visitor)) for visitor in (first, second)]
        await asyncio.sleep(3)  # until both are training
        seconds: list[float] = []
        found = await asyncio.gather(*(linear_visitor(server, number, seconds) for number in range(OTHERS)))
        for task in watching:
            task.cancel()
        busy = all("Cancel" in visitor.buttons for visitor in (first, second))
        errors = [*first.errors, *second.errors, *(error for errors in found for error in errors)]
        return seconds, errors if busy else [*errors, "the jobs did not run"]


async def _watch(visitor: Visitor) -> None:
    while True:
        await asyncio.sleep(TICK)
        await visitor.tick()


async def linear_visitor(server: Server, number: int, seconds: list[float]) -> list[str]:
    """Train a line repeatedly, with a second in between, and record each time."""
    await asyncio.sleep(number / OTHERS)
    async with Visitor(server.address, "linear", f"epochs=200&seed={number}") as visitor:
        for _ in range(TRAININGS):
            await asyncio.sleep(PAUSE)
            seconds.append(await visitor.click("Train"))
        return visitor.errors


def _workers() -> list[int]:
    """The training processes: children of the forking process."""
    return [worker for child in _children("self") for worker in _children(child)]


def _children(pid: int | str) -> list[int]:
    try:
        tasks = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has just ended
        return []
    return [int(child) for task in tasks for child in task.split()]


def _resident(pid: int) -> float:
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def measure() -> Iterator[Line]:
    """All measurements; those of training need the full set."""
    if find_folder() is None:
        yield Line("the image lab", "the full set is not on this machine")
        return
    yield from against_the_notes()
    work = wb.LocalWorkers()
    yield from workers(work)
    with serve() as server:
        with chromium() as browser:
            yield from opening(server, browser)
            yield from live(work, server, browser)
        work.stop()
        yield from beside(server)


if __name__ == "__main__":
    show(measure())
