"""What is wrong with a page as it lies in the window, told by boxes instead of pixels."""

from pathlib import Path

from playwright.sync_api import Page

FINGER = 40  # pixels: the least height of what a finger has to hit

FINDINGS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def findings(page: Page, *, touch: bool = False) -> list[str]:
    """What is cut, broken, too small for a finger, on something else or outside of the window."""
    found: list[str] = page.evaluate(FINDINGS, {"finger": FINGER, "touch": touch})
    return found
