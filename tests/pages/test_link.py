"""A copied link carries what it says, and says what it does not carry."""

import json
import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from pages.ui.labs import run_link
from pages.ui.labs.line.lab import LinearLab
from pages.ui.session.address import without_markup
from tests.pages.app import finish, open_page
from wb_core.tensorlab import OPERATIONS, Call

CONFIG = wb.LinearConfig(epochs=30)
UNSEEDED = Call.of(OPERATIONS["rand"], {"size": (2,), "seed": None}).text


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_a_copied_link_has_no_sign_that_chats_turn_into_markup(query):
    copied = without_markup(query)
    assert re.fullmatch(r"[A-Za-z0-9.%&=-]*", copied)
    assert dict(parse_qsl(copied, keep_blank_values=True)) == query


@pytest.fixture
def lab():
    """A lab with a finished training of `CONFIG`."""
    lab = LinearLab()
    lab.train(CONFIG)
    finish(lab)
    return lab


def carried(lab, config=CONFIG):
    return run_link.linked(lab, config).epochs, run_link.lacks(lab)


def test_a_finished_training_needs_only_its_settings(lab):
    assert carried(LinearLab()) == (30, "")
    assert carried(lab) == (30, "")
    assert carried(lab, wb.LinearConfig(epochs=70)) == (70, "")  # chosen for the next training


def test_epochs_that_were_added_are_in_the_link(lab):
    lab.resume(wb.LinearConfig(epochs=7))
    assert carried(lab, wb.LinearConfig(epochs=7)) == (37, "The link carries all 37 epochs of the run shown.")
    finish(lab)
    assert carried(lab) == (37, "The link carries all 37 epochs of the run shown.")


def test_more_epochs_than_a_link_can_carry_are_named(lab):
    lab.resume(wb.LinearConfig(epochs=5000))
    sentence = "The link carries 5,000 epochs, the most it can. The run shown has 5,030."
    assert carried(lab) == (5000, sentence)


def test_a_model_from_a_file_is_missing_in_the_link(lab):
    file = wb.read_checkpoint(wb.save_checkpoint(lab.run), limit=100_000)
    lab.load(CONFIG, file)
    assert carried(lab)[1].startswith("The link can't carry the model from your file.")


@pytest.mark.parametrize(
    ("shelf", "do", "lacks"),
    [
        ("A_zeros_2x2", "rand_3", False),
        (f"A_{UNSEEDED}", "rand_3", True),
        ("A_zeros_2x2", UNSEEDED, True),
    ],
)
def test_random_tensors_without_a_seed_are_drawn_again(shelf, do, lacks):
    app = open_page("tensors.py", shelf=shelf, do=do)
    [address] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_address"]
    assert ("drawn again" in json.loads(address.json)["lacks"]) is lacks
