"""What the points of a kind are in a table: their columns, how they are read, and the setting that they fill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import wb_core as wb
from wb_core.base.fields import N_
from wb_core.base.points import OwnPoints, PointList
from wb_core.kinds.points.own import OwnSpots

from ..widgets import fields


@dataclass(frozen=True, eq=False)
class Shape:
    """`config_class` has its points in the setting `field`, which `spec` checks, with the settings `beside` it.

    `columns` are what the numbers of a point are called, and `choose` the labels of the choices of a column. `read`
    makes points of a table from columns, whose usual ones are `usual`. `ask` and `sample` are the texts of the box to
    paste into, `too_few` the one of a table that is still too short. `key` begins the keys of what is typed into; with
    `scales`, the dialog standardizes large numbers, because the lab does not.
    """

    key: str
    config_class: type
    field: str
    spec: OwnPoints
    columns: tuple[str, ...]
    choose: tuple[str, ...]
    read: Callable[..., wb.Points]
    usual: Callable[[wb.DataTable], tuple[str, ...]]
    examples: Mapping[str, wb.Example]
    ask: str
    sample: str
    too_few: str
    one_example: str
    beside: Mapping[str, Any] = field(default_factory=dict)
    scales: bool = False

    @property
    def current(self) -> PointList:
        """The points in the controls."""
        points: PointList = fields.current(self.config_class, self.field)
        return points

    def put(self, points: PointList) -> None:
        """Put points into the controls."""
        fields.put(self.config_class, {self.field: points, **(self.beside if points else {})})


LINE = Shape(
    key="points",
    config_class=wb.LinearConfig,
    field="points",
    spec=OwnPoints(N_("My points")),
    columns=("X", "y"),
    choose=(N_("Column for X"), N_("Column for y")),
    read=wb.DataTable.points,
    usual=lambda table: table.numeric[:2],
    examples=wb.EXAMPLES,
    ask=N_("Copy two columns in Excel, Google Sheets or a web page, and paste them here"),
    sample="X\ty\n1.5\t20\n2.5\t31\n3\t38",
    too_few=N_("Type at least two points."),
    one_example=N_("{count} points. X: {x}, y: {y}"),
)

PLANE = Shape(
    key="spots",
    config_class=wb.PointsConfig,
    field="own",
    spec=OwnSpots(N_("My points")),
    columns=("x1", "x2", "class"),
    choose=(N_("Column for x1"), N_("Column for x2"), N_("Column for the class")),
    read=wb.DataTable.spots,
    usual=lambda table: table.usual_spots,
    examples=wb.SPOT_EXAMPLES,
    ask=N_("Copy three columns (two of numbers, one with the class) in Excel or a web page, and paste them here"),
    sample="x1\tx2\tclass\n1.5\t2\tred\n2.5\t3.1\tblue\n3\t0.4\tred",
    too_few=N_("Type at least four points, of two classes or more."),
    one_example=N_("{count} points. x1: {x}, x2: {y}"),
    beside={"data": "own"},
    scales=True,
)


def shape_of(config_class: type) -> Shape:
    """The shape of the points of a kind."""
    return PLANE if config_class is PLANE.config_class else LINE
