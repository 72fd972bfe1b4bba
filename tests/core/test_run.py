"""Linear runs against plain PyTorch, and runs that diverge."""

import dataclasses
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain
from tests.runs import finished

OPTIMIZERS = {
    "sgd": {"optimizer": "sgd"},
    "momentum": {"optimizer": "sgd", "momentum": 0.9},
    "adam": {"optimizer": "adam"},
}
every_model = pytest.mark.parametrize("model", plain.MODELS)
every_loss = pytest.mark.parametrize("loss", plain.LOSSES)
every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)


def assert_is_plain(config, start=None):
    run = finished(config, start=start)
    model, frame = plain.train(config, start)
    plain.assert_same_bits(run.history.frame(), frame)
    if len(frame) < config.epochs:
        assert run.diverged_at == len(frame)
        return
    assert run.diverged_at is None
    expected = model.state_dict()
    assert list(run.model.state_dict()) == list(expected)
    assert all(torch.equal(value, expected[name]) for name, value in run.model.state_dict().items())
    X = torch.linspace(-3, 3, 11).unsqueeze(1)
    assert torch.equal(run.predict(X), model(X))


@st.composite
def configs(draw):
    start, step, points = draw(st.floats(-5, 5)), draw(st.floats(0.005, 0.5)), draw(st.integers(3, 60))
    return wb.LinearConfig(
        weight=draw(st.floats(-2, 2)),
        bias=draw(st.floats(-2, 2)),
        start=start,
        end=start + points * step,
        step=step,
        noise=draw(st.sampled_from([0.0, 0.1]) | st.floats(0, 1e3)),
        train_fraction=draw(st.floats(0, 1, exclude_min=True, exclude_max=True)),
        model=draw(st.sampled_from(sorted(plain.MODELS))),
        loss=draw(st.sampled_from(sorted(plain.LOSSES))),
        optimizer=draw(st.sampled_from(["sgd", "adam"])),
        momentum=draw(st.sampled_from([0.0, 0.9]) | st.floats(0, 0.99)),
        lr=draw(st.floats(0.0001, 1.0) | st.floats(0, 1e3, exclude_min=True)),
        epochs=draw(st.integers(1, 15)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


class TestAgainstPlainPyTorch:
    @every_model
    @every_loss
    @every_optimizer
    def test_every_model_loss_and_optimizer_gives_the_bits_of_the_plain_loop(self, model, loss, optimizer):
        assert_is_plain(wb.LinearConfig(model=model, loss=loss, epochs=60, **optimizer))

    @every_model
    @pytest.mark.parametrize("noise", [0.0, 0.3])
    @pytest.mark.parametrize("seed", [0, 1, 7, 2**31, 2**32 - 1])
    def test_every_seed_gives_the_bits_of_the_plain_loop(self, model, noise, seed):
        assert_is_plain(wb.LinearConfig(model=model, noise=noise, seed=seed, epochs=10))

    @given(configs())
    def test_any_config_gives_the_bits_of_the_plain_loop(self, config):
        assert_is_plain(config)

    @every_model
    @every_optimizer
    def test_given_parameters_are_where_the_plain_loop_starts(self, model, optimizer):
        assert_is_plain(wb.LinearConfig(model=model, epochs=20, **optimizer), start={"weight": -1.5, "bias": 2.25})

    @every_model
    @pytest.mark.parametrize("noise", [0.0, 0.3])
    def test_the_data_and_the_untrained_model_are_those_of_the_plain_script(self, model, noise):
        config = wb.LinearConfig(model=model, noise=noise, seed=5)
        run, data, untrained = wb.Run(config), plain.line_data(config), plain.new_model(config)
        assert all(torch.equal(getattr(run.data, name), getattr(data, name)) for name in plain.PARTS)
        assert all(map(torch.equal, run.model.parameters(), untrained.parameters()))
        assert (run.epoch, run.done, len(run.history)) == (0, False, 0)

    @every_model
    @every_loss
    def test_losses_are_those_of_the_current_model(self, model, loss):
        run = wb.Run(wb.LinearConfig(model=model, loss=loss))
        run.advance(epochs=3)
        data, loss_fn = run.data, plain.LOSSES[loss]()
        with torch.inference_mode():
            train, test = loss_fn(run.model(data.X_train), data.y_train), loss_fn(run.model(data.X_test), data.y_test)
        assert run.losses() == {"train_loss": train.item(), "test_loss": test.item()}
        assert run.losses()["test_loss"] == run.history.row(-1)["test_loss"]


class TestAdvance:
    @pytest.mark.parametrize("arguments", [{}, {"epochs": 1, "seconds": 1.0}, {"epochs": 1, "batches": 1}])
    def test_advance_takes_either_epochs_batches_or_seconds(self, arguments):
        with pytest.raises(TypeError, match="either epochs, batches or seconds"):
            wb.Run(wb.LinearConfig()).advance(**arguments)

    def test_advance_returns_the_recorded_epochs_and_stops_at_the_last(self):
        run = wb.Run(wb.LinearConfig(epochs=10))
        assert [run.advance(epochs=4) for _ in range(4)] == [4, 4, 2, 0]
        assert (run.epoch, run.done, len(run.history)) == (10, True, 10)

    @pytest.mark.parametrize("seconds", [0.0, 1e-9])
    def test_advance_by_time_runs_at_least_one_epoch(self, seconds):
        assert wb.Run(wb.LinearConfig()).advance(seconds=seconds) == 1

    def test_advance_by_time_stops_long_before_a_million_epochs(self):
        run = wb.Run(wb.LinearConfig(epochs=1_000_000))
        ran = run.advance(seconds=0.02)
        assert 1 <= ran == run.epoch < 1_000_000
        assert 0.02 <= run.seconds < 10
        assert not run.done

    def test_an_extended_run_equals_one_with_the_longer_goal(self):
        config = {"optimizer": "sgd", "momentum": 0.9, "noise": 0.1}
        run, whole = finished(wb.LinearConfig(epochs=20, **config)), finished(wb.LinearConfig(epochs=50, **config))
        run.extend(30)
        assert (run.done, run.epochs) == (False, 50)
        run.finish()
        assert (run.done, run.epoch) == (True, 50)
        plain.assert_same_bits(run.history.frame(), whole.history.frame())

    @pytest.mark.parametrize("epochs", [0, -1, 1.5, math.nan, math.inf, True, "3", None])
    def test_extend_refuses_what_is_not_a_number_of_epochs(self, epochs):
        run = wb.Run(wb.LinearConfig(epochs=1))
        with pytest.raises(wb.ConfigError, match="epochs"):
            run.extend(epochs)
        assert run.epochs == 1

    @every_model
    def test_start_is_the_line_before_the_first_epoch(self, model):
        given = {"weight": -1.5, "bias": 0.25}  # exact in 32 bits
        run = wb.Run(wb.LinearConfig(model=model, epochs=3), start=given)
        assert run.line == run.start == given
        run.finish()
        assert run.start == given != run.line

    @pytest.mark.parametrize("field", ["weight", "bias"])
    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e39, "1", None])
    def test_a_start_that_is_not_a_finite_number_is_refused(self, field, value):
        with pytest.raises(wb.ConfigError, match="finite") as caught:
            wb.Run(wb.LinearConfig(), start={"weight": 0.0, "bias": 0.0, field: value})
        assert caught.value.field == field

    @every_model
    def test_predict_builds_no_graph_and_does_not_affect_training(self, model):
        config = wb.LinearConfig(model=model, epochs=10)
        run = wb.Run(config)
        run.advance(epochs=4)
        y_pred = run.predict(run.data.X_test)
        assert (y_pred.shape, y_pred.device.type, y_pred.requires_grad) == (run.data.X_test.shape, "cpu", False)
        run.finish()
        plain.assert_same_bits(run.history.frame(), finished(config).history.frame())


DIVERGES = {
    "mse": {"loss": "mse", "lr": 1.0},
    "mse, lr 1000": {"loss": "mse", "lr": 1000},
    "mse, linear layer": {"loss": "mse", "lr": 1.0, "model": "linear"},
    "mse, momentum": {"loss": "mse", "lr": 2.0, "momentum": 0.9},
    "mse, momentum, lr 1000": {"loss": "mse", "lr": 1000, "momentum": 0.9},
}


class TestDivergence:
    @pytest.mark.parametrize("settings", DIVERGES.values(), ids=DIVERGES)
    def test_a_run_that_explodes_ends_at_its_last_finite_epoch(self, settings):
        config = wb.LinearConfig(epochs=1000, **settings)
        run, (_, frame) = finished(config), plain.train(config)
        assert run.diverged_at == run.epoch == len(frame) < config.epochs
        assert run.done
        plain.assert_same_bits(run.history.frame(), frame)
        last = run.history.row(-1)
        assert run.line == {"weight": last["weight"], "bias": last["bias"]}
        assert run.predict(run.data.X_test).isfinite().all()

    def test_a_run_that_exploded_stays_done(self):
        run = finished(wb.LinearConfig(epochs=1000, **DIVERGES["mse"]))
        line, epoch, seconds = run.line, run.epoch, run.seconds
        run.extend(10)
        assert (run.advance(epochs=5), run.advance(seconds=1)) == (0, 0)
        assert (run.done, run.line, run.epoch, run.diverged_at, run.seconds) == (True, line, epoch, epoch, seconds)

    @every_model
    def test_a_run_can_explode_in_its_first_epoch(self, model):
        start = {"weight": 2.0**100, "bias": 0.0}
        run = finished(wb.LinearConfig(model=model, loss="mse"), start=start)
        assert (run.diverged_at, run.done, len(run.history), run.line) == (0, True, 0, start)
        assert run.history.frame().empty

    @every_model
    @every_loss
    @every_optimizer
    @pytest.mark.parametrize("lr", [1.0, 1000])
    def test_no_learning_rate_breaks_a_run(self, model, loss, optimizer, lr):
        run = finished(wb.LinearConfig(model=model, loss=loss, lr=lr, epochs=200, **optimizer))
        assert run.done
        assert all(math.isfinite(number) for name in run.history.columns for number in run.history.column(name))
        assert all(parameter.isfinite().all() for parameter in run.model.parameters())
        assert run.epoch == (200 if run.diverged_at is None else run.diverged_at)

    def test_mse_is_stable_up_to_two_over_the_largest_eigenvalue_of_its_hessian(self):
        X = wb.Run(wb.LinearConfig()).data.X_train.double()
        A = torch.cat([X, torch.ones_like(X)], dim=1)  # (N, 2)
        limit = 2 / torch.linalg.eigvalsh(2 / len(A) * A.T @ A).max().item()
        assert 0.862 < limit < 0.863

        def growth(lr):
            losses = finished(wb.LinearConfig(loss="mse", lr=lr, epochs=600)).history.column("train_loss")
            return losses[-1] / losses[0]

        assert growth(0.862) < 1 < growth(0.863)

    def test_l1_at_lr_half_repeats_every_second_epoch(self):
        run = finished(wb.LinearConfig(lr=0.5, epochs=100))
        weights = run.history.column("weight")
        assert list(weights[1::2]) == pytest.approx([run.start["weight"]] * 50, abs=1e-5)
        assert abs(weights[0] - run.start["weight"]) > 0.1
        assert run.diverged_at is None


@given(configs(), st.data())
def test_a_run_after_an_epoch_is_the_run_that_ended_there(config, data):
    run = finished(config)
    if not run.epoch:
        return
    epoch = data.draw(st.integers(0, run.epoch - 1))
    line = run.line
    past, ended = run.after(epoch), finished(dataclasses.replace(config, epochs=epoch + 1))
    assert wb.save_checkpoint(past) == wb.save_checkpoint(ended)
    for parameter, same in zip(past.model.parameters(), ended.model.parameters(), strict=True):
        assert parameter.grad.equal(same.grad)
        assert parameter.requires_grad
    assert past.predict(run.data.X_test).equal(ended.predict(run.data.X_test))
    assert run.line == line


@every_model
def test_a_start_by_hand_is_part_of_the_config(model):
    config = wb.LinearConfig(model=model, init="0.5,-1.2", epochs=20)
    run = finished(config)
    assert run.start == {"weight": 0.5, "bias": pytest.approx(-1.2)}

    _, frame = plain.train(config, {"weight": 0.5, "bias": -1.2})
    plain.assert_same_bits(run.history.frame(), frame)
    [losses] = wb.neighbours(config, "lr", [config.lr]).columns["train_loss"]
    assert losses.tolist() == frame["train_loss"].tolist()


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "nan,0", "1e99,0", "1, 2", 5])
def test_a_start_by_hand_that_is_no_line_is_refused(text):
    with pytest.raises(wb.ConfigError) as refused:
        wb.LinearConfig(init=text)
    assert refused.value.code in ("config.init", "config.not_a_text")
