"""Every page runs in every language, with its agreed labels."""

from itertools import pairwise

import pytest

import wb_core as wb
from pages.ui.i18n import LANGUAGES, translator
from pages.ui.labs.line import panels
from pages.ui.labs.line.lab import LinearLab
from pages.ui.labs.line.panels import PANELS
from tests.pages.app import lab_of, open_page, widget

PAGES = {
    "home.py": "Torch Workbench",
    "linear.py": "Linear regression",
    "step.py": "One step, line by line",
    "points.py": "Points in the plane",
    "compare.py": "Compare",
    "device.py": "Device",
}
SLIDERS = {"Weight": (-2, 2), "Bias": (-2, 2), "Epochs": (1, 5000), "Noise": (0, 0.5), "Training fraction": (0.1, 0.9)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_without_an_error(page, language):
    app = open_page(page, state={"language": language})
    assert not app.exception
    assert not app.error
    name = PAGES[page]
    assert [title.value for title in app.title] == [translator(language)(name)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("epochs", [0, 100])
def test_a_panel_runs_before_and_after_training(panel, language, epochs):
    lab = LinearLab()
    lab.run.advance(epochs=epochs)
    app = open_page(state={"language": language, panels.KEY: panel, "pages.ui.labs.line.lab.LinearLab": lab})
    assert not app.exception
    assert app.segmented_control(key="linear.panel").value == panel
    assert lab_of(app).run.epoch == epochs


def test_sliders_have_their_agreed_names_and_bounds():
    app = open_page()
    assert {slider.label: (slider.min, slider.max) for slider in app.slider} == SLIDERS


def test_the_learning_rate_has_logarithmic_steps():
    [rate] = open_page().select_slider
    assert rate.label == "Learning rate"
    stops = [float(stop) for stop in rate.options]
    assert (stops[0], stops[-1]) == (0.0001, 1)
    ratios = [high / low for low, high in pairwise(stops)]
    assert min(ratios) > 1.1
    assert max(ratios) < 1.4
    assert wb.LinearConfig().lr in stops


def test_choices_and_buttons_have_their_names():
    app = open_page()
    choices = {choice.label: list(choice.options) for choice in app.selectbox}
    assert choices.keys() >= {"Model", "Loss", "Optimizer", "Momentum", "Device"}
    assert len(choices["Model"]) == 2
    assert len(choices["Loss"]) == 3
    assert len(choices["Optimizer"]) == 2
    assert "Seed" in [box.label for box in app.number_input]
    assert {"Train", "Reset", "Continue training"} <= {button.label for button in app.button}
    assert [toggle.label for toggle in app.toggle] == ["Shuffle", "Standardize"]


def test_every_control_explains_itself_and_names_its_pytorch_counterpart():
    app = open_page()
    for kind in (app.slider, app.select_slider, app.number_input, app.selectbox):
        for control in kind:
            if control.key.startswith("LinearConfig."):
                assert "In PyTorch: `" in control.help


def test_without_a_link_every_control_has_its_default():
    app, defaults = open_page(), wb.LinearConfig()
    for label, name in (("Weight", "weight"), ("Learning rate", "lr"), ("Epochs", "epochs"), ("Seed", "seed")):
        assert widget(app, label).value == getattr(defaults, name)
    assert lab_of(app).run.config == defaults
