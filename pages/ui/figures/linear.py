"""A linear run as a recording: the columns that its three charts show."""

import numpy as np

import wb_core as wb

from .fit import fit_chart
from .landscape import landscape_chart, landscape_range
from .loss import is_log, loss_chart
from .recording import Chart, Recording, Translate


def linear_recording(run: wb.Run, best: wb.BestLine | None = None, *, loaded: bool = False) -> Recording:
    """Everything the charts of a linear run need, before training as well as after it.

    `best` is the best line for its points and its loss, from whoever knows it already.
    """
    best = best or wb.best_line(run.data, run.config.loss)
    config, data, history = run.config, run.data, run.history
    trained = len(history) > 0
    if trained:
        columns = {name: np.array(history.column(name)) for name in ("train_loss", "test_loss", "weight", "bias")}
    else:
        columns = {name: np.array([value]) for name, value in {**run.losses(), **run.line}.items()}
    start = {name: np.array([value]) for name, value in run.start.items()}
    path = {name: np.concatenate([start[name], columns[name]]) for name in start}
    X_train, y_train, X_test, y_test = (
        tensor.flatten().cpu().numpy() for tensor in (data.X_train, data.y_train, data.X_test, data.y_test)
    )
    ground = wb.loss_surface(
        data,
        config.loss,
        landscape_range(path["weight"], config.weight),
        landscape_range(path["bias"], config.bias),
    )
    frames = len(columns["weight"])
    ends = np.array([X_train[0], X_test[-1]])
    return Recording(
        columns={
            "epoch": np.arange(frames),
            **columns,
            "X_train": X_train,
            "y_train": y_train,
            "X_test": X_test,
            "y_test": y_test,
            "line_x": ends,
            "best_y": best.weight * ends + best.bias,
            "start_weight": start["weight"],
            "start_bias": start["bias"],
            "path_weight": path["weight"],
            "path_bias": path["bias"],
            "true_weight": np.array([config.weight]),
            "true_bias": np.array([config.bias]),
            "grid_weight": ground.weights.numpy(),
            "grid_bias": ground.biases.numpy(),
            "grid_loss": ground.losses.flatten().numpy(),
        },
        frames=frames,
        trained=trained,
        loaded=loaded,
        goal=run.epochs if run.diverged_at is None else frames,
    )


def linear_charts(recording: Recording, loss_name: str, _: Translate) -> tuple[Chart, ...]:
    """The three linked charts of a linear run: losses, data and line, landscape and path."""
    return (
        loss_chart(recording, loss_name, _),
        fit_chart(recording, _),
        landscape_chart(recording, is_log(recording), _),
    )
