"""What a visitor sees and does in the tensor lab."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab, words
from wb_core.tensorlab import OPERATIONS, SECTIONS


class TensorPage:
    """The page of the tensors, open in a browser."""

    def __init__(self, lab: Lab, language: str = "en") -> None:
        self.lab, self.page, self._ = lab, lab.page, words(language)
        self.drawn()

    def drawn(self) -> None:
        """Wait until the board is drawn and no script runs."""
        expect(self.page.locator(".wb-board")).to_have_attribute("data-token", re.compile("."))
        self.lab.idle()

    def section(self, id_: str) -> None:
        """Go to a section, and wait until the board shows one of its operations."""
        name = SECTIONS[id_]
        self.page.get_by_role("radio", name=name if id_ == "numpy" else self._(name), exact=True).click()
        self.shows(*(found for found, operation in OPERATIONS.items() if operation.section == id_))

    def operation(self, id_: str) -> None:
        """Choose an operation of the section, and wait until the board shows it."""
        self.page.get_by_role("radio", name=OPERATIONS[id_].name, exact=True).click()
        self.shows(id_)

    def shows(self, *ids: str) -> None:
        """Wait until the board shows one of these operations, and no script runs."""
        token = re.compile(rf"^({'|'.join(map(re.escape, ids))})\.")
        expect(self.page.locator(".wb-board")).to_have_attribute("data-token", token)
        self.lab.idle()

    def write(self, label: str, text: str) -> None:
        """Type into one of the boxes."""
        box = self.page.get_by_role("textbox", name=self._(label), exact=True)
        box.fill(text)
        box.press("Control+Enter" if box.evaluate("(box) => box.tagName") == "TEXTAREA" else "Enter")
        self.lab.idle()

    def name_result(self, name: str) -> None:
        """Choose the name under which the result is put onto the shelf."""
        names = self.page.get_by_role("radiogroup", name=self._("Name of the result"), exact=True)
        names.get_by_text(name, exact=True).click()

    def keep(self, name: str) -> None:
        """Put the result onto the shelf."""
        texts = [self._(text).format(name=name) for text in ("Save as {name}", "Replace {name}")]
        button = self.page.locator(".st-key-tensors-keep").get_by_role("button")
        expect(button).to_have_text(re.compile("|".join(map(re.escape, texts))))
        button.click()
        expect(button).to_have_text(re.compile(re.escape(self._("Saved as {name}").format(name=name)) + "$"))
        self.lab.idle()

    def card(self, name: str) -> Locator:
        return self.page.locator(f".st-key-card-{name}")

    def cell(self, panel: str, flat: int) -> Locator:
        """A cell of the board."""
        return self.page.locator(f"td[data-panel={panel}][data-cell='{flat}']")

    def has(self, panel: str, *numbers: str) -> None:
        """Wait until the cells of a panel show these texts, without those for screen readers.

        An edited cell shows the typed text until the board is drawn again.
        """
        said = "cells => cells.map((cell) => cell.firstChild.textContent).join(' ')"
        self.page.wait_for_function(
            f"([panel, text]) => ({said})([...document.querySelectorAll(`td[data-panel=${{panel}}]`)]) === text",
            arg=[panel, " ".join(numbers)],
        )

    def edit(self, panel: str, flat: int, text: str) -> None:
        """Write into a cell."""
        self.cell(panel, flat).click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def code(self, *lines: str) -> None:
        """Wait until the page shows these lines of code, and perhaps others."""
        for line in lines:
            expect(self.page.locator(".st-key-tensorlab").get_by_test_id("stCode").first).to_contain_text(line)

    def says(self, text: str, **values: object) -> None:
        """Wait until the page shows a sentence; code in it is given without backticks."""
        said = self._(text).format(**values).replace("`", "")
        expect(self.page.get_by_test_id("stMain").get_by_text(said)).to_be_visible()
