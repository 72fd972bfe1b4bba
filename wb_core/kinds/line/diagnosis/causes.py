"""Why a run does what it does: the causes that its settings and its points show."""

from collections.abc import Iterator

from ....base.diagnosis import Finding
from .evidence import TrainingCurve, finite


def causes(curve: TrainingCurve, label: str) -> tuple[Finding, ...]:
    """The causes that apply, with their numbers: at most one of the first four, if the line does not look like the best
    one, and "test_..." in addition.

    - "adam_left": Adam's loss was as good as the best from epoch `arrived` on, and left again at `left`, up to `high`.
    - "momentum": the losses swing, and SGD keeps 80 % or more of each step for the next one.
    - "x_far", "x_wide": the line has not arrived, and X (from `from_x` to `to_x`) is more than three standard
      deviations from 0, or its standard deviation is 2 or more. The valley of the loss is `valley` times longer than
      wide.
    - "test_easier", "test_later": the `test` loss is clearly below the `train` loss of the same epoch. Either it is so
      for the same line too, or because the train loss is measured before the step, and the test loss `after` it.
    """
    return (*list(_slow(curve, label))[:1], *_test_below(curve, label))


def _slow(curve: TrainingCurve, label: str) -> Iterator[Finding]:
    config, X = curve.config, curve.limits.X
    if label in ("converged", "optimum") or curve.looks_best:
        return
    if config.optimizer == "adam" and curve.calm:
        arrived, left = curve.calm[-1]
        yield Finding("adam_left", finite(arrived=arrived, left=left, high=curve.losses[left:].max()))
    swings = label in ("bouncing", "exploding") or bool(curve.as_batch.oscillates[0])
    if config.optimizer == "sgd" and config.momentum >= 0.8 and swings:
        yield Finding("momentum", {"momentum": config.momentum, "percent": 100 * config.momentum})
    if curve.limits.far or X.std() >= 2:
        numbers = {"from_x": X.min(), "to_x": X.max(), "valley": curve.limits.valley}
        yield Finding("x_far" if curve.limits.far else "x_wide", finite(**numbers))


def _test_below(curve: TrainingCurve, label: str) -> Iterator[Finding]:
    shown, after = float(curve.losses[curve.epochs - 1]), float(curve.losses[-1])
    test = float(curve.test_losses[-1])
    if label == "exploding" or not test < min(0.9 * shown, shown - curve.limits.tolerance):
        return
    yield Finding("test_easier" if test < 0.95 * after else "test_later", finite(train=shown, test=test, after=after))
