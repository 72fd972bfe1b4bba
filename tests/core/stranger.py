"""Somebody else's computer: runs exported scripts and notebooks one after the other, without the workbench.

`python -I stranger.py FOLDER` runs every .py and .ipynb file in it, each in a namespace and a folder of its own, and
leaves behind, in `states.pt`, what each of their models had learned in the end, and what each had saved in a file.
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
    """What is left when a script has ended."""
    return runpy.run_path(str(path), run_name="__main__")


def run_notebook(path: Path) -> dict[str, Any]:
    """What is left when all code cells have run, in their order."""
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
