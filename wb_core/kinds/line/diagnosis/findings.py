"""Further findings, about the points."""

from ....base.diagnosis import Finding
from .evidence import TrainingCurve, finite


def findings(curve: TrainingCurve, label: str) -> tuple[Finding, ...]:
    """The findings that apply, with their numbers.

    - "one_point", "one_x": the only training point, or the same X of them all, does not determine a line. Nothing else
      is found then.
    - "overfitting": since `epoch`, which is at least a tenth of the run ago, the test loss has grown by more than a
      tenth (and by more than the tolerance), from `test_low` to `test_last`, while the train loss has fallen further
      below it; and the best line for the training points does as badly on the test points, so more training will not
      help.
    - "unlike_test": the train loss is as good as it can be ("converged" or "optimum"), and yet the test loss is more
      than three times as high: `train_last`, `test_last`.
    """
    if label == "exploding":
        return ()
    if not curve.limits.determined:
        return (Finding("one_point" if len(curve.limits.X) == 1 else "one_x", {}),)
    found = [_overfitting(curve)]
    if label in ("converged", "optimum"):
        found.append(_unlike_test(curve))
    return tuple(finding for finding in found if finding)


def _overfitting(curve: TrainingCurve) -> Finding | None:
    test, train, slack = curve.test_losses, curve.losses, curve.limits.tolerance
    epoch = int(test.argmin())
    low, last = float(test[epoch]), float(test[-1])
    worse = 1.1 * low + slack
    recently = curve.epochs - 1 - epoch < max(2, curve.epochs // 10)
    # train[epoch + 1] and test[epoch] are losses of the same line.
    below = train[-1] < train[epoch + 1] and 1.1 * train[-1] < last
    if recently or last <= worse or curve.limits.best_test <= worse or not below:
        return None
    numbers = {"epoch": epoch, "test_low": low, "test_last": last}
    return Finding("overfitting", finite(**numbers, train_then=train[epoch + 1], train_last=train[-1]))


def _unlike_test(curve: TrainingCurve) -> Finding | None:
    train, test = float(curve.losses[-1]), float(curve.test_losses[-1])
    if test <= 3 * train + curve.limits.tolerance:
        return None
    return Finding("unlike_test", finite(train_last=train, test_last=test))
