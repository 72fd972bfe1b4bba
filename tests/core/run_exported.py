"""Runs exported scripts and notebooks one after the other, without the workbench.

`python -I run_exported.py FOLDER` runs every .py and .ipynb file in it, each in its own namespace and folder, and
writes the final state_dict of each model, and each saved file, into `states.pt`.
"""

import contextlib
import json
import os
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any


def run_script(path: Path) -> dict[str, Any]:
    """The namespace at the end of a script."""
    return runpy.run_path(str(path), run_name="__main__")


def run_notebook(path: Path) -> dict[str, Any]:
    """The namespace after all code cells."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return names


def main(folder: Path) -> None:
    import torch
    from matplotlib import pyplot as plt

    states = {}
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.ipynb")]):
        home = folder / f"{path.name}.home"
        home.mkdir()
        os.chdir(home)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            names = (run_script if path.suffix == ".py" else run_notebook)(path)
        plt.close("all")
        files = {str(file.relative_to(home).as_posix()): torch.load(file) for file in home.rglob("*.pth")}
        states[path.name] = {"model": dict(names["model"].state_dict()), "files": files}
    torch.save(states, folder / "states.pt")
    assert not {"wb_core", "streamlit", "pages"} & set(sys.modules)


if __name__ == "__main__":
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
    main(Path(sys.argv[1]).resolve())
