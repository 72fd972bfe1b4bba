"""A point dragged by hand: best line, squares and losses of 200 points follow in every picture, without the server."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Page

from .browser import chromium, drawn, idle, visit
from .report import Line, show
from .server import serve

LOSSES, DRAG = ("mse", "l1", "huber"), 240
PATH = "linear?noise=0.2&step=0.005&epochs=200&loss="  # 200 points

# Drags the point that the mouse holds in every frame, as a hand would: the milliseconds from each move to the charts
# that are drawn, the pictures a second, and the messages to the server.
MOVE = """async (count) => {
  const over = document.querySelector(".wb-over"), best = document.querySelectorAll(".wb-meter b")[2];
  const { left, top, width, height } = over.getBoundingClientRect();
  const { send } = WebSocket.prototype;
  let messages = 0, drawn = false;
  WebSocket.prototype.send = function (...parts) { messages += 1; return send.apply(this, parts); };
  new MutationObserver(() => { drawn = true; }).observe(best, { childList: true, characterData: true, subtree: true });
  const { port1, port2 } = new MessageChannel();
  const took = [];
  const began = performance.now();
  for (let move = 0; move < count; move++) {
    await new Promise(requestAnimationFrame);
    const turn = (2 * Math.PI * move) / 120;
    const [across, down] = [0.5 + 0.3 * Math.cos(turn), 0.45 + 0.35 * Math.sin(turn)];
    const place = { clientX: left + width * across, clientY: top + height * down };
    const before = performance.now();
    drawn = false;
    const hand = { bubbles: true, pointerId: 1, pointerType: "mouse" };
    over.dispatchEvent(new PointerEvent("pointermove", { ...hand, ...place }));
    await new Promise((then) => { port1.onmessage = then; port2.postMessage(0); });
    if (drawn) took.push(performance.now() - before);
  }
  WebSocket.prototype.send = send;
  return { took, rate: count / (performance.now() - began) * 1000, messages };
}"""


def drag(page: Page) -> tuple[list[float], float, int]:
    """Drag a point through the chart: the milliseconds of every picture, the frames a second, the messages."""
    page.get_by_role("button", name="Edit points").click()
    page.get_by_role("button", name="My line").click()
    page.locator(".wb-tools select").select_option("squares")
    box = page.locator(".wb-cursor").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = page.evaluate(MOVE, DRAG)
    page.mouse.up()
    idle(page)
    return seen["took"], seen["rate"], seen["messages"]


def measure() -> Iterator[Line]:
    """The figures for each loss."""
    with serve() as server, chromium() as browser:
        for loss in LOSSES:
            page = visit(browser, f"{server.address}/{PATH}{loss}")
            drawn(page)
            page.get_by_role("button", name="Train", exact=True).click()
            page.locator(".wb-player[data-frame='199']").wait_for()
            idle(page)
            pictures, rate, messages = drag(page)
            page.context.close()
            median = statistics.median(pictures)
            what = f"one of 200 points dragged, {loss}"
            yield Line(what, f"{rate:.1f} frames a second", "at least 55", rate >= 55)
            yield Line(f"{what}, to new picture", f"{median:.0f} ms of {len(pictures)}", "at most 17 ms", median <= 17)
            yield Line(f"{what}, messages until let go", f"{messages}", "0", messages == 0)


if __name__ == "__main__":
    show(measure())
