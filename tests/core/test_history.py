"""`History`, on a record written by hand."""

import numpy as np
import pandas as pd
import pytest

import wb_core as wb

ROWS = [(0.5, 1.5, 0.25, -1.0, -0.5, 2.0), (0.375, 1.0, 0.75, -3.0, -0.25, 4.0)]


@pytest.fixture
def history():
    history = wb.History(wb.LinearRun.columns)
    for row in ROWS:
        history.append(row)
    return history


def test_the_columns_are_those_of_the_contract(history):
    assert history.columns == ("train_loss", "test_loss", "weight", "bias", "weight_grad", "bias_grad")


def test_the_frame_has_one_row_per_epoch(history):
    expected = pd.DataFrame(
        {
            "epoch": [0, 1],
            "train_loss": [0.5, 0.375],
            "test_loss": [1.5, 1.0],
            "weight": [0.25, 0.75],
            "bias": [-1.0, -3.0],
            "weight_grad": [-0.5, -0.25],
            "bias_grad": [2.0, 4.0],
        }
    )
    pd.testing.assert_frame_equal(history.frame(), expected)
    assert len(history) == 2


def test_the_frame_of_an_empty_history_has_columns_and_no_rows():
    frame = wb.History(wb.LinearRun.columns).frame()
    assert list(frame) == ["epoch", *wb.History(wb.LinearRun.columns).columns]
    assert frame.empty


def test_an_epoch_is_read_by_its_number_and_from_the_end(history):
    assert list(history.row(0).values()) == list(ROWS[0])
    assert history.row(-2) == history.row(0)
    assert history.row(-1) == history.row(1) == dict(zip(history.columns, ROWS[1], strict=True))
    with pytest.raises(IndexError):
        history.row(2)


def test_a_column_is_read_by_its_name(history):
    assert list(history.column("weight")) == [0.25, 0.75]
    with pytest.raises(KeyError):
        history.column("accuracy")


def test_numbers_keep_all_64_bits():
    history = wb.History(("loss",))
    history.append((0.1,))
    assert history.row(0) == {"loss": 0.1}


def test_an_array_made_from_a_column_does_not_block_appending(history):
    losses = np.asarray(history.column("train_loss"))
    history.append(ROWS[0])
    assert len(history) == 3
    assert losses[:2].tolist() == [0.5, 0.375]


@pytest.mark.parametrize("row", [ROWS[0][:-1], (*ROWS[0], 1.0), ()], ids=["short", "long", "empty"])
def test_a_row_of_the_wrong_length_is_refused_and_appends_nothing(history, row):
    with pytest.raises(ValueError, match="6 numbers"):
        history.append(row)
    assert [len(history.column(name)) for name in history.columns] == [2] * 6
