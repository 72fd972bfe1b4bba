"""Image models side by side: saved with predictions, counted, drawn, downloaded; without a browser."""

import dataclasses
import html
import re

import pytest
import torch

import wb_core as wb
from pages.ui.compare import keep
from pages.ui.compare.side_by_side import MAX_PICTURES, PAGE_SIZE, PictureCounts, class_table, gallery
from pages.ui.i18n import LANGUAGES
from pages.ui.labs.images import work
from pages.ui.labs.images.lab import ImageLab
from tests.pages.app import button, open_page, tray_of
from tests.pages.image_jobs import SMALL, FakeWork, learned
from wb_core.kinds.images import data

TRAY = "pages.ui.compare.tray.Tray"
Y = wb.fashion_mnist("fashion_mnist_small").test.y


def kept(name, said, sure=50, **settings):
    """A run whose model predicts these classes (N,) for all test images, each with the same confidence."""
    config = wb.ImageConfig(batch_size=25, **settings)
    full = config.dataset == "fashion_mnist"
    y = data.true_classes(config.dataset)
    said = said.repeat(10) if full else said
    predictions = wb.StoredPredictions(bytes(said.tolist()), bytes([sure]) * len(said))
    columns = {"train_loss": [0.5], "test_loss": [0.25], "test_accuracy": [100 * (said == y).double().mean().item()]}
    return wb.KeptRun.of(name, config, columns, seconds=0.5, device="cpu", outcome="done", predictions=predictions)


def wrong_at(*places):
    """Right predictions, except at these indices."""
    said = Y.clone()
    said[list(places)] = (said[list(places)] + 1) % 10
    return said


def opened(*runs, **state):
    app = open_page("compare.py", state={TRAY: tray_of(*runs), **state})
    assert not app.exception
    return app


def parts(app, css):
    """The pieces of HTML of one kind."""
    return [part.proto.body for part in app.get("html") if f'class="{css}"' in part.proto.body]


def sentences(app):
    return [html.unescape(text) for part in parts(app, "wb-finding") for text in re.findall("<p.*?>(.*?)</p>", part)]


def shown(app):
    """The texts of each image: its true class, and a line for each model."""
    figures = [figure for part in parts(app, "wb-side") for figure in re.findall("<figure>.*?</figure>", part)]
    return [
        (re.search("<b>(.*?)</b>", figure)[1], re.findall('<li class="(.*?)">', figure), "✗" in figure)
        for figure in figures
    ]


class TestKeeping:
    def finished(self, monkeypatch, **changes):
        fake = FakeWork()
        monkeypatch.setattr(work, "WORK", fake)
        lab = ImageLab()
        lab.train(SMALL)
        told = learned()
        rows = [*told["rows"][:-1], told["rows"][-1] | {"test_accuracy": told["evaluation"].accuracy}]
        fake.change(lab.ticket, state="done", **(told | {"rows": rows} | changes))
        lab.look()
        return lab

    def test_a_run_is_saved_with_its_predictions(self, monkeypatch):
        lab = self.finished(monkeypatch)
        run, predictions = keep.pictures(lab), lab.result.predictions
        assert list(run.predictions.class_bytes) == predictions.predicted.tolist()
        assert list(run.predictions.percent_bytes) == (100 * predictions.confidence).round().int().tolist()
        side = wb.SideBySide([run.predictions], Y)
        assert side.right[0].tolist() == predictions.right.tolist()
        assert wb.read_tray(wb.write_tray([run])) == (run,)

    def test_predictions_of_an_earlier_test_are_not_saved(self, monkeypatch):
        assert keep.pictures(self.finished(monkeypatch, rows=learned()["rows"])).predictions is None
        assert keep.pictures(self.finished(monkeypatch, evaluation=None)).predictions is None

    def test_an_exploded_model_has_no_predictions(self, monkeypatch):
        evaluation = learned()["evaluation"]
        wild = dataclasses.replace(evaluation, logits=torch.full_like(evaluation.logits, torch.nan))
        run = keep.pictures(self.finished(monkeypatch, evaluation=wild))
        assert run.predictions is None
        assert run.last("test_accuracy") == float(f"{evaluation.accuracy:.9g}")


class TestPieces:
    def pair(self, name="a"):
        tray = tray_of(kept(name, wrong_at(0, 1, 2), sure=90), kept("b", wrong_at(2, 3), sure=80, seed=1))
        return tray.entries, wb.SideBySide([entry.run.predictions for entry in tray.entries], Y)

    def test_the_table_has_class_accuracies_and_marks_the_weakest(self):
        entries, side = self.pair()
        rows = re.findall("<tr>(.*?)</tr>", class_table(entries, side))
        assert len(rows) == 11
        found = {}
        for row in rows[1:]:
            name, *cells = (re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row))
            found[html.unescape(name)] = cells
        for place in range(2):
            for number, name in enumerate(data.CLASSES):
                rate = side.class_accuracy[place, number]
                mark = "▼ " if number in side.weakest[place] else ""
                assert found[name][place] == f"{mark}{rate:.0f}%"

    def test_an_image_shows_its_class_and_every_prediction(self):
        entries, side = self.pair()
        pictures = wb.fashion_mnist("fashion_mnist_small").test
        text = gallery(entries, side, pictures, [3])
        truth, mistaken = data.CLASSES[Y[3]], data.CLASSES[(Y[3] + 1) % 10]
        assert f'alt="Test picture 3: {truth}"' in text
        lines = [re.sub("<.*?>", " ", line).split() for line in re.findall("<li class.*?</li>", text)]
        assert lines == [["✓", *truth.split(), "90%"], ["✗", *mistaken.split(), "80%"]]
        assert re.findall('<li class="(.*?)"><img class="wb-swatch".*?alt="(.*?)"', text) == [
            ("wb-right", "a"),
            ("wb-wrong", "b"),
        ]

    def test_a_name_is_escaped(self):
        entries, side = self.pair('"><b>x')
        pictures = wb.fashion_mnist("fashion_mnist_small").test
        for text in (class_table(entries, side), gallery(entries, side, pictures, [3])):
            assert "<b>x" not in text
            assert "&quot;&gt;&lt;b&gt;x" in text

    def test_more_images_are_shown_up_to_a_limit(self):
        view = PictureCounts()
        for _ in range(10):
            view.more("a", "b")
        assert view.count("a", "b") == MAX_PICTURES
        assert view.count("a", "c") == PAGE_SIZE


class TestPage:
    def test_two_models_show_disagreements_and_common_mistakes(self):
        app = opened(kept("a", wrong_at(0, 1, 2)), kept("b", wrong_at(2, 3), seed=1))
        assert "Models side by side" in [header.value for header in app.subheader]
        assert "They disagree on 3 of 1,000 pictures; all are wrong on 1." in sentences(app)
        assert [kinds for _, kinds, _ in shown(app)] == [
            ["wb-wrong", "wb-right"],
            ["wb-wrong", "wb-right"],
            ["wb-right", "wb-wrong"],
        ]
        assert [truth for truth, _, _ in shown(app)] == [data.CLASSES[Y[place]] for place in (0, 1, 3)]
        heap = next(group for group in app.get("button_group") if group.label == "Which pictures")
        heap.set_value("all_wrong").run()
        assert [kinds for _, kinds, _ in shown(app)] == [["wb-wrong", "wb-wrong"]]

    def test_the_most_confident_come_first_and_more_on_request(self):
        first, second = kept("a", wrong_at(*range(40)), sure=40), kept("b", wrong_at(), seed=1)
        sure = bytearray(first.predictions.percent_bytes)
        sure[30] = 99
        first = dataclasses.replace(first, predictions=wb.StoredPredictions(first.predictions.class_bytes, bytes(sure)))
        app = opened(first, second)
        assert len(shown(app)) == 12
        assert shown(app)[0][0] == data.CLASSES[Y[30]]
        button(app, "More pictures").click().run()
        assert len(shown(app)) == 24
        for _ in range(2):
            button(app, "More pictures").click().run()
        assert len(shown(app)) == 40
        assert "More pictures" not in [found.label for found in app.button]

    def test_one_model_alone_shows_its_most_confident_mistakes(self):
        app = opened(kept("a", wrong_at(5, 7)))
        assert any(sentence.startswith("2 of 1,000 predictions are wrong") for sentence in sentences(app))
        assert [kinds for _, kinds, _ in shown(app)] == [["wb-wrong"], ["wb-wrong"]]

    def test_models_that_always_agree_have_no_images(self):
        app = opened(kept("a", wrong_at()), kept("b", wrong_at(), seed=1))
        assert "There's no such picture." in sentences(app)
        assert shown(app) == []

    def test_only_models_with_the_same_images_are_compared(self):
        app = opened(
            kept("a", wrong_at(0)),
            kept("b", Y, dataset="fashion_mnist"),
            kept("c", wrong_at(1), seed=1),
            dataclasses.replace(kept("d", wrong_at(1), seed=2), predictions=None),
        )
        told = sentences(app)
        assert any("two sets of pictures" in sentence for sentence in told)
        assert "There are no saved predictions for d: an older file, or a run that exploded." in told
        assert len(parts(app, "wb-classes")) == 2
        assert "They disagree on 2 of 1,000 pictures; all are wrong on 0." in told
        assert any("of 10,000 predictions are wrong" in sentence for sentence in told)

    def test_without_the_images_only_numbers_are_shown(self, monkeypatch):
        monkeypatch.setattr(data.fashion, "find_folder", lambda: None)
        full = {"dataset": "fashion_mnist"}
        app = opened(kept("a", Y, **full), kept("b", Y.flip(0), **full))
        assert "The pictures aren't on this server, so you only see the numbers." in sentences(app)
        assert any(re.match(r"They disagree on [\d,]+ of 10,000 pictures", text) for text in sentences(app))
        assert len(parts(app, "wb-classes")) == 1
        assert shown(app) == []

    def test_predictions_that_contradict_the_accuracy_are_left_out(self):
        strange = kept("<b>a</b>", wrong_at(0))
        strange = dataclasses.replace(strange, columns={**strange.columns, "test_accuracy": (50.0,)})
        app = opened(strange, kept("b", wrong_at(1), seed=1))
        assert "The predictions of <b>a</b> don't match the pictures on this server." in sentences(app)
        assert any(sentence.startswith("1 of 1,000 predictions are wrong") for sentence in sentences(app))
        opened(strange)

    def test_runs_without_predictions_are_compared(self):
        app = opened(dataclasses.replace(kept("a", Y), predictions=None))
        assert "Models side by side" not in [header.value for header in app.subheader]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_predictions_from_a_file_are_shown_in_every_language(self, language):
        app = open_page("compare.py", state={"language": language})
        runs = [kept(f"run {seed}", wrong_at(*range(seed, 20)), seed=seed) for seed in range(8)]
        app.file_uploader[0].upload("tray.json", wb.write_tray(runs), "application/json").run()
        assert not app.exception
        assert len(shown(app)) == 7
        assert all(len(kinds) == 8 for _, kinds, _ in shown(app))
