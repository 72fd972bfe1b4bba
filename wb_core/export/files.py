"""The code of a run as a file: a Python script, or a Jupyter notebook with the same cells."""

import difflib
from collections.abc import Mapping
from typing import Any

import nbformat

from ..base.workflow import Say, Workflow
from ..kinds import kind_of

Start = Mapping[str, float] | str | None
"""The initial weights: {"weight": ..., "bias": ...} for a line, the name of a checkpoint file for images."""


def to_script(config: Any, say: Say = str, *, start: Start = None) -> str:
    """The code of a run as a Python script that needs only torch and matplotlib; same config, same text.

    Run by itself, it ends with the same bits as `Run(config)` after `finish()`. `say` translates its comments. `start`
    has the initial weights if they are not the seed's: {"weight": ..., "bias": ...} for a line; for images the name of
    a checkpoint file (made by `save_checkpoint`), which the script loads. Raises `TypeError` for the start of another
    kind.
    """
    workflow = _workflow(config, say, start)
    parts = ["\n".join(f"# {line}" for line in (workflow.title, *workflow.notes))]
    for number, cell in enumerate(workflow.cells, start=1):
        parts.append(f"# {number}. {cell.title}\n# {cell.sentence}\n{cell.code}")
    return "\n\n\n".join(parts) + "\n"


def to_notebook(config: Any, say: Say = str, *, start: Start = None) -> str:
    """The code of a run as a Jupyter notebook (nbformat 4, JSON text): the cells of `to_script`, titles as headings."""
    workflow, v4 = _workflow(config, say, start), nbformat.v4
    cells = [v4.new_markdown_cell("\n\n".join((f"# {workflow.title}", *workflow.notes)))]
    for number, cell in enumerate(workflow.cells, start=1):
        cells += [v4.new_markdown_cell(f"## {number}. {cell.title}\n\n{cell.sentence}"), v4.new_code_cell(cell.code)]
    for number, made in enumerate(cells):
        made.id = f"cell-{number}"  # not a random id: the same config gives the same file
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": python, "language_info": {"name": "python"}})
    return str(nbformat.writes(notebook)) + "\n"


def changed_lines(config: Any, say: Say = str, *, start: Start = None) -> tuple[int, ...]:
    """The numbers, from 1, of the lines of `to_script` that differ from the script of the default settings."""
    default, script = to_script(type(config)(), say).splitlines(), to_script(config, say, start=start).splitlines()
    changes = difflib.SequenceMatcher(None, default, script, autojunk=False).get_opcodes()
    lines = [line for kind, _, _, first, last in changes if kind != "equal" for line in range(first, last)]
    return tuple(line + 1 for line in lines if script[line])


def _workflow(config: Any, say: Say, start: Start) -> Workflow:
    return kind_of(config).workflow(config, say, start)
