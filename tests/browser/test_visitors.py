"""Several visitors, and one visitor on several pages."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.lab import trained


def test_two_visitors_at_once_get_their_own_numbers(visit: Visit) -> None:
    first, second = visit("/linear?lr=0.02&seed=1"), visit("/linear?model=linear&loss=mse&lr=0.1&epochs=150")
    of_first, of_second = trained(lr=0.02, seed=1), trained(model="linear", loss="mse", lr=0.1, epochs=150)

    for _ in range(2):
        first.button("Train").click()
        second.button("Train").click()
    second.shows(149)
    first.shows(99)
    first.idle()
    second.idle()
    second.reads(of_second.history.row(-1))
    first.reads(of_first.history.row(-1))
    for lab, run in ((first, of_first), (second, of_second)):
        lab.scrub(50)
        lab.reads(run.history.row(50))


def test_settings_and_training_survive_a_visit_to_another_page(visit: Visit) -> None:
    lab = visit()
    link = lab.page.get_by_role("navigation").get_by_role("link")

    lab.move("Learning rate", "ArrowRight")
    expect(lab.page).to_have_url(f"{lab.origin}/linear?lr=0.012")
    lab.unfold()
    lab.choose("Optimizer", "Adam")
    lab.train()
    link.filter(has_text="Start").click()
    expect(lab.page.get_by_role("heading", name="Torch Workbench")).to_be_visible()
    link.filter(has_text="Linear regression").click()
    expect(lab.slider_value("Learning rate")).to_have_text("0.012")
    expect(lab.page.get_by_text("Changed: Optimizer")).to_be_visible()
    lab.ready()
    lab.shows(99)
    lab.reads(trained(lr=0.012, optimizer="adam").history.row(-1))
    expect(lab.page).to_have_url(f"{lab.origin}/linear?optimizer=adam&lr=0.012")
