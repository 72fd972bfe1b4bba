"""Playwright looks twice a second whether an expectation has come true; here it looks ten times.

It has no option for that, so this wraps a private function of the version that `requirements-dev.txt` pins.
"""

from typing import Any

from playwright._impl.frame import Frame

# Playwright pauses for a fifth of the timeout at most: for 20, 50, and then 100 milliseconds, but never for 500.
A_WHILE = 2_400


def look_often() -> None:
    """Split the patience of each expectation into many short ones."""
    expect = Frame._expect

    async def expect_often(frame: Frame, selector: Any, expression: Any, options: Any, title: Any) -> Any:
        left = options["timeout"]
        while True:
            short = {**options, "timeout": min(left, A_WHILE)}
            result = await expect(frame, selector, expression, short, title)
            left -= A_WHILE
            if left <= 0 or not result.get("timedOut"):
                return result

    Frame._expect = expect_often  # type: ignore[method-assign]
