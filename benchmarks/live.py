"""Live sliders: from the grab to the neighbours, from a moved thumb to the new picture, from letting go to the end."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import requests
from playwright.sync_api import Page

import wb_core as wb

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import Server, serve
from .visitor import Visitor

EPOCHS, GRABS, ARROWS, RELEASES, DRAG = 200, 12, 12, 12, 240
VISITORS, WITHIN = 30, 3.0
KNOWN = "document.querySelector('.wb-player').dataset.futures?.includes('lr')"
IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
PLAYER_NEW = "document.querySelector('.wb-player').dataset.token !== {token!r}"
NUMBERS = "[...document.querySelectorAll('.wb-value')].map((value) => value.textContent).join()"

THUMB = """() => {
  const [track, thumb] = ["", " > div:nth-child(2)"].map((part) =>
    document.querySelector(`.st-key-LinearConfig-lr [role=group] > div${part}`).getBoundingClientRect());
  return { x: thumb.left + thumb.width / 2, y: thumb.top + thumb.height / 2, left: track.left, width: track.width };
}"""
# Moves the held thumb in every frame, there and back, as a hand would: the milliseconds from each move to the charts
# that are drawn, and the pictures a second.
MOVE = """async ({ left, width, y, count }) => {
  const player = document.querySelector(".wb-player");
  let pictures = 0, drawn = false;
  const observer = new MutationObserver(() => { drawn = true; });
  observer.observe(player.querySelector(".wb-readouts"), { subtree: true, childList: true });
  const { port1, port2 } = new MessageChannel();
  const took = [];
  const began = performance.now();
  for (let move = 0; move < count; move++) {
    await new Promise(requestAnimationFrame);
    const x = left + width * Math.abs(((2 * move) % 120) / 60 - 1);
    const before = performance.now();
    drawn = false;
    document.dispatchEvent(new PointerEvent("pointermove", {
      bubbles: true, pointerId: 1, pointerType: "mouse", clientX: x, clientY: y }));
    await new Promise((then) => { port1.onmessage = then; port2.postMessage(0); });
    if (drawn) { pictures += 1; took.push(performance.now() - before); }
  }
  return { took, rate: count / (performance.now() - began) * 1000, pictures };
}"""


def page_of(browser: object, server: Server) -> Page:
    """A page with a trained run, on which a changed setting shows its own trained run."""
    page = visit(browser, f"{server.address}/linear?loss=mse&epochs={EPOCHS}")  # type: ignore[arg-type]
    drawn(page)
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(f".wb-player[data-frame='{EPOCHS - 1}']").wait_for()
    idle(page)
    return page


def grab(page: Page, stop: int) -> float:
    """Grab the slider of a run whose neighbours nobody has asked for; the milliseconds until they are there."""
    page.get_by_role("slider", name="Noise").press("ArrowRight")
    page.wait_for_function(f"new URLSearchParams(location.search).get('noise') === '{stop / 100:g}'")
    page.wait_for_load_state("networkidle")  # the neighbours in the noise have come
    idle(page)
    thumb = page.evaluate(THUMB)
    page.mouse.move(thumb["x"], thumb["y"])
    watch(page, event="pointerdown", until=KNOWN)
    page.mouse.down()
    milliseconds = took(page)
    page.mouse.up()
    idle(page)
    return milliseconds


def drag(page: Page) -> tuple[list[float], float]:
    """Drag the thumb through all stops: the milliseconds of every picture, and the frames a second."""
    thumb = page.evaluate(THUMB)
    page.mouse.move(thumb["x"], thumb["y"])
    page.mouse.down()
    page.wait_for_function(KNOWN)
    page.wait_for_timeout(300)
    seen = page.evaluate(MOVE, {"left": thumb["left"], "width": thumb["width"], "y": thumb["y"], "count": DRAG})
    page.mouse.up()
    idle(page)
    return seen["took"], seen["rate"]


def let_go(page: Page, step: int) -> float:
    """Drag the thumb to another stop and let go; the milliseconds until everything on the page is true."""
    thumb = page.evaluate(THUMB)
    page.mouse.move(thumb["x"], thumb["y"])
    page.mouse.down()
    page.wait_for_function(KNOWN)
    page.mouse.move(thumb["left"] + thumb["width"] * (0.3 + 0.04 * step), thumb["y"], steps=5)
    token = page.locator(".wb-player").get_attribute("data-token")
    page.wait_for_timeout(300)
    watch(page, event="pointerup", until=f"{PLAYER_NEW.format(token=token)} && {IDLE}")
    page.mouse.up()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def arrow(page: Page) -> float:
    """Press an arrow key on the slider; the milliseconds until the numbers are those of the next stop."""
    now = page.evaluate(NUMBERS)
    watch(page, event="keydown", until=f"{NUMBERS} !== {now!r}")
    page.keyboard.press("ArrowLeft")
    milliseconds = took(page)
    idle(page)
    return milliseconds


def ask(server: Server, seed: int, secret: str) -> tuple[int, float, int]:
    """Ask for neighbours as a browser does: the status, the seconds and the bytes."""
    query = {
        "kind": "linear",
        "field": "lr",
        "part": -1,
        "trained": "on",
        "language": "en",
        "epochs": EPOCHS,
        "seed": seed,
    }
    began = time.perf_counter()
    answer = requests.get(
        f"{server.address}/neighbours?{urlencode(query)}", headers={"X-Visit": secret}, timeout=60, stream=True
    )
    return answer.status_code, time.perf_counter() - began, len(answer.raw.read())


async def crowd(server: Server) -> list[tuple[int, float, int]]:
    """Visitors who all grab a slider of their own run within a few seconds."""

    async def one(number: int) -> tuple[int, float, int]:
        async with Visitor(server.address, "linear", f"seed={number}&epochs={EPOCHS}") as visitor:
            await there.wait()
            await asyncio.sleep(number * WITHIN / VISITORS)
            return await asyncio.to_thread(ask, server, number, visitor.secret)

    there = asyncio.Barrier(VISITORS)
    return await asyncio.gather(*map(one, range(VISITORS)))


def engine() -> float:
    """How many times as long as one run its neighbours take."""
    config, runs, all_of_them = wb.LinearConfig(loss="mse", epochs=EPOCHS), [], []
    for _ in range(9):
        began = time.perf_counter()
        wb.Run(config).finish()
        runs.append(time.perf_counter() - began)
        began = time.perf_counter()
        wb.neighbours(config, "lr")
        all_of_them.append(time.perf_counter() - began)
    return statistics.median(all_of_them) / statistics.median(runs)


def measure() -> Iterator[Line]:
    """The figures of live sliders, medians where nothing else is said."""
    ratio = engine()
    yield Line("41 neighbours of 200 epochs, against one run", f"{ratio:.2f} times", "at most 1.5 times", ratio <= 1.5)
    with serve() as server:
        with chromium() as browser:
            page = page_of(browser, server)
            grabs = [grab(page, stop) for stop in range(1, GRABS + 1)][1:]
            pictures, rate = drag(page)
            releases = [let_go(page, step) for step in range(RELEASES)][1:]
            page.locator(".st-key-LinearConfig-lr input[type=range]").focus()
            arrows = [arrow(page) for _ in range(ARROWS)][2:]  # the first fetches the neighbours
        answers = asyncio.run(crowd(server))
    for what, times, most in (
        ("learning rate grabbed to neighbours there", grabs, 150),
        ("thumb moved to new picture, three charts", pictures, 17),
        ("arrow key to new picture", arrows, 50),
        ("let go to everything on the page true", releases, 250),
    ):
        median = statistics.median(times)
        yield Line(what, f"{median:.0f} ms of {len(times)}", f"at most {most} ms", median <= most)
    p95 = statistics.quantiles(pictures, n=20)[-1]
    yield Line("thumb moved to new picture, p95", f"{p95:.0f} ms", "at most 34 ms", p95 <= 34)
    yield Line("frames through a whole drag", f"{rate:.1f} a second", "at least 55", rate >= 55)
    p95 = statistics.quantiles([seconds for _, seconds, _ in answers], n=20)[-1]
    refused = sum(status != 200 for status, _, _ in answers)
    yield Line("30 visitors grabbing within 3 s, p95", f"{p95:.2f} s", "at most 1 s", p95 <= 1)
    yield Line("30 visitors grabbing within 3 s, refused", f"{refused}", "0", refused == 0)
    most = max(size for _, _, size in answers)
    yield Line("neighbours of 200 epochs, packed", f"{most / 1000:.0f} kB", "at most 150 kB", most <= 150_000)


if __name__ == "__main__":
    show(measure())
