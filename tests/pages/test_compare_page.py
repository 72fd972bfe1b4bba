"""Runs saved in a lab, compared, removed, downloaded and uploaded, without a browser."""

import dataclasses
import html
import re

import pytest

import wb_core as wb
from pages.ui.compare import keep, tray_file
from pages.ui.compare.settings import differing, suggested_name, value_text
from pages.ui.compare.tray import Tray, clean_name, unique_name
from pages.ui.i18n import LANGUAGES, translator
from pages.ui.labs.images import work
from pages.ui.labs.images.lab import ImageLab
from pages.ui.labs.line.lab import LinearLab
from pages.ui.sentences import explain
from tests.pages.app import button, lab_of, open_page, query, tray_of, widget
from tests.pages.image_jobs import LAB, SMALL, FakeWork, learned
from tests.runs import finished

TRAY = "pages.ui.compare.tray.Tray"


def kept(name="a", config=None, done=3, loss=0.25, **changes):
    config = config or wb.LinearConfig(epochs=3)
    columns = {"train_loss": [0.5] * done, "test_loss": [loss] * done}
    if isinstance(config, wb.ImageConfig):
        columns["test_accuracy"] = [81.25] * done
    told = {"seconds": 0.5, "device": "cpu", "outcome": "done"} | changes
    return wb.KeptRun.of(name, config, columns, **told)


def many(count, first=0):
    return [kept(f"run {number}", wb.LinearConfig(seed=number)) for number in range(first, first + count)]


def names(tray):
    return [entry.run.name for entry in tray.entries]


def compared(app):
    """The cells of the tables, row by row, headers first; the name of a swatch is its text."""
    tables = [part.proto.body for part in app.get("html") if "wb-compared" in part.proto.body]
    rows = [
        re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row) for table in tables for row in re.findall("<tr>(.*?)</tr>", table)
    ]
    named = [[re.sub(r'<img[^>]*alt="([^"]*)"[^>]*>', r"\1", cell) for cell in row] for row in rows]
    return [[html.unescape(re.sub("<[^>]*>", " ", cell)).strip() for cell in row] for row in named]


def finding(app):
    return [re.sub("<[^>]*>", "", part.proto.body) for part in app.get("html") if '"wb-finding"' in part.proto.body]


class TestTray:
    def test_a_run_is_saved_once(self):
        tray = tray_of(kept())
        assert tray.keep(kept("other name", seconds=7.0)) == 0
        assert tray.keep(kept("b", loss=0.125), kept("c", loss=0.125)) == 1
        assert names(tray) == ["a", "b"]

    def test_a_ninth_run_is_refused_and_the_eight_stay(self):
        tray = tray_of(*many(8))
        with pytest.raises(wb.TrayError) as caught:
            tray.keep(kept())
        assert caught.value.code == "tray.full"
        assert "8" in explain(caught.value)
        assert len(tray.entries) == 8
        assert tray.keep(*many(8)) == 0  # they are saved already

    def test_a_file_is_added_completely_or_not_at_all(self):
        tray = tray_of(*many(6))
        with pytest.raises(wb.TrayError) as caught:
            tray.keep(*many(4, first=5))
        assert caught.value.code == "tray.no_room"
        assert (caught.value.values["count"], caught.value.values["room"]) == (3, 2)
        assert len(tray.entries) == 6

    def test_styles_stay_with_their_runs_and_are_reused(self):
        tray = tray_of(*many(3))
        tray.drop(tray.entries[1].number)
        assert [entry.style for entry in tray.entries] == [0, 2]
        tray.keep(kept())
        assert [entry.style for entry in tray.entries] == [0, 2, 1]
        assert [entry.number for entry in tray.entries] == [0, 2, 3]

    def test_a_name_has_only_visible_characters(self):
        tray = tray_of(kept())
        for written, name in (("b", "b"), ("  c\n\x00d ", "c  d"), ("", "c  d"), (" \t", "c  d"), ("x" * 50, "x" * 40)):
            tray.rename(0, written)
            assert names(tray) == [name]
        tray.rename(7, "unknown")
        assert names(tray) == ["x" * 40]

    def test_clear_can_be_undone_until_the_next_save(self):
        tray = tray_of(*many(2))
        tray.clear()
        assert tray.entries == ()
        tray.undo()
        assert names(tray) == ["run 0", "run 1"]
        tray.clear()
        tray.keep(kept())
        tray.undo()
        assert names(tray) == ["a"]

    def test_each_removed_run_can_be_brought_back_to_its_place(self):
        tray = tray_of(*many(3))
        tray.drop(1)
        tray.drop(0)
        assert names(tray) == ["run 2"]
        tray.undo()
        tray.undo()
        tray.undo()
        assert names(tray) == ["run 0", "run 1", "run 2"]

    def test_equal_names_are_numbered(self):
        assert unique_name("a", ["b"]) == "a"
        assert unique_name("a", ["a", "a 2"]) == "a 3"
        assert unique_name("x" * 40, ["x" * 40]) == "x" * 37 + " 2"
        assert clean_name("\ud800\u202ea") == "a"


class TestNames:
    def test_a_run_is_named_after_its_changed_settings(self):
        assert suggested_name(wb.LinearConfig()) == "Default settings"
        assert suggested_name(wb.LinearConfig(lr=0.1)) == "Learning rate 0.1"
        assert suggested_name(wb.LinearConfig(loss="mse", lr=0.1)) == "MSE (squared), Learning rate 0.1"
        assert suggested_name(wb.ImageConfig(model="tiny_vgg", epochs=1)) == "Convolutions (TinyVGG), Epochs 1"

    def test_a_name_is_never_too_long(self):
        config = wb.LinearConfig(**dict.fromkeys(("weight", "bias", "end", "noise"), 1.2345678912345), seed=12345)
        assert len(suggested_name(config)) <= wb.KeptRun.MAX_NAME

    def test_only_what_differs_is_listed(self):
        configs = [wb.LinearConfig(lr=0.1), wb.LinearConfig(lr=0.1, seed=3), wb.LinearConfig(lr=0.2)]
        assert [name for name, _ in differing(configs)] == ["lr", "seed"]
        assert differing(configs[:1]) == []


class TestKeeping:
    def test_an_untrained_model_cannot_be_saved(self):
        assert keep.trained(LinearLab()) is None
        assert keep.pictures(ImageLab()) is None

    def test_a_line_is_saved_with_its_history(self):
        lab = LinearLab()
        lab.train(wb.LinearConfig(epochs=700))
        lab.run.advance(epochs=600)
        run, history = keep.trained(lab), lab.run.history
        assert (run.outcome, run.done, run.config) == ("stopped", 600, wb.LinearConfig(epochs=700))
        assert run.columns["train_loss"][0] == pytest.approx(history.row(0)["train_loss"], rel=1e-8)
        assert run.last("test_loss") == pytest.approx(history.row(-1)["test_loss"], rel=1e-8)
        lab.run.finish()
        assert keep.trained(lab).outcome == "done"

    def test_an_exploded_line_is_saved_as_exploded(self):
        lab = LinearLab()
        lab.train(wb.LinearConfig(loss="mse", lr=1.0, epochs=2000))
        lab.run.finish()
        run = keep.trained(lab)
        assert (run.outcome, run.done) == ("exploded", lab.run.diverged_at)
        assert wb.read_tray(wb.write_tray([run])) == (run,)

    @pytest.mark.parametrize(
        ("changes", "outcome"),
        [
            ({"state": "running"}, None),
            ({"state": "done"}, "done"),
            ({"state": "cancelled"}, "stopped"),
            ({"state": "failed"}, "stopped"),
            ({"state": "done", "diverged_at": 2}, "exploded"),
            ({"state": "done", "rows": []}, None),
        ],
    )
    def test_an_image_run_can_be_saved_after_its_training(self, monkeypatch, changes, outcome):
        fake = FakeWork()
        monkeypatch.setattr(work, "WORK", fake)
        lab = ImageLab()
        lab.train(SMALL)
        fake.change(lab.ticket, **(learned() | changes))
        lab.look()
        run = keep.pictures(lab)
        assert (run and run.outcome) == outcome
        if run:
            assert (run.columns["test_accuracy"], run.seconds, run.config) == ((81.25, 80.25), 0.5, SMALL)


class TestPage:
    def test_runs_can_be_saved_compared_renamed_removed_cleared_and_restored(self):
        app = open_page()
        assert button(app, "Save this run").disabled
        button(app, "Train").click().run()
        button(app, "Save this run").click().run()
        assert button(app, "Saved").disabled
        widget(app, "Learning rate").set_value(0.1).run()
        button(app, "Save this run").click().run()  # the trained run of the new setting
        first, second = lab_of(app).run.history, wb.Run(wb.LinearConfig())
        second.finish()

        app.switch_page("compare.py").run()
        assert not app.exception
        heads, *rows = compared(app)
        assert [head.split()[0] for head in heads] == [
            "Run",
            "Test",
            "Outcome",
            "Learning",
            "Train",
            "Epochs",
            "Model",
            "Training",
        ]
        assert [row[0] for row in rows] == ["Default settings", "Learning rate 0.1"]
        assert [row[3] for row in rows] == ["0.01", "0.1"]
        assert f"{second.history.row(-1)['test_loss']:.4f}" in rows[0][1]
        assert f"{first.row(-1)['test_loss']:.4f}" in rows[1][1]
        assert "★" in rows[1][1]
        assert finding(app) == ["Lowest test loss: 0.0154  Learning rate 0.1"]

        app.text_input[0].set_value("<b>mine</b> *x*").run()
        assert compared(app)[1][0] == "<b>mine</b> *x*"
        assert app.text_input[0].value == "<b>mine</b> *x*"
        app.text_input[0].set_value("").run()
        assert app.text_input[0].value == "<b>mine</b> *x*"
        [drop, _] = [b for b in app.button if b.label == "Remove"]
        drop.click().run()
        assert [row[0] for row in compared(app)[1:]] == ["Learning rate 0.1"]
        assert "Save another run" in finding(app)[0]
        button(app, "Clear all").click().run()
        assert compared(app) == []
        assert button(app, "Open this example")
        button(app, "Undo: put 1 back").click().run()
        assert [row[0] for row in compared(app)[1:]] == ["Learning rate 0.1"]
        button(app, "Undo: put 1 back").click().run()  # the run that was removed before
        assert [row[0] for row in compared(app)[1:]] == ["<b>mine</b> *x*", "Learning rate 0.1"]

    def test_an_empty_page_shows_an_example_that_can_be_opened(self):
        app = open_page("compare.py")
        assert len(app.get("plotly_chart")) == 1
        button(app, "Open this example").click().run()
        _header, *rows = compared(app)
        for row, lr in zip(rows, (0.02, 0.2), strict=True):
            run = finished(wb.LinearConfig(noise=0.05, loss="mse", lr=lr, epochs=200))
            assert row[0] == f"Learning rate {lr}"
            assert f"{run.history.row(-1)['test_loss']:.4f}" in row[1]

    def test_lines_and_images_have_separate_tables(self):
        runs = kept(), kept("b", wb.ImageConfig(model="relu")), kept("c", wb.ImageConfig(), loss=0.125)
        app = open_page("compare.py", state={TRAY: tray_of(*runs)})
        assert not app.exception
        assert [header.value for header in app.header][:2] == ["Lines", "Pictures"]
        heads = [row for row in compared(app) if row[0] == "Run"]
        assert ["Test accuracy" in head for head in heads] == [False, True]
        assert len(app.get("plotly_chart")) == 3

    def test_runs_with_other_losses_are_not_ranked(self):
        runs = kept(), kept("b", wb.LinearConfig(loss="mse"), loss=0.125)
        app = open_page("compare.py", state={TRAY: tray_of(*runs)})
        assert "use different losses" in finding(app)[0]
        assert "★" not in str(compared(app))

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"standardise": True}, "loss on scaled points"),
            ({"points": ((1, 2), (2, 3))}, "learned from different points"),
        ],
    )
    def test_runs_of_other_units_or_own_points_are_not_ranked(self, changes, told):
        first, second = wb.LinearConfig(noise=0.1), wb.LinearConfig(noise=0.2, epochs=9)
        for other, ranked in ((second, True), (dataclasses.replace(second, **changes), False)):
            app = open_page("compare.py", state={TRAY: tray_of(kept(config=first), kept("b", other, loss=0.125))})
            assert ("Lowest test loss" in finding(app)[0], "★" in str(compared(app))) == (ranked, ranked)
        assert told in finding(app)[0]

    def test_every_outcome_is_shown(self):
        runs = kept(config=wb.LinearConfig(epochs=9), outcome="stopped"), kept("b", outcome="exploded", loaded=True)
        app = open_page("compare.py", state={TRAY: tray_of(*runs)})
        _, stopped, exploded = compared(app)
        assert (stopped[4], stopped[2]) == ("3 of 9", "Learning, stopped")
        assert exploded[2] == "Exploded, from a checkpoint"

    def test_the_outcome_of_a_line_is_that_of_its_diagnosis(self):
        runs = [finished(wb.LinearConfig(lr=lr, epochs=50)) for lr in (0.0001, 0.5)]
        tray = tray_of(*(wb.KeptRun.of_record("run", wb.record_of(run)) for run in runs))
        _, slow, bouncing = compared(open_page("compare.py", state={TRAY: tray}))
        assert (slow[2], bouncing[2]) == ("Too slow", "Bouncing")

    def test_a_ninth_run_is_refused_with_one_sentence(self):
        app = open_page(state={TRAY: tray_of(*many(8))})
        button(app, "Train").click().run()
        button(app, "Save this run").click().run()
        assert not app.exception
        assert "The tray is full (8 runs)." in app.toast[0].value
        assert len(app.session_state[TRAY].entries) == 8

    def test_a_run_opens_in_its_lab_with_its_settings(self):
        config = wb.LinearConfig(lr=0.05, loss="mse", seed=7, weight=0.123)
        app = open_page("compare.py", state={TRAY: tray_of(kept(config=config))})
        button(app, "Open").click().run()
        assert not app.exception
        assert query(app) == {"lr": "0.05", "loss": "mse", "seed": "7", "weight": "0.123"}
        assert widget(app, "Learning rate").value == 0.05

    def test_a_setting_that_no_control_offers_is_reported_and_left_at_its_default(self):
        config = wb.LinearConfig(lr=0.05, weight=5000.0, epochs=1_000_000)
        app = open_page("compare.py", state={TRAY: tray_of(kept(config=config))})
        button(app, "Open").click().run()
        assert not app.exception
        assert query(app) == {"lr": "0.05"}
        [notice] = [warning.value for warning in app.warning]
        assert "Weight" in notice
        assert "Epochs" in notice

    def test_an_image_run_opens_in_the_image_lab(self, monkeypatch):
        monkeypatch.setattr(work, "WORK", FakeWork())
        config = wb.ImageConfig(model="tiny_vgg", hidden_units=16)
        app = open_page("compare.py", state={TRAY: tray_of(kept(config=config))})
        button(app, "Open").click().run()
        assert not app.exception
        assert query(app) == {"model": "tiny_vgg", "hidden_units": "16"}

    def test_the_image_lab_saves_its_run(self, monkeypatch):
        fake = FakeWork()
        monkeypatch.setattr(work, "WORK", fake)
        lab = ImageLab()
        lab.train(SMALL)
        fake.change(lab.ticket, state="done", **learned())
        lab.look()
        app = open_page("images.py", state={LAB: lab})
        button(app, "Save this run").click().run()
        assert not app.exception
        [entry] = app.session_state[TRAY].entries
        assert (entry.run.name, entry.run.config) == ("Two linear layers, Epochs 2", SMALL)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("runs", [(), (kept(), kept("b", wb.ImageConfig()))], ids=["empty", "kept"])
    def test_the_page_is_translated(self, language, runs):
        app = open_page("compare.py", state={TRAY: tray_of(*runs), "language": language})
        assert not app.exception
        assert [title.value for title in app.title] == [translator(language)("Compare")]


class TestFile:
    def test_a_downloaded_tray_can_be_uploaded(self):
        runs = kept(), kept("b", wb.ImageConfig(), outcome="stopped")
        tray, upload = Tray(), tray_file.TrayUpload()
        upload.read("1", wb.write_tray(runs), tray)
        assert (upload.error, upload.found, upload.new) == (None, 2, 2)
        assert tuple(entry.run for entry in tray.entries) == runs
        upload.read("2", wb.write_tray(runs), tray)
        assert (upload.found, upload.new, len(tray.entries)) == (2, 0, 2)

    def test_an_upload_is_added_once_and_reported(self):
        app = open_page("compare.py")
        app.file_uploader[0].upload("tray.json", wb.write_tray([kept(), kept("b", loss=0.5)]), "application/json").run()
        assert not app.exception
        assert [success.value for success in app.success] == ["Runs in the file: 2. New in the tray: 2."]
        assert [row[0] for row in compared(app)[1:]] == ["a", "b"]
        [first, _] = [b for b in app.button if b.label == "Remove"]
        first.click().run()
        assert [row[0] for row in compared(app)[1:]] == ["b"]  # the file is still there, and was read already

    def test_a_refused_file_is_explained_and_the_tray_stays(self):
        app = open_page("compare.py", state={TRAY: tray_of(kept())})
        foreign = b'{"name": "<b>x</b>"}'
        app.file_uploader[0].upload("tray.json", foreign, "application/json").run()
        assert not app.exception
        [error] = [error.value for error in app.error]
        assert error.startswith("This file has no runs")
        assert [row[0] for row in compared(app)[1:]] == ["a"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_refusal_has_its_sentence(self, language):
        assert language
        values = {"most": 8, "count": 3, "room": 2, "size": 300_000, "limit": 8, "run": 1, "field": "lr"}
        for code in ["full", "no_room", "empty", "too_large", "not_a_tray", "version", "too_many", "bad_value"]:
            sentence = explain(wb.TrayError(f"tray.{code}", "", **values))
            assert "{" not in sentence
            assert "isn't allowed" not in sentence  # the text for an unknown code

    def test_the_file_never_names_a_folder(self):
        run = dataclasses.replace(kept(config=wb.ImageConfig()), config=wb.ImageConfig(data_dir="/secret"))
        assert b"secret" not in wb.write_tray(entry.run for entry in tray_of(run).entries)


def test_a_switched_on_setting_names_its_run_and_reads_as_a_word():
    config = wb.LinearConfig(standardise=True)
    assert suggested_name(config) == "Standardize"
    assert [value_text(one, "standardise") for one in (config, wb.LinearConfig())] == ["on", "off"]
