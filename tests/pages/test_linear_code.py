"""The Code panel: its code, its language, and its marked lines."""

import re

import pytest

import wb_core as wb
from pages.ui.i18n import translator
from pages.ui.labs.line.code import recipe
from pages.ui.labs.line.lab import LinearLab
from tests.pages.app import button, finish, lab_of, open_page, widget

CONFIG = wb.LinearConfig(epochs=20, noise=0.1, momentum=0.9, model="linear")
DIVERGING = wb.LinearConfig(epochs=200, loss="mse", lr=1)
LINE = {"weight": -1.5, "bias": 2.25}


def untrained(lab):
    lab.follow(CONFIG)


def trained(lab):
    lab.train(CONFIG)
    finish(lab)


def changed_since(lab):
    trained(lab)
    lab.follow(wb.LinearConfig(epochs=7, noise=0.1, model="linear", lr=0.5))
    finish(lab)


def stopped(lab):
    lab.train(CONFIG)
    lab.run.advance(epochs=5)
    lab.stop()


def continued(lab):
    trained(lab)
    lab.resume(wb.LinearConfig(epochs=13))
    finish(lab)


def stopped_while_continued(lab):
    trained(lab)
    lab.resume(wb.LinearConfig(epochs=13))
    lab.run.advance(epochs=5)
    lab.stop()


def diverged(lab):
    lab.train(DIVERGING)
    lab.run.advance(epochs=150)
    lab.resume(DIVERGING)
    lab.run.extend(10_000)
    finish(lab)
    assert lab.run.diverged_at is not None


def loaded(lab):
    saved = wb.Run(CONFIG, start=LINE)
    lab.load(CONFIG, wb.read_checkpoint(wb.save_checkpoint(saved)))


def loaded_and_continued(lab):
    loaded(lab)
    lab.resume(CONFIG)
    finish(lab)
    lab.resume(wb.LinearConfig(epochs=3))
    finish(lab)


def loaded_and_trained_anew(lab):
    loaded(lab)
    trained(lab)


WAYS = {
    untrained: (20, None),
    trained: (20, None),
    changed_since: (7, None),
    stopped: (5, None),
    continued: (33, None),
    stopped_while_continued: (25, None),
    diverged: (10_150, None),
    loaded: (20, LINE),
    loaded_and_continued: (23, LINE),
    loaded_and_trained_anew: (20, None),
}


@pytest.mark.parametrize(("way", "expected"), WAYS.items(), ids=[way.__name__ for way in WAYS])
def test_the_exported_code_gives_the_displayed_model(way, expected):
    lab = LinearLab()
    way(lab)
    found = recipe(lab)
    assert (found.config.epochs, found.start) == expected
    again = wb.Run(found.config, start=found.start)
    again.finish()
    if not lab.run.epoch:
        lab.resume(CONFIG) if lab.loaded else lab.train(CONFIG)
        finish(lab)
    assert again.history.frame().equals(lab.run.history.frame())
    assert again.line == lab.run.line
    assert found.script(str) == wb.to_script(found.config, start=found.start)
    assert found.notebook(str) == wb.to_notebook(found.config, start=found.start)
    assert found.marked(str) == wb.changed_lines(found.config, start=found.start)


def open_panel(state=None, **query):
    return open_page(state={"linear.panel": "code", **(state or {})}, **query)


def marked(app):
    """The lines that a CSS rule marks."""
    [rule] = [part.proto.body for part in app.get("html") if "code > span:nth-child" in part.proto.body]
    return tuple(int(line) for line in re.findall(r"nth-child\((\d+)\)", rule))


def test_the_panel_shows_the_code_of_the_defaults_without_a_mark():
    app = open_panel()
    assert not app.exception
    assert app.code[0].value.strip() == wb.to_script(wb.LinearConfig()).strip()
    assert not [part for part in app.get("html") if "code > span:nth-child" in part.proto.body]
    assert not [caption for caption in app.caption if "bar" in caption.value]
    names = [part.proto.label for part in app.get("download_button")]
    assert names == ["Download script (.py)", "Download notebook (.ipynb)"]


def test_the_code_is_that_of_the_displayed_run():
    app = open_panel(lr="0.02", epochs="40", model="linear")
    config = lab_of(app).run.config
    assert "you can start" in app.markdown[-1].value
    button(app, "Train").click().run()
    assert app.code[0].value.strip() == wb.to_script(config).strip()
    assert marked(app) == wb.changed_lines(config)
    assert "get the same numbers" in app.markdown[-1].value
    widget(app, "Learning rate").set_value(0.5).run()
    assert app.code[0].value.strip() == wb.to_script(wb.LinearConfig(lr=0.5, epochs=40, model="linear")).strip()
    assert "get the same numbers" in app.markdown[-1].value
    widget(app, "Learning rate").set_value(0.02).run()
    button(app, "Continue training").click().run()
    assert app.code[0].value.strip() == wb.to_script(wb.LinearConfig(lr=0.02, epochs=80, model="linear")).strip()
    assert not app.exception


def test_the_comments_are_in_the_language_of_the_page():
    app = open_panel({"language": "ko"}, noise="0.1")
    config, ko = lab_of(app).run.config, translator("ko")
    assert app.code[0].value.strip() == wb.to_script(config, ko).strip()
    assert "에서 바뀜" in app.code[0].value
    assert marked(app) == wb.changed_lines(config, ko) == wb.changed_lines(config)


def test_no_comment_is_left_in_english_and_no_line_is_too_long():
    ko = translator("ko")
    config = wb.LinearConfig(
        noise=0.1,
        train_fraction=0.001,
        model="linear",
        loss="mse",
        momentum=0.9,
        lr=0.02,
        epochs=200,
        seed=7,
        device="auto",
    )
    for chosen in (config, wb.LinearConfig()):
        script = wb.to_script(chosen, ko, start=LINE)
        comments = [line.split("# ", 1)[1] for line in script.splitlines() if "# " in line]
        assert len(comments) > 30
        assert all(re.search("[가-힣]", comment) for comment in comments)
    for say in (ko, str):
        assert max(len(line) for line in wb.to_script(config, say, start=LINE).splitlines()) <= 100
