"""The visitor's job in the image lab: what each action displays."""

import dataclasses

import pytest
import torch

import wb_core as wb
from pages.ui.labs.images import work
from pages.ui.labs.images.code import checkpoint_name, recipe
from pages.ui.labs.images.lab import MAX_TIMES, ImageLab
from tests.pages.image_jobs import SMALL, FakeWork, checkpoint_of, learned, rows_of

NOBODY = wb.JobError("job.crashed", "the process ended before its time")
FEW = wb.ImageConfig(epochs=2, hidden_units=1)


@pytest.fixture
def fake(monkeypatch):
    """A fake workplace for the lab's jobs; no timer runs."""
    fake = FakeWork()
    monkeypatch.setattr(work, "WORK", fake)
    monkeypatch.setattr(work, "REAPER", Kept())
    return fake


class Kept:
    """A reaper that only notes what it should keep."""

    def __init__(self):
        self.tickets = []

    def keep(self, ticket):
        self.tickets.append(ticket)


@pytest.fixture
def lab(fake):
    return ImageLab()


@pytest.fixture
def trained(lab, fake):
    """A lab with a finished training of `FEW`."""
    lab.train(FEW)
    fake.change(lab.ticket, state="done", **learned(FEW))
    lab.look()
    return lab


@pytest.fixture
def loaded(lab, fake):
    """A lab with a model from a checkpoint."""
    lab.load(FEW, checkpoint(FEW))
    fake.change(lab.ticket, state="done", **learned(FEW, epochs=0))
    lab.look()
    return lab


def checkpoint(config):
    return checkpoint_of(wb.ImageRun(config).model.state_dict())


class TestTraining:
    def test_a_new_lab_displays_nothing(self, lab, fake):
        lab.look()
        lab.cancel()
        assert (lab.ticket, lab.report, lab.result, lab.busy, lab.loaded) == (None, None, None, False, False)
        assert (fake.polled, fake.cancelled) == ([], [])

    def test_training_submits_a_job_and_shows_it(self, lab, fake):
        token = lab.token
        lab.train(SMALL)
        assert lab.report.job.config == SMALL
        assert lab.report.job.train
        assert lab.busy
        assert lab.token != token
        assert work.REAPER.tickets == [lab.ticket]

    def test_a_new_training_cancels_the_previous_one(self, lab, fake):
        lab.train(SMALL)
        before = lab.ticket
        lab.train(FEW)
        assert fake.cancelled == [before]
        assert fake.reports[lab.ticket].state == "running"

    def test_a_finished_training_is_not_cancelled_by_the_next(self, trained, fake):
        trained.train(SMALL)
        assert fake.cancelled == []

    def test_a_new_training_starts_even_if_the_previous_job_is_forgotten(self, lab, fake):
        lab.train(SMALL)
        fake.forget(lab.ticket)
        lab.train(FEW)
        assert lab.report.job.config == FEW

    def test_the_token_changes_only_with_the_job(self, lab, fake):
        lab.train(SMALL)
        token = lab.token
        fake.change(lab.ticket, state="done", **learned())
        lab.look()
        assert lab.token == token

    def test_a_finished_job_is_not_polled_again(self, trained, fake):
        polled = list(fake.polled)
        trained.look()
        assert fake.polled == polled

    def test_changed_settings_make_a_run_old(self, trained):
        assert not trained.stale(FEW)
        assert trained.stale(dataclasses.replace(FEW, epochs=3))

    def test_cancelling_keeps_what_was_learned(self, lab, fake):
        lab.train(FEW)
        fake.change(lab.ticket, **learned(FEW, epochs=1))
        lab.cancel()
        assert lab.report.state == "cancelled"
        assert fake.cancelled == [lab.ticket]
        assert lab.result.evaluation is lab.report.evaluation

    def test_a_forgotten_ticket_clears_the_display(self, lab, fake):
        lab.train(SMALL)
        token = lab.token
        fake.forget(lab.ticket)
        lab.look()
        assert (lab.ticket, lab.report, lab.busy) == (None, None, False)
        assert lab.token != token

    def test_cancelling_a_forgotten_job_clears_the_display(self, lab, fake):
        lab.train(SMALL)
        fake.forget(lab.ticket)
        lab.cancel()
        assert (lab.ticket, lab.report) == (None, None)


class TestTimes:
    def test_a_finished_training_is_counted_once(self, trained):
        trained.look()
        trained.cancel()
        [line] = trained.times
        assert (line.config, line.device, line.epochs, line.seconds) == (FEW, "cpu", 2, 0.5)
        assert (line.test_loss, line.test_accuracy) == (0.625, 80.25)

    def test_the_end_of_a_training_is_reported_once(self, trained):
        assert trained.ended
        trained.ended = False
        trained.look()
        assert not trained.ended

    def test_a_cancelled_training_counts_its_whole_epochs(self, lab, fake):
        lab.train(SMALL)
        fake.change(lab.ticket, rows=rows_of(1))
        lab.cancel()
        assert [line.epochs for line in lab.times] == [1]
        assert lab.ended

    @pytest.mark.parametrize("state", ["running", "done"])  # it may have ended since the last poll
    def test_a_replaced_training_counts_its_whole_epochs(self, lab, fake, state):
        lab.train(SMALL)
        fake.change(lab.ticket, state=state, rows=rows_of(1))
        lab.train(FEW)
        assert [(line.config, line.epochs) for line in lab.times] == [(SMALL, 1)]
        assert not lab.ended

    @pytest.mark.parametrize("state", ["cancelled", "failed", "done"])
    def test_a_training_without_a_whole_epoch_does_not_count(self, lab, fake, state):
        lab.train(SMALL)
        fake.change(lab.ticket, state=state)
        lab.look()
        assert (lab.times, lab.ended) == ([], False)

    def test_the_test_of_a_checkpoint_does_not_count(self, loaded):
        assert (loaded.times, loaded.ended) == ([], False)

    def test_the_newest_trainings_are_kept(self, lab, fake):
        for seed in range(MAX_TIMES + 2):
            lab.train(dataclasses.replace(SMALL, seed=seed))
            fake.change(lab.ticket, state="done", rows=rows_of(1))
            lab.look()
        assert [line.config.seed for line in lab.times] == list(range(2, MAX_TIMES + 2))


class TestReturn:
    """A later session takes over what an earlier one has saved."""

    def test_a_known_job_is_displayed(self, lab, fake):
        lab.train(SMALL)
        after = ImageLab()
        after.take_over(lab.saved)
        assert (after.ticket, after.busy, after.news) == (lab.ticket, True, "")
        assert work.REAPER.tickets == [lab.ticket, lab.ticket]

    def test_a_job_counts_when_it_ends(self, lab, fake):
        lab.train(SMALL)
        after = ImageLab()
        after.take_over(lab.saved)
        fake.change(after.ticket, state="done", rows=rows_of(2))
        after.look()
        assert len(after.times) == 1

    @pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
    def test_what_happened_meanwhile_is_news_once(self, lab, fake, state):
        lab.train(SMALL)
        saved, after, later = lab.saved, ImageLab(), ImageLab()
        fake.change(lab.ticket, state=state, rows=rows_of(2))
        after.take_over(saved)
        assert after.news == state
        later.take_over(after.saved)
        assert later.news == ""

    @pytest.mark.parametrize("ticket", ["", "unknown", "ticket 0"])
    def test_an_unknown_job_is_news_and_nobodys(self, lab, ticket):
        token = lab.token
        lab.take_over({"ticket": ticket, "finished": False})
        assert (lab.ticket, lab.report, lab.token, lab.news) == (None, None, token, "lost")
        assert work.REAPER.tickets == []

    @pytest.mark.parametrize("saved", [None, [], "ticket 0", {}, {"ticket": 0}, {"ticket": ["ticket 0"]}])
    def test_nonsense_is_refused(self, lab, fake, saved):
        fake.submit(wb.Job(SMALL))
        with pytest.raises(ValueError, match="no job"):
            lab.take_over(saved)
        assert lab.ticket is None

    def test_a_lab_with_a_job_ignores_another_ticket(self, lab, fake):
        other = fake.submit(wb.Job(FEW))
        lab.train(SMALL)
        mine = lab.ticket
        lab.take_over({"ticket": other, "finished": False})
        assert (lab.ticket, lab.report.job.config) == (mine, SMALL)

    def test_a_job_of_another_page_is_ignored(self, lab, fake):
        lab.take_over({"ticket": fake.submit(wb.Job(wb.LinearConfig())), "finished": False})
        assert (lab.ticket, lab.report) == (None, None)


class TestResult:
    def test_the_result_has_the_tested_weights(self, trained):
        result = trained.result
        for name, tensor in trained.report.weights.items():
            assert torch.equal(result.run.model.state_dict()[name], tensor)
        assert torch.equal(result.run.test().logits, result.evaluation.logits)
        assert torch.equal(result.predictions.predicted, result.evaluation.logits.argmax(dim=1))

    def test_the_result_is_made_once_per_test(self, trained, fake):
        first = trained.result
        run, predictions = first.run, first.predictions
        assert trained.result is first
        assert (first.run, first.predictions) == (run, predictions)
        trained.report = dataclasses.replace(trained.report, evaluation=dataclasses.replace(first.evaluation))
        assert trained.result is not first

    def test_the_result_is_on_the_cpu(self, lab, fake):
        gpu = dataclasses.replace(FEW, device="cuda")  # a worker may have a GPU that this machine lacks
        lab.train(gpu)
        fake.change(lab.ticket, state="done", **learned(FEW))
        lab.look()
        assert lab.result.run.device.type == "cpu"
        assert lab.result.config == gpu
        lab.load(gpu, checkpoint(FEW))
        assert lab.report.job.config == gpu

    def test_before_the_first_test_there_is_no_result(self, lab, fake):
        lab.train(SMALL)
        fake.change(lab.ticket, batch_losses=[1.0])
        lab.look()
        assert lab.result is None

    def test_the_next_training_clears_the_result(self, trained):
        trained.train(FEW)
        assert trained.result is None


class TestCheckpoint:
    def test_a_checkpoint_is_tested_and_not_trained(self, lab):
        run = wb.ImageRun(FEW)
        lab.load(FEW, checkpoint_of(run.model.state_dict()))
        assert not lab.report.job.train
        assert all(torch.equal(lab.report.job.weights[name], t) for name, t in run.model.state_dict().items())

    def test_a_checkpoint_counts_as_loaded_until_training(self, loaded):
        assert loaded.loaded
        loaded.train(FEW)
        assert not loaded.loaded

    def test_a_refused_checkpoint_changes_nothing(self, trained):
        before = trained.ticket, trained.report, trained.token
        with pytest.raises(wb.CheckpointError):
            trained.load(SMALL, checkpoint(FEW))
        assert (trained.ticket, trained.report, trained.token) == before

    def test_training_starts_from_the_checkpoint(self, loaded, fake):
        weights = loaded.report.weights
        loaded.resume(dataclasses.replace(FEW, lr=0.01))
        assert loaded.report.job == wb.Job(dataclasses.replace(FEW, lr=0.01), weights=weights)

    @pytest.mark.parametrize("change", [{"model": "relu"}, {"hidden_units": 2}])
    def test_another_model_cannot_start_from_the_checkpoint(self, loaded, change):
        before = loaded.ticket
        loaded.resume(dataclasses.replace(FEW, **change))
        assert loaded.ticket == before

    def test_without_a_checkpoint_training_starts_from_the_seed(self, trained, fake):
        before = trained.ticket
        trained.resume(FEW)
        assert trained.ticket == before

    def test_a_cancelled_test_loads_nothing(self, lab, fake):
        lab.load(FEW, checkpoint(FEW))
        lab.cancel()
        assert not lab.loaded


class TestRecipe:
    def test_before_a_training_the_code_is_that_of_the_settings(self, lab):
        assert recipe(lab, FEW) == (found := recipe(ImageLab(), FEW))
        assert (found.config, found.start) == (FEW, None)

    def test_after_a_training_the_code_is_that_of_the_displayed_run(self, trained):
        assert recipe(trained, SMALL).config == FEW

    @pytest.mark.parametrize(
        ("state", "diverged_at", "epochs", "expected"),
        [
            ("cancelled", None, 1, 1),
            ("cancelled", None, 0, 5),  # nothing was learned yet, so the code trains
            ("failed", None, 2, 2),
            ("done", 2, 2, 5),  # the code stops by itself, like the run
            ("done", None, 5, 5),
            ("running", None, 2, 5),
        ],
    )
    def test_the_code_has_the_epochs_of_the_displayed_model(self, lab, fake, state, diverged_at, epochs, expected):
        lab.train(dataclasses.replace(FEW, epochs=5))
        error = NOBODY if state == "failed" else None
        fake.change(lab.ticket, state=state, diverged_at=diverged_at, rows=rows_of(epochs), error=error)
        lab.look()
        assert recipe(lab, SMALL).config == dataclasses.replace(FEW, epochs=expected)

    def test_for_a_loaded_model_the_code_continues_its_training(self, loaded):
        slower = dataclasses.replace(FEW, lr=0.01)
        assert (recipe(loaded, slower).config, recipe(loaded, slower).start) == (slower, checkpoint_name(FEW))
        assert (recipe(loaded, SMALL).config, recipe(loaded, SMALL).start) == (SMALL, None)

    def test_for_a_training_from_a_checkpoint_the_code_loads_the_file(self, loaded):
        loaded.resume(FEW)
        assert recipe(loaded, SMALL).start == checkpoint_name(FEW)

    @pytest.mark.parametrize("model", wb.IMAGE_MODELS)
    def test_a_download_has_the_file_name_in_the_code(self, model):
        assert checkpoint_name(wb.ImageConfig(model=model)) in wb.to_script(wb.ImageConfig(model=model))
