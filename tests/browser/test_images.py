"""The image lab: trainings finished, cancelled, left, reloaded and killed; mistakes; checkpoints."""

import dataclasses
import io
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, expect

import wb_core as wb
from tests.browser.conftest import LOCALES, Visit
from tests.browser.lab import ANY, Lab, words
from tests.browser.server import Address
from tests.processes import children_of
from wb_core.lessons import lesson_to_link
from wb_core.lessons.conditions import Metric

LONG = "/images?model=tiny_vgg&epochs=20"
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc")


def opened(visit: Visit, path: str, **wishes: object) -> Lab:
    lab = visit(path, ready=False, **wishes)
    expect(lab.page.locator(".wb-pictures img").first).to_be_visible()
    lab.idle()
    return lab


def status(lab: Lab) -> Locator:
    return lab.page.locator(".st-key-status")


def learned(**settings: object) -> wb.ImageRun:
    """The run that the engine gives for these settings."""
    run = wb.ImageRun(wb.ImageConfig(**settings))
    run.finish()
    return run


def table(run: wb.ImageRun) -> list[str]:
    """The numbers of each epoch, without the time, as the page must format them."""
    frame = run.history.frame()
    return [
        f"{row.epoch + 1:.0f} {row.train_loss:.5f} {row.test_loss:.5f} {row.test_accuracy:.2f}%"
        for row in frame.itertuples(index=False)
    ]


def rows(lab: Lab) -> list[str]:
    return [" ".join(text.split()[:-2]) for text in lab.page.locator(".wb-epochs tbody tr").all_inner_texts()]


def train(lab: Lab, _: Callable[[str], str] = words("en")) -> None:  # noqa: B008
    """Press Train, and wait for the end."""
    lab.button(_("Train")).click()
    learned = _("Of those it trained on, it gets {percent}%.").partition("{")[0]
    expect(status(lab)).to_contain_text(learned)
    lab.idle()


def workers(server: Address) -> list[int]:
    """The training processes, which are children of the server's forking process."""
    return [worker for child in children_of(server.pid) for worker in children_of(child)]


def gone(lab: Lab, server: Address, seconds: int) -> None:
    """Wait until no process trains."""
    for _ in range(seconds * 10):
        if not workers(server):
            return
        lab.page.wait_for_timeout(100)
    assert workers(server) == []


class TestMainPath:
    def test_a_training_ends_with_the_numbers_of_the_engine(self, visit: Visit) -> None:
        lab, run = opened(visit, "/images?epochs=2"), learned(epochs=2)
        page = lab.page

        expect(page.locator(".st-key-panel-data")).to_contain_text("(1, 28, 28)")
        expect(page.locator(".st-key-panel-data figure")).to_have_count(16)
        train(lab)
        lab.soon(lambda: rows(lab), table(run))
        expect(lab.readout("Epochs done")).to_have_text("2")
        expect(lab.readout("Test accuracy (%)")).to_have_text(f"{run.evaluation.accuracy:.2f}")
        # An earlier frame: the test after the first epoch differed.
        lab.epoch_slider.fill("99")
        expect(lab.readout("Epochs done")).to_have_text("1")
        expect(lab.readout("Test accuracy (%)")).to_have_text(f"{run.history.row(0)['test_accuracy']:.2f}")

        self.look_at_what_it_gets_wrong(lab, run)
        assert lab.violations() == []

        lab.open_panel("Training time")
        expect(page.locator(".st-key-panel-times code").first).to_contain_text("Train time on cpu:")

    def look_at_what_it_gets_wrong(self, lab: Lab, run: wb.ImageRun) -> None:
        page, predictions = lab.page, wb.Predictions(run.evaluation.logits, run.data.y_test)
        gallery = page.locator(".wb-gallery button")
        expect(gallery).to_have_count(9)
        places = [int(button.get_attribute("data-click")) for button in gallery.all()]
        for place, button in zip(places, gallery.all(), strict=True):
            expect(button).to_have_class(re.compile("wb-right" if predictions.right[place] else "wb-wrong"))
        gallery.nth(4).click()
        expect(gallery.nth(4)).to_have_attribute("aria-pressed", "true")
        likely = f"{predictions.confidence[places[4]]:.1%}"
        expect(page.locator(".wb-belief b").filter(has_text=likely).first).to_be_visible()

        wrong = predictions.confusion - predictions.confusion.diag().diag()
        true, said = divmod(int(wrong.argmax()), 10)  # the most common mistake
        cell = page.locator(f"[data-click='{true}-{said}']")
        expect(cell).to_have_text(str(int(wrong[true, said])))
        cell.click()
        first = str(int(predictions.cell(true, said)[0]))
        expect(page.locator(".wb-cell button").first).to_have_attribute("data-click", first)
        cell.press("ArrowDown" if true < 9 else "ArrowUp")
        expect(page.locator(f"[data-click='{true + 1 if true < 9 else 8}-{said}']")).to_be_focused()
        page.get_by_role("radio", name="Rates", exact=True).click()
        expect(cell).to_have_text(f"{int(wrong[true, said]) / 100:.0%}")
        surest = page.locator(".wb-surest button").first
        expect(surest).to_have_attribute("data-click", str(int(predictions.mistakes[0])))

    @pytest.mark.slow
    def test_check_in_a_lesson_moves_the_player_to_the_epoch_that_it_names(self, visit: Visit) -> None:
        lesson = next(lesson for lesson in wb.LESSONS if lesson.page == "images")
        second = (Metric("test_accuracy", at=1, at_least=10),)
        link = lesson_to_link(dataclasses.replace(lesson, id="mine", conditions=second))
        lab = visit(f"/images?lesson={link}", ready=False)
        train(lab)
        lab.button("Check").click()
        expect(lab.page.locator(".wb-player")).to_contain_text("after 2 epochs")

    def test_a_narrow_dark_korean_page_is_accessible(self, visit: Visit) -> None:
        _ = words("ko")
        lab = opened(
            visit,
            "/images?model=tiny_vgg&epochs=1&hidden_units=5&batch_size=32",
            locale=LOCALES["ko"],
            color_scheme="dark",
            viewport={"width": 360, "height": 740},
        )

        lab.fits()
        expect(lab.button(_("Train"))).to_be_in_viewport(ratio=1)
        train(lab, _)
        for panel, shown in (("Right and wrong", ".wb-confusion"), ("Layer by layer", ".wb-layers")):
            lab.open_panel(_(panel))
            expect(lab.page.locator(shown)).to_be_visible()
            lab.fits()
            assert lab.violations() == []
        expect(lab.page.locator(".wb-layers tbody tr")).to_have_count(12)
        expect(lab.page.locator(".wb-maps img")).to_have_count(5)
        assert lab.dark_texts() == []
        assert lab.bright_boxes() == []


@linux
class TestProcesses:
    @pytest.mark.slow
    def test_the_page_works_after_a_cancel_and_after_a_killed_worker(self, visit: Visit, server: Address) -> None:
        lab = opened(visit, LONG)

        lab.button("Train").click()
        expect(status(lab)).to_contain_text("Looked at")
        assert len(workers(server)) == 1
        lab.button("Stop").click()
        expect(status(lab)).to_contain_text("Stopped")
        gone(lab, server, seconds=1)

        lab.button("Train").click()
        expect(status(lab)).to_contain_text("Looked at")
        os.kill(workers(server)[0], signal.SIGKILL)
        expect(status(lab)).to_contain_text("The training process ended unexpectedly.")
        lab.choose("Model", "Two linear layers")
        train(lab)

    @pytest.mark.slow
    def test_a_reload_keeps_the_run_and_leaving_ends_it(self, visit: Visit, server: Address) -> None:
        lab = opened(visit, LONG)

        lab.button("Train").click()
        expect(status(lab)).to_contain_text("Looked at")
        [worker] = workers(server)
        lab.page.reload()
        expect(status(lab)).to_contain_text("Looked at")
        expect(lab.player).to_have_attribute("data-token", ANY)
        assert workers(server) == [worker]
        # Going to another page of the app is not leaving.
        lab.page.get_by_role("navigation").get_by_role("link").filter(has_text="Start").click()
        expect(lab.page.get_by_role("heading", name="Torch Workbench")).to_be_visible()
        assert workers(server) == [worker]
        lab.page.goto("about:blank")
        gone(lab, server, seconds=20)


class TestCheckpoints:
    def test_a_downloaded_checkpoint_gives_the_same_evaluation_when_uploaded(self, visit: Visit) -> None:
        lab, run = opened(visit, "/images?epochs=1"), learned(epochs=1)

        train(lab)
        lab.open_panel("Checkpoint")
        with lab.page.expect_download() as download:
            lab.button("Download checkpoint").click()
        assert download.value.suggested_filename == "03_pytorch_computer_vision_model_0.pth"
        data = Path(download.value.path()).read_bytes()
        state = torch.load(io.BytesIO(data), weights_only=True)
        assert all(torch.equal(tensor, state[name]) for name, tensor in run.model.state_dict().items())
        lab.upload(data)
        expect(lab.answer()).to_contain_text("The test gives the same loss and accuracy as before saving.")
        expect(status(lab)).to_contain_text("The model comes from your checkpoint.")

        # A model of the same kind with other sizes, and then with settings that fit.
        other = wb.ImageRun(wb.ImageConfig(model="tiny_vgg", hidden_units=16))
        lab.idle()  # a script run that ends closes the list of a choice
        lab.choose("Model", "Convolutions (TinyVGG)")
        lab.idle()
        lab.upload(wb.save_checkpoint(other), "other.pth")
        expect(lab.answer()).to_contain_text("block_1.0.weight has shape (16, 1, 3, 3), this model needs (10, 1, 3, 3)")
        lab.button("Use these settings and load it").click()
        expect(lab.slider_value("Hidden units")).to_have_text("16")
        expect(lab.answer()).to_have_text("Loaded: the model now has the weights from the file.")
