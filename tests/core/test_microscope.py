"""The microscope against plain PyTorch after every line."""

import math
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import wb_core as wb
from tests.core import plain
from tests.width import cases
from wb_core.base.step import LINES
from wb_core.kinds.line.microscope import CODE, WHAT_IFS, Microscope, equations
from wb_core.kinds.line.microscope import scope as scopes

CONFIGS = [
    {"model": model, "loss": loss, **optimizer}
    for model in ("parameter", "linear")
    for loss in ("l1", "mse", "huber")
    for optimizer in ({}, {"momentum": 0.9}, {"optimizer": "adam"})
]
MADE = ("y_pred", "loss", "test_pred", "test_loss")


def scope_of(config, **wishes):
    scope = Microscope(config, **wishes)
    while not scope.run.done:
        scope.advance(0.01)
    return scope


def same(left, right):
    if left is None or right is None:
        return left is right
    return left.shape == right.shape and torch.equal(left.view(torch.int32), right.detach().view(torch.int32))


@pytest.mark.parametrize("options", CONFIGS, ids=lambda options: "-".join(map(str, options.values())))
def test_a_run_recorded_line_by_line_has_the_bits_of_a_trained_run(options, monkeypatch):
    monkeypatch.setattr(scopes, "INTERVAL", 10)
    config = wb.LinearConfig(**options, noise=0.1, epochs=27)
    scope, run = scope_of(config), wb.Run(config)
    run.finish()
    plain.assert_same_bits(scope.run.history.frame(), run.history.frame())
    names = [name for name, _ in run.model.named_parameters()]
    before = None
    for epoch in range(config.epochs):
        trace = scope.look(epoch)
        assert trace.lines == LINES
        end, row = trace.moments[-1].tensors, run.history.row(epoch)
        found = [end["loss"], end["test_loss"], *(end[n] for n in names), *(end[f"{n}.grad"] for n in names)]
        assert [tensor.item() for tensor in found] == list(row.values())
        if before is not None:  # an epoch starts where the previous one ended
            kept = [name for name in end if name not in ("X", "X_test", "residuals", "test_residuals", *MADE)]
            assert all(same(trace.before.tensors[name], before[name]) for name in kept)
        before = end
    assert all(same(before[name], parameter) for name, parameter in run.model.named_parameters())


class PlainWithDropout(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.drop, self.inner = nn.Dropout(p=0.5), inner

    def forward(self, x):
        return self.inner(self.drop(x))


def plain_moments(config, change, epochs):
    """All tensors after every line of the displayed code, run as plain code after `torch.manual_seed`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model = inner = plain.MODELS[config.model]()
        if change.procedure.wrap:
            model = PlainWithDropout(inner)
        data = plain.line_data(config)
        names = {"model": model, "loss_fn": plain.LOSSES[config.loss](), "torch": torch, **vars(data)}
        momentum = {"momentum": config.momentum} if config.optimizer == "sgd" else {}
        names["optimizer"] = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[config.optimizer](
            model.parameters(), lr=config.lr, **momentum
        )
        for _ in range(epochs):
            moments = []
            for line in change.order:
                if change.marks.get(line) != "skipped":
                    exec(change.code.get(line, CODE[line]), names)
                parameters = dict(inner.named_parameters())
                grads = {f"{name}.grad": parameter.grad for name, parameter in parameters.items()}
                tensors = {**parameters, **grads, **{name: names.get(name) for name in MADE}}
                copies = {name: None if t is None else t.detach().clone() for name, t in tensors.items()}
                moments.append((line, model.training, copies))
        return moments, names["test_loss"].requires_grad


@pytest.mark.parametrize("what_if", WHAT_IFS)
@pytest.mark.parametrize(
    "options", [{}, {"loss": "mse", "momentum": 0.5, "model": "linear"}, {"loss": "huber", "optimizer": "adam"}]
)
def test_the_displayed_code_does_what_the_trace_shows(what_if, options):
    change = WHAT_IFS[what_if]
    epochs = 3
    config = wb.LinearConfig(**{**options, **change.settings}, noise=0.05, epochs=epochs)
    trace = scope_of(config, what_if=what_if).look(epochs - 1)
    moments, tracked = plain_moments(config, change, epochs)
    assert trace.lines == change.order == tuple(line for line, *_ in moments)
    seen = set()
    for moment, (line, training, tensors) in zip(trace.moments, moments, strict=True):
        assert moment.training is training
        seen |= {"forward": {"y_pred"}, "loss": {"loss"}, "evaluate": {"test_pred", "test_loss"}}.get(line, set())
        for name, tensor in tensors.items():
            if name not in MADE or name in seen:  # plain code still has those of the previous epoch
                assert same(moment.tensors[name], tensor), (line, name)
    assert trace.moments[-1].tracked is tracked


def test_each_what_if_has_its_described_effect():
    config = wb.LinearConfig(epochs=30)
    standard = scope_of(config).run
    ends = {what_if: scope_of(config, what_if=what_if).run for what_if in WHAT_IFS}
    assert ends["none"].line == ends["no_inference_mode"].line == standard.line
    assert ends["skip_step"].line == ends["swap"].line == standard.start
    assert ends["skip_zero_grad"].history.row(-1)["train_loss"] > standard.history.row(-1)["train_loss"]
    assert ends["lr_100"].history.row(1)["train_loss"] > 50
    piled = [scope_of(config, what_if="skip_zero_grad").look(epoch).moments[-1].tensors for epoch in (0, 1, 2)]
    assert [end["bias.grad"].item() for end in piled] == [-1.0, -2.0, -3.0]
    for control in (False, True):
        scope = scope_of(config, what_if="no_train_mode", control=control)
        dropped = [int((scope.look(e).moments[-1].tensors["X"] == 0).sum()) for e in range(4)]
        assert dropped[0] > 10
        assert all(d == 1 for d in dropped[1:]) is not control  # the first X is 0 by itself


def test_a_look_changes_neither_the_run_nor_the_global_generator():
    torch.manual_seed(3)
    state = torch.get_rng_state()
    scope = scope_of(wb.LinearConfig(epochs=60), what_if="no_train_mode")
    before = scope.run.history.frame()
    assert same(scope.look(55).moments[-1].tensors["y_pred"], scope.look(55).moments[-1].tensors["y_pred"])
    plain.assert_same_bits(scope.run.history.frame(), before)
    assert torch.equal(torch.get_rng_state(), state)


def test_each_line_changes_its_own_tensors():
    trace = scope_of(wb.LinearConfig(momentum=0.9)).look(1)
    assert {line: trace.changed(line) for line in trace.lines} == {
        "train": (),
        "forward": ("X", "y_pred", "residuals"),
        "loss": ("loss",),
        "zero_grad": ("weights.grad", "bias.grad"),
        "backward": ("weights.grad", "bias.grad"),
        "step": ("weights", "bias", "weights.momentum_buffer", "bias.momentum_buffer"),
        "evaluate": ("X_test", "test_pred", "test_residuals", "test_loss"),
    }
    before, after = trace.around("train")
    assert (before.training, after.training) == (False, True)
    assert all(same(before.tensors[name], tensor) for name, tensor in after.tensors.items())


def test_the_epoch_in_which_a_run_diverges_can_be_looked_at():
    config = wb.LinearConfig(loss="mse", lr=5.0, epochs=200)
    scope, run = scope_of(config), wb.Run(config)
    run.finish()
    assert scope.run.diverged_at == run.diverged_at == scope.epochs - 1
    end = scope.look(run.diverged_at).moments[-1].tensors
    assert not all(tensor.isfinite().all() for tensor in end.values() if tensor is not None)
    for epoch in (-1, scope.epochs):
        with pytest.raises(IndexError):
            scope.look(epoch)


def test_a_microscope_takes_other_epochs_and_another_start():
    config = wb.LinearConfig(epochs=5)
    scope = scope_of(config, epochs=80, start={"weight": 0.5, "bias": 0.25})
    assert scope.epochs == 80
    first = scope.look(0).before.tensors
    assert (first["weights"].item(), first["bias"].item()) == (0.5, 0.25)


def plain_graph(config):
    """Names and shapes of the nodes behind the loss, and the edges between them, by plain PyTorch."""
    model, data = plain.new_model(config), plain.line_data(config)
    loss = plain.LOSSES[config.loss]()(model(data.X_train), data.y_train)
    names = {id(parameter): name for name, parameter in model.named_parameters()}

    def name(node):
        return names[id(node.variable)] if hasattr(node, "variable") else node.name()

    edges, queue = set(), [loss.grad_fn]
    while queue:
        node = queue.pop()
        sources = [source for source, _ in node.next_functions if source]
        edges |= {(name(node), name(source)) for source in sources}
        queue += sources
    return edges


@pytest.mark.parametrize("options", CONFIGS, ids=lambda options: "-".join(map(str, options.values())))
def test_the_graph_is_the_one_that_pytorch_built(options):
    config = wb.LinearConfig(**options, epochs=2)
    graph = scope_of(config).look(1).graph
    nodes = [node.name for node in graph.nodes]
    assert {(nodes[a], nodes[b]) for a, b in graph.edges} == plain_graph(config)
    run = wb.Run(config)
    shapes = {node.name: node.shape for node in graph.nodes if node.parameter}
    assert shapes == {name: tuple(parameter.shape) for name, parameter in run.model.named_parameters()}
    assert graph.nodes[0].shape == ()
    pred = next(node for node in graph.nodes if node.name in ("AddBackward0", "AddmmBackward0"))
    assert pred.shape == (config.train_points, 1)
    assert all(node.parameter or not node.plain.endswith("Backward0") for node in graph.nodes)


def evaluated(equation):
    """The written terms, computed by Python."""
    text = equation.written(repr).replace("²", "**2").replace("√", "math.sqrt")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    names = {
        "math": math,
        "sign": lambda value: math.copysign(1, value) if value else 0,
        "clip": lambda value: max(-1, min(1, value)),
    }
    return eval(text, names)


@pytest.mark.parametrize("points", [3, 50])
@pytest.mark.parametrize("options", CONFIGS, ids=lambda options: "-".join(map(str, options.values())))
def test_the_arithmetic_gives_the_numbers_of_pytorch(options, points):
    # With at most three training points no sum is abbreviated, so Python can compute it.
    config = wb.LinearConfig(**options, step=1 / points, train_fraction=0.9, noise=0.8, epochs=4)
    trace = scope_of(config).look(3)
    count = 0
    for line in trace.lines:
        for equation in equations(config, trace, line):
            if "…" in "".join(term for term in equation.terms if isinstance(term, str)):
                assert points > 3
                continue
            if equation.terms == (equation.name.replace("momentum_buffer", "grad"),):
                continue  # a name instead of numbers: the first step is the gradient itself
            count += 1
            assert evaluated(equation) == pytest.approx(equation.result, rel=2e-5, abs=2e-6), (line, equation)
            known = trace.around(line)[1].tensors.get(equation.name)
            assert known is None or known.item() == equation.result
    assert count >= (5 if points > 3 else 10)


@pytest.mark.parametrize("loss", ["l1", "mse", "huber"])
def test_the_slopes_are_those_of_autograd(loss):
    config = wb.LinearConfig(loss=loss, noise=1.5, epochs=1)
    trace = scope_of(config).look(0)
    residuals = trace.around("backward")[1].tensors["residuals"].flatten().requires_grad_()
    plain.LOSSES[loss](reduction="sum")(residuals, torch.zeros_like(residuals)).backward()
    slope = next(equation for equation in equations(config, trace, "backward") if equation.name == "slope[0]")
    assert slope.result == pytest.approx(residuals.grad[0].item())
    [bias] = [equation for equation in equations(config, trace, "backward") if equation.name == "bias.grad"]
    shown = [term for term in bias.terms if not isinstance(term, str)]
    assert shown == pytest.approx([residuals.grad[at].item() for at in (0, 1, -1)])


@settings(max_examples=cases(40), deadline=None)
@given(
    st.sampled_from(["l1", "mse", "huber"]),
    st.sampled_from([{}, {"momentum": 0.9}, {"optimizer": "adam"}]),
    st.floats(0.001, 3),
    st.integers(0, 119),
    st.sampled_from(list(WHAT_IFS)),
)
def test_any_epoch_of_any_run_is_the_one_in_its_history(loss, optimizer, lr, epoch, what_if):
    scope = scope_of(wb.LinearConfig(loss=loss, lr=lr, epochs=120, **optimizer), what_if=what_if)
    epoch = min(epoch, scope.run.epoch - 1)
    end, row = scope.look(epoch).moments[-1].tensors, scope.run.history.row(epoch)
    assert [end[name].item() for name in ("loss", "test_loss", "weights", "bias")] == list(row.values())[:4]
