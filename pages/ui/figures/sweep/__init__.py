"""The figures of a sweep.

grid.py      the sweep's table as a grid of cells, along one axis or two
outcomes.py  the outcome of a run: its label, its marker, the text on hover
map.py       two axes: a heatmap
curve.py     one axis: a curve
parallel.py  all axes: parallel coordinates
layout.py    the common layout, the selected run, ticks at round numbers
"""

from .curve import curve_figure
from .grid import Axis, Grid, Measure, grid_of
from .layout import select_run
from .map import map_figure, shows_numbers
from .outcomes import INCOMPLETE, OUTCOME_LABELS, OUTLINE
from .parallel import parallel_figure, parallel_rows

__all__ = [
    "INCOMPLETE",
    "OUTCOME_LABELS",
    "OUTLINE",
    "Axis",
    "Grid",
    "Measure",
    "curve_figure",
    "grid_of",
    "map_figure",
    "parallel_figure",
    "parallel_rows",
    "select_run",
    "shows_numbers",
]
