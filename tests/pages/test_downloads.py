"""The files that the pages hand out can be read on a computer with a Korean code page."""

import io
import os
import subprocess
import sys

import pandas as pd
import pytest

import wb_core as wb
from pages.ui.i18n import translator
from pages.ui.widgets.csv_file import as_bytes

PRINTS = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp949", "LC_ALL": "C.UTF-8"}
OPENS = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
"""Python reads a script as UTF-8, but prints and opens files in the code page of the system (here: ASCII)."""


def test_a_csv_file_is_utf_8_with_the_mark_by_which_excel_knows_it():
    frame = pd.DataFrame({"이름": ["첫 번째 실험", "둘째"], "손실": [0.1, 1 / 3]})
    data = as_bytes(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(data)), frame, check_exact=True)


def run_korean(script, home, **variables):
    """The outcome of a script with Korean comments, in a folder with a Korean name."""
    home.mkdir()
    (home / "학습.py").write_bytes(script.encode("utf-8"))
    return subprocess.run(
        [sys.executable, "학습.py"],
        cwd=home,
        env={**os.environ, "MPLBACKEND": "Agg", **PRINTS, **variables},
        capture_output=True,
        encoding="cp949",
        timeout=300,
    )


@pytest.mark.slow
def test_a_script_with_korean_comments_runs_with_a_korean_code_page(tmp_path):
    script = wb.to_script(wb.LinearConfig(epochs=3), translator("ko"))
    assert "직선" in script
    done = run_korean(script, tmp_path / "한글 폴더", **OPENS)
    assert done.returncode == 0, done.stderr
    run = wb.Run(wb.LinearConfig(epochs=3))
    run.finish()
    row = run.history.row(0)
    assert f"Epoch: 0 | Train loss: {row['train_loss']:.4f} | Test loss: {row['test_loss']:.4f}" in done.stdout


@pytest.mark.slow
def test_a_script_names_a_damaged_file_in_a_korean_folder(tmp_path):
    """The mark ½ has no place in that code page."""
    data = tmp_path / "데이터 ½"
    data.mkdir()
    (data / "train-images-idx3-ubyte.gz").write_bytes(b"damaged")
    done = run_korean(wb.to_script(wb.ImageConfig(data_dir=str(data)), translator("ko")), tmp_path / "한글 폴더")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "train-images-idx3-ubyte.gz is damaged or not the file it should be." in done.stderr
