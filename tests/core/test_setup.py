"""`make` finds a virtual environment that cannot work, and a Python that is too old, before pip does."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def make(*arguments):
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(("version", "said"), [("echo Python 3.10.2", "Python 3.10.2"), ("exit 127", "missing")])
def test_a_python_that_is_too_old_or_missing_is_named_in_one_line(tmp_path, version, said):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n[ $1 = -V ] || exit 1\n{version}\n")
    python.chmod(0o755)
    code, text = make("install", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    [line] = text.splitlines()
    assert code
    assert line.startswith(f"Torch Workbench needs Python 3.11 or newer, and {python} is {said}.")


def test_an_environment_without_pip_is_made_again_and_a_good_one_is_kept(tmp_path):
    fresh = f"-m venv --clear {tmp_path}"
    (tmp_path / "bin").mkdir()
    (tmp_path / ".installed").touch()
    python = tmp_path / "bin" / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    assert fresh in make("--dry-run", "install", f"VENV={tmp_path}")[1]
    python.unlink()
    python.symlink_to(tmp_path / "gone")
    assert fresh in make("--dry-run", "install", f"VENV={tmp_path}")[1]
    python.unlink()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    assert fresh not in make("--dry-run", "install", f"VENV={tmp_path}")[1]
