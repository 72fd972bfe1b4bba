"""The parts of the image lab: choices sent by a browser, images, the confusion matrix, checkpoints."""

import base64
import html
import io
import re

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

import wb_core as wb
from pages.ui.labs.checkpoint.proofs import MAX_BYTES, MAX_PROOFS, fitting
from pages.ui.labs.images import pixels
from pages.ui.labs.images.panels import checkpoint, predictions
from pages.ui.labs.images.view import ImageView, some
from pages.ui.session import state
from pages.ui.widgets import clickable
from tests.pages.image_jobs import checkpoint_of

NAMES = ("T-shirt/top", "<b>", 'a "bag"')
COUNTS = torch.tensor([[1234, 1, 0], [3, 5, 0], [0, 0, 0]])

# Texts that try to pass for a list of numbers.
texts = st.text() | st.from_regex(r"-?\d{1,9}(-\d{1,9})?", fullmatch=True) | st.from_regex(r"\w{1,5}-\w{1,5}")


class TestView:
    @given(texts, st.integers(1, 10_000))
    @example("²", 10_000)
    @example("٣", 10_000)
    @example("9" * 5000, 10_000)
    def test_only_an_image_of_the_set_can_be_chosen(self, clicked, most):
        view = ImageView()
        view.choose(clicked, most=most, where="surest")
        assert view.places == {} or (list(view.places) == ["surest"] and 0 <= view.places["surest"] < most)

    @given(st.integers(0, 9_999))
    def test_every_image_of_the_set_can_be_chosen(self, place):
        view = ImageView()
        view.choose(str(place), most=10_000, where="cell")
        assert view.places == {"cell": place}

    @given(texts)
    @example("3-6-1")
    @example("-1--1")
    @example("10-0")
    @example("²-³")
    @example("9" * 5000 + "-1")
    def test_only_a_cell_of_the_matrix_can_be_chosen(self, clicked):
        view = ImageView()
        view.choose_cell(clicked, classes=10)
        assert view.cell is None or (0 <= view.cell[0] < 10 and 0 <= view.cell[1] < 10)

    def test_invalid_choices_change_nothing(self):
        view = ImageView(places={"surest": 7}, cell=(3, 6))
        view.choose("everything", most=10, where="gallery")
        view.choose_cell("3-", classes=10)
        assert view == ImageView(places={"surest": 7}, cell=(3, 6))

    def test_choosing_a_cell_again_clears_it(self):
        view = ImageView()
        view.choose_cell("3-6", classes=10)
        assert view.cell == (3, 6)
        view.choose_cell("3-6", classes=10)
        assert view.cell is None

    def test_another_cell_clears_the_chosen_image(self):
        view = ImageView(places={"cell": 7}, cell=(3, 6))
        view.choose_cell("0-6", classes=10)
        assert (view.cell, view.places) == ((0, 6), {})

    def test_another_cell_keeps_an_image_of_another_list(self):
        view = ImageView(places={"surest": 7})
        view.choose_cell("0-6", classes=10)
        assert view.places == {"surest": 7}

    def test_other_images_clear_the_chosen_one(self):
        view = ImageView(places={"surest": 7, "gallery": 3})
        view.more_gallery()
        assert (view.gallery, view.places) == (1, {"surest": 7})

    def test_an_index_of_a_larger_set_is_not_chosen_in_a_smaller_one(self):
        view = ImageView(places={"cell": 5_000})
        assert (view.place_in("cell", 10_000), view.place_in("cell", 5_000)) == (5_000, None)
        assert view.place_in("gallery", 10_000) is None


@given(st.integers(0, 20), st.integers(0, 10_000), st.integers())
def test_some_gives_distinct_indices_that_depend_on_the_seed(count, of, seed):
    places = some(count, of, seed)
    assert len(places) == len(set(places)) == min(count, of)
    assert all(0 <= place < of for place in places)
    assert places == some(count, of, seed)


def test_some_gives_other_indices_for_another_seed():
    assert len({tuple(some(9, 1000, seed)) for seed in range(20)}) == 20


class TestPictures:
    def picture_in(self, address):
        kind, _, data = address.partition(",")
        assert kind == "data:image/png;base64"
        return torch.from_numpy(np.array(Image.open(io.BytesIO(base64.b64decode(data)))))

    @pytest.mark.parametrize("kind", [torch.uint8, torch.int64])
    def test_a_png_has_the_pixels_of_the_image(self, kind):
        drawn = torch.arange(256).reshape(8, 32).to(kind)
        assert torch.equal(self.picture_in(pixels.png(drawn)), drawn.to(torch.uint8))

    def test_a_title_is_escaped(self):
        assert "<b>" not in pixels.plain(torch.zeros(2, 2), "<b>")

    def maps_of(self, output):
        return [self.picture_in(address) for address in re.findall(r'src="(.*?)"', pixels.maps(output))]

    def test_maps_share_one_scale_from_the_smallest_to_the_largest_number(self):
        output = torch.tensor([[[-1.0, 0.0]], [[0.0, 1.0]]])
        assert [picture.tolist() for picture in self.maps_of(output)] == [[[0, 127]], [[127, 255]]]

    @pytest.mark.parametrize("value", [0.0, 7.5, -1e-30])
    def test_constant_maps_are_black(self, value):
        assert [picture.unique().tolist() for picture in self.maps_of(torch.full((3, 4, 4), value))] == [[0]] * 3

    def test_table_cells_are_escaped(self):
        drawn = pixels.table(["<i>"], [["<b>"]])
        assert "<i>" not in drawn
        assert "<b>" not in drawn

    @pytest.mark.parametrize(("place", "right"), [(0, True), (1, False)])
    def test_a_prediction_shows_the_predicted_and_the_true_class(self, place, right):
        told = wb.Predictions(torch.tensor([[9.0, 0.0, 0.0], [0.0, 0.0, 9.0]]), torch.tensor([0, 1]))
        drawn = pixels.answered(torch.zeros(2, 2), place, told, NAMES, chosen=right)
        text = html.unescape(re.sub("<(?!b>).*?>", "", drawn))
        assert text.startswith("✓ T-shirt/top" if right else '✗ a "bag"')
        assert text.endswith("100%" if right else "actually: <b>")
        assert f'aria-pressed="{"true" if right else "false"}"' in drawn
        assert "<b>" not in drawn


class TestConfusion:
    def buttons(self, chosen=None, *, rates=False):
        drawn = predictions.confusion_html(COUNTS, NAMES, chosen, rates=rates)
        return dict(re.findall(r'<button [^>]*data-click="(.*?)"[^>]*>(.*?)</button>', drawn))

    def test_each_cell_is_a_button(self):
        assert list(self.buttons()) == [f"{true}-{said}" for true in range(3) for said in range(3)]

    def test_a_button_shows_the_count_of_its_cell(self):
        assert list(self.buttons().values()) == ["1,234", "1", "·", "3", "5", "·", "·", "·", "·"]

    def test_a_button_chooses_its_cell(self):
        for clicked in self.buttons():
            view = ImageView()
            view.choose_cell(clicked, classes=3)
            assert "{}-{}".format(*view.cell) == clicked

    def test_rates_of_a_class_add_up(self):
        shown = [text for clicked, text in self.buttons(rates=True).items() if clicked[0] == "1"]
        assert shown == ["38%", "62%", "·"]
        drawn = predictions.confusion_html(COUNTS, NAMES, None, rates=True)
        parts = torch.tensor([float(part) for part in re.findall(r"--part:([\d.]+)", drawn)]).reshape(3, 3)
        assert parts.sum(dim=1).tolist() == pytest.approx([1, 1, 0], abs=2e-3)

    def test_right_predictions_are_on_the_diagonal(self):
        drawn = predictions.confusion_html(COUNTS, NAMES, None, rates=False)
        kinds = re.findall(r'<button type="button" class="wb-(right|wrong)"', drawn)
        assert [place for place, kind in enumerate(kinds) if kind == "right"] == [0, 4, 8]

    def test_only_the_chosen_cell_is_pressed(self):
        drawn = predictions.confusion_html(COUNTS, NAMES, (1, 0), rates=False)
        [pressed] = re.findall(r'data-click="([^"]*)" aria-pressed="true"', drawn)
        assert pressed == "1-0"

    def test_names_are_escaped(self):
        drawn = predictions.confusion_html(COUNTS, NAMES, None, rates=False)
        assert "<b>" not in drawn
        assert 'a "bag"' not in drawn
        labels = [html.unescape(label) for label in re.findall(r'aria-label="(.*?)"', drawn)]
        assert labels[1] == "T-shirt/top mistaken for <b>: 1"


class Component:
    """A component as Streamlit sees it: it records its callbacks."""

    def __call__(self, **options):
        self.options = options


NONSENSE = [None, {}, {"clicked": None}, {"clicked": 3}, {"other": "3"}]


class TestBrowser:
    @pytest.fixture
    def say(self, monkeypatch):
        """Make the browser send a value."""
        said = []
        monkeypatch.setattr(state, "get", lambda key: said[-1])
        return said.append

    @pytest.fixture
    def clicked(self, monkeypatch):
        monkeypatch.setattr(clickable, "_component", component := Component())
        heard = []
        clickable.draw("<p>", "key", heard.append)
        return component.options["on_clicked_change"], heard

    @pytest.mark.parametrize("value", NONSENSE)
    def test_a_click_that_is_no_text_is_not_listened_to(self, say, clicked, value):
        happened, heard = clicked
        say(value)
        happened()
        assert heard == []

    def test_a_click_is_told_as_it_is(self, say, clicked):
        happened, heard = clicked
        say({"clicked": "3-6"})
        happened()
        assert heard == ["3-6"]


class TestCheckpoints:
    @pytest.mark.parametrize(("model", "hidden_units"), [("linear", 16), ("relu", 10), ("tiny_vgg", 5)])
    def test_a_file_of_other_settings_is_recognised(self, model, hidden_units):
        made_with = wb.ImageConfig(model=model, hidden_units=hidden_units)
        found = checkpoint_of(wb.ImageRun(made_with).model.state_dict())
        chosen = wb.ImageConfig(model="linear", hidden_units=10, epochs=7, lr=0.5)
        assert fitting(found, chosen) == wb.ImageConfig(model=model, hidden_units=hidden_units, epochs=7, lr=0.5)

    def test_a_file_of_the_same_settings_is_not_called_different(self):
        config = wb.ImageConfig(model="relu")
        assert fitting(checkpoint_of(wb.ImageRun(config).model.state_dict()), config) is None

    @pytest.mark.parametrize(
        "unknown",
        [
            {"weight": torch.zeros(10, 784)},
            {"layer_stack.1.weight": torch.zeros(10, 784)},
            {"scalar": torch.tensor(1.0)},
            {},
        ],
        ids=["other names", "a part of a model", "no dimension", "nothing"],
    )
    def test_an_unknown_file_fits_no_settings(self, unknown):
        assert fitting(checkpoint_of(unknown), wb.ImageConfig()) is None

    def test_a_model_larger_than_the_controls_offer_is_not_suggested(self):
        found = checkpoint_of(wb.ImageRun(wb.ImageConfig(hidden_units=65)).model.state_dict())
        assert fitting(found, wb.ImageConfig()) is None

    def test_the_last_downloads_are_remembered(self):
        proofs = checkpoint.ImageProofs()
        for number in range(MAX_PROOFS + 3):
            proofs.remember(f"model {number}", (0.5, number))
        assert list(proofs.saved) == [f"model {number}" for number in range(3, MAX_PROOFS + 3)]

    def test_every_offered_model_is_within_the_size_limit(self):
        for model in wb.IMAGE_MODELS:
            file = wb.save_checkpoint(wb.ImageRun(wb.ImageConfig(model=model, hidden_units=64)))
            assert len(file) < MAX_BYTES
