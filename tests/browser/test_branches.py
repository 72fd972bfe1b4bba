"""A branch in the browser: made at an epoch of the player, followed, reloaded, sent as a link, and run as a script."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained
from tests.core.exported import assert_same_bits, execute

QUERY = "/linear?lr=0.05&epochs=120"
SENT = "branches=81-lr-0.005"


def shown(lab: Lab) -> list[float]:
    """The test losses of the branch as the player draws them, from its first epoch on."""
    script = "([plot, t]) => Array.from(plot.data[t].y ?? [])"
    plot = lab.player.locator("[data-chart=loss] .js-plotly-plot").element_handle()
    return lab.page.evaluate(script, [plot, 6])[81:]


@pytest.mark.slow
def test_a_branch_is_made_in_the_player_and_travels_by_reload_link_and_script(visit: Visit, tmp_path: Path) -> None:
    lab = visit(QUERY, reduced_motion="reduce")
    branch = trained(lr=0.05, epochs=120).branch(81, lr=0.005)
    branch.finish()
    losses = [float(value) for value in branch.history.column("test_loss")[81:]]

    def has_the_branch(one: Lab) -> None:
        expect(one.page.locator(".st-key-branch-A")).to_contain_text("from epoch 81: Learning rate 0.005")
        one.soon(lambda: shown(one), losses)

    lab.train()
    lab.scrub(80)
    lab.button("Branch here").click()
    expect(lab.page.get_by_role("spinbutton", name="From epoch")).to_have_value("81")
    with lab.new_recording():
        lab.button("Train branch").click()
    lab.shows(119)
    has_the_branch(lab)
    expect(lab.page).to_have_url(f"{lab.origin}{QUERY}&{SENT}")
    lab.scrub(90)
    assert lab.drawn("loss", 7) == {"type": "scatter", "n": 91}
    assert lab.violations() == []

    lab.page.reload()
    lab.ready()
    has_the_branch(lab)

    other = visit(f"{QUERY}&{SENT}", reduced_motion="reduce")
    has_the_branch(other)
    other.reads(trained(lr=0.05, epochs=120).history.row(-1))
    other.page.locator(".st-key-branch-A").get_by_role("button", name="Line by line").first.click()
    expect(other.page).to_have_url(f"{other.origin}/step?lr=0.05&epochs=120&schedule={SENT[9:]}&epoch=81")
    other.page.go_back()
    has_the_branch(other)
    other.open_panel("Code")
    option = other.page.get_by_role("option", name="Branch A: from epoch 81: Learning rate 0.005", exact=True)

    def opened() -> bool:
        if not option.is_visible():
            other.choice("Code of").click()  # a script run that ends just now closes it again
            other.page.wait_for_timeout(700)
        return option.is_visible()

    other.soon(opened, True)
    option.click()
    expect(other.page.get_by_test_id("stCode")).to_contain_text("if epoch == 81:")
    other.at_rest()
    with other.page.expect_download() as found:
        other.button("Download script (.py)").click()
    found.value.save_as(tmp_path / "branch.py")
    script = (tmp_path / "branch.py").read_text(encoding="utf-8")
    assert script == wb.to_script(branch.config)
    names, _ = execute(script, tmp_path)
    assert_same_bits(names["model"].state_dict(), branch.model.state_dict())

    other.button("Delete").click()
    expect(other.page.locator(".st-key-branch-A")).to_have_count(0)
    expect(other.page).to_have_url(f"{other.origin}{QUERY}")
