"""How smoothly a run of 200 epochs plays, with software rendering."""

import statistics
from collections.abc import Iterator
from typing import Any

from .browser import chromium, drawn, visit
from .report import Line, show
from .server import serve

EPOCHS, PLAYS = 200, 5
# Records the number and the time of each drawn frame, until the player stops at the end.
RECORD = """
    () => new Promise((resolve) => {
        const player = document.querySelector(".wb-player");
        const seen = [];
        const note = () => {
            const frame = Number(player.dataset.frame);
            if (seen.at(-1)?.frame !== frame) seen.push({ frame, at: performance.now() });
        };
        const observer = new MutationObserver(() => {
            note();
            if (player.dataset.state !== "paused") return;
            observer.disconnect();
            resolve(seen);
        });
        player.querySelector("[data-do=play]").click();
        note();
        observer.observe(player, { attributeFilter: ["data-frame", "data-state"] });
    })
"""


def measure() -> Iterator[Line]:
    """Epochs drawn and frames per second, the median of several plays."""
    with serve() as server, chromium() as browser:
        page = visit(browser, f"{server.address}/linear?epochs={EPOCHS}")
        drawn(page)
        page.get_by_role("button", name="Train", exact=True).click()
        page.locator(f".wb-player[data-frame='{EPOCHS - 1}']").wait_for()
        drawn(page)
        plays: list[list[dict[str, Any]]] = [page.evaluate(RECORD) for _ in range(PLAYS)]
    epochs = [len({note["frame"] for note in seen}) for seen in plays]
    rates = [1000 * (len(seen) - 1) / (seen[-1]["at"] - seen[0]["at"]) for seen in plays]
    rate = statistics.median(rates)
    yield Line("playback: epochs drawn, the fewest of 5 plays", f"{min(epochs)} of 200", "all", min(epochs) == EPOCHS)
    figure = f"{rate:.1f} a second ({min(rates):.1f} to {max(rates):.1f})"
    yield Line("playback: frames", figure, "at least 55 a second", rate >= 55)


if __name__ == "__main__":
    show(measure())
