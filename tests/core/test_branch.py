"""A branch: the same bits as its run up to an epoch, and from there those of plain PyTorch with other settings."""

import dataclasses
import itertools
import json
import math

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain
from tests.core.exported import assert_same_bits, code_of, execute, saved_by
from tests.runs import finished
from tests.width import cases

NAMES = ["train_loss", "test_loss", "weight", "bias", "weight_grad", "bias_grad"]
BOUNCING = wb.LinearConfig(lr=0.05, epochs=60)


def plain_schedule(config, changes, start=None):
    """The rows of a plain PyTorch training whose settings change, {epoch: {setting: value}}."""
    data, model = plain.line_data(config), plain.new_model(config)
    if start is not None:
        for parameter, value in zip(model.parameters(), (start["weight"], start["bias"]), strict=True):
            torch.nn.init.constant_(parameter, value)
    now = {name: getattr(config, name) for name in ("loss", "optimizer", "momentum", "lr")}

    def new_optimizer():
        if now["optimizer"] == "sgd":
            return torch.optim.SGD(model.parameters(), lr=now["lr"], momentum=now["momentum"])
        return torch.optim.Adam(model.parameters(), lr=now["lr"])

    loss_fn, optimizer, rows = plain.LOSSES[now["loss"]](), new_optimizer(), []
    for epoch in range(config.epochs):
        if epoch in changes:
            replaced = changes[epoch].get("optimizer", now["optimizer"]) != now["optimizer"]
            now |= changes[epoch]
            loss_fn = plain.LOSSES[now["loss"]]()
            if replaced:
                optimizer = new_optimizer()
            else:
                optimizer.param_groups[0]["lr"] = now["lr"]
                if now["optimizer"] == "sgd":
                    optimizer.param_groups[0]["momentum"] = now["momentum"]
        model.train()
        loss = loss_fn(model(data.X_train), data.y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.eval()
        with torch.inference_mode():
            test_loss = loss_fn(model(data.X_test), data.y_test)
        weight, bias = model.parameters()
        row = [number.item() for number in (loss, test_loss, weight, bias, weight.grad, bias.grad)]
        if not all(map(math.isfinite, row)):
            break
        rows.append([epoch, *row])
    return pd.DataFrame(rows, columns=["epoch", *NAMES])


def settings_of(names, **more):
    choices = {
        "loss": st.sampled_from(["l1", "mse", "huber"]),
        "optimizer": st.sampled_from(["sgd", "adam"]),
        "momentum": st.sampled_from([0.0, 0.5, 0.9]),
        "lr": st.sampled_from([0.001, 0.05, 0.3, 1.2]),
        "model": st.sampled_from(["parameter", "linear"]),
        "noise": st.sampled_from([0.0, 0.2]),
        "seed": st.integers(0, 99),
        "epochs": st.integers(1, 40),
    }
    return {name: choices[name] for name in names}


configs = st.fixed_dictionaries(
    settings_of(["loss", "optimizer", "momentum", "lr", "model", "noise", "seed", "epochs"])
).map(lambda values: wb.LinearConfig(**values))
changes = st.fixed_dictionaries({}, optional=settings_of(["loss", "optimizer", "momentum", "lr"]))


@settings(max_examples=cases(60))
@given(configs, st.lists(st.tuples(st.integers(0, 40), changes), min_size=1, max_size=3, unique_by=lambda one: one[0]))
def test_a_branch_and_its_branches_have_the_bits_of_plain_pytorch(config, steps):
    run, done = finished(config), {}
    for epoch, changed in sorted(steps, key=lambda step: step[0]):
        if epoch > run.epoch:
            break
        before = run
        run = run.branch(epoch, **changed)
        assert run.epoch == epoch
        run.finish()
        done[epoch] = changed
        plain.assert_same_bits(run.history.frame()[:epoch], before.history.frame()[:epoch])
    plain.assert_same_bits(run.history.frame(), plain_schedule(config, done))
    again = finished(run.config)
    plain.assert_same_bits(again.history.frame(), run.history.frame())
    assert again.diverged_at == run.diverged_at


@pytest.mark.parametrize("optimizer", [{}, {"momentum": 0.9}, {"optimizer": "adam"}])
@pytest.mark.parametrize("epoch", [0, 1, 37, 60])
def test_a_branch_without_changes_is_the_run_itself(optimizer, epoch):
    run = finished(dataclasses.replace(BOUNCING, **optimizer))
    branch = run.branch(epoch)
    branch.finish()
    assert branch.config == run.config
    plain.assert_same_bits(branch.history.frame(), run.history.frame())


def test_a_branch_without_changes_keeps_the_schedule_that_is_still_to_come():
    run = finished(dataclasses.replace(BOUNCING, schedule="20:lr=0.01;40:optimizer=adam"))
    assert run.branch(10).config == run.config
    assert run.branch(10, loss="mse").config.schedule == "10:loss=mse;20:lr=0.01;40:optimizer=adam"
    assert run.branch(10, lr=0.5).config.schedule == "10:lr=0.5;40:optimizer=adam"
    assert run.branch(20, lr=0.5, momentum=0.9).config.schedule == "20:momentum=0.9,lr=0.5;40:optimizer=adam"
    assert run.branch(20, lr=0.05).config.schedule == "40:optimizer=adam"


def test_the_memory_of_adam_goes_on_and_a_new_optimizer_has_none():
    adam = finished(dataclasses.replace(BOUNCING, optimizer="adam"))
    slower, sgd = adam.branch(30, lr=0.005), adam.branch(30, optimizer="sgd", momentum=0.9)
    for branch in (slower, sgd):
        branch.advance(epochs=1)
    weight, _ = slower.model.parameters()
    assert slower.optimizer.state[weight]["step"].item() == 31
    weight, _ = sgd.model.parameters()
    assert sgd.optimizer.state[weight]["momentum_buffer"].item() == weight.grad.item()


def test_a_run_from_a_checkpoint_a_stopped_one_and_a_continued_one_have_branches():
    start = {"weight": -1.5, "bias": 2.25}
    run = wb.Run(BOUNCING, start=start)
    run.advance(epochs=25)
    stopped = run.branch(20, lr=0.005)
    stopped.finish()
    run.finish()
    run.extend(40)
    run.finish()
    continued = run.branch(80, lr=0.005)
    continued.finish()
    plain.assert_same_bits(stopped.history.frame(), plain_schedule(BOUNCING, {20: {"lr": 0.005}}, start))
    long = dataclasses.replace(BOUNCING, epochs=100)
    plain.assert_same_bits(continued.history.frame(), plain_schedule(long, {80: {"lr": 0.005}}, start))


def test_a_run_that_explodes_can_be_saved_by_a_branch():
    run = finished(wb.LinearConfig(loss="mse", lr=1.0, epochs=1000))
    branch = run.branch(50, lr=0.1)
    branch.finish()
    assert run.diverged_at is not None
    assert (branch.epoch, branch.diverged_at) == (1000, None)
    assert branch.history.row(-1)["train_loss"] < 0.01 < run.history.row(-1)["train_loss"]


def test_a_run_that_got_another_model_on_its_way_has_branches_only_before():
    run = wb.Run(BOUNCING)
    run.advance(epochs=10)
    run.adopt(wb.Run(dataclasses.replace(BOUNCING, seed=7)).model)
    run.finish()
    assert run.branch(10, lr=0.01).epoch == 10
    with pytest.raises(wb.ConfigError) as error:
        run.branch(11, lr=0.01)
    assert (error.value.code, error.value.field) == ("branch.adopted", "epoch")


@pytest.mark.parametrize(
    ("epoch", "changed", "code", "field"),
    [
        (61, {}, "branch.epoch", "epoch"),
        (-1, {}, "branch.epoch", "epoch"),
        (1.0, {}, "branch.epoch", "epoch"),
        (True, {}, "branch.epoch", "epoch"),
        (1, {"noise": 0.1}, "branch.fixed", "noise"),
        (1, {"epochs": 10}, "branch.fixed", "epochs"),
        (1, {"schedule": ""}, "branch.fixed", "schedule"),
        (1, {"nothing": 1}, "branch.fixed", "nothing"),
        (1, {"lr": -1}, "config.out_of_range", "lr"),
        (1, {"lr": float("nan")}, "config.out_of_range", "lr"),
        (1, {"optimizer": "lion"}, "config.not_a_choice", "optimizer"),
    ],
)
def test_what_no_branch_can_be_is_refused(epoch, changed, code, field):
    run = finished(BOUNCING)
    with pytest.raises(wb.ConfigError) as error:
        run.branch(epoch, **changed)
    assert (error.value.code, error.value.field) == (code, field)
    assert run.epoch == 60


@pytest.mark.parametrize(
    "text",
    [
        *("140", "140:", "140:lr", "a:lr=1", "-1:lr=1", "1.5:lr=1", " 9:lr=1", "٣:lr=1", "9:lr=1;"),
        *("9:lr=1;9:lr=2", "9:lr=1;8:lr=2", "9:lr=1,lr=2", "9:lr=0", "9:lr=nan", "9:loss=l3"),
        *("9:noise=0.1", "9:schedule=1:lr=1", ";".join(f"{epoch}:lr=1" for epoch in range(9)), "1:lr=1" * 10_000),
    ],
)
def test_a_text_that_is_no_schedule_is_refused(text):
    with pytest.raises(wb.ConfigError):
        wb.LinearConfig(schedule=text)


def test_equal_schedules_have_equal_texts():
    assert wb.LinearConfig(schedule="007:lr=0.10,loss=mse").schedule == "7:loss=mse,lr=0.1"


def test_a_branch_is_judged_from_its_last_change_on():
    run = finished(wb.LinearConfig(lr=0.1, loss="mse", optimizer="adam", epochs=300))
    calm = run.branch(200, optimizer="sgd", lr=0.5)
    calm.finish()
    found = wb.diagnose(calm.history, calm.config)
    tail = pd.DataFrame(calm.history.frame()[200:][NAMES])
    history = wb.History(NAMES)
    for row in tail.itertuples(index=False):
        history.append(row)
    alone = wb.diagnose(history, dataclasses.replace(run.config, optimizer="sgd", lr=0.5), advise=False)
    assert (found.label, found.suggestion) == (alone.label, None)
    assert found.epochs == tuple(200 + epoch for epoch in alone.epochs)
    early = wb.diagnose(run.branch(200, lr=0.5).history, calm.config)
    assert early == wb.diagnose(run.branch(200).history, run.config)


def test_a_branch_with_another_loss_is_judged_by_that_loss():
    run = finished(wb.LinearConfig(lr=0.1, epochs=100))
    branch = run.branch(50, loss="mse")
    branch.finish()
    found = wb.diagnose(branch.history, branch.config, limits=wb.limits_of(run.data, "l1"))
    assert found == wb.diagnose(branch.history, branch.config)
    assert found.evidence["best"] == wb.best_line(run.data, "mse").loss


SCRIPTS = [
    (BOUNCING, {20: {"lr": 0.005}}),
    (BOUNCING, {0: {"lr": 0.005}, 20: {"optimizer": "adam"}, 40: {"lr": 0.01, "loss": "mse"}}),
    (BOUNCING, {20: {"momentum": 0.9}, 40: {"momentum": 0.0}}),
    (dataclasses.replace(BOUNCING, optimizer="adam", model="linear"), {20: {"lr": 0.005, "loss": "huber"}}),
    (dataclasses.replace(BOUNCING, optimizer="adam", device="auto"), {20: {"optimizer": "sgd", "momentum": 0.9}}),
    (dataclasses.replace(BOUNCING, loss="mse", lr=1.0, epochs=1000), {20: {"lr": 0.01}, 30: {"lr": 2.0}}),
]


@pytest.mark.parametrize(("config", "steps"), SCRIPTS)
@pytest.mark.parametrize("start", [None, {"weight": -1.5, "bias": 2.25}])
def test_the_script_ends_with_the_bits_of_the_branch(config, steps, start, tmp_path):
    run = wb.Run(config, start=start)
    run.finish()
    for epoch, changed in steps.items():
        run = run.branch(epoch, **changed)
        run.finish()
    script = wb.to_script(run.config, start=start)
    names, _ = execute(script, tmp_path)
    assert names["loss_values"] == run.history.column("train_loss").tolist()
    assert_same_bits(names["model"].state_dict(), run.model.state_dict())
    assert_same_bits(saved_by(tmp_path)[1], run.model.state_dict())
    cells = code_of(wb.to_notebook(run.config, start=start))
    ours, theirs = (
        [line for line in text.splitlines() if line and not line.startswith("# ")] for text in (script, cells)
    )
    assert ours == theirs
    lines = script.splitlines()
    changed = [n for n, line in enumerate(lines, start=1) if line.startswith("    if epoch == ")]
    assert len(changed) == len(steps)
    assert set(changed) <= set(wb.changed_lines(run.config, start=start))


def test_the_script_leaves_out_what_comes_after_the_end():
    assert wb.to_script(dataclasses.replace(BOUNCING, schedule="60:lr=1")) == wb.to_script(BOUNCING)


def test_every_epoch_of_a_branch_can_be_seen_line_by_line():
    config = dataclasses.replace(
        BOUNCING, epochs=120, schedule="50:optimizer=adam;55:lr=0.01,loss=mse;110:momentum=0.5"
    )
    run, scope = finished(config), wb.Microscope(config)
    scope.advance(60)
    for epoch in (49, 50, 54, 55, 99, 100, 110, 119):
        trace, row = scope.look(epoch), run.history.row(epoch)
        weight, bias = (trace.moments[-1].tensors[name].item() for name in ("weights", "bias"))
        assert (weight, bias) == (row["weight"], row["bias"])
        assert trace.around("loss")[1].tensors["loss"].item() == row["train_loss"]
        for equation in itertools.chain(*(wb.equations(config, trace, line) for line in ("loss", "step"))):
            if equation.compute:
                computed = equation.compute(*[term for term in equation.terms if isinstance(term, float)])
                assert computed == pytest.approx(equation.result, rel=1e-4, abs=1e-6)


def test_no_batch_takes_a_run_with_a_schedule():
    config = dataclasses.replace(BOUNCING, schedule="20:lr=0.005")
    for refused in (
        lambda: wb.neighbours(config, "lr"),
        lambda: wb.neighbours(config, "epochs"),
        lambda: wb.sweep(config, lr=[0.1]),
    ):
        with pytest.raises(wb.ConfigError) as error:
            refused()
        assert error.value.code == "sweep.schedule"


def test_a_branch_is_kept_with_its_schedule_and_former_files_can_be_read():
    branch = finished(BOUNCING).branch(20, lr=0.005)
    branch.finish()
    kept = wb.KeptRun.of_record("a", wb.record_of(branch))
    [read] = wb.read_tray(wb.write_tray([kept]))
    assert read == kept
    assert read.config.schedule == "20:lr=0.005"
    former = json.loads(wb.write_tray([dataclasses.replace(kept, config=BOUNCING)])) | {"version": 3}
    for name in ("schedule", "points", "shuffle", "standardise", "init"):
        del former["runs"][0]["config"][name]
    [read] = wb.read_tray(json.dumps(former).encode())
    assert read.config == BOUNCING
