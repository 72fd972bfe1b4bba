"""Runs on points in the plane, written as a course would write them: plain PyTorch with its global generator."""

import itertools

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import wb_core as wb
from wb_core.base.seeding import global_generators

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}

COURSE = {"points": 1000, "noise": 0.03, "hidden": (10, 10), "activation": "relu", "optimizer": "sgd", "lr": 0.1}
"""The circles of a widely used PyTorch course and its network, with which its figures were published."""


def course(**settings):
    """These settings, the others as in the course."""
    return wb.PointsConfig(**{**COURSE, "epochs": 100, **settings})


def stack(config):
    """The network as one `nn.Sequential`."""
    sizes, layers = [len(config.features), *config.hidden, config.outputs], []
    for place, (before, after) in enumerate(itertools.pairwise(sizes)):
        if place and config.activation != "none":
            layers.append(ACTIVATIONS[config.activation]())
        if place and config.dropout:
            layers.append(nn.Dropout(config.dropout))
        layers.append(nn.Linear(before, after))
    return nn.Sequential(*layers)


def plain_run(config, data, epochs, changes=None):
    """The rows of the history (train loss, test loss, train accuracy, test accuracy) and the last parameters.

    `changes` are {epoch: {setting: value}}, or {epoch: {(layer, unit, source): weight}} with layers from 0 on.
    """
    with global_generators():
        return list(_train(config, data, epochs, changes or {}))


def _train(config, data, epochs, changes):
    torch.manual_seed(config.seed)
    model = stack(config)
    loss_fn = nn.BCEWithLogitsLoss() if config.outputs == 1 else nn.CrossEntropyLoss()
    now = {name: getattr(config, name) for name in ("optimizer", "lr", "momentum", "weight_decay")}

    def new_optimizer():
        common = {"lr": now["lr"], "weight_decay": now["weight_decay"]}
        if now["optimizer"] == "sgd":
            return torch.optim.SGD(model.parameters(), momentum=now["momentum"], **common)
        return torch.optim.Adam(model.parameters(), **common)

    optimizer = new_optimizer()

    def logits_of(X):
        return model(X).squeeze(dim=1) if config.outputs == 1 else model(X)

    def right(logits, y):
        labels = torch.round(torch.sigmoid(logits)) if config.outputs == 1 else logits.argmax(dim=1)
        return torch.eq(labels, y).sum().item()

    torch.manual_seed(config.seed)
    train = TensorDataset(data.X_train, data.y_train)
    loader = DataLoader(train, batch_size=config.batch_size, shuffle=True) if config.batch_size else None
    for epoch in range(epochs):
        there = changes.get(epoch, {})
        before, now = now, now | {name: value for name, value in there.items() if isinstance(name, str)}
        linear = [module for module in model if isinstance(module, nn.Linear)]
        with torch.no_grad():
            for layer, unit, source in there.keys() - now.keys():
                linear[layer].weight[unit, source] = there[layer, unit, source]
        if now["optimizer"] != before["optimizer"]:
            optimizer = new_optimizer()
        for name in ("lr", "momentum", "weight_decay"):
            if name in optimizer.param_groups[0]:
                optimizer.param_groups[0][name] = now[name]
        model.train()
        losses, correct = [], 0
        for X, y in loader or [(data.X_train, data.y_train)]:
            logits = logits_of(X)
            loss = loss_fn(logits, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append((loss.item(), len(y)))
            correct += right(logits, y)
        model.eval()
        with torch.inference_mode():
            logits = logits_of(data.X_test)
            test_loss = loss_fn(logits, data.y_test).item()
        seen = len(data.y_train)
        train_loss = sum(loss * size for loss, size in losses) / seen if len(losses) > 1 else losses[0][0]
        yield (
            (train_loss, test_loss, 100 * correct / seen, 100 * right(logits, data.y_test) / len(data.y_test)),
            torch.cat([param.detach().flatten() for param in model.parameters()]),
        )
