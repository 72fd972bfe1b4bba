"""What a look far into a run depends on: the saved states, and the previous gradients."""

import pytest
import torch

import wb_core as wb
from tests.core.plain import LOSSES, line_data
from wb_core.kinds.line.microscope import Microscope, equations
from wb_core.kinds.run import Run

FEW = 100
"""A look repeats at most this many epochs."""


def scope_of(config, **wishes):
    scope = Microscope(config, **wishes)
    while not scope.run.done:
        scope.advance(0.05)
    return scope


def assert_as_recorded(scope, epoch):
    """A look has the same bits as the run's history."""
    tensors = scope.look(epoch).moments[-1].tensors
    names = [name for name in tensors if f"{name}.grad" in tensors]
    found = [tensors[name] for name in ("loss", "test_loss", *names, *(f"{name}.grad" for name in names))]
    wanted = scope.run.history.row(epoch).values()
    assert [0.0 if tensor is None else tensor.item() for tensor in found] == list(wanted)


@pytest.mark.parametrize(
    "settings", [{}, {"momentum": 0.9, "model": "linear"}, {"optimizer": "adam", "loss": "mse"}], ids=str
)
def test_dropout_drops_the_same_numbers_again_far_into_the_run(settings):
    config = wb.LinearConfig(noise=0.1, epochs=230, **settings)
    scope = scope_of(config, what_if="no_train_mode", control=True)  # in the control, dropout draws in every epoch
    dropped = set()
    for epoch in (1, 49, 50, 51, 60, 99, 100, 137, 200, 229, 7):
        assert_as_recorded(scope, epoch)
        dropped.add(tuple((scope.look(epoch).moments[-1].tensors["X"] == 0).flatten().tolist()))
    assert len(dropped) > 5  # so the state matters


@pytest.mark.parametrize(
    ("what_if", "settings"),
    [
        ("skip_zero_grad", {}),  # the gradients of all epochs before
        ("swap", {"model": "linear"}),  # no gradients at all
        ("no_train_mode", {}),  # the mode after the last test
        ("none", {"momentum": 0.9}),  # the optimizer's state
        ("none", {"optimizer": "adam"}),
    ],
)
def test_a_saved_state_restores_everything_that_an_epoch_depends_on(what_if, settings):
    scope = scope_of(wb.LinearConfig(noise=0.1, epochs=170, **settings), what_if=what_if)
    for epoch in (49, 50, 51, 100, 149, 150, 169):
        assert_as_recorded(scope, epoch)


def counted(monkeypatch):
    """A list that records how many epochs every later call trained."""
    trained, advance = [], Run.advance

    def counting(run, **wishes):
        trained.append(advance(run, **wishes))
        return trained[-1]

    monkeypatch.setattr(Run, "advance", counting)
    return trained


def test_a_look_does_not_train_the_whole_run_again(monkeypatch):
    scope = scope_of(wb.LinearConfig(epochs=5000))
    assert scope.epochs == 5000
    trained = counted(monkeypatch)
    for epoch in (0, 30, 49, 50, 2049, 4000, 4999):
        trained.clear()
        assert_as_recorded(scope, epoch)
        assert 1 <= sum(trained) <= FEW


def test_states_are_saved_for_any_slices_of_training(monkeypatch):
    config = wb.LinearConfig(epochs=400)
    scopes = [Microscope(config), Microscope(config)]
    while not scopes[0].run.done:
        scopes[0].advance(0.0005)  # at most one interval of epochs
    scopes[1].advance(60)
    trained = counted(monkeypatch)
    for scope in scopes:
        assert scope.epochs == 400
        trained.clear()
        assert_as_recorded(scope, 399)
        assert 1 <= sum(trained) <= FEW


def shown(equation):
    return [term for term in equation.terms if not isinstance(term, str)]


@pytest.mark.parametrize("loss", ["l1", "mse", "huber"])
@pytest.mark.parametrize("model", ["parameter", "linear"])
@pytest.mark.parametrize("epoch", [1, 2, 5])
def test_without_zero_grad_the_sum_starts_with_the_previous_gradient(loss, model, epoch):
    config = wb.LinearConfig(loss=loss, model=model, noise=0.3, epochs=6)
    scope = scope_of(config, what_if="skip_zero_grad")
    last, trace = scope.look(epoch - 1).moments[-1].tensors, scope.look(epoch)
    after, data = trace.around("backward")[1].tensors, line_data(config)
    slopes = after["y_pred"].detach().clone().requires_grad_()
    LOSSES[loss](reduction="sum")(slopes, data.y_train).backward()
    found = {equation.name: equation for equation in equations(config, trace, "backward")}
    names = [name for name in after if f"{name}.grad" in after]
    for name, factor in zip(names, (data.X_train, torch.ones_like(data.X_train)), strict=True):
        equation = found[f"{name}.grad"]
        old = last[f"{name}.grad"].item()
        assert old != 0
        assert shown(equation)[0] == old
        assert equation.written(repr).startswith(f"{old!r} + (")
        assert equation.result == after[f"{name}.grad"].item()
        new = (slopes.grad * factor).mean().item()
        assert equation.result == pytest.approx(old + new, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(("what_if", "epoch"), [("none", 0), ("none", 3), ("skip_zero_grad", 0)])
def test_without_a_previous_gradient_the_sum_starts_with_the_points(what_if, epoch):
    config = wb.LinearConfig(epochs=4)
    trace = scope_of(config, what_if=what_if).look(epoch)
    sums = [e for e in equations(config, trace, "backward") if e.name.endswith(".grad")]
    assert len(sums) == 2
    assert all(equation.written(repr).startswith("(") for equation in sums)
