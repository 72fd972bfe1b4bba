"""The image lab without a browser: controls, links, trainings, texts and panels."""

import html
import math
import re

import pytest
import torch
from hypothesis import example, given, strategies

import wb_core as wb
from pages.ui.i18n import LANGUAGES, translator
from pages.ui.labs.images import download, panels, work
from pages.ui.labs.images.code import checkpoint_name
from pages.ui.labs.images.lab import ImageLab
from pages.ui.labs.images.panels import checkpoint
from pages.ui.labs.images.view import ImageView
from pages.ui.sentences import CODES
from pages.ui.session.share import decode, encode
from pages.ui.widgets.fields import is_here
from tests.core.checkpoint_corpus import saved
from tests.pages.app import button, kept, open_page, query, send_kept, widget
from tests.pages.image_jobs import LAB, SMALL, FakeWork, learned, rows_of
from tests.waiting import wait_until
from wb_core.base.fields import Choice, Folder, specs
from wb_core.kinds.images.data import fashion

SPECS = {name: spec for name, spec in specs(wb.ImageConfig).items() if not isinstance(spec, Folder)}
VIEW, PROOFS = "pages.ui.labs.images.view.ImageView", "pages.ui.labs.images.panels.checkpoint.ImageProofs"
LONG = {"model": "tiny_vgg", "hidden_units": "64", "epochs": "20"}


@pytest.fixture
def fake(monkeypatch):
    """A fake workplace."""
    fake = FakeWork()
    monkeypatch.setattr(work, "WORK", fake)
    monkeypatch.setattr(work, "keep", lambda ticket: None)
    return fake


@pytest.fixture(scope="module")
def processes():
    """Real worker processes, which end with the tests."""
    work.WORK.warm_up()
    yield work.WORK
    work.WORK.stop()


@pytest.fixture(scope="module")
def tested():
    """The report of two epochs of `SMALL` for each model."""
    return {model: learned(wb.ImageConfig(model=model, epochs=2)) for model in wb.IMAGE_MODELS}


def open_lab(*, panel="times", language="en", report=None, state=None, **link):
    """The page with this panel, by default the cheapest, and with a lab that displays this report."""
    lab = ImageLab()
    if report is not None:
        lab._begin("ticket", report)
    return open_page("images.py", state={"language": language, panels.KEY: panel, LAB: lab, **(state or {})}, **link)


def lab_of(app):
    return app.session_state[LAB]


def report(state="done", config=SMALL, *, train=True, **more):
    return wb.Report(wb.Job(config, train=train), state=state, **more)


def finish(app):
    """Rerun the page, as the browser does, until the displayed job has ended."""
    wait_until(lambda: not lab_of(app).busy or not lab_of(app.run()).busy)
    return app


def choice(app, label):
    [found] = [group for group in app.segmented_control if group.label == label]
    return found


def labels(app):
    return [button.label for button in app.button]


def texts(app):
    """The texts of the page's progress bars."""
    found = "".join(part.proto.body for part in app.get("html"))
    return [html.unescape(text) for text in re.findall('class="wb-bar".*?<span>(.*?)</span>', found)]


def status(app):
    """Type and text of the status box of the displayed job."""
    [place] = [block for block in blocks(app) if block.key == "status"]
    parts = [part for block in (place, *within(place)) for part in block.children.values()]
    [box] = (part for part in parts if part.type in ("info", "success", "warning", "error"))
    return box.type, box.value


def within(block):
    """The blocks in a block, at any depth."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield child
            yield from within(child)


def blocks(app):
    waiting = [app.main]
    while waiting:
        block = waiting.pop()
        yield block
        waiting += [child for child in block.children.values() if hasattr(child, "children")]


class TestControls:
    def test_the_page_opens_with_images_and_no_training(self):
        app = open_page("images.py")
        assert not app.exception
        assert choice(app, "Look inside").value == "data"
        assert status(app)[1].startswith("Not trained yet.")
        assert "Train" in labels(app)
        assert not {"Stop", "Continue training"} & set(labels(app))
        assert query(app) == {}

    @pytest.mark.parametrize(
        ("label", "value", "field"),
        [
            ("Model", "tiny_vgg", "model"),
            ("Hidden units", 64, "hidden_units"),
            ("Batch size", 8, "batch_size"),
            ("Learning rate", 0.5, "lr"),
            ("Epochs", 20, "epochs"),
            ("Optimizer", "adam", "optimizer"),
            ("Momentum", 0.9, "momentum"),
            ("Seed", 9999, "seed"),
            ("Device", "auto", "device"),
        ],
    )
    def test_a_control_changes_its_setting_and_nothing_else(self, fake, label, value, field):
        app = open_lab()
        widget(app, label).set_value(value).run()
        assert query(app) == encode(wb.ImageConfig(**{field: value}))
        button(app, "Train").click().run()
        assert not app.exception
        assert lab_of(app).report.job.config == wb.ImageConfig(**{field: value})

    def test_momentum_is_only_for_sgd(self):
        assert widget(open_lab(optimizer="adam"), "Momentum").disabled

    def test_a_link_sets_the_controls_and_is_trained(self, fake):
        app = open_lab(lr="0.02", epochs="7", model="relu", hidden_units="33", batch_size="100", seed="7")
        button(app, "Train").click().run()
        assert not app.exception
        assert lab_of(app).report.job.config == wb.ImageConfig(
            lr=0.02, epochs=7, model="relu", hidden_units=33, batch_size=100, seed=7
        )

    def test_a_folder_of_the_server_cannot_be_chosen_by_a_link(self, fake):
        app = open_lab(data_dir="/", seed="7", colour="red")
        [notice] = [warning.value for warning in app.warning]
        assert notice.endswith("Folder, `colour`.")
        button(app, "Train").click().run()
        assert lab_of(app).report.job.config == wb.ImageConfig(seed=7)

    def test_a_missing_full_set_can_be_downloaded_but_not_trained_on(self, monkeypatch):
        monkeypatch.setattr(download, "find_folder", lambda: None)
        app = open_lab(dataset="fashion_mnist")
        assert button(app, "Train").disabled
        assert "Download" in labels(app)
        assert not button(open_lab(), "Train").disabled

    @pytest.mark.parametrize("panel", ["data", "layers"])
    def test_a_wrong_folder_is_named_once(self, monkeypatch, tmp_path, panel):
        monkeypatch.setenv("WB_DATA_DIR", str(tmp_path / "typo"))
        monkeypatch.setattr(fashion, "cache_folder", lambda: tmp_path)
        app = open_lab(panel=panel, dataset="fashion_mnist")
        assert not app.exception
        boxes = [box.value for kind in (app.info, app.warning, app.error) for box in kind]
        assert [text for text in boxes if "WB_DATA_DIR" in text] == [CODES["data.no_such_folder"]]
        assert "The full set isn't on this machine. “1 Data” says why." in boxes

    def test_with_the_full_set_there_is_nothing_to_download(self, monkeypatch, tmp_path):
        monkeypatch.setattr(download, "find_folder", lambda: tmp_path)
        app = open_lab(dataset="fashion_mnist")
        assert not button(app, "Train").disabled
        assert "Download" not in labels(app)

    def test_settings_survive_a_visit_to_another_page(self, fake):
        app = open_lab(lr="0.02")
        widget(app, "Epochs").set_value(7).run()
        app.switch_page("home.py").run()
        app.switch_page("images.py").run()
        assert query(app) == {"lr": "0.02", "epochs": "7"}


def values(name):
    """The values that a widget can have."""
    spec = SPECS[name]
    if isinstance(spec, Choice):
        return strategies.sampled_from([option for option in spec.options if is_here(name, option)])
    low, high = spec.offered
    if spec.integer:
        return strategies.integers(int(low), int(high))
    return strategies.floats(low, high).map(lambda value: round(value, 6))  # no control has finer steps


configs = strategies.fixed_dictionaries({}, optional={name: values(name) for name in SPECS}).map(
    lambda settings: wb.ImageConfig(**settings)
)
words = strategies.text() | strategies.integers().map(str) | strategies.floats().map(repr)


class TestLink:
    @given(configs)
    def test_a_config_survives_its_link(self, config):
        assert decode(encode(config), wb.ImageConfig) == ((config,), ())

    @given(configs)
    def test_a_link_is_plain_and_without_defaults(self, config):
        for name, text in encode(config).items():
            assert getattr(config, name) != getattr(wb.ImageConfig(), name)
            assert re.fullmatch(r"[a-z0-9_.+-]+", text)

    @given(strategies.dictionaries(strategies.sampled_from([*SPECS, "data_dir"]) | strategies.text(), words))
    @example(
        {"data_dir": "/etc", "hidden_units": "65", "batch_size": "3", "epochs": "21", "lr": "0", "model": "Linear"}
    )
    @example({"data_dir": "", "hidden_units": "2.5", "batch_size": "1e3", "device": "cuda:0", "loss": "mse"})
    def test_any_query_gives_a_config_and_names_the_ignored_parts(self, query):
        (config,), ignored = decode(query, wb.ImageConfig)
        assert config.data_dir is None
        for name, spec in SPECS.items():
            value = getattr(config, name)
            if isinstance(spec, Choice):
                assert is_here(name, value)
            else:
                assert spec.offered[0] <= value <= spec.offered[1]
            if name not in query or name in ignored:
                assert value == getattr(wb.ImageConfig(), name)
        assert set(query) - set(SPECS) - {"embed", "embed_options"} <= set(ignored)


class TestQuestion:
    """Can it learn shirts?"""

    @staticmethod
    def shirts(app):
        [question] = [part.proto.body for part in app.get("html") if 'class="wb-question"' in part.proto.body]
        return question, re.findall('wb-said">(.) ?([^<]*)<', question)

    def test_it_shows_ten_shirts_and_after_a_test_what_the_model_predicts(self, tested):
        question, captions = self.shirts(open_page("images.py"))
        assert "Press Train" in question
        assert captions == [("?", "")] * 10
        told = report(config=wb.ImageConfig(epochs=2), **{"state": "done", **tested["linear"]})
        question, captions = self.shirts(open_lab(report=told, epochs="2"))
        predicted = told.evaluation.logits.argmax(dim=1)
        y = wb.fashion_mnist("fashion_mnist_small").test.y
        right = int(((predicted == 6) & (y == 6)).sum())
        assert f"It gets {right} of 100 test shirts right." in question
        expected = [wb.fashion_mnist("fashion_mnist_small").classes[n] for n in predicted[y == 6][:10].tolist()]
        assert [name for _sign, name in captions] == expected


class TestTraining:
    """Trainings in real processes."""

    def test_a_training_ends_with_the_numbers_of_a_local_run(self, processes):
        app = open_lab(epochs="2", hidden_units="5")
        button(app, "Train").click().run()
        assert not app.exception
        assert "Stop" in labels(app)
        finish(app)
        assert not app.exception
        run = wb.Run(wb.ImageConfig(epochs=2, hidden_units=5))
        run.finish()
        told = lab_of(app).report
        assert list(told.batch_losses) == list(run.batch_losses)
        for name in ("train_loss", "test_loss", "test_accuracy"):
            assert told.rows.column(name) == list(run.history.column(name))
        kind, sentence = status(app)
        assert kind == "success"
        right = int((run.evaluation.logits.argmax(dim=1) == run.data.y_test).sum())
        assert f"It gets {right / 10:.1f}% of new pictures right" in sentence
        assert "Stop" not in labels(app)

    def test_a_training_can_be_cancelled(self, processes):
        app = open_lab(**LONG)
        button(app, "Train").click().run()
        button(app, "Stop").click().run()
        assert not app.exception
        assert lab_of(app).report.state == "cancelled"
        assert status(app) == ("info", "Stopped before the first epoch was done.")

    def test_a_trained_model_is_trained_longer_with_the_same_first_epochs(self, processes):
        app = open_lab(epochs="1", hidden_units="5")
        button(app, "Train").click().run()
        first = list(finish(app).session_state[LAB].report.batch_losses)
        assert not button(app.run(), "Continue training").disabled
        button(app, "Continue training").click().run()
        report = finish(app).session_state[LAB].report
        assert (report.epochs, report.job.config.epochs) == (2, 2)
        assert list(report.batch_losses)[: len(first)] == first
        assert widget(app, "Epochs").value == 2

    def test_a_model_of_other_settings_cannot_be_trained_longer_and_the_button_says_why(self):
        app = open_lab(report=report(rows=rows_of(2)), epochs="2", lr="0.01")
        assert button(app, "Continue training").disabled
        assert button(app, "Continue training").help.startswith("The settings have changed")
        app = open_lab(report=report(rows=rows_of(1), diverged_at=1), epochs="2")
        assert button(app, "Continue training").help.startswith("There's nothing to continue")

    def test_a_learning_rate_that_is_too_large_is_a_warning_and_not_an_error(self, processes):
        app = open_lab(lr="1")
        button(app, "Train").click().run()
        finish(app)
        assert not app.exception
        assert not app.error
        kind, sentence = status(app)
        assert kind == "warning"
        assert sentence.startswith("**Exploded** in epoch 0.")
        button(app, "Try Learning rate 0.1").click().run()
        assert lab_of(app).report.job.config == wb.ImageConfig()

    def test_an_uploaded_checkpoint_has_the_same_test_and_can_be_trained(self, processes):
        saved = wb.ImageRun(wb.ImageConfig(model="relu", hidden_units=5))
        evaluation, file = saved.test(), wb.save_checkpoint(saved)
        app = open_lab(panel="checkpoint", model="relu", hidden_units="5", epochs="1")
        app.file_uploader[0].upload("model.pth", file, "application/octet-stream").run()
        finish(app)
        assert not app.exception
        assert torch.equal(lab_of(app).report.evaluation.logits, evaluation.logits)
        # It was not saved in this session, so nothing is known of the time before.
        assert app.success[-1].value == "Loaded: the model now has the weights from the file."
        assert all("before saving" not in text for text in [*labels(app), *(box.value for box in app.success)])
        button(app, "Continue training").click().run()
        finish(app)
        saved.advance(epochs=1)
        assert list(lab_of(app).report.batch_losses) == list(saved.batch_losses)


RIGHT = "The model gets 820 of 1,000 test pictures right. Guessing would get about 100."
TIME = "Training time on cpu: 0.500 s."
GOOD = "**It gets 82.0% of new pictures right; guessing would get 10%.**"
LEARNED = "Of those it trained on, it gets 11.4%."
LOST = "A computer in the cluster was lost, so this run started over on another one."
ONE_WORD = "It predicts “Ankle boot” for every picture"


def said(*, wrong: int = 180) -> torch.Tensor:
    """Logits of a model that gets `wrong` test images wrong, by predicting the class after the true one."""
    y = wb.fashion_mnist("fashion_mnist_small").y_test.clone()
    y[:wrong] = (y[:wrong] + 1) % 10
    return torch.nn.functional.one_hot(y, 10).to(torch.float32)


def never(*classes: int) -> wb.Evaluation:
    """The evaluation of a model that never predicts some classes."""
    logits = said()
    for number in classes:
        logits[logits.argmax(dim=1) == number] = torch.eye(10)[9]
    return wb.Evaluation(0.5, 81.25, logits)


class TestStatus:
    CRASHED = wb.JobError("job.crashed", "the process ended before its time")
    AWAY = wb.JobError("job.no_cluster", "the cluster cannot be reached", address="ray://head:10001")
    NO_RAY = wb.JobError("job.no_ray", "Ray is not installed here")
    MISSING = wb.DataError("data.missing", "there is no such file", file="train-images-idx3-ubyte.gz")
    EXAM = wb.Evaluation(0.5, 81.25, said())
    WEIGHTS = wb.ImageRun(SMALL).model.state_dict()

    @pytest.mark.parametrize(
        ("told", "kind", "sentence"),
        [
            (
                report(rows=rows_of(2), evaluation=EXAM, weights=WEIGHTS),
                "success",
                f"{GOOD} {LEARNED} {TIME}",
            ),
            (
                report(rows=rows_of(2), evaluation=never(*range(9)), weights=WEIGHTS),
                "warning",
                f"**It hasn't learned anything yet.** {ONE_WORD}. It needs more steps, or bigger ones. {TIME}",
            ),
            (
                report(
                    rows=rows_of(2),
                    evaluation=never(*range(9)),
                    weights=WEIGHTS,
                    batch_losses=[2.3, 80.0, 2.3],
                    batches=188,
                    samples=6000,
                ),
                "warning",
                f"**It didn't learn anything.** {ONE_WORD}: the steps were too big. {TIME}",
            ),
            (
                report(rows=rows_of(2), evaluation=EXAM, weights=WEIGHTS, tries=2),
                "success",
                f"{GOOD} {LEARNED} {TIME} {LOST}",
            ),
            (
                report(rows=rows_of(2), evaluation=wb.Evaluation(2.3, 11.5, said(wrong=885)), weights=WEIGHTS),
                "warning",
                f"**Barely better than guessing.** {RIGHT.replace('820', '115')} {LEARNED} {TIME}",
            ),
            (report("cancelled"), "info", "Stopped before the first epoch was done."),
            (
                report("cancelled", rows=rows_of(1)),
                "info",
                "Stopped. Complete epochs kept: 1.",
            ),
            (
                report(diverged_at=1, rows=rows_of(1)),
                "warning",
                "**Exploded** in epoch 1. The steps were too big, so the loss grew until it overflowed.",
            ),
            (report("failed", error=CRASHED), "error", CODES["job.crashed"]),
            (report("failed", error=AWAY), "error", CODES["job.no_cluster"].format(address="ray://head:10001")),
            (report("failed", error=NO_RAY), "error", CODES["job.no_ray"]),
            (report("failed", error=MISSING), "error", CODES["data.missing"].format(file="train-images-idx3-ubyte.gz")),
            (
                report(train=False, evaluation=EXAM, weights=WEIGHTS),
                "success",
                f"The model comes from your checkpoint. {RIGHT}",
            ),
            (report("cancelled", train=False), "info", "Stopped before the model was tested."),
        ],
        ids=[
            "done",
            "nothing learned yet",
            "nothing learned",
            "done again",
            "barely better than guessing",
            "cancelled",
            "cancelled late",
            "exploded",
            "crashed",
            "no cluster",
            "no Ray",
            "no data",
            "loaded",
            "cancelled test",
        ],
    )
    def test_the_status_describes_the_displayed_run(self, told, kind, sentence):
        app = open_lab(report=told, epochs="2")
        assert not app.exception
        assert status(app) == (kind, sentence)

    def test_the_status_says_that_the_settings_have_changed(self):
        app = open_lab(report=report(rows=rows_of(2), evaluation=self.EXAM, weights=self.WEIGHTS), epochs="2")
        widget(app, "Learning rate").set_value(0.01).run()
        assert status(app)[1].startswith("**It gets ")
        assert "The settings have changed since this run." in status(app)[1]
        widget(app, "Learning rate").set_value(0.1).run()
        assert status(app)[1] == f"{GOOD} {LEARNED} {TIME}"

    def test_changed_settings_do_not_affect_a_checkpoints_status(self):
        app = open_lab(report=report(train=False, evaluation=self.EXAM, weights=self.WEIGHTS), epochs="2", lr="0.01")
        assert status(app) == ("success", f"The model comes from your checkpoint. {RIGHT}")

    @pytest.mark.parametrize(
        ("settings", "wild", "offered"),
        [
            ({"epochs": 2}, False, "Try Epochs 6"),
            ({"epochs": 10}, False, "Try Epochs 20"),
            ({"epochs": 20, "lr": 0.0003}, False, "Try Learning rate 0.003"),
            ({"epochs": 2, "lr": 0.0003}, False, "Try Learning rate 0.003"),
            ({"epochs": 20}, False, "Try Learning rate 0.3"),
            ({"epochs": 20, "lr": 1.0}, False, None),
            ({"lr": 0.2}, True, "Try Learning rate 0.02"),
            ({"lr": 0.0001}, True, None),
            ({"lr": 0.2, "momentum": 0.99}, True, "Try Momentum 0.5, Learning rate 0.1"),
            ({"lr": 0.05, "momentum": 0.99}, True, "Try Momentum 0.5"),
        ],
    )
    def test_the_suggestion_differs_from_the_settings(self, settings, wild, offered):
        config = wb.ImageConfig(**settings)
        more = {"batch_losses": [80.0 if wild else 2.3], "batches": 188, "samples": 6000}
        told = report(config=config, rows=rows_of(1), evaluation=never(*range(9)), weights=self.WEIGHTS, **more)
        app = open_lab(report=told, **encode(config))
        assert not app.exception
        assert [label for label in labels(app) if label.startswith("Try ")] == ([offered] if offered else [])

    def test_classes_that_are_never_predicted_are_named(self):
        app = open_lab(report=report(rows=rows_of(2), evaluation=never(3, 6), weights=self.WEIGHTS), epochs="2")
        assert "It never predicts “Dress”, “Shirt”." in status(app)[1]

    def test_classes_that_a_last_relu_cuts_off_are_named_with_a_model_without_it(self, fake):
        config = wb.ImageConfig(model="relu", epochs=2)
        weights = wb.ImageRun(config).model.state_dict()
        told = report(config=config, rows=rows_of(2), evaluation=never(3, 6), weights=weights)
        app = open_lab(report=told, **encode(config))
        kind, sentence = status(app)
        assert kind == "warning"
        assert sentence.startswith("**The last ReLU made classes impossible.**")
        assert "The outputs for “Dress”, “Shirt” are 0 on at least 100% of the test pictures" in sentence
        button(app, "Try Model Two linear layers").click().run()
        assert lab_of(app).report.job.config == wb.ImageConfig(epochs=2)

    def test_a_test_loss_below_the_train_loss_is_explained(self):
        more = {"batches": 20, "samples": 640, "batch_losses": [*[0.75] * 38, 0.5, 0.375]}
        app = open_lab(report=report(rows=rows_of(2), evaluation=self.EXAM, weights=self.WEIGHTS, **more), epochs="2")
        [remark] = [caption.value for caption in app.caption if caption.value.startswith("Why is the test loss")]
        assert "(0.6250) below the train loss (0.7500)" in remark
        assert (
            "the epoch's 20 batches, each before its step; over the epoch's last tenth, 2 batches, it was 0.4375"
            in remark
        )

    def test_an_error_stays_when_the_settings_change(self):
        app = open_lab(report=report("failed", error=self.CRASHED), lr="0.01")
        assert status(app) == ("error", CODES["job.crashed"])

    def test_training_on_is_offered_only_for_the_checkpoints_model(self):
        app = open_lab(report=report(train=False, evaluation=self.EXAM, weights=self.WEIGHTS), epochs="2")
        assert not button(app, "Continue training").disabled
        widget(app, "Hidden units").set_value(64).run()
        assert button(app, "Continue training").disabled


UNDER_WAY = {"batches": 188, "samples": 6000}


class TestProgress:
    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            (
                report("queued", place=3),
                [
                    "Other visitors are training. Your place in the queue: 3",
                    "It starts by itself when it's your turn.",
                ],
            ),
            (
                report("queued"),
                ["Waiting for a free slot in the cluster.", "It starts by itself as soon as there is one."],
            ),
            (report("starting"), ["Getting the pictures ready", "It starts right away."]),
            (report("running"), ["Getting the pictures ready", "It starts right away."]),
            (report("running", train=False, **UNDER_WAY), ["Testing the model"]),
            (report("running", **UNDER_WAY), ["Looked at 0 of 6,000 pictures", "Epochs done: 0 of 2"]),
            (
                report("running", batch=100, seen=3200, batch_losses=[1.0] * 100, seconds=0.1, **UNDER_WAY),
                ["Looked at 3,200 of 6,000 pictures", "Epochs done: 0 of 2"],
            ),
            (
                report("running", batch=188, seen=6000, batch_losses=[1.0] * 188, seconds=0.1, **UNDER_WAY),
                ["Testing the model", "Epochs done: 0 of 2"],
            ),
            (
                report(
                    "running", rows=rows_of(1), batch=94, seen=3008, batch_losses=[1.0] * 282, seconds=3, **UNDER_WAY
                ),
                [
                    "Looked at 3,008 of 6,000 pictures",
                    "Epochs done: 1 of 2 · 3,000 pictures per second · about 1 s left",
                ],
            ),
        ],
        ids=[
            "queued",
            "in a cluster",
            "starting",
            "no data yet",
            "a test",
            "first batch",
            "half",
            "testing",
            "second epoch",
        ],
    )
    def test_progress_bars_show_epochs_and_batches(self, fake, told, expected):
        fake.reports["ticket"] = told
        app = open_lab(report=told)
        assert not app.exception
        assert texts(app) == expected

    @pytest.mark.parametrize(("tries", "count"), [(1, 0), (2, 1), (3, 1)])
    @pytest.mark.parametrize("state", ["queued", "running"])
    def test_a_lost_node_is_reported_under_the_bars(self, fake, state, tries, count):
        fake.reports["ticket"] = told = report(state, tries=tries)
        app = open_lab(report=told)
        assert sum(LOST in part.proto.body for part in app.get("html")) == count

    def test_each_tested_epoch_has_a_line(self, fake):
        fake.reports["ticket"] = told = report(
            "running", rows=rows_of(1), batch_losses=[0.75] * 188, seconds=0.1, **UNDER_WAY
        )
        app = open_lab(report=told)
        [table] = [part.proto.body for part in app.get("html") if 'wb-epochs"' in part.proto.body]
        cells = re.findall("<td>(.*?)</td>", table)
        assert cells == ["1", "0.75000", "0.50000", "81.25%", "0.25 s"]

    def test_a_forgotten_job_leaves_an_untrained_page_that_says_so(self, fake):
        app = open_lab(report=report("running"))
        assert not app.exception
        assert lab_of(app).report is None
        assert status(app)[0] == "warning"
        assert status(app)[1].startswith("The server no longer has your run")


class TestReturn:
    """The visitor comes back with a new session on the server."""

    @pytest.fixture
    def back(self, fake, monkeypatch):
        """Start a run, end the session, and open the page again after what `happened` to the run."""

        def back(*, happened=lambda ticket: None, **link):
            app = open_page("images.py", **link)
            send_kept(monkeypatch, kept(button(app, "Train").click().run()))
            happened(lab_of(app).ticket)
            return open_page("images.py", **link)

        return back

    def test_the_run_and_its_settings_are_there(self, back):
        settings = {"model": "relu", "hidden_units": "64", "lr": "0.01"}
        app = back(**settings)
        assert not app.exception
        assert encode(lab_of(app).report.job.config) == settings
        assert query(app) == settings
        assert texts(app) == ["Getting the pictures ready", "It starts right away."]

    def test_a_run_that_the_server_no_longer_has_is_named(self, back, fake):
        app = back(happened=fake.forget, lr="0.01")
        assert not app.exception
        assert query(app) == {"lr": "0.01"}
        assert status(app)[0] == "warning"
        assert status(app)[1].startswith("The server no longer has your run")

    def test_a_run_that_ended_for_want_of_its_visitor_is_named(self, back, fake):
        app = back(happened=fake.cancel)
        assert status(app)[1].startswith(
            "The server ended the run, because its page was closed or offline for more than ten minutes."
        )

    def test_a_run_that_ended_meanwhile_is_named(self, back, fake, tested):
        app = back(
            happened=lambda ticket: fake.change(ticket, state="done", **tested["linear"]), model="linear", epochs="2"
        )
        assert status(app)[1].startswith("The run finished while you were away.")

    def test_a_run_that_the_visitor_had_cancelled_is_no_news(self, fake, monkeypatch):
        app = button(open_page("images.py"), "Train").click().run()
        send_kept(monkeypatch, kept(button(app, "Stop").click().run()))
        assert status(open_page("images.py"))[1].startswith("Stopped")


class TestPanels:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("panel", panels.PANELS)
    def test_a_panel_runs_before_training(self, panel, language):
        app = open_lab(panel=panel, language=language, model="tiny_vgg")
        assert not app.exception
        assert [title.value for title in app.title] == [translator(language)("Images")]

    @pytest.mark.parametrize("panel", panels.PANELS)
    @pytest.mark.parametrize(
        ("model", "language"), [("linear", "ko"), ("relu", "ko"), ("tiny_vgg", "ko"), ("tiny_vgg", "en")]
    )
    def test_a_panel_runs_after_training(self, tested, panel, model, language):
        told = report(config=wb.ImageConfig(model=model, epochs=2), **tested[model])
        app = open_lab(
            panel=panel, language=language, report=told, state={VIEW: ImageView(cell=(0, 6))}, model=model, epochs="2"
        )
        assert not app.exception
        assert not app.error
        assert choice(app, translator(language)("Look inside")).value == panel

    @pytest.mark.parametrize("panel", panels.PANELS)
    def test_a_panel_runs_during_the_first_epoch(self, fake, panel):
        fake.reports["ticket"] = told = report("running", batches=188, samples=6000)
        app = open_lab(panel=panel, report=told)
        assert not app.exception

    @pytest.mark.parametrize("panel", ["answers", "layers"])
    @pytest.mark.parametrize("where", ["gallery", "surest", "cell", "layers"])
    def test_a_chosen_image_of_a_larger_set_is_cleared(self, tested, panel, where):
        told = report(config=wb.ImageConfig(model="tiny_vgg", epochs=2), **tested["tiny_vgg"])
        view = ImageView(places={where: 5_000}, cell=(0, 6))
        app = open_lab(panel=panel, report=told, state={VIEW: view}, model="tiny_vgg", epochs="2")
        assert not app.exception

    @pytest.mark.parametrize("panel", panels.PANELS)
    def test_a_panel_reports_missing_images(self, monkeypatch, panel):
        gone(monkeypatch)
        app = open_lab(panel=panel, dataset="fashion_mnist")
        assert not app.exception
        if panel in ("data", "layers"):
            assert CODES["data.no_folder"] in [info.value for info in app.info]

    @pytest.mark.parametrize(("before", "after"), [("data", "answers"), ("times", "times"), ("layers", "layers")])
    def test_after_a_training_the_default_panel_shows_predictions(self, fake, tested, before, after):
        app = open_lab(panel=before)
        button(app, "Train").click().run()
        assert choice(app, "Look inside").value == before
        fake.change(lab_of(app).ticket, state="done", **tested["linear"])
        app.run()
        assert not app.exception
        assert choice(app, "Look inside").value == after

    def test_a_panel_chosen_after_a_training_stays(self, fake, tested):
        app = open_lab(panel="data")
        button(app, "Train").click().run()
        fake.change(lab_of(app).ticket, state="done", **tested["linear"])
        app.run()
        choice(app, "Look inside").set_value("data").run()
        app.run()
        assert choice(app, "Look inside").value == "data"

    def test_each_finished_training_has_one_row_of_times(self, fake):
        app = open_lab()
        assert not app.dataframe
        for model in ("linear", "relu"):
            widget(app, "Model").set_value(model)
            button(app, "Train").click().run()
            fake.change(lab_of(app).ticket, state="done", rows=rows_of(2))
            app.run()
            app.run()
        table = app.dataframe[0].value
        assert table["model"].tolist() == ["Two linear layers", "Linear layers with ReLU"]
        assert (table["seconds"].tolist(), table["per_epoch"].tolist()) == ([0.5, 0.5], [0.25, 0.25])
        assert app.code[0].value == "Train time on cpu: 0.500 seconds"


class TestCode:
    def shown(self, app):
        [code] = [block.value for block in app.code]
        return code + "\n"

    def test_before_a_training_the_code_is_that_of_the_settings(self):
        app = open_lab(panel="code", model="relu", lr="0.01")
        assert self.shown(app) == wb.to_script(wb.ImageConfig(model="relu", lr=0.01))

    def test_after_a_training_the_code_is_that_of_the_displayed_run(self):
        app = open_lab(panel="code", report=report(rows=rows_of(2)), model="relu", lr="0.01")
        assert self.shown(app) == wb.to_script(SMALL)
        assert "without the settings you've changed since" in app.markdown[-1].value

    def test_the_code_is_in_the_visitors_language(self):
        app = open_lab(panel="code", language="ko", report=report(rows=rows_of(2)))
        assert self.shown(app) == wb.to_script(SMALL, translator("ko"))

    def test_for_a_loaded_model_the_code_continues_its_training(self):
        told = report(train=False, evaluation=TestStatus.EXAM, weights=TestStatus.WEIGHTS)
        app = open_lab(panel="code", report=told, epochs="2")
        assert self.shown(app) == wb.to_script(SMALL, start=checkpoint_name(SMALL))
        assert app.markdown[-1].value == "The PyTorch code of the run you can start above."


def gone(monkeypatch):
    """Hide the full set."""
    monkeypatch.setattr(download, "find_folder", lambda: None)
    monkeypatch.setattr("wb_core.kinds.images.data.fashion.find_folder", lambda: None)


class TestUpload:
    def upload(self, app, data):
        app.file_uploader[0].upload("model.pth", data, "application/octet-stream").run()
        assert not app.exception

    def file(self, config):
        return wb.save_checkpoint(wb.ImageRun(config))

    def test_a_refused_file_is_explained_and_changes_nothing(self, fake, tested):
        told = report(**tested["linear"])
        app = open_lab(panel="checkpoint", report=told, epochs="2")
        self.upload(app, b"this is no checkpoint")
        assert len(app.error) == 1
        assert lab_of(app).report is told
        assert fake.reports == {}

    def test_a_file_of_other_settings_is_refused_and_its_settings_are_offered(self, fake):
        app = open_lab(panel="checkpoint", model="tiny_vgg", lr="0.01")
        self.upload(app, self.file(wb.ImageConfig(model="tiny_vgg", hidden_units=16)))
        assert "(16, 1, 3, 3)" in app.error[0].value
        assert "(10, 1, 3, 3)" in app.error[0].value
        assert app.error[0].value.startswith("This is a checkpoint of “Convolutions (TinyVGG)” with 16 hidden units.")
        button(app, "Use these settings and load it").click().run()
        assert not app.exception
        assert not app.error
        assert query(app) == {"model": "tiny_vgg", "hidden_units": "16", "lr": "0.01"}
        assert not lab_of(app).report.job.train

    def test_without_the_images_a_file_is_refused_with_one_sentence(self, fake, monkeypatch):
        gone(monkeypatch)
        app = open_lab(panel="checkpoint", dataset="fashion_mnist")
        self.upload(app, self.file(SMALL))
        assert [error.value for error in app.error] == [CODES["data.no_folder"]]
        assert fake.reports == {}

    @pytest.mark.parametrize(
        ("saved", "kind", "sentence"),
        [
            ("same", "success", "Loaded. The test gives the same loss and accuracy as before saving."),
            ("other", "warning", "Loaded. The test result isn't the same as before saving."),
        ],
    )
    def test_a_downloaded_checkpoint_is_compared_when_uploaded(self, fake, tested, saved, kind, sentence):
        app = open_lab(panel="checkpoint", epochs="2")
        self.upload(app, self.file(SMALL))
        fake.change(lab_of(app).ticket, state="done", **(tested["linear"] | {"rows": []}))
        result = (lab_of(app).look(), lab_of(app).result)[1]
        evaluation = result.evaluation
        tested_before = (
            (evaluation.loss, evaluation.accuracy)
            if saved == "same"
            else (evaluation.loss, math.nextafter(evaluation.accuracy, 0))
        )
        app.session_state[PROOFS].remember(checkpoint._fingerprint(result), tested_before)
        app.run()
        assert not app.exception
        assert [box.value for box in getattr(app, kind)][-1] == sentence

    def test_a_rounded_file_is_not_called_the_same_as_before(self, fake, tested):
        app = open_lab(panel="checkpoint", epochs="2")
        run = wb.ImageRun(SMALL)
        rounded = {name: tensor.bfloat16() for name, tensor in run.model.state_dict().items()}
        self.upload(app, saved(rounded))
        fake.change(lab_of(app).ticket, state="done", **(tested["linear"] | {"rows": []}))
        app.run()
        assert [box.value for box in app.success][-1] == "Loaded: the model now has the weights from the file."
        assert "The values were rounded when they were saved as bfloat16" in " ".join(one.value for one in app.caption)

    def test_a_file_that_arrives_during_a_training_asks_first(self, fake):
        app = open_lab(panel="checkpoint", epochs="2")
        button(app, "Train").click().run()
        training = lab_of(app).ticket
        self.upload(app, self.file(SMALL))
        assert (lab_of(app).ticket, fake.cancelled) == (training, [])
        button(app, "Keep the training").click().run()
        assert (lab_of(app).ticket, fake.cancelled) == (training, [])
        self.upload(app, self.file(wb.ImageConfig(seed=7)))
        button(app, "Load the file").click().run()
        assert not app.exception
        assert fake.cancelled == [training]
        assert not lab_of(app).report.job.train

    def test_of_two_tables_that_fit_the_chosen_one_is_loaded(self, fake):
        app = open_lab(panel="checkpoint", epochs="2")
        model, average = (wb.ImageRun(wb.ImageConfig(seed=seed)).model.state_dict() for seed in (1, 2))
        self.upload(app, saved({"model": model, "ema": average}))
        assert lab_of(app).report is None
        button(app, "Load ema").click().run()
        assert not app.exception
        assert all(torch.equal(tensor, average[name]) for name, tensor in lab_of(app).report.job.weights.items())

    def test_the_file_of_the_other_page_is_handed_over(self, fake):
        app = open_lab(panel="checkpoint")
        self.upload(app, wb.save_checkpoint(wb.Run(wb.LinearConfig(model="linear"))))
        assert app.error[0].value == "This is a checkpoint of “Linear layer”. That model is on another page."
        button(app, "Go there and load it").click().run()
        assert not app.exception
        assert query(app) == {"model": "linear"}
        assert app.success[-1].value == "Loaded: the model now has the weights from the file."

    @pytest.mark.parametrize("optimizer", [{"optimizer": "adam"}, {"momentum": 0.9}, {}])
    def test_a_training_from_a_checkpoint_says_that_the_optimizers_memory_begins_anew(self, fake, optimizer):
        settings = {name: str(value) for name, value in optimizer.items()}
        app = open_lab(panel="checkpoint", epochs="2", **settings)
        self.upload(app, self.file(SMALL))
        fake.change(lab_of(app).ticket, state="done", evaluation=TestStatus.EXAM, weights=TestStatus.WEIGHTS)
        app.run()
        said = [caption.value for caption in app.caption if "anew" in caption.value]
        assert len(said) == len(optimizer)
