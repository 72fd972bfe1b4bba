"""Nothing is lost: after a reload, a restart of the server, a time without network, a moved slider, behind a proxy."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import WINDOW, Visit
from tests.browser.lab import WATCH, Lab, trained, words
from tests.browser.proxy import proxy
from tests.browser.server import Address, free_port, serve
from tests.browser.test_images import LONG, status, workers

SETTINGS = "/linear?lr=0.02&epochs=40"
VISIT = "JSON.parse(sessionStorage.getItem('torch-workbench-visit'))"


@pytest.fixture(scope="module")
def forgetful_server() -> Iterator[Address]:
    """A server that forgets a session after a second without network."""
    with serve(disconnectedSessionTTL=1) as address:
        yield address


@contextmanager
def guest(browser: Browser, address: str, path: str) -> Iterator[Lab]:
    """A visitor whose browser may complain about the network."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce", viewport=WINDOW)
    context.add_init_script(WATCH)
    lab = Lab(context.new_page())
    lab.page.goto(urljoin(address, path))
    yield lab
    context.close()


def saved_runs(lab: Lab, count: int) -> None:
    expect(lab.page.get_by_role("link", name=f"Compare {count}/8")).to_be_visible()


def train_continue_and_save(lab: Lab) -> None:
    """Train 40 epochs, then 40 more, and save that run."""
    lab.ready()
    lab.train()
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.shows(79)
    lab.button("Save this run").click()
    saved_runs(lab, 1)


def everything_is_back(lab: Lab) -> None:
    """Wait until the run of 80 epochs is there, is saved, and can be continued."""
    lab.shows(79)
    lab.reads(trained(lr=0.02, epochs=80).history.row(-1))
    saved_runs(lab, 1)
    expect(lab.slider_value("Epochs")).to_have_text("40")
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.shows(119)
    lab.reads(trained(lr=0.02, epochs=120).history.row(-1))


def test_a_reload_keeps_settings_runs_saved_runs_and_language(visit: Visit) -> None:
    lab, ko = visit(SETTINGS), words("ko")

    train_continue_and_save(lab)
    lab.page.reload()
    everything_is_back(lab)
    lab.choose("Language · 언어", "한국어")
    expect(lab.button(ko("Train"))).to_be_visible()
    lab.idle()
    lab.page.reload()
    expect(lab.button(ko("Train"))).to_be_visible()
    lab.shows(119)


@pytest.mark.slow
def test_a_stopped_run_keeps_its_last_epoch_and_its_rest(visit: Visit) -> None:
    lab = visit("/linear?epochs=40")

    lab.train()
    lab.soon(lambda: lab.page.evaluate(VISIT)["line"]["now"]["run"]["epochs"], 40)
    lab.page.evaluate(
        f"(() => {{ const kept = {VISIT}; kept.line.now.run.epochs = 25;"
        "sessionStorage.setItem('torch-workbench-visit', JSON.stringify(kept)); })()"
    )
    lab.page.reload()
    lab.shows(24)
    expect(lab.page.get_by_text("Stopped after 25 of 40 epochs")).to_be_visible()
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.shows(39)
    lab.reads(trained(epochs=40).history.row(-1))


@pytest.mark.slow
def test_a_link_with_other_settings_shows_their_trained_run_and_can_be_undone(visit: Visit) -> None:
    lab = visit("/linear?epochs=40&lr=0.02")

    lab.train()
    lab.go("/linear?epochs=40&lr=0.05")
    lab.shows(39)
    lab.reads(trained(lr=0.05, epochs=40).history.row(-1))
    expect(lab.slider_value("Learning rate")).to_have_text("0.05")
    lab.button("Undo").click()
    lab.reads(trained(lr=0.02, epochs=40).history.row(-1))
    expect(lab.slider_value("Learning rate")).to_have_text("0.02")


@pytest.mark.slow
def test_what_others_have_written_into_the_storage_is_left_out(visit: Visit) -> None:
    lab = visit("/linear")

    lab.page.evaluate("""() => {
      const run = { config: {}, epochs: 9e99, planned: -1, start: { weight: "x" } };
      sessionStorage.setItem("torch-workbench-visit", JSON.stringify({
        settings: { LinearConfig: { lr: "7", loss: "mse", epochs: {} }, Other: [], StepView: { epoch: "-1" } },
        line: { now: { settings: {}, run }, past: [], future: [] },
        images: { ticket: "x".repeat(9999) }, sweeps: { no: 1 }, tensors: { shelf: "?" },
      }));
      sessionStorage.setItem("torch-workbench-tray", '{"runs": [{}]}');
      localStorage.setItem("torch-workbench-language", "<b>");
    }""")
    lab.page.reload()
    lab.ready()
    expect(lab.button("Play")).to_be_disabled()
    saved_runs(lab, 0)
    lab.train()
    lab.reads(trained().history.row(-1))


@pytest.mark.slow
def test_a_restart_of_the_server_keeps_the_visit(browser: Browser) -> None:
    port = free_port()
    with ExitStack() as second, ExitStack() as page:
        with serve(port) as address:
            lab = page.enter_context(guest(browser, address, SETTINGS))
            train_continue_and_save(lab)
            token = lab.token
        second.enter_context(serve(port))
        expect(lab.player).not_to_have_attribute("data-token", token)
        everything_is_back(lab)


@pytest.mark.slow
def test_a_visit_outlives_the_memory_of_the_server(browser: Browser, forgetful_server: Address) -> None:
    with proxy(forgetful_server) as network, guest(browser, network.address, SETTINGS) as lab:
        train_continue_and_save(lab)
        token = lab.token
        network.cut()
        lab.page.wait_for_timeout(3000)
        network.connect()
        expect(lab.player).not_to_have_attribute("data-token", token)
        everything_is_back(lab)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc")
def test_a_training_on_pictures_outlives_a_locked_phone(browser: Browser, forgetful_server: Address) -> None:
    with proxy(forgetful_server) as network, guest(browser, network.address, LONG) as lab:
        lab.idle()
        lab.button("Train").click()
        expect(status(lab)).to_contain_text("Looked at")
        [worker] = workers(forgetful_server)
        network.cut()
        lab.page.wait_for_timeout(13_000)
        network.connect()
        expect(lab.page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
        assert workers(forgetful_server) == [worker]
        lab.button("Stop").click()
        expect(status(lab)).to_contain_text("Stopped")


@pytest.mark.slow
def test_a_copied_link_carries_the_epochs_that_were_added(visit: Visit) -> None:
    lab = visit("/linear?epochs=40&train_fraction=0.5", permissions=["clipboard-read", "clipboard-write"])

    lab.train()
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.at_rest()
    lab.button("Copy link").click()
    expect(lab.page.get_by_text("The link carries all 80 epochs of the run shown.")).to_be_visible()
    link = lab.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{lab.origin}/linear?train%5Ffraction=0.5&epochs=80"
    expect(lab.page).to_have_url(f"{lab.origin}/linear?train_fraction=0.5&epochs=40")
    other = visit(link)
    other.train()
    other.reads(trained(epochs=80, train_fraction=0.5).history.row(-1))


@pytest.mark.slow
def test_charts_and_board_load_behind_a_proxy_that_strips_a_prefix(visit: Visit, server: Address) -> None:
    with proxy(server, "/wb") as network:
        lab = visit("linear", at=network.address)
        lab.train()
        lab.reads(trained().history.row(-1))
        lab.page.get_by_role("navigation").get_by_role("link").filter(has_text="Tensors").click()
        expect(lab.page.locator(".wb-board td").first).to_be_visible()
        expect(lab.page).to_have_url(f"{network.address}tensors")
