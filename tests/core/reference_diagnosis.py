"""The true label of a run, from exact dynamics and longer runs, without any code of `wb.diagnose`.

Computes many runs at once in 64 bits, with the three losses, SGD with momentum, and Adam by their textbook
formulas, well beyond the epochs that are diagnosed. The best possible loss comes from SciPy and NumPy. A run that
rounding changes is continued in PyTorch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.optimize

import wb_core as wb
from tests.core import plain
from tests.runs import Training

PATIENCE = 4  # "soon" means within this many times the epochs of the run
FEW = 100  # a shorter run counts as one of this many epochs


@dataclass
class Runs:
    """Losses (T + 1, runs) and gradients (T, runs, 2) of runs of T epochs."""

    losses: np.ndarray
    gradients: np.ndarray


def points(config: wb.LinearConfig) -> tuple[np.ndarray, np.ndarray]:
    data = plain.line_data(config)
    return data.X_train.flatten().double().numpy(), data.y_train.flatten().double().numpy()


def simulate(configs: Sequence[wb.LinearConfig], epochs: int) -> Runs:
    """Train all of these configs for `epochs` epochs."""
    number = len(configs)
    data = [points(config) for config in configs]
    X, y, share = (np.zeros((number, max(len(X) for X, _ in data))) for _ in range(3))
    for i, (xs, ys) in enumerate(data):
        X[i, : len(xs)], y[i, : len(xs)], share[i, : len(xs)] = xs, ys, 1 / len(xs)
    l1, mse = (np.array([[config.loss == name] for config in configs]) for name in ("l1", "mse"))
    adam = np.array([[config.optimizer == "adam"] for config in configs])
    lr, momentum = np.array([[c.lr] for c in configs]), np.array([[c.momentum] for c in configs])
    line = np.array([[p.item() for p in plain.new_model(config).parameters()] for config in configs])
    velocity, square = np.zeros((number, 2)), np.zeros((number, 2))
    runs = Runs(np.empty((epochs + 1, number)), np.empty((epochs, number, 2)))
    for epoch in range(epochs + 1):
        rest = line[:, :1] * X + line[:, 1:] - y
        size = np.abs(rest)
        each = np.where(l1, size, np.where(mse, size**2, np.where(size <= 1, size**2 / 2, size - 0.5)))
        runs.losses[epoch] = (each * share).sum(axis=1)
        if epoch == epochs:
            break
        pull = np.where(l1, np.sign(rest), np.where(mse, 2 * rest, np.clip(rest, -1, 1))) * share
        gradient = np.stack([(pull * X).sum(axis=1), pull.sum(axis=1)], axis=1)
        runs.gradients[epoch] = gradient
        velocity = np.where(adam, 0.9 * velocity + 0.1 * gradient, momentum * velocity + gradient)
        square = 0.999 * square + 0.001 * gradient**2
        t = epoch + 1
        scaled = velocity / (1 - 0.9**t) / (np.sqrt(square / (1 - 0.999**t)) + 1e-8)
        line = line - lr * np.where(adam, scaled, velocity)
    return runs


def same_end(config: wb.LinearConfig, losses: np.ndarray, history: wb.History) -> bool:
    """Whether the recorded run ends with these losses, within a tenth of the tolerance.

    With L1, rounding decides where a run turns back, so 64 bits may give another run.
    """
    last = slice(-max(5, config.epochs // 10), None)
    apart = np.abs(np.array(history.column("train_loss"))[last] - losses[: config.epochs][last])
    return bool(apart.max() <= 0.1 * best(config)[1])


def continued(training: Training, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    """The losses (epochs + 1,) and gradients (epochs, 2) of a recorded run, continued to `epochs` epochs."""
    column = training.after(epochs + 1).history.column  # the last row has the loss of the last line
    gradients = np.stack([column("weight_grad"), column("bias_grad")], axis=1)
    return np.array(column("train_loss")), gradients[:epochs]


def cost(loss: str, rest: np.ndarray) -> float:
    """The loss of these residuals."""
    size = np.abs(rest)
    return float({"l1": size, "mse": size**2, "huber": np.where(size <= 1, size**2 / 2, size - 0.5)}[loss].mean())


def best(config: wb.LinearConfig) -> tuple[float, float]:
    """The least loss of any line, by third-party solvers, and the tolerance above it.

    The tolerance is 0.1 %, or the cost of moving the best line up or down by 1 % of the spread of y.
    """
    X, y = points(config)
    A = np.stack([X - X.mean(), np.ones_like(X)], axis=1)
    line = np.linalg.lstsq(A, y, rcond=None)[0]
    if config.loss == "l1":
        n = len(X)
        equal = np.concatenate([A, np.eye(n), -np.eye(n)], axis=1)
        bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
        line = scipy.optimize.linprog([0, 0] + [1 / n] * (2 * n), A_eq=equal, b_eq=y, bounds=bounds).x[:2]
    if config.loss == "huber":

        def huber(line: np.ndarray) -> tuple[float, np.ndarray]:
            rest = A @ line - y
            return cost("huber", rest), A.T @ np.clip(rest, -1, 1) / len(X)

        line = scipy.optimize.minimize(huber, line, jac=True, method="BFGS", options={"gtol": 1e-12}).x
    rest = A @ line - y
    least = cost(config.loss, rest)
    miss = 0.01 * (max(np.std(y), np.sqrt(np.mean(y**2)) / 100) or 1.0)
    moved = (cost(config.loss, rest + miss) + cost(config.loss, rest - miss)) / 2
    return least, max(0.001 * least, moved - least)


def horizon(config: wb.LinearConfig) -> int:
    """How many epochs are needed to judge a run."""
    return config.epochs + 3 * PATIENCE * max(config.epochs, FEW)


def grows(config: wb.LinearConfig) -> bool:
    """Whether theory says that this run grows without bound: a factor of more than 1 in the linear dynamics."""
    if config.loss != "mse" or config.optimizer != "sgd":
        return False
    X, _ = points(config)
    hessian = 2 * np.array([[np.mean(X * X), X.mean()], [X.mean(), 1]])
    one_epoch = np.block(
        [
            [(1 + config.momentum) * np.eye(2) - config.lr * hessian, -config.momentum * np.eye(2)],
            [np.eye(2), np.zeros((2, 2))],
        ]
    )
    return bool(np.abs(np.linalg.eigvals(one_epoch)).max() > 1 + 1e-12)


def truth(config: wb.LinearConfig, losses: np.ndarray, gradients: np.ndarray) -> str:
    """The label of a run, from what it did in its epochs and in those after them (all of `horizon`)."""
    n, long = config.epochs, max(config.epochs, FEW)
    least, enough = best(config)
    excess = losses - least
    then = excess[: n + 1]

    # Theory: MSE under SGD is a linear recursion, which grows or does not.
    if grows(config):  # inf and nan count as growth
        return "learning" if then[-1] <= then.min() and then[-1] > enough else "exploding"

    # As good as the best for a while; SGD also stays so in a run three times as long. (Adam's memory of old gradients
    # fades: it leaves even the best line again and again, later, and comes back.)
    stays = max(5, n // 10)
    if (then <= enough).all():
        return "optimum"
    if n + 1 >= stays and (then[-stays:] <= enough).all():
        left = np.median(excess[n : n + 2 * long]) > 1.5 * enough
        return "not converged" if left and config.optimizer == "sgd" else "converged"

    arrives = int(np.flatnonzero(excess > enough)[-1]) + 1  # and is as good as the best from then on
    soon = arrives <= n + PATIENCE * long
    if config.loss == "mse" and config.optimizer == "sgd" and soon and then[-1] < 0.9 * then[0]:
        return "learning"
    if _swings(losses[: n + 1], gradients[:n]):
        m = max(n, 20)
        now, later = _level(then[-max(n // 4, 12) :]), _level(excess[n + 2 * m : n + 8 * m])
        if config.optimizer == "adam":  # see above: it may be there in between
            later = min(later, _level(excess[n : n + 2 * m]))
        return "bouncing" if then[-1] > 0.9 * then[0] or later > 0.67 * now else "learning"
    if config.optimizer == "adam":  # without theory: its pace in the following epochs
        return "learning" if _pace(config, excess, enough) <= PATIENCE * long else "too_slow"
    floor = config.loss != "mse" and _reaches_its_floor(excess[n:], PATIENCE * long, enough)
    return "learning" if soon or floor else "too_slow"


def _swings(losses: np.ndarray, gradients: np.ndarray) -> bool:
    half = max(1, len(gradients) // 2)
    rises = np.mean(np.diff(losses[-half - 1 :]) > 1e-9 * losses[-half:])
    back = [a @ b < 0 for a, b in zip(gradients[-half - 1 :], gradients[-half:], strict=False)]
    return bool(rises > 0.1 or (half > 0 and np.mean(back) > 0.3))


def _level(excess: np.ndarray) -> float:
    """A mean that a few bursts do not dominate."""
    return float(np.sqrt(np.maximum(excess, 0)).mean() ** 2)


def _pace(config: wb.LinearConfig, excess: np.ndarray, enough: float) -> float:
    """Epochs to go at the pace of the next quarter of the run."""
    n, quarter = config.epochs, max(20, (config.epochs + 1) // 4)
    now, later = excess[max(0, n - quarter + 1) : n + 1].mean(), excess[n + 1 : n + quarter + 1].mean()
    if later >= now:
        return np.inf
    if config.loss == "l1":
        return excess[n] / ((now - later) / quarter)
    return np.log(excess[n] / enough) / (np.log(now / later) / quarter)


def _reaches_its_floor(excess: np.ndarray, epochs: int, enough: float) -> bool:
    """Whether a run that bounces forever soon reaches its final level."""
    end = excess[-len(excess) // 4 :]
    half = len(end) // 2
    if end.max() <= enough or np.mean(np.diff(end) > 0) < 0.05 or end[half:].mean() < 0.9 * end[:half].mean():
        return False
    smooth = np.convolve(excess[: epochs + 41], np.ones(41) / 41, mode="valid")
    return bool((smooth <= 1.5 * max(end.mean(), enough)).any())
