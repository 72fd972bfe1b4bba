"""The sweep: run it, choose a cell, open it in its lab; in Korean on a narrow dark screen."""

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from tests.browser.conftest import LOCALES, Visit
from tests.browser.lab import Lab, words

ONE_AXIS = "/sweep?loss=mse&epochs=20&x_low=0.01&x_steps=3&y=none"
FEW = ONE_AXIS.replace("y=none", "y=weight&y_low=-1&y_high=1&y_steps=2")


def plot(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("stPlotlyChart").locator(".js-plotly-plot")


def swept(visit: Visit, path: str, language: str = "en", **wishes: object) -> Lab:
    """The page with a finished sweep."""
    lab = visit(path, ready=False, locale=LOCALES[language], **wishes)
    lab.button(words(language)("Run the sweep")).click()
    expect(lab.page.locator(".st-key-finding")).to_be_visible()  # the empty axes before have a plot, too
    expect(plot(lab).locator(".heatmaplayer, .scatterlayer").first).to_be_attached()
    lab.ready()
    return lab


def choose(lab: Lab, x: int, y: int) -> None:
    """Click on a cell, by its place on the two axes."""
    spot = plot(lab).evaluate(
        """(plot, [x, y]) => {
            const { xaxis, yaxis } = plot._fullLayout;
            const box = plot.getBoundingClientRect();
            return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
        }""",
        [x, y],
    )
    lab.page.mouse.move(*spot)
    expect(plot(lab).locator(".hoverlayer text").first).to_be_visible()
    lab.page.mouse.click(*spot)


def test_a_cell_is_chosen_and_its_run_opened_in_its_lab(visit: Visit) -> None:
    lab = swept(visit, FEW)
    page = lab.page

    expect(page.get_by_text("Best of 6 runs:")).to_be_visible()
    choose(lab, 1, 1)
    run = wb.Run(wb.LinearConfig(loss="mse", epochs=20, lr=0.1, weight=1.0))
    run.finish()
    lab.ready()
    lab.shows(19)
    expect(lab.player.locator(".wb-title").first).to_contain_text(f"{run.history.row(-1)['test_loss']:.4f}")
    assert lab.violations() == []
    page.get_by_role("radio", name="Table", exact=True).click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_role("radio", name="Map", exact=True).click()
    lab.button("Open it in its lab").click()
    expect(page.get_by_role("heading", name="Linear regression", level=1)).to_be_visible()
    expect(lab.slider_value("Learning rate")).to_have_text("0.1")
    expect(page).to_have_url(f"{lab.origin}/linear?weight=1&loss=mse&lr=0.1&epochs=20")


def test_the_best_run_is_open_and_another_can_be_chosen_by_keyboard(visit: Visit) -> None:
    lab = swept(visit, FEW)
    page = lab.page
    lab.ready()
    opened = lab.token

    expect(page.locator(".st-key-by-hand")).to_contain_text("0.1")
    page.get_by_role("slider", name="Weight").focus()
    page.keyboard.press("ArrowLeft")
    expect(lab.player).not_to_have_attribute("data-token", opened)
    lab.ready()
    marked = "(plot) => plot.data.find((trace) => trace.customdata).selectedpoints"
    lab.soon(lambda: plot(lab).evaluate(marked), [2])
    page.get_by_role("button", name="Save this run").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Compare 1/8")).to_be_visible()


@pytest.mark.slow
def test_a_network_of_a_sweep_is_chosen_by_its_accuracy_and_opened_in_its_lab(visit: Visit) -> None:
    lab = swept(visit, "/sweep?kind=points&points=50&hidden=4&epochs=20&x_low=0.1&x_steps=2&y=activation")
    page = lab.page

    choose(lab, 0, 2)
    run = wb.Run(wb.PointsConfig(points=50, hidden=(4,), epochs=20, activation="tanh", lr=0.1))
    run.finish()
    lab.shows(19)
    expect(lab.player.locator(".wb-title").last).to_contain_text(f"{run.history.row(-1)['test_accuracy']:.2f}%")
    expect(page.get_by_text(f"{run.history.row(-1)['train_accuracy']:.4g}% of the training points")).to_be_visible()
    assert lab.violations() == []
    lab.button("Open it in its lab").click()
    expect(page.get_by_role("heading", name="Points in the plane", level=1)).to_be_visible()
    expect(page).to_have_url(f"{lab.origin}/points?points=50&hidden=4&lr=0.1&epochs=20")


@pytest.mark.slow
def test_a_click_anywhere_in_a_tall_cell_selects_it(visit: Visit) -> None:
    lab = swept(visit, "/sweep?x_low=0.01&x_steps=40&y=weight&y_low=-1&y_high=1&y_steps=2&epochs=20")
    lab.ready()
    token = lab.token

    choose(lab, 20, -0.4)
    expect(lab.player).not_to_have_attribute("data-token", token)
    expect(lab.page.locator(".st-key-by-hand")).to_contain_text("0.106")


@pytest.mark.slow
def test_a_narrow_dark_korean_page_is_accessible(visit: Visit) -> None:
    lab = swept(
        visit,
        ONE_AXIS,
        "ko",
        color_scheme="dark",
        viewport={"width": 360, "height": 740},
    )

    lab.fits()
    assert lab.violations() == []
    assert lab.bright_boxes() == []


@pytest.mark.slow
def test_each_kind_of_sweep_keeps_its_settings_and_its_runs(visit: Visit) -> None:
    lab = swept(visit, FEW)
    page = lab.page
    lines = page.url
    token = lab.token

    page.get_by_role("radio", name="Pictures", exact=True).click()
    expect(page).to_have_url(f"{lab.origin}/sweep?kind=image")
    expect(page.get_by_text("4 × 3 = 12 runs, 216,000 pictures in total.")).to_be_visible()
    assert lab.violations() == []
    page.get_by_role("spinbutton", name="Seeds").fill("2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{lab.origin}/sweep?kind=image&seeds=2")
    page.get_by_role("radio", name="Lines", exact=True).click()
    expect(page).to_have_url(lines)
    expect(page.get_by_text("Best of 6 runs:")).to_be_visible()
    expect(lab.player).to_have_attribute("data-token", token)
    page.get_by_role("radio", name="Pictures", exact=True).click()
    expect(page).to_have_url(f"{lab.origin}/sweep?kind=image&seeds=2")
    expect(page.get_by_text("24 runs")).to_be_visible()
