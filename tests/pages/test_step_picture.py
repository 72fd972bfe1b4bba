"""The data of the step page's charts for each line: the engine's numbers, as the browser receives them."""

import base64
import json

import numpy as np
import pytest

import wb_core as wb
from tests.pages.app import open_page
from wb_core.base.step import LINES
from wb_core.kinds.line.microscope import Microscope

EPOCH = 7


def drawn(**query):
    """The columns that are sent to the browser, float32 each."""
    app = open_page("step.py", epoch=str(EPOCH), **query)
    [player] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_player"]
    columns = json.loads(player.json)["columns"]
    return {name: np.frombuffer(base64.b64decode(text), dtype="<f4") for name, text in columns.items()}


def numbers(tensor):
    return list(tensor.flatten().tolist())


@pytest.fixture(scope="module")
def scope():
    scope = Microscope(wb.LinearConfig())
    scope.advance(60)
    return scope


@pytest.mark.parametrize("line", LINES)
def test_the_charts_show_the_data_of_the_line(scope, line):
    trace, data, history = scope.look(EPOCH), scope.run.data, scope.run.history
    columns, tensors = drawn(line=line), trace.around(line)[1].tensors
    test = line == "evaluate"
    for name in ("X_train", "y_train", "X_test", "y_test"):
        assert list(columns[name]) == numbers(getattr(data, name))
    sticks_x, sticks_y = (columns[name].reshape(-1, 3) for name in ("stick_x", "stick_y"))
    if line in ("train", "step"):
        assert len(sticks_x) == len(sticks_y) == 0
    else:
        X, y = (data.X_test, data.y_test) if test else (data.X_train, data.y_train)
        y_pred = tensors["test_pred" if test else "y_pred"]
        assert list(sticks_x[:, 0]) == list(sticks_x[:, 1]) == numbers(X)
        assert list(sticks_y[:, 0]) == numbers(y)
        assert list(sticks_y[:, 1]) == numbers(y_pred)
    before, after = (
        [moment.tensors[name].item() for name in ("weights", "bias")] for moment in (trace.before, trace.moments[-1])
    )
    x = columns["line_x"]
    assert columns["line_before"] == pytest.approx(before[0] * x + before[1], rel=1e-6)
    taken = line in ("step", "evaluate")
    assert len(columns["line_now"]) == (len(x) if taken else 0)
    if taken:
        assert columns["line_now"] == pytest.approx(after[0] * x + after[1], rel=1e-6)
        assert after != before
    row = history.row(EPOCH)
    assert [list(columns[name]) for name in ("at_epoch", "at_loss")] == [[EPOCH], [np.float32(row["train_loss"])]]
    wanted = [[EPOCH], [np.float32(row["test_loss"])]] if test else [[], []]
    assert [list(columns[name]) for name in ("tested_epoch", "tested_loss")] == wanted


def test_the_curves_are_those_of_the_run_and_of_its_control(scope):
    columns = drawn(line="step", what_if="skip_zero_grad")
    changed = Microscope(wb.LinearConfig(), what_if="skip_zero_grad")
    changed.advance(60)
    wanted = {
        "curve_loss": changed.run.history.column("train_loss"),
        "test_loss": changed.run.history.column("test_loss"),
        "control_loss": scope.run.history.column("train_loss"),
    }
    for name, losses in wanted.items():
        assert list(columns[name]) == list(np.float32(losses))
    assert len(drawn(line="step")["control_loss"]) == 0
