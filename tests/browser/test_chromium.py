"""Finding a browser: an existing one, then an installed one, then one clear error."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Commands are only recorded, and a browser appears after `enough` of them.
SCRIPT = """
import sys
from tests.browser import chromium
told, here, own = [], chromium.here, chromium._own
chromium._run = lambda command: told.append(" ".join(command[-2:]))
chromium._admin = lambda: []
chromium._own = lambda playwright: len(told) >= {enough} and own(playwright)
chromium.here = lambda playwright: here(playwright) if len(told) >= {enough} else iter(())
chromium.PACKAGES = {{sys.executable: (["update"], ["install", "chromium"])}}
code = chromium.main()
print([command.removeprefix(sys.executable + " ") for command in told])
sys.exit(code)
"""


def look(enough: int) -> subprocess.CompletedProcess[str]:
    """Run the search where command number `enough` installs a browser."""
    command = [sys.executable, "-c", SCRIPT.format(enough=enough)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_an_existing_browser_is_used_and_nothing_installed() -> None:
    found = look(enough=0)
    assert found.returncode == 0, found.stderr
    assert "is here and starts" in found.stdout
    assert found.stdout.endswith("[]\n")


def test_without_a_browser_playwright_installs_one_or_else_the_package_manager() -> None:
    found = look(enough=99)
    assert found.returncode == 1, found.stderr
    assert found.stdout.count("No Chromium could be found or installed") == 1
    assert found.stdout.endswith("['install chromium', 'update', 'install chromium']\n")


def test_installing_stops_at_the_first_success() -> None:
    found = look(enough=1)
    assert found.returncode == 0, found.stderr
    assert found.stdout.endswith("['install chromium']\n")
