"""The pictures of a sweep.

grid.py      its table as a grid: what is shown of each run, along one axis or two
signs.py     what became of a run, in a word and as a sign
map.py       two axes
curve.py     one axis
parallel.py  all axes
ticks.py     round numbers on an axis
dress.py     what the pictures have in common
"""

from .curve import curve_figure
from .dress import mark
from .grid import Axis, Grid, Measure, grid_of
from .map import map_figure
from .parallel import lines_figure, lines_of
from .signs import BECAME

__all__ = [
    "BECAME",
    "Axis",
    "Grid",
    "Measure",
    "curve_figure",
    "grid_of",
    "lines_figure",
    "lines_of",
    "map_figure",
    "mark",
]
