"""Checkpoints downloaded and uploaded again, and files that must be refused."""

import io
import math
import os
import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from playwright.sync_api import expect

import wb_core as wb
from pages.ui.widgets.numbers import number
from tests.browser.conftest import Visit
from tests.browser.lab import LONG, LONG_SETTINGS, UPLOAD, trained


def saved(**tensors: Any) -> bytes:
    file = io.BytesIO()
    torch.save(tensors, file)
    return file.getvalue()


def refusal(data: bytes) -> str:
    """The engine's error message for a file."""
    with pytest.raises(wb.CheckpointError) as error:
        wb.load_checkpoint(data, into=wb.Run(wb.LinearConfig()))
    return str(error.value)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("parameter", "01_pytorch_workflow_model_0.pth"),
        pytest.param("linear", "01_pytorch_workflow_model_1.pth", marks=pytest.mark.slow),
    ],
)
def test_a_downloaded_checkpoint_gives_the_same_predictions_when_uploaded(visit: Visit, model: str, name: str) -> None:
    lab = visit(f"/linear?model={model}")
    run = trained(model=model)

    lab.train()
    lab.open_panel("Checkpoint")
    with lab.page.expect_download() as download:
        lab.button("Download checkpoint").click()
    assert download.value.suggested_filename == name
    data = Path(download.value.path()).read_bytes()
    state = torch.load(io.BytesIO(data), weights_only=True)
    assert {n: t.tolist() for n, t in state.items()} == {n: t.tolist() for n, t in run.model.state_dict().items()}

    with lab.new_recording():
        lab.button("Reset").click()
    with lab.new_recording():
        lab.upload(data, name)
    expect(lab.answer()).to_contain_text("10 of 10 predictions are the same before saving and after loading")
    lab.reads({**run.losses(), **run.line})
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.shows(99)
    again = wb.Run(wb.LinearConfig(model=model), start=run.line)
    again.finish()
    lab.reads(again.history.row(-1))


def test_a_refused_upload_is_explained_and_changes_nothing(visit: Visit, tmp_path: Path) -> None:
    marker = tmp_path / "pwned"

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {marker}",)

    line = {"weights": torch.tensor([0.5]), "bias": torch.tensor([0.5])}
    files = {
        "a command": pickle.dumps(Evil(), protocol=2),
        "a command in a tensor's place": saved(weights=Evil(), bias=line["bias"]),
        "garbage": os.urandom(5000),
        "nothing": b"",
        "cut off": saved(**line)[:-100],
        "not a number": saved(weights=torch.tensor([math.nan]), bias=line["bias"]),
        "a wrong shape": saved(weights=torch.zeros(3, 1), bias=line["bias"]),
        "more layers": saved(**line, **{"fc.weight": torch.zeros(1, 1), "fc.bias": torch.zeros(1)}),
        "a web page": b"<!doctype html><title>model.pth</title>",
        "markdown": saved(**line, **{"[x](http://a.b) ![i](http://c.d/e.png) <b>": torch.zeros(1)}),
    }
    lab = visit()
    run = trained()
    lab.train()
    lab.open_panel("Checkpoint")
    token = lab.token
    for name, data in files.items():
        lab.upload(data, f"{name}.pth")
        expect(lab.answer()).to_have_text(refusal(data))
        expect(lab.page.get_by_text("Traceback")).to_have_count(0)
        expect(lab.page.get_by_test_id("stException")).to_have_count(0)
        lab.idle()
    assert lab.token == token
    lab.reads(run.history.row(-1))
    lab.scrub(13)
    lab.reads(run.history.row(13))
    assert not marker.exists()


def test_a_wrapped_checkpoint_of_any_ending_says_what_was_done(visit: Visit) -> None:
    source = trained(model="linear", epochs=30)
    state = {f"model.{name}": tensor for name, tensor in source.model.state_dict().items()}
    lab = visit("/linear?model=linear&optimizer=adam")
    lab.open_panel("Checkpoint")
    with lab.new_recording():
        lab.upload(saved(epoch=30, state_dict=state, optimizer_states=[source.optimizer.state_dict()]), "last.ckpt")
    expect(lab.answer()).to_have_text("Loaded: the model now has the weights from the file.")
    panel = lab.page.locator(".st-key-panel-checkpoint")
    for done in ("Took the weights from state_dict", "Removed model. from", "Left out the optimizer's state"):
        expect(panel).to_contain_text(done)
    lab.reads({**wb.Run(source.config, start=source.line).losses(), **source.line})
    expect(lab.page.locator(".st-key-status")).to_contain_text("Adam's running averages begin anew")
    assert lab.violations(".st-key-panel-checkpoint") == []


@pytest.mark.slow
def test_of_two_models_in_a_file_the_visitor_chooses_one(visit: Visit) -> None:
    lab = visit()
    lab.open_panel("Checkpoint")
    token = lab.token
    weights, bias = torch.tensor([0.25]), torch.tensor([-1.5])
    lab.upload(saved(model={"weights": bias, "bias": bias}, ema={"weights": weights, "bias": bias}), "both")
    expect(lab.button("Load model")).to_be_visible()
    assert lab.token == token
    with lab.new_recording():
        lab.button("Load ema").click()
    run = wb.Run(wb.LinearConfig(), start={"weight": 0.25, "bias": -1.5})
    lab.reads({**run.losses(), **run.line})


def test_a_file_of_another_model_or_page_is_loaded_by_a_click(visit: Visit) -> None:
    lab = visit()
    lab.open_panel("Checkpoint")
    other = wb.Run(wb.LinearConfig(model="linear", seed=7))
    lab.upload(wb.save_checkpoint(other))
    expect(lab.answer()).to_have_text("This is a checkpoint of “Linear layer”. The settings ask for another model.")
    with lab.new_recording():
        lab.button("Use these settings and load it").click()
    lab.reads({**other.losses(), **other.line})

    pictures = wb.ImageConfig(model="tiny_vgg", hidden_units=5)
    lab.upload(wb.save_checkpoint(wb.ImageRun(pictures)), "vgg.bin")
    expect(lab.answer()).to_contain_text("“Convolutions (TinyVGG)” with 5 hidden units")
    lab.button("Go there and load it").click()
    expect(lab.page.get_by_role("heading", name="Images", exact=True)).to_be_visible()
    expect(lab.answer()).to_have_text("Loaded: the model now has the weights from the file.")
    test = wb.ImageRun(pictures).test()
    expect(lab.readout("Test loss")).to_have_text(number(test.loss))
    expect(lab.player.locator(".wb-value", has_text="–")).to_have_count(0)
    expect(lab.page.get_by_text(f"Test accuracy {number(test.accuracy)}% as loaded")).to_be_visible()


@pytest.mark.slow
def test_a_file_that_arrives_during_a_training_asks_first(visit: Visit, slow_server: str) -> None:
    lab = visit(LONG, at=slow_server)
    lab.open_panel("Checkpoint")
    lab.page.evaluate(UPLOAD, [[*saved(weights=torch.tensor([0.25]), bias=torch.tensor([-1.5]))], "model.pth"])
    lab.button("Train").click()
    expect(lab.button("Load the file")).to_be_visible()
    lab.reads(trained(**LONG_SETTINGS).history.row(-1))
    with lab.new_recording():
        lab.button("Load the file").click()
    run = wb.Run(wb.LinearConfig(**LONG_SETTINGS), start={"weight": 0.25, "bias": -1.5})
    lab.reads({**run.losses(), **run.line})


def test_a_file_over_the_limit_is_not_uploaded(visit: Visit) -> None:
    lab = visit()

    lab.open_panel("Checkpoint")
    lab.upload(bytes(1_500_000), "large.pth")
    expect(lab.page.get_by_test_id("stFileUploader")).to_contain_text("File must be 1.0MB or smaller")
    run = wb.Run(wb.LinearConfig())
    lab.reads({**run.losses(), **run.line})


def test_the_history_downloads_as_csv(visit: Visit) -> None:
    lab = visit("/linear?noise=0.2")
    run = trained(noise=0.2)

    lab.train()
    with lab.page.expect_download() as download:
        lab.button("Download CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    pd.testing.assert_frame_equal(pd.read_csv(download.value.path()), run.history.frame(), check_exact=True)
