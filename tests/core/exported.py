"""Exported scripts and notebooks, run in this process, each in a namespace and a folder of its own."""

import contextlib
import io
import json
from pathlib import Path
from unittest import mock

import matplotlib
import torch
from matplotlib import pyplot as plt


def code_of(notebook):
    """The code cells of a notebook, as one script."""
    cells = json.loads(notebook)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def execute(code, home, show=None):
    """The namespace and the printed lines of a script, run with two threads in the folder `home`.

    `show` is called for each plot. Without it nothing is plotted, which takes most of the time.
    """
    names, printed = {"__name__": "__main__"}, io.StringIO()
    threads = torch.get_num_threads()
    with (
        contextlib.chdir(home),
        torch.random.fork_rng(devices=[]),
        contextlib.redirect_stdout(printed),
        mock.patch.object(plt, "show", show) if show else mock.patch.object(matplotlib, "pyplot"),
    ):
        matplotlib.use("Agg")
        torch.set_num_threads(2)
        try:
            exec(compile(code, "script", "exec"), names)
        finally:
            torch.set_num_threads(threads)
    return names, printed.getvalue().splitlines()


def saved_by(home: Path):
    """The name and the state_dict of the only checkpoint that a script has saved."""
    [file] = (home / "models").iterdir()
    return file.name, torch.load(file, weights_only=True)


def assert_same_bits(state, expected):
    assert list(state) == list(expected)
    for name, tensor in expected.items():
        assert state[name].dtype == tensor.dtype == torch.float32
        assert torch.equal(state[name].view(torch.int32), tensor.view(torch.int32)), name
