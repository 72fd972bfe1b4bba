"""A Chromium for the browser tests: an existing one, else one that this module installs.

`python -m tests.browser.chromium` prints which one it uses. It looks for Playwright's own and
then for one of the system; then it installs Playwright's own, or else one from the system's package manager.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

Started = TypeVar("Started", Browser, BrowserContext)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = [  # Playwright adds --no-sandbox of its own accord
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PACKAGES = {  # package manager -> what to run
    "apt-get": (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]),
    "dnf": (["install", "-y", "chromium", "google-noto-sans-cjk-fonts"],),
    "brew": (["install", "--cask", "google-chrome"],),
}
NONE = (
    "No Chromium could be found or installed: install Chromium or Google Chrome, or run "
    "`python -m playwright install --with-deps chromium`, and try again."
)


class NoChromium(Exception):  # noqa: N818 - it says what it is
    """No Chromium on this machine starts."""


def launch(playwright: Playwright) -> Browser:
    """Start the first Chromium that works; raises `NoChromium`."""
    return _first(playwright, playwright.chromium.launch)


def launch_at_home(playwright: Playwright, folder: Path, **wishes: Any) -> BrowserContext:
    """The same with a persistent profile in `folder`, which keeps cached and compiled scripts."""
    return _first(playwright, playwright.chromium.launch_persistent_context, user_data_dir=folder, **wishes)


def _first(playwright: Playwright, start: Callable[..., Started], **wishes: Any) -> Started:
    for path in here(playwright):
        try:
            return start(executable_path=path, args=FLAGS, timeout=60_000, **wishes)
        except Error:  # a stub without a browser, or a missing library
            continue
    raise NoChromium(NONE)


def here(playwright: Playwright) -> Iterator[str | None]:
    """The Chromiums of this machine, the best first; None is Playwright's own."""
    if _own(playwright):
        yield None
    found = [path for path in map(shutil.which, NAMES) if path]
    yield from dict.fromkeys([*found, *filter(os.path.exists, PLACES)])


def install(playwright: Playwright) -> Iterator[None]:
    """Try one way of installing after the other, and yield after each, so that the caller can look for a browser."""
    _run([sys.executable, "-m", "playwright", "install", "chromium"])
    yield
    admin = _admin()
    if _own(playwright) and admin is not None and sys.platform == "linux":
        _run([*admin, sys.executable, "-m", "playwright", "install-deps", "chromium"])
        yield
    for manager, steps in PACKAGES.items():
        rights = [] if manager == "brew" else admin
        if shutil.which(manager) and rights is not None:
            for step in steps:
                _run([*rights, manager, *step])
            yield


def _own(playwright: Playwright) -> bool:
    return Path(playwright.chromium.executable_path).exists()


def _admin() -> list[str] | None:
    """The prefix for a command that needs root; None if that needs a password."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    return [sudo, "-n"] if sudo and not subprocess.run([sudo, "-n", "true"], capture_output=True).returncode else None


def _run(command: list[str]) -> None:
    say(f"$ {' '.join(command)}")
    try:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=900).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"that did not work: {error}")
    else:
        say("done" if code == 0 else f"that did not work (exit code {code})")


def say(text: str) -> None:
    print(f"chromium: {text}", flush=True)  # noqa: T201 - it is a command


def _found(playwright: Playwright) -> bool:
    try:
        browser = launch(playwright)
    except NoChromium:
        return False
    say(f"version {browser.version} is here and starts")
    browser.close()
    return True


def main() -> int:
    with sync_playwright() as playwright:
        if _found(playwright):
            return 0
        say("none here that starts; trying to install one")
        for _ in install(playwright):
            if _found(playwright):
                return 0
    say(NONE)
    return 1


if __name__ == "__main__":
    sys.exit(main())
