"""What a visitor sees and does on a page with a player. Nothing here waits for a fixed time."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Locator, Page, expect

import wb_core as wb
from pages.ui.i18n import LOCALE
from pages.ui.widgets.numbers import number
from tests.runs import finished

T = TypeVar("T")

PATIENCE = 60_000  # milliseconds; enough for a busy machine
expect.set_options(timeout=PATIENCE)

# A training that takes seconds.
LONG = "/linear?epochs=5000&optimizer=adam&start=-5&end=5&step=0.005"
LONG_SETTINGS = {"epochs": 5000, "optimizer": "adam", "start": -5, "end": 5, "step": 0.005}

READOUTS = {"Train loss": "train_loss", "Test loss": "test_loss", "Model's weight": "weight", "Model's bias": "bias"}
ANY = re.compile(".")

# Records every frame that the player shows.
WATCH = """
window.wbFrames = [];
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const frame = Number(target.dataset.frame);
    if (target.matches(".wb-player") && frame !== wbFrames.at(-1)) wbFrames.push(frame);
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-frame"] });
"""

# The page is to be seen: before, it can have no focus.
ARRIVED = """() => document.querySelector("[data-testid=stApp]") && !document.documentElement.matches(".wb-arriving")"""

# The script has ended, the page is to be seen, no element is stale, nothing scrolls and no finite animation is running.
AT_REST = """() => {
  const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
  const top = document.querySelector("[data-testid=stMain]")?.scrollTop;
  window.wbStands = window.wbStands?.top === top ? { top, frames: wbStands.frames + 1 } : { top, frames: 0 };
  return document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && !document.documentElement.matches(".wb-arriving")
    && wbStands.frames > 2
    && !document.querySelector("[data-stale=true]")
    && !document.getAnimations().some((animation) => animation.playState === "running" && ends(animation));
}"""

# Every visible element with a bright background that is large enough to be seen as a box.
BRIGHT_BOXES = """() => [...document.querySelectorAll("body, body *")].filter((element) => {
  const [r, g, b, alpha = 1] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
  const { width, height } = element.getBoundingClientRect();
  const visible = element.checkVisibility({ visibilityProperty: true });
  return visible && alpha > 0.5 && Math.min(r, g, b) > 200 && width * height > 400;
}).map((element) => element.outerHTML.slice(0, 200))"""
TEXTS = ".wb-chart text, .wb-title, .wb-value, .wb-name"
DARK_TEXT = (
    f"() => [...document.querySelectorAll('{TEXTS}')]"
    """.filter((element) => {
  const { fill, color } = getComputedStyle(element);
  return Math.max(...(element.tagName === "text" ? fill : color).match(/[\\d.]+/g).slice(0, 3).map(Number)) < 160;
}).map((element) => element.outerHTML.slice(0, 200))"""
)

# Clicks the page's Stop (Streamlit has one of its own in the banner) as soon as it appears, and returns the progress
# text. Playwright's click would be too slow.
STOP = """() => new Promise((done) => {
  const look = () => {
    const progress = document.querySelector("[data-testid=stProgress]");
    const stop = [...document.querySelectorAll("[data-testid=stMain] button")].find((b) => /Stop$/.test(b.innerText));
    if (!stop || !/\\d/.test(progress?.innerText)) return false;
    stop.click();
    done(progress.innerText);
    return true;
  };
  if (!look()) new MutationObserver((_, self) => look() && self.disconnect()).observe(
    document, { subtree: true, childList: true, characterData: true });
})"""

# Clicks a button, and resolves with what a script returns at the moment when a progress bar appears: Playwright's
# polling may take longer than the training.
WHEN_LONG = """(button, script) => new Promise((done) => {
  const look = () => {
    if (!document.querySelector("[data-testid=stProgress]")) return false;
    done(new Function(script)());
    return true;
  };
  new MutationObserver((_, self) => look() && self.disconnect()).observe(document, { subtree: true, childList: true });
  button.click();
})"""

# Gives the uploader a file as soon as a progress bar appears. Playwright's polling may take longer than the training.
UPLOAD = """([bytes, name]) => {
  const look = () => {
    if (!document.querySelector("[data-testid=stProgress]")) return false;
    const input = document.querySelector("[data-testid=stFileUploader] input[type=file]");
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(bytes)], name));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  new MutationObserver((_, self) => look() && self.disconnect()).observe(document, { subtree: true, childList: true });
}"""


def trained(**settings: Any) -> wb.Run:
    """The run that the engine gives for these settings, trained once for all tests: don't change it."""
    return _trained(wb.LinearConfig(**settings))


_trained = cache(finished)


def written(row: Mapping[str, float]) -> dict[str, str]:
    """One epoch's numbers as the page must format them; they are sent as float32."""
    return {label: number(float(np.float32(row[column]))) for label, column in READOUTS.items()}


def words(language: str) -> Callable[[str], str]:
    """The translation function of a language."""
    if language == "en":
        return lambda text: text
    path = LOCALE / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalog = {message.id: message.string for message in read_po(file, locale=language)}
    return catalog.__getitem__


class Lab:
    """One open page, most often the linear-regression lab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.player = page.locator(".wb-player")
        self.epoch_slider = self.player.locator("input[type=range]")

    # --- the app's own state

    @property
    def token(self) -> str:
        """The token of the recording that the player has drawn."""
        return self.player.get_attribute("data-token") or ""

    def idle(self) -> None:
        """Wait until no script of this page runs on the server."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def ready(self) -> None:
        """Wait until the charts are drawn, the script has ended and the page is to be seen."""
        expect(self.player).to_have_attribute("data-token", ANY)
        self.idle()
        self.page.wait_for_function(ARRIVED)

    def at_rest(self) -> None:
        """Wait until nothing on the page changes, scrolls or is animated."""
        self.page.wait_for_function(AT_REST)

    def soon(self, look: Callable[[], T], wanted: T) -> None:
        """Poll `look` until it returns what is wanted, for values that `expect` cannot poll."""
        end = time.monotonic() + PATIENCE / 1000
        while (seen := look()) != wanted and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        assert seen == wanted

    @contextmanager
    def new_recording(self) -> Iterator[None]:
        """Run a block that must lead to another recording, and wait until that is drawn."""
        self.idle()  # else an earlier change may draw another one
        token = self.token
        yield
        expect(self.player).not_to_have_attribute("data-token", token)
        self.idle()

    def shows(self, frame: int, state: str = "paused") -> None:
        """Wait until the player shows this frame and plays or is paused."""
        expect(self.player).to_have_attribute("data-frame", str(frame))
        expect(self.player).to_have_attribute("data-state", state)

    def reads(self, row: Mapping[str, float], _: Callable[[str], str] = words("en")) -> None:  # noqa: B008
        """Wait until the four numbers above the charts are those of a row of a history."""
        for label, text in written(row).items():
            expect(self.readout(_(label))).to_have_text(text)

    def violations(self, context: str | None = None) -> list[str]:
        """What axe finds on the page or a part of it, with the pointer and its tips out of the way."""
        self.page.mouse.move(0, 0)
        expect(self.page.get_by_test_id("stTooltipContent")).to_have_count(0)
        self.at_rest()
        return [
            f"{rule['id']}: {node['html'][:200]} | {node['failureSummary'].splitlines()[-1]}"
            for rule in Axe().run(self.page, context=context).response["violations"]
            for node in rule["nodes"]
        ]

    def bright_boxes(self) -> list[str]:
        """The boxes on the page that have a bright background."""
        self.at_rest()
        return self.page.evaluate(BRIGHT_BOXES)

    def dark_texts(self) -> list[str]:
        """The texts of the player that are written in a dark colour."""
        self.at_rest()
        return self.page.evaluate(DARK_TEXT)

    def fits(self) -> None:
        """Wait until the page is as narrow as the window: nothing has to be scrolled sideways."""
        self.at_rest()
        wider = """(main) => Math.max(
          main.scrollWidth - main.clientWidth, document.scrollingElement.scrollWidth - innerWidth)"""
        self.soon(lambda: self.page.get_by_test_id("stMain").evaluate(wider), 0)

    # --- what is on the page

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def readout(self, label: str) -> Locator:
        """The number above the charts that has this name."""
        return self.player.locator(".wb-readout").filter(has=self.button(label)).locator(".wb-value")

    def readouts(self) -> dict[str, str]:
        return {label: self.readout(label).inner_text() for label in READOUTS}

    def slider(self, label: str) -> Locator:
        """The handle of one of Streamlit's sliders, for the keyboard."""
        return self.page.get_by_role("group", name=label, exact=True).get_by_role("slider")

    def slider_value(self, label: str) -> Locator:
        """The displayed value of one of Streamlit's sliders."""
        return self.page.get_by_role("group", name=label, exact=True).get_by_test_id("stSliderThumbValue")

    def choice(self, label: str) -> Locator:
        return self.page.get_by_role("combobox", name=label, exact=True)

    def answer(self) -> Locator:
        """The checkpoint panel's message about an upload."""
        panel = self.page.locator(".st-key-panel-checkpoint")
        verdict = re.compile("^stAlertContent(Error|Success)$")
        return panel.get_by_test_id(verdict).get_by_test_id("stMarkdownContainer")

    def drawn(self, chart: str, trace: int, layer: int = 0) -> dict[str, Any]:
        """The last drawn state of a Plotly trace: its type and the number of its x values."""
        plots = self.player.locator(f"[data-chart={chart}] .js-plotly-plot")
        return plots.nth(layer).evaluate("(p, t) => ({type: p._fullData[t].type, n: p.data[t].x.length})", trace)

    def frames(self) -> list[int]:
        """The frames that the player has shown so far, in order."""
        return self.page.evaluate("wbFrames")

    # --- what a visitor does

    def train(self) -> None:
        with self.new_recording():
            self.button("Train").click()

    def scrub(self, epoch: int) -> None:
        self.epoch_slider.fill(str(epoch))
        self.shows(epoch)

    def move(self, label: str, key: str) -> None:
        """Move one of Streamlit's sliders by a key, which would be lost while the page is still drawn."""
        self.at_rest()
        self.slider(label).press(key)

    def unfold(self, more: str = "More settings") -> None:
        """Open the rare settings."""
        self.page.get_by_text(more, exact=True).click()
        expect(self.page.locator(".st-key-more")).to_be_visible()
        self.at_rest()  # it opens with an animation, under which a click would miss

    def choose(self, label: str, option: str) -> None:
        """Pick an option of one of Streamlit's select boxes."""
        choice = self.choice(label)
        self.page.mouse.move(0, 0)  # away from a button whose tip would cover it
        choice.evaluate("(box) => box.scrollIntoView({ block: 'center' })")  # from under the buttons at the bottom
        self.at_rest()  # an open list closes when the page scrolls
        choice.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def upload(self, data: bytes, name: str = "model.pth") -> None:
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        self.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files([file])

    def open_panel(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).click()

    def go(self, path: str) -> None:
        """Load an address, which starts a new session on the server."""
        self.page.goto(f"{self.origin}{path}")

    @property
    def origin(self) -> str:
        """The address of the server."""
        return self.page.evaluate("location.origin")
