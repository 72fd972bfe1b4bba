"""Image runs: compared with plain PyTorch, paused, copied, in threads, and with errors."""

import copy
import dataclasses
import math
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

import wb_core as wb
from tests.core import plain_images
from tests.runs import finished
from wb_core.kinds.images.data import fashion


def bits(run: wb.ImageRun) -> tuple[object, ...]:
    """Everything that the config determines, so without the seconds."""
    history = {name: list(run.history.column(name)) for name in run.columns if name != "seconds"}
    state = {name: tensor.tolist() for name, tensor in run.model.state_dict().items()}
    return history, list(run.batch_losses), state, run.evaluation and run.evaluation.logits.tolist()


SMALL = wb.ImageConfig(epochs=2)
CONFIGS = [
    SMALL,
    dataclasses.replace(SMALL, model="relu", hidden_units=7, momentum=0.9, lr=0.02),
    dataclasses.replace(SMALL, model="tiny_vgg", hidden_units=3, batch_size=64),
    dataclasses.replace(SMALL, optimizer="adam", lr=0.003, seed=7, batch_size=17),
    dataclasses.replace(SMALL, batch_size=1000, epochs=1),
]


class TestSameAsPlainPyTorch:
    @pytest.mark.parametrize("config", CONFIGS, ids=["linear", "relu", "tiny_vgg", "adam", "one batch"])
    def test_a_run_has_the_bits_of_the_plain_loop(self, config, few):
        model, rows = plain_images.train(config, few)
        run = finished(config, data=few)
        assert [tuple(run.history.row(e).values())[:3] for e in range(config.epochs)] == rows
        assert run.model.state_dict().keys() == model.state_dict().keys()
        for name, tensor in model.state_dict().items():
            assert torch.equal(run.model.state_dict()[name], tensor)

    def test_the_published_figures_come_out_to_the_last_digit(self):
        """The course prints the mean of the accuracies of the batches; a history has the share of all images."""
        if fashion.find_folder() is None:
            pytest.skip("the full set is not on this machine")
        run = wb.Run(wb.ImageConfig(dataset="fashion_mnist", epochs=2))
        printed, counted = [], []
        while run.advance(epochs=1):
            row, logits, y = run.history.row(-1), run.evaluation.logits, run.data.y_test
            mean = plain_images.mean_accuracy(logits, y, run.config.batch_size)
            printed.append(f"{row['train_loss']:.5f} {row['test_loss']:.5f} {mean:.2f}")
            counted.append((row["test_accuracy"], 100 * int((logits.argmax(dim=1) == y).sum()) / 10_000))
        assert printed == ["0.59039 0.50954 82.04", "0.47633 0.47989 83.20"]
        assert all(one == other for one, other in counted)

    def test_the_accuracy_is_the_share_of_all_images_in_batches_of_any_size(self, few):
        weights = wb.ImageRun(SMALL, data=few).model.state_dict()
        found = set()
        for batch_size in (1, 7, 32, 70, 1000):
            run = wb.ImageRun(dataclasses.replace(SMALL, batch_size=batch_size), data=few)
            run.model.load_state_dict(weights)
            evaluation = run.test()
            right = int((evaluation.logits.argmax(dim=1) == few.y_test).sum())
            assert evaluation.accuracy == 100 * right / 70
            found.add(plain_images.mean_accuracy(evaluation.logits, few.y_test, batch_size))
        assert len(found) > 1  # the mean over the batches depends on their size


class TestDeterminism:
    def test_a_run_that_stops_after_every_few_batches_ends_with_the_same_bits(self, few):
        for config in CONFIGS[:3]:
            whole, pieces = finished(config, data=few), wb.ImageRun(config, data=few)
            counts = []
            while not pieces.done:
                counts.append(pieces.advance(batches=4))
            assert bits(pieces) == bits(whole)
            assert sum(counts) == config.epochs

    def test_a_copy_or_a_pickle_in_the_middle_of_an_epoch_goes_on_to_the_same_bits(self, few):
        run = wb.ImageRun(SMALL, data=few)
        run.advance(batches=13)
        copies = [copy.deepcopy(run), pickle.loads(pickle.dumps(run))]
        for one in copies:
            one.finish()
        run.finish()
        assert bits(copies[0]) == bits(copies[1]) == bits(run)

    def test_two_runs_at_once_leave_each_other_and_the_global_generator_alone(self, few):
        before = torch.get_rng_state()
        with ThreadPoolExecutor(4) as pool:
            first, second, third, fourth = pool.map(lambda config: bits(finished(config, data=few)), CONFIGS[:2] * 2)
        assert first == third
        assert second == fourth
        assert torch.equal(torch.get_rng_state(), before)

    def test_extending_a_run_gives_the_epochs_of_a_longer_run(self, few):
        run = finished(SMALL, data=few)
        run.extend(1)
        run.finish()
        assert bits(run) == bits(finished(dataclasses.replace(SMALL, epochs=3), data=few))


class TestAdvance:
    def test_batches_are_counted_and_an_epoch_is_recorded_after_its_last(self, few):
        run = wb.ImageRun(SMALL, data=few)
        assert (run.batches, run.seen, math.isnan(run.running_loss)) == (10, 0, True)
        assert run.advance(batches=9) == 0
        assert (run.batch, run.seen, len(run.batch_losses), run.epoch) == (9, 288, 9, 0)
        assert run.running_loss == pytest.approx(sum(run.batch_losses) / 9)
        assert run.advance(batches=0) == 0
        assert run.advance(batches=1) == 1
        assert (run.batch, run.epoch) == (0, 1)
        assert run.history.row(0)["train_loss"] == pytest.approx(sum(run.batch_losses) / 10)

    def test_seconds_end_after_a_batch_and_are_those_of_the_epoch(self, few):
        run = wb.ImageRun(SMALL, data=few)
        assert run.advance(seconds=0) == 0
        assert run.batch == 1
        run.finish()
        assert 0 < sum(run.history.column("seconds")) <= run.seconds

    def test_the_lines_of_a_batch_can_be_watched(self, few):
        seen = []
        wb.ImageRun(SMALL, data=few).advance(batches=1, on_line=lambda line, *tensors: seen.append(line))
        assert seen == ["train", "forward", "loss", "zero_grad", "backward", "step"]

    def test_the_last_evaluation_is_that_of_the_current_model(self, few):
        run = finished(SMALL, data=few)
        again = run.test()
        assert (again.loss, again.accuracy) == (run.evaluation.loss, run.evaluation.accuracy)
        assert torch.equal(again.logits, run.evaluation.logits)
        assert torch.allclose(run.predict(few.X_test), run.evaluation.logits, atol=1e-5)
        assert run.evaluation.logits.shape == (70, 10)


class TestErrors:
    def test_a_run_that_diverges_stops_at_the_last_good_epoch(self, few):
        run = wb.ImageRun(dataclasses.replace(SMALL, lr=1000, epochs=3), data=few)
        start = copy.deepcopy(run.model.state_dict())
        run.finish()
        assert (run.diverged_at, run.done, run.epoch, run.batch) == (0, True, 0, 0)
        assert run.evaluation is None
        assert all(torch.equal(tensor, start[name]) for name, tensor in run.model.state_dict().items())
        assert run.advance(batches=5) == 0

    def test_a_folder_without_the_files_is_refused_with_the_missing_file(self, tmp_path):
        with pytest.raises(wb.DataError) as caught:
            wb.Run(wb.ImageConfig(dataset="fashion_mnist", data_dir=tmp_path))
        assert (caught.value.code, caught.value.values["file"]) == ("data.missing", "train-images-idx3-ubyte.gz")

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("dataset", "mnist"),
            ("data_dir", 3),
            ("data_dir", b"/tmp"),
            ("model", "parameter"),
            ("hidden_units", 0),
            ("hidden_units", 2.5),
            ("batch_size", 0),
            ("loss", "l1"),
            ("epochs", 10_000),
            ("lr", math.nan),
        ],
    )
    def test_an_invalid_setting_is_named(self, field, given):
        with pytest.raises(wb.ConfigError) as caught:
            wb.ImageConfig(**{field: given})
        assert (caught.value.field, caught.value.given) == (field, given) or given != given

    def test_run_accepts_only_configs(self):
        with pytest.raises(TypeError, match="the config of a kind of training"):
            wb.Run("linear")


class TestCheckpoints:
    @pytest.mark.parametrize("model", ["linear", "relu", "tiny_vgg"])
    def test_a_saved_and_loaded_checkpoint_gives_the_same_evaluation(self, model, few):
        run = finished(dataclasses.replace(SMALL, model=model, epochs=1), data=few)
        again = wb.ImageRun(dataclasses.replace(run.config, seed=1), data=few)
        wb.load_checkpoint(wb.save_checkpoint(run), into=again)
        assert torch.equal(again.test().logits, run.evaluation.logits)

    def test_a_checkpoint_loaded_within_an_epoch_becomes_the_last_good_model(self, few):
        run, other = (wb.ImageRun(dataclasses.replace(SMALL, seed=seed, lr=1000), data=few) for seed in (42, 1))
        run.advance(batches=1)
        wb.load_checkpoint(wb.save_checkpoint(other), into=run)
        assert all(torch.equal(run.recorded_weights[name], t) for name, t in other.model.state_dict().items())
        run.finish()
        assert run.diverged_at == 0
        assert all(torch.equal(run.model.state_dict()[name], t) for name, t in other.model.state_dict().items())

    def test_a_checkpoint_of_other_sizes_is_refused_with_both_shapes(self, few):
        file = wb.save_checkpoint(wb.ImageRun(wb.ImageConfig(model="tiny_vgg", hidden_units=16), data=few))
        run = wb.ImageRun(wb.ImageConfig(model="tiny_vgg"), data=few)
        before = bits(run)
        with pytest.raises(wb.CheckpointError) as caught:
            wb.load_checkpoint(file, into=run)
        assert caught.value.code == "checkpoint.wrong_shape"
        assert "block_1.0.weight has shape (16, 1, 3, 3), this model needs (10, 1, 3, 3)" in str(caught.value)
        assert bits(run) == before
