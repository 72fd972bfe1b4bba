"""The bytes that a training of 200 epochs sends to the browser, without plotly.js, which the browser caches."""

from collections.abc import Iterator

from playwright.sync_api import Response, WebSocket

from .browser import chromium, drawn, visit
from .report import Line, show
from .server import serve

LIMIT = 60_000
EPOCHS = 200


def measure() -> Iterator[Line]:
    """All bytes from the click on Train to the end of the script, for the first and the third training of a visit."""
    frames: list[int] = []
    fetched: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: frames.append(len(data.encode() if isinstance(data, str) else data)))

    def note(response: Response) -> None:
        fetched.append(response.url)

    sizes = []
    with serve() as server, chromium() as browser:
        page = visit(browser, "about:blank")
        page.on("websocket", listen)
        page.goto(f"{server.address}/linear?epochs={EPOCHS}")
        drawn(page)
        page.on("response", note)
        for _ in range(3):
            frames.clear()
            page.get_by_role("button", name="Train", exact=True).click()
            page.locator(f".wb-player[data-frame='{EPOCHS - 1}']").wait_for()
            drawn(page)
            sizes.append(sum(frames))
            page.get_by_role("button", name="To start").click()
    figure = f"{sizes[0] / 1000:.1f} kB (third: {sizes[-1] / 1000:.1f} kB)"
    yield Line("bytes to the browser for 200 epochs, over the socket", figure, "at most 60 kB", max(sizes) <= LIMIT)
    yield Line("  files fetched besides", f"{len(fetched)}")


if __name__ == "__main__":
    show(measure())
