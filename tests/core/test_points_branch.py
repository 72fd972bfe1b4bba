"""A branch of a network on points: the same bits as its run up to an epoch, then those of plain PyTorch."""

import dataclasses

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core.exported import assert_same_bits, execute, saved_by
from tests.core.plane_oracle import course, plain_run
from tests.runs import finished
from tests.width import cases
from wb_core.base.fields import specs

SMALL = {"points": 60, "hidden": (6, 5), "activation": "tanh", "epochs": 14}
KINDS = pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "adam", "lr": 0.02, "data": "blobs", "classes": 3, "noise": 1.0},
        {"momentum": 0.9, "batch_size": 16, "dropout": 0.2},
    ],
)


def assert_same_run(run, rows):
    """The run has the history and the parameters of these rows of `plain_run`, bit for bit."""
    assert [tuple(run.history.row(epoch).values()) for epoch in range(run.epoch)] == [row for row, _ in rows]
    assert torch.equal(run.parameters, torch.stack([parameters for _, parameters in rows]))


@KINDS
def test_a_branch_and_its_branch_have_the_bits_of_plain_pytorch(settings):
    config = course(**{**SMALL, **settings})
    run = finished(config)
    other = {"sgd": "adam", "adam": "sgd"}[config.optimizer]
    branch = run.branch(5, lr=0.05, weight_decay=0.01)
    assert torch.equal(branch.parameters, run.parameters[:5])
    branch.finish()
    again = branch.branch(9, optimizer=other)
    again.finish()

    changes = {5: {"lr": 0.05, "weight_decay": 0.01}, 9: {"optimizer": other}}
    assert_same_run(again, plain_run(config, run.data, config.epochs, changes))
    assert torch.equal(finished(again.config).parameters, again.parameters)
    assert not torch.equal(again.parameters[-1], run.parameters[-1])


@KINDS
@settings(max_examples=cases(8))
@given(data=st.data())
def test_typed_weights_leave_the_bits_of_plain_pytorch(settings, data):
    config = course(**{**SMALL, **settings})
    run, changes = finished(config), {}
    for epoch in sorted(data.draw(st.sets(st.integers(0, 13), min_size=1, max_size=3))):
        layer = data.draw(st.integers(0, len(config.hidden)))
        unit, source = (data.draw(st.integers(0, config.sizes[there] - 1)) for there in (layer + 1, layer))
        number = data.draw(st.sampled_from([-7.5, 0.1, 3e-05, -0.0]) | st.floats(-20, 20, width=32))
        lr = data.draw(st.sampled_from([{}, {"lr": 0.05}]))
        before, run = run, run.branch(epoch, **{f"w{layer + 1}.{unit}.{source}": number}, **lr)
        assert torch.equal(run.parameters, before.parameters[:epoch])
        run.finish()
        changes[epoch] = {(layer, unit, source): number, **lr}

    assert_same_run(run, plain_run(config, run.data, config.epochs, changes))
    spec = specs(config)["schedule"]
    linked = spec.read(spec.text(run.config.schedule))
    again = finished(dataclasses.replace(config, schedule=linked))
    assert again.config == run.config
    assert torch.equal(again.parameters, run.parameters)


@KINDS
@pytest.mark.parametrize("epoch", [0, 1, 14])
def test_a_branch_without_changes_is_the_run_itself(settings, epoch):
    run = finished(course(**{**SMALL, **settings}))
    branch = run.branch(epoch)
    branch.finish()
    assert branch.config == run.config
    assert torch.equal(branch.parameters, run.parameters)


@KINDS
def test_the_code_of_a_branch_ends_with_its_bits(settings, tmp_path):
    branch = finished(course(**{**SMALL, **settings})).branch(6, **{"w2.4.5": -1.5}, lr=0.01, weight_decay=0.1)
    branch.finish()
    branch = branch.branch(7, **{"w3.0.1": 2.0, "w1.5.1": 1e-05, "w1.4.1": -0.0})
    branch.finish()
    run = branch.branch(8, optimizer="adam" if branch.config.optimizer == "sgd" else "sgd")
    run.finish()
    execute(wb.to_script(run.config), tmp_path)
    _name, saved = saved_by(tmp_path)
    assert_same_bits(saved, run.model.state_dict())


def test_the_code_of_a_run_that_typed_weights_blow_up_has_its_last_good_model(tmp_path):
    run = finished(course(**SMALL | {"activation": "none"}))
    run = run.branch(6, **{f"w{layer}.0.0": 1e6 for layer in (1, 2, 3)}, lr=1000.0)
    run.finish()
    assert run.diverged_at == 6
    execute(wb.to_script(run.config), tmp_path)
    assert_same_bits(saved_by(tmp_path)[1], run.model.state_dict())


def test_a_schedule_travels_in_a_link_and_trains_alone_in_a_sweep():
    config = course(**SMALL, schedule="6:weight_decay=0.01,lr=0.02")
    spec = specs(config)["schedule"]
    assert spec.read(spec.text(config.schedule)) == config.schedule
    swept = wb.sweep(config, noise=[0.0, 0.1])
    alone = finished(dataclasses.replace(config, noise=0.1))
    assert swept.frame()["final_test_loss"].iloc[-1] == alone.history.row(-1)["test_loss"]


def test_a_file_of_another_network_fits_without_a_weight_that_only_the_former_one_has():
    config = course(**SMALL, schedule="3:lr=0.1;6:w3.0.4=1")
    shapes = [[(3, 2), (3,), (1, 3), (1,)], [(6, 2), (6,), (5, 6), (5,), (1, 5), (1,)]]
    fitting = [*wb.KINDS["points"].fitting(config, shapes)]
    assert fitting == [dataclasses.replace(config, hidden=(3,), schedule=""), config]


@pytest.mark.parametrize(
    ("epoch", "changes", "code"),
    [
        (99, {}, "branch.epoch"),
        (3, {"hidden": (2,)}, "branch.fixed"),
        (3, {"lr": -1.0}, "config.out_of_range"),
        (3, {"w1.6.0": 1.0}, "schedule.weight"),
        (3, {"w4.0.0": 1.0}, "schedule.weight"),
        (3, {"w0.0.0": 1.0}, "branch.fixed"),
        (3, {"w1.00.0": 1.0}, "branch.fixed"),
        (3, {"w1.0.0": 1e300}, "config.out_of_range"),
        (3, {"w1.0.0": float("nan")}, "config.out_of_range"),
        (3, {"w1.0.0": "1"}, "config.not_a_number"),
    ],
)
def test_a_branch_that_cannot_be_is_refused(epoch, changes, code):
    with pytest.raises(wb.ConfigError) as refused:
        finished(course(**SMALL)).branch(epoch, **changes)
    assert refused.value.code == code
