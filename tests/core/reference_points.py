"""What happened to a run on points, found out by experiments: other runs, fresh points, another classifier."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.model_selection import cross_val_predict
from sklearn.svm import SVC

import wb_core as wb
from tests.runs import finished
from wb_core.kinds.points.batch import Batch
from wb_core.kinds.points.batching import alike
from wb_core.kinds.points.data import points_data
from wb_core.kinds.points.layers import features
from wb_core.kinds.points.run import PointsRun, named


@dataclass(frozen=True)
class Recorded:
    """What a run of a batch says of itself once it has stopped."""

    config: wb.PointsConfig
    history: wb.History
    parameters: torch.Tensor

    @property
    def data(self):
        return points_data(self.config)

    @property
    def epoch(self):
        return len(self.history)

    @property
    def diverged_at(self):
        return self.epoch if self.epoch < self.config.epochs else None

    @property
    def model(self):
        model = self.fresh_model()
        model.load_state_dict(named(model, self.parameters[-1]))
        return model

    def fresh_model(self):
        return PointsRun.build_model(self.config)


def trained(*configs):
    """The finished runs of configs that differ in their seeds: a batch where it can be, with the same bits sooner."""
    if alike(configs[0]) is None:
        return [finished(config) for config in configs]
    epochs = configs[0].epochs
    batch = Batch(configs, keep=range(1, epochs + 1))
    while not batch.done:
        batch.advance()
    found = []
    for number, config in enumerate(configs):
        rows, row = batch.record[:, :, number], slice(number, number + 1)
        good = int(rows.isfinite().all(dim=1).cumprod(dim=0).sum())
        parameters = [batch.parameters(row, np.array([epoch + 1])) for epoch in range(good)]
        history = wb.History.of(PointsRun.columns, rows[:good].T.numpy())
        found.append(Recorded(config, history, torch.from_numpy(np.concatenate(parameters))))
    return found


def reference(run):
    """The label of a finished run."""
    if run.diverged_at is not None:
        return "exploding"
    config, data = run.config, run.data
    right = accuracy(run, run.parameters[-1], data.points_train, data.y_train)
    if overfits(run, right):
        return "overfitting"
    if right >= reach(data) - 4:
        return "learned"
    if config.weight_decay or config.dropout:
        [free] = trained(dataclasses.replace(config, weight_decay=0.0, dropout=0.0))
        if accuracy(free, free.parameters[-1], data.points_train, data.y_train) >= right + 8:
            return "over_regularised"
    if layer_is_dead(run):
        return "dead_units"
    if bounces(run):
        return "bouncing"
    return "too_slow" if can_learn(run, right) else "too_small"


def can_learn(run, right):
    """Whether the same network learns these points with more epochs, or with an optimizer that needs fewer."""
    data = run.data
    quick = {"optimizer": "adam", "lr": 0.02, "batch_size": 16, "weight_decay": 0.0, "dropout": 0.0, "epochs": 120}
    for changes in ({"epochs": 5 * run.config.epochs}, quick):
        [other] = trained(dataclasses.replace(run.config, **changes))
        if accuracy(other, other.parameters[-1], data.points_train, data.y_train) >= max(right + 3, reach(data) - 4):
            return True
    return False


def last_loss(run):
    return float(np.mean(run.history.column("train_loss")[-max(1, run.epoch // 20) :]))


def logits_of(run, parameters, points):
    model = run.fresh_model().eval()
    torch.nn.utils.vector_to_parameters(parameters.clone(), model.parameters())
    with torch.inference_mode():
        return model(features(points, run.config.features))


def accuracy(run, parameters, points, y):
    logits = logits_of(run, parameters, points)
    found = (logits > 0).float() if logits.dim() == 1 else logits.argmax(dim=1)
    return 100 * (found == y).double().mean().item()


def loss(run, parameters, points, y):
    logits = logits_of(run, parameters, points)
    loss_fn = torch.nn.BCEWithLogitsLoss() if logits.dim() == 1 else torch.nn.CrossEntropyLoss()
    return loss_fn(logits, y).item()


def overfits(run, right):
    """Whether the model of an earlier epoch is better on new points of the same pattern, and worse on its own."""
    fresh = points_data(dataclasses.replace(run.config, seed=run.config.seed + 1000, points=2000, train_fraction=0.5))
    points, y = fresh.points_train, fresh.y_train
    if run.config.data == "blobs":  # the seed also places the blobs
        points, y = run.data.points_test, run.data.y_test
    every = max(1, run.epoch // 25)
    losses = [loss(run, parameters, points, y) for parameters in run.parameters[::every]]
    end = loss(run, run.parameters[-1], points, y)
    rises = end > 1.15 * min(losses) + 0.03 and right >= accuracy(run, run.parameters[-1], points, y) + 4
    return rises and last_loss(run) < 0.85 * run.history.row(every * int(np.argmin(losses)))["train_loss"]


def reach(data):
    """The accuracy of a support vector machine on points that it has not seen."""
    X, y = data.points_train.numpy(), data.y_train.numpy()
    folds = min(5, int(np.bincount(y.astype(int)).min()))
    if folds < 2:
        return 100.0
    found = cross_val_predict(SVC(C=10.0, gamma=1 / (2 * 0.3**2 * X.var())), X, y, cv=folds)
    return 100 * float((found == y).mean())


def layer_is_dead(run):
    """Whether all units of a layer are 0 for every training point."""
    if run.config.activation != "relu":
        return False
    model, dead = run.model.eval(), []
    hooks = [
        module.register_forward_hook(lambda _module, _inputs, output: dead.append(bool((output == 0).all())))
        for module in model.modules()
        if isinstance(module, torch.nn.ReLU)
    ]
    with torch.inference_mode():
        model(run.data.X_train)
    for hook in hooks:
        hook.remove()
    return any(dead)


def bounces(run):
    """Whether the losses rise on the way by more than half of the first one, and a tenth of the step does better."""
    losses = np.array(run.history.column("train_loss"))
    steps = np.diff(losses)
    if steps[steps > 0].sum() < 0.5 * losses[0]:
        return False
    [calm] = trained(dataclasses.replace(run.config, lr=run.config.lr / 10))
    return last_loss(calm) < 0.9 * last_loss(run)
