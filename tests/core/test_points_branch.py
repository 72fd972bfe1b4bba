"""A branch of a network on points: the same bits as its run up to an epoch, then those of plain PyTorch."""

import dataclasses

import pytest
import torch

import wb_core as wb
from tests.core.exported import assert_same_bits, execute, saved_by
from tests.core.plane_oracle import course, plain_run
from tests.runs import finished
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
@pytest.mark.parametrize("epoch", [0, 1, 14])
def test_a_branch_without_changes_is_the_run_itself(settings, epoch):
    run = finished(course(**{**SMALL, **settings}))
    branch = run.branch(epoch)
    branch.finish()
    assert branch.config == run.config
    assert torch.equal(branch.parameters, run.parameters)


@KINDS
def test_the_code_of_a_branch_ends_with_its_bits(settings, tmp_path):
    branch = finished(course(**{**SMALL, **settings})).branch(6, lr=0.01, weight_decay=0.1)
    branch.finish()
    run = branch.branch(8, optimizer="adam" if branch.config.optimizer == "sgd" else "sgd")
    run.finish()
    execute(wb.to_script(run.config), tmp_path)
    _name, saved = saved_by(tmp_path)
    assert_same_bits(saved, run.model.state_dict())


def test_a_schedule_travels_in_a_link_and_trains_alone_in_a_sweep():
    config = course(**SMALL, schedule="6:weight_decay=0.01,lr=0.02")
    spec = specs(config)["schedule"]
    assert spec.read(spec.text(config.schedule)) == config.schedule
    swept = wb.sweep(config, noise=[0.0, 0.1])
    alone = finished(dataclasses.replace(config, noise=0.1))
    assert swept.frame()["final_test_loss"].iloc[-1] == alone.history.row(-1)["test_loss"]


@pytest.mark.parametrize(
    ("epoch", "changes", "code"),
    [(99, {}, "branch.epoch"), (3, {"hidden": (2,)}, "branch.fixed"), (3, {"lr": -1.0}, "config.out_of_range")],
)
def test_a_branch_that_cannot_be_is_refused(epoch, changes, code):
    with pytest.raises(wb.ConfigError) as refused:
        finished(course(**SMALL)).branch(epoch, **changes)
    assert refused.value.code == code
