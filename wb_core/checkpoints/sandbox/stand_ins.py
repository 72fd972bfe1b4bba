"""Harmless stand-ins for the classes in a pickle that are data beside the weights, such as NumPy numbers and settings.

A name in a pickle means nothing but its stand-in: nothing is imported, and no code of the file or of a library runs.
Names of commands and of functions have none, so torch refuses the file.
"""

import io
import re
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from torch._weights_only_unpickler import get_globals_in_pkl

MAX_NAMES = 200

DATA = re.compile(
    # of Python
    r"argparse\.Namespace|types\.SimpleNamespace|copyreg\._reconstructor|array\.\w+"
    r"|collections\.(defaultdict|deque)|decimal\.Decimal|fractions\.Fraction|uuid\.UUID"
    r"|datetime\.(datetime|date|time|timedelta|timezone)|pathlib(\._local)?\.\w*Path"
    r"|builtins\.(object|int|float|bool|str|bytes|list|tuple|dict|frozenset|slice|range)"
    # of NumPy
    r"|numpy(\.\w+)*\.(scalar|_reconstruct|_frombuffer|ndarray|dtype|(bool|int|uint|float|complex)\d*_?)"
)
CLASS = re.compile(r"[^.]+(\.\w+)*\._*[A-Z]\w*")
"""A class of another package or of the visitor's own script, by its capital letter."""

UNREADABLE = {
    "pandas": re.compile(r"pandas\..*"),
    "function": re.compile(r"functools\.partial|torch\._C\._VariableFunctionsClass"),
}
"""What people save beside the weights and only code can make, by its name in a pickle."""


class StandIn:
    """Stands for any object of the file: forgets what it is made of."""

    __slots__ = ("is_module",)

    def __new__(cls, *_: Any) -> "StandIn":
        made = object.__new__(cls)
        made.is_module = False
        return made

    def __setstate__(self, state: Any) -> None:
        self.is_module = type(state) is dict and {"_parameters", "_modules"} <= state.keys()


class StandInArray(StandIn):
    """Stands for a NumPy array."""

    __slots__ = ()


class StandInTable:
    """Stands for a subclass of dict: makes a table, because torch puts items only into those that it knows."""

    def __new__(cls, *_: Any) -> Any:
        return OrderedDict()


class StandInList:
    """Stands for a deque, in the same way."""

    def __new__(cls, *_: Any) -> Any:
        return []


def names_in(data: bytes, pickles: int) -> list[str]:
    """The names of classes and functions in the first `pickles` pickles.

    Raises the same errors as `torch.load` for unreadable bytes.
    """
    file, names = io.BytesIO(data), set()
    for _ in range(pickles):
        names |= get_globals_in_pkl(file)
    return sorted(names)


def stand_ins(names: list[str]) -> list[Callable[..., Any] | tuple[Callable[..., Any], str]]:
    """A stand-in and the name for each class that may have one."""
    return [(_stand_in(name), name) for name in names[:MAX_NAMES] if _may_have_one(name)]


def why_refused(names: list[str]) -> str:
    """The code of `codes.py` for a file with these names that torch refuses."""
    found = (code for code, pattern in UNREADABLE.items() if any(map(pattern.fullmatch, names)))
    return f"checkpoint.{next(found, 'not_a_state_dict')}"


def _may_have_one(name: str) -> bool:
    package = name.partition(".")[0]
    return bool(DATA.fullmatch(name) or (package not in sys.stdlib_module_names and CLASS.fullmatch(name)))


def _stand_in(name: str) -> type:
    if name.lower().endswith("dict"):
        return StandInTable
    if name == "collections.deque":
        return StandInList
    return StandInArray if name.endswith(".multiarray._reconstruct") else StandIn
