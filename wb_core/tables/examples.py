"""Small data sets to learn from, all in the public domain."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..base.fields import N_
from ..base.points import Pair, PointList
from ..kinds.points.own import Spot, SpotList


@dataclass(frozen=True)
class Example:
    """A data set: what its `points` (x, y) or (x1, x2, class) are, where they come from, and what to see in them.

    `title`, `x`, `y` and `remark` are English message ids; `source`, `licence` and the names of the `classes` are the
    same in all languages.
    """

    title: str
    x: str
    y: str
    points: tuple[Pair, ...] | tuple[Spot, ...]
    remark: str
    source: str
    licence: str = "Public domain"
    classes: tuple[str, ...] = ()


def _pairs(X: Iterable[float], y: Iterable[float]) -> tuple[Pair, ...]:
    return PointList((float(one), float(other)) for one, other in zip(X, y, strict=True))


def _spots(*classes: tuple[Iterable[float], Iterable[float]]) -> tuple[Spot, ...]:
    return SpotList(
        (float(x1), float(x2), label) for label, (X1, X2) in enumerate(classes) for x1, x2 in zip(X1, X2, strict=True)
    )


# fmt: off
_ANSCOMBE_X = (10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5)
_ANSCOMBE = (
    (_ANSCOMBE_X, (8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68)),
    (_ANSCOMBE_X, (9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74)),
    (_ANSCOMBE_X, (7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73)),
    ((8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8), (6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89)),
)
_SPEED = (
    4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17,
    17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25,
)
_DISTANCE = (
    2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40,
    32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85,
)
_BOILING = (
    194.5, 194.3, 197.9, 198.4, 199.4, 199.9, 200.9, 201.1, 201.4, 201.3, 203.6, 204.6, 209.5, 208.6, 210.7, 211.9,
    212.2,
)
_PRESSURE = (
    20.79, 20.79, 22.40, 22.67, 23.15, 23.35, 23.89, 23.99, 24.02, 24.01, 25.14, 26.57, 28.49, 27.76, 29.04, 29.88,
    30.06,
)
_AWAY = (
    0.032, 0.034, 0.214, 0.263, 0.275, 0.275, 0.45, 0.5, 0.5, 0.63, 0.8, 0.9, 0.9, 0.9, 0.9, 1.0, 1.1, 1.1, 1.4,
    1.7, 2.0, 2.0, 2.0, 2.0,
)
_VELOCITY = (
    170, 290, -130, -70, -185, -220, 200, 290, 270, 200, 300, -30, 650, 150, 500, 920, 450, 500, 500, 960, 500, 850,
    800, 1090,
)
_ORBIT = (0.387, 0.723, 1, 1.524, 5.203, 9.537, 19.19, 30.07)
_PERIOD = (0.241, 0.615, 1, 1.881, 11.86, 29.45, 84.02, 164.8)
_SETOSA = (
    (1.4, 1.4, 1.3, 1.5, 1.4, 1.7, 1.4, 1.5, 1.4, 1.5, 1.5, 1.6, 1.4, 1.1, 1.2, 1.5, 1.3, 1.4, 1.7, 1.5, 1.7, 1.5,
     1, 1.7, 1.9, 1.6, 1.6, 1.5, 1.4, 1.6, 1.6, 1.5, 1.5),
    (0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.3, 0.2, 0.2, 0.1, 0.2, 0.2, 0.1, 0.1, 0.2, 0.4, 0.4, 0.3, 0.3, 0.3, 0.2, 0.4,
     0.2, 0.5, 0.2, 0.2, 0.4, 0.2, 0.2, 0.2, 0.2, 0.4, 0.1),
)
_VERSICOLOR = (
    (4.7, 4.5, 4.9, 4, 4.6, 4.5, 4.7, 3.3, 4.6, 3.9, 3.5, 4.2, 4, 4.7, 3.6, 4.4, 4.5, 4.1, 4.5, 3.9, 4.8, 4, 4.9,
     4.7, 4.3, 4.4, 4.8, 5, 4.5, 3.5, 3.8, 3.7, 3.9),
    (1.4, 1.5, 1.5, 1.3, 1.5, 1.3, 1.6, 1, 1.3, 1.4, 1, 1.5, 1, 1.4, 1.3, 1.4, 1.5, 1, 1.5, 1.1, 1.8, 1.3, 1.5, 1.2,
     1.3, 1.4, 1.4, 1.7, 1.5, 1, 1.1, 1, 1.2),
)
_VIRGINICA = (
    (6, 5.1, 5.9, 5.6, 5.8, 6.6, 4.5, 6.3, 5.8, 6.1, 5.1, 5.3, 5.5, 5, 5.1, 5.3, 5.5, 6.7, 6.9, 5, 5.7, 4.9, 6.7,
     4.9, 5.7, 6, 4.8, 4.9, 5.6, 5.8, 6.1, 6.4, 5.6),
    (2.5, 1.9, 2.1, 1.8, 2.2, 2.1, 1.7, 1.8, 1.8, 2.5, 2, 1.9, 2.1, 2, 2.4, 2.3, 1.8, 2.2, 2.3, 1.5, 2.3, 2, 2, 1.8,
     2.1, 1.8, 1.8, 1.8, 2.1, 1.6, 1.9, 2, 2.2),
)
_AF = (
    (1.24, 1.36, 1.38, 1.38, 1.38, 1.40, 1.48, 1.54, 1.56),
    (1.72, 1.74, 1.64, 1.82, 1.90, 1.70, 1.82, 1.82, 2.08),
)
_APF = ((1.14, 1.18, 1.20, 1.26, 1.28, 1.30), (1.78, 1.96, 1.86, 2.00, 2.00, 1.96))
# fmt: on

_ANSCOMBE_REMARKS = (
    N_("A line with some scatter, as one expects it."),
    N_("The points lie on a curve, and the best line is the same as for the other three."),
    N_("All points but one are on a line, and the one pulls the MSE line away. L1 isn't pulled."),
    N_("One point alone decides the slope: all others have the same X."),
)

EXAMPLES: dict[str, Example] = {
    "cars": Example(
        N_("Braking cars"),
        N_("Speed (mph)"),
        N_("Stopping distance (ft)"),
        _pairs(_SPEED, _DISTANCE),
        N_("Cars of the 1920s. One of them needed 120 feet at 24 mph, far more than the others."),
        "M. Ezekiel, Methods of Correlation Analysis (1930)",
    ),
    "boiling": Example(
        N_("Boiling water in the Alps"),
        N_("Boiling point (°F)"),
        N_("Air pressure (inHg)"),
        _pairs(_BOILING, _PRESSURE),
        N_("X is far from 0, so the points need to be standardized. One measurement, at 204.6 °F, is off the line."),
        "J. D. Forbes, Transactions of the Royal Society of Edinburgh 21 (1857)",
    ),
    "galaxies": Example(
        N_("Galaxies that fly away"),
        N_("Distance (million parsecs)"),
        N_("Velocity (km/s)"),
        _pairs(_AWAY, _VELOCITY),
        N_("The farther away, the faster: the universe expands."),
        "E. Hubble, Proceedings of the National Academy of Sciences 15 (1929)",
    ),
    "planets": Example(
        N_("The years of the planets"),
        N_("Distance from the sun (Earth = 1)"),
        N_("Length of a year (Earth = 1)"),
        _pairs(_ORBIT, _PERIOD),
        N_("The points lie on a curve, so no line fits them well."),
        "NASA/JPL, orbits of the planets",
    ),
    **{
        f"anscombe_{number}": Example(
            title, N_("X"), N_("y"), _pairs(X, y), remark, "F. J. Anscombe, The American Statistician 27 (1973)"
        )
        for number, (title, (X, y), remark) in enumerate(
            zip(
                (N_("Anscombe's first"), N_("Anscombe's second"), N_("Anscombe's third"), N_("Anscombe's fourth")),
                _ANSCOMBE,
                _ANSCOMBE_REMARKS,
                strict=True,
            ),
            start=1,
        )
    },
}
"""Data sets for a line by their ids: four from the world, and Anscombe's four, whose best lines are all the same."""

SPOT_EXAMPLES: dict[str, Example] = {
    "irises": Example(
        N_("Three irises"),
        N_("Petal length (cm)"),
        N_("Petal width (cm)"),
        _spots(_SETOSA, _VERSICOLOR, _VIRGINICA),
        N_("The first 33 flowers of each species. One species stands apart, the other two overlap."),
        "R. A. Fisher, Annals of Eugenics 7 (1936)",
        classes=("Iris setosa", "Iris versicolor", "Iris virginica"),
    ),
    "midges": Example(
        N_("Two midges"),
        N_("Antenna length (mm)"),
        N_("Wing length (mm)"),
        _spots(_AF, _APF),
        N_("Fifteen flies of two species. No single number tells them apart, but both together do."),
        "W. L. Grogan and W. W. Wirth, Proceedings of the Biological Society of Washington 94 (1981)",
        classes=("Amerohelea fasciata", "Amerohelea pseudofasciata"),
    ),
}
"""Data sets of points with classes by their ids."""
