"""One training step, line by line: what each line of the loop does to every tensor."""

from .arithmetic import Equation, equations
from .code import CODE
from .graph import Graph, Node
from .moments import MADE, Moment, Trace
from .scope import Microscope
from .what_if import WHAT_IFS, WhatIf

__all__ = [
    "CODE",
    "MADE",
    "WHAT_IFS",
    "Equation",
    "Graph",
    "Microscope",
    "Moment",
    "Node",
    "Trace",
    "WhatIf",
    "equations",
]
