"""What can be opened under the charts."""

import re

import pytest
import torch
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import ANY, Lab, trained


def table(lab: Lab, first: str) -> list[list[str]]:
    """The rows of the table in the panel, as far as they are in sight; its head begins with `first`."""
    grid = lab.page.get_by_test_id("stDataFrame").locator("table")  # for screen readers, under the painted one
    expect(grid.locator("tr").first).to_contain_text(re.compile(rf"^\s*{first}"))
    expect(grid.locator("tr").nth(1)).to_have_text(ANY)
    cells: list[list[str]] = grid.evaluate(
        "(grid) => [...grid.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    return cells


def test_the_printout_has_a_line_for_every_tenth_epoch(visit: Visit) -> None:
    lab = visit()
    history = trained().history

    lab.train()
    log = lab.page.get_by_role("region", name="Log")
    lines = log.locator("tbody tr")
    expect(lines).to_have_count(10)
    for i, line in enumerate(lines.all()):
        numbers = [f"{number:.4g}" for number in history.row(10 * i).values()]
        expect(line.locator("td")).to_have_text([str(10 * i), *numbers])
    log.focus()
    lab.page.keyboard.press("Tab")  # leads out again, not from cell to cell
    assert not log.evaluate("(log) => log.contains(document.activeElement)")
    lab.choose("Epochs between lines", "50")
    expect(lines).to_have_count(2)  # 0 and 50


@pytest.fixture(scope="module")
def lab(visit_for_long: Visit) -> Lab:
    """A page with a trained linear layer; every test opens a panel of its own."""
    lab = visit_for_long("/linear?model=linear")
    lab.train()
    return lab


def test_the_tensors_panel_describes_data_parameters_and_gradients(lab: Lab) -> None:
    lab.open_panel("Tensors")
    head, *rows = table(lab, "Tensor")
    run = trained(model="linear")
    weight = dict(run.model.named_parameters())["linear_layer.weight"]
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert list(found) == ["X_train", "y_train", "X_test", "y_test", "linear_layer.weight", "linear_layer.weight.grad",
                           "linear_layer.bias", "linear_layer.bias.grad"]  # fmt: skip
    for name, tensor in (("X_train", run.data.X_train), ("y_test", run.data.y_test), ("linear_layer.weight", weight)):
        info = wb.describe(tensor)
        assert found[name]["shape"] == str(info.shape)
        assert found[name]["dtype"] == str(info.dtype)
        assert found[name]["requires_grad"] == str(info.requires_grad)
        assert found[name]["bytes"] == str(info.nbytes)


def test_the_model_panel_prints_the_model_and_its_numbers(lab: Lab) -> None:
    run = trained(model="linear")

    lab.open_panel("Model")
    code = lab.page.get_by_test_id("stCode")
    expect(code.first).to_have_text(repr(run.model))
    expect(code.nth(1)).to_contain_text(str(run.model.state_dict()["linear_layer.weight"]))
    expect(lab.page.get_by_text("Parameters to learn: 2")).to_be_visible()


def test_the_device_panel_names_the_device_and_pytorch(lab: Lab) -> None:
    lab.open_panel("Device")
    panel = lab.page.locator("[class*='st-key-panel']")
    expect(panel).to_contain_text("Device in use: cpu")
    expect(panel).to_contain_text(f"PyTorch version: {torch.__version__}")
