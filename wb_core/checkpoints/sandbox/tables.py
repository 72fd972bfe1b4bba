"""Finds the tables of tensors in what a file holds. Runs only in the child.

Calls only C functions on its objects, whose attributes a pickle can overwrite.
"""

import re
from collections import OrderedDict
from typing import Any

import torch

from .codes import refusal
from .protocol import MAX_ENTRIES, MAX_TABLES, NAME
from .stand_ins import StandIn, StandInArray

MAX_DEPTH = 6
MAX_VISITED = 20_000
OPTIMIZER = re.compile(r"(?i)\w*optimi[sz]er|opt(im)?(_states?)?\Z")
DICTS = (dict, OrderedDict)
TENSORS = (torch.Tensor, torch.nn.Parameter)

TensorTable = dict[str, torch.Tensor]
Path = tuple[Any, ...]


class Finder:
    """Walks through the content of a file: `tables` of tensors by their place, and what else was seen."""

    def __init__(self) -> None:
        self.tables: list[tuple[Path, TensorTable]] = []
        self.left_out: set[str] = set()  # "optimizer", "other"
        self.has_module = self.has_bad_name = self.has_array = False
        self._visited = 0

    def look(self, value: Any, path: Path = ()) -> None:
        """Visit a value and everything in it, up to a limit."""
        self._visited += 1
        if self._visited > MAX_VISITED or len(path) > MAX_DEPTH:
            self.left_out.add("other")
        elif type(value) in DICTS and (dict.__len__(value) or not path):
            self._look_into_dict(value, path)
        elif type(value) in (list, tuple):
            for number, item in enumerate(value):
                self.look(item, (*path, number))
        else:
            self.has_module |= type(value) is StandIn and value.is_module
            self.has_array |= type(value) is StandInArray
            self.left_out.add("other")

    def _look_into_dict(self, value: dict[Any, Any], path: Path) -> None:
        if all(type(item) in TENSORS for item in dict.values(value)):
            if all(type(name) is str and NAME.fullmatch(name) for name in dict.keys(value)):
                self.tables.append((path, value))
            else:
                self.has_bad_name = True
        elif dict.__contains__(value, "param_groups"):
            self.left_out.add("optimizer")
        else:
            for name, item in dict.items(value):
                if type(name) is str and OPTIMIZER.match(name):
                    self.left_out.add("optimizer")
                else:
                    self.look(item, (*path, name))


def find_tables(content: Any) -> tuple[list[tuple[Path, TensorTable]], set[str]]:
    """The tables in the content of a file, the largest first, and what else there is, which is left out.

    Tables of single numbers, such as those of a metric, count only if there are no others. Raises `CheckpointError`
    if there are none, or too many.
    """
    finder = Finder()
    finder.look(content)
    if not finder.tables:
        reasons = {
            "whole_model": finder.has_module,
            "bad_name": finder.has_bad_name,
            "numpy": finder.has_array,
            "optimizer_only": "optimizer" in finder.left_out,
        }
        raise refusal(f"checkpoint.{next((code for code, found in reasons.items() if found), 'not_a_state_dict')}")
    weights = [(path, table) for path, table in finder.tables if any(map(_has_dims, dict.values(table)))]
    if weights and len(weights) < len(finder.tables):
        finder.left_out.add("other")
    tables = sorted(weights or finder.tables, key=lambda found: -dict.__len__(found[1]))[:MAX_TABLES]
    if sum(dict.__len__(table) for _, table in tables) > MAX_ENTRIES:
        raise refusal("checkpoint.too_many_tensors")
    return tables, finder.left_out


def _has_dims(tensor: torch.Tensor) -> bool:
    return torch.Tensor.dim(tensor) > 0
