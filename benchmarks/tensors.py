"""The time from a click in the tensor lab to its result in the browser: operations, and a result kept and edited."""

import re
import statistics
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from .browser import PATIENCE, chromium, idle, took, visit, watch
from .report import Line, show
from .server import serve

ROUNDS = 8
LIMIT = 150
SIZES = {"3 x 3": "3x3", "100 x 100": "100x100"}
OPERATIONS = ("-", "*", "torch.matmul", "+")
BOARD_NEW = "document.querySelector('.wb-board').dataset.token !== {token!r}"


def click(page: Page, name: str) -> float:
    """Choose an operation, and return the milliseconds until the board shows its result."""
    token = page.locator(".wb-board").get_attribute("data-token")
    watch(page, event="click", until=BOARD_NEW.format(token=token))
    page.get_by_role("radio", name=name, exact=True).click()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def measure() -> Iterator[Line]:
    """Median over clicks from one operation to the next, for small tensors and for those of 10,000 elements."""
    with serve() as server, chromium() as browser:
        for words, size in SIZES.items():
            shelf = f"A_rand_{size}*B_rand_{size}_none_n_7"
            page = visit(browser, f"{server.address}/tensors?shelf={shelf}&do=add")
            expect(page.locator(".wb-board")).to_have_attribute("data-token", re.compile("."), timeout=PATIENCE)
            idle(page)
            for name in OPERATIONS:  # the first time of each does not count
                click(page, name)
            times = sorted(click(page, name) for _ in range(ROUNDS) for name in OPERATIONS)
            page.context.close()
            median = statistics.median(times)
            spread = f"{times[len(times) // 4]:.0f} to {times[3 * len(times) // 4]:.0f}"
            yield Line(
                f"operation to result, two tensors of {words}",
                f"{median:.0f} ms (half: {spread})",
                f"median at most {LIMIT} ms",
                median <= LIMIT,
            )


if __name__ == "__main__":
    show(measure())
