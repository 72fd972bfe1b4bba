"""Points of a visitor's own, pasted and uploaded."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained
from tests.browser.test_hands import PHONE
from tests.core.table_corpus import KOREAN, ROWS, THREE, xlsx

PASTE = """(box, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  box.focus();
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  if (box.dispatchEvent(event)) document.execCommand("insertText", false, text);
  return box.hasAttribute("data-unread");
}"""


def dialog(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("stDialog")


def open_dialog(lab: Lab) -> Locator:
    lab.page.get_by_role("radio", name="My points").click()
    box = lab.page.get_by_role("textbox", name="paste them here")
    expect(box).to_be_visible()
    return box


def use(lab: Lab, count: int) -> None:
    with lab.new_recording():
        lab.page.get_by_role("button", name=f"Use {count:,} points").click()
    expect(dialog(lab)).to_have_count(0)


def shown_points(lab: Lab) -> Any:
    return lab.page.evaluate(
        """() => {
          const [train, test] = document.querySelector("[data-chart=fit] .js-plotly-plot").data;
          return [...train.x, ...test.x].map((x, i) => [x, [...train.y, ...test.y][i]]);
        }"""
    )


def test_pasted_points_are_in_the_chart_and_learned_from(visit: Visit) -> None:
    lab = visit("/linear?loss=mse&lr=0.001")
    open_dialog(lab).evaluate(PASTE, "area\tprice\n10\t1.5\n20\t2.5\n25\t2 kg\n30\t3\n")
    expect(dialog(lab)).to_contain_text("4 rows read, 3 points. Rows left out: 1")
    expect(dialog(lab)).to_contain_text("Row 4: 2 kg in price is a number with something else")
    assert lab.violations() == []
    use(lab, 3)
    assert shown_points(lab) == [list(point) for point in THREE]
    expect(lab.page.locator("[data-chart=fit] .ytitle")).to_have_text("price")
    lab.train()
    run = trained(points=THREE, loss="mse", lr=0.001)
    lab.reads({**run.history.row(-1)})


def test_what_is_typed_or_pasted_after_a_reading_is_read_too(visit: Visit) -> None:
    lab = visit("/linear")
    box = open_dialog(lab)
    box.evaluate(PASTE, "1,2\n3,4\n")
    expect(lab.page.get_by_role("button", name="Use 2 points")).to_be_enabled()
    assert box.evaluate(PASTE, "5,5\n6,7\n")
    expect(box).to_have_value("1,2\n3,4\n5,5\n6,7\n")
    expect(lab.page.get_by_role("button", name="Use 4 points")).to_be_enabled()
    expect(box).not_to_have_attribute("data-unread", "")
    lab.page.get_by_role("radio", name="Example").click()
    expect(box).to_have_count(0)
    lab.page.get_by_role("radio", name="Paste").click()
    expect(box).to_have_value("1,2\n3,4\n5,5\n6,7\n")
    box.press("ControlOrMeta+End")
    box.press_sequentially("7,9")
    use(lab, 5)
    assert len(shown_points(lab)) == 5


def test_a_long_paste_shows_its_beginning_and_is_read_whole(visit: Visit) -> None:
    lab = visit("/linear")
    box = open_dialog(lab)
    box.evaluate(PASTE, "\n".join(f"{x}\t{2 * x}" for x in range(10_001)))
    expect(dialog(lab)).to_contain_text("and 9,901 more lines")
    expect(dialog(lab)).to_contain_text("it gets 10,000 of them")
    box.press("Delete")
    expect(box).to_have_value("")


def test_of_too_many_points_the_tools_are_off_and_say_why(visit: Visit) -> None:
    lab = visit("/linear")
    open_dialog(lab).evaluate(PASTE, "\n".join(f"{x}\t{2 * x}" for x in range(2_100)))
    use(lab, 2_100)
    for name in ("Edit points", "My line"):
        expect(lab.button(name)).to_be_disabled()
    expect(lab.player.locator(".wb-meters-text")).to_contain_text("My line works with up to 2,000")


@pytest.mark.parametrize(("name", "data"), [("a.xlsx", xlsx({"S": ROWS})), ("b.csv", KOREAN.encode("cp949"))])
def test_an_uploaded_table_is_learned_from(visit: Visit, name: str, data: bytes) -> None:
    lab = visit("/linear?standardise=on&lr=0.1")
    open_dialog(lab)
    lab.page.get_by_role("radio", name="File").click()
    lab.page.locator("[data-testid=stDialog] input[type=file]").set_input_files(
        {"name": name, "mimeType": "", "buffer": data}
    )
    use(lab, 3)
    assert shown_points(lab) == [list(point) for point in THREE]
    lab.train()
    run = trained(points=THREE, standardise=True, lr=0.1)
    lab.reads({**run.losses(), **run.history.row(-1), **run.own_line})


def test_a_refused_file_is_one_sentence(visit: Visit) -> None:
    lab = visit("/linear")
    token = lab.token
    open_dialog(lab)
    lab.page.get_by_role("radio", name="File").click()
    lab.page.locator("[data-testid=stDialog] input[type=file]").set_input_files(
        {"name": "x.pdf", "mimeType": "", "buffer": b"%PDF-1.7 and more"}
    )
    expect(dialog(lab).get_by_role("alert")).to_contain_text(wb.TABLE_CODES["table.not_a_table"])
    lab.page.keyboard.press("Escape")
    expect(dialog(lab)).to_have_count(0)
    assert lab.token == token


def test_on_a_phone_the_switches_stand_above_what_explains_them(visit: Visit) -> None:
    lab = visit("/linear?points=1x2p2x3p4x5&standardise=on", viewport=PHONE, touch=True)
    lab.button("Settings").click()
    explained = lab.page.get_by_text("The model learns on X and y minus").first.bounding_box()
    switches = [lab.page.locator(f".st-key-LinearConfig-{name}").bounding_box() for name in ("standardise", "shuffle")]
    assert explained
    assert all(switch and switch["y"] < explained["y"] for switch in switches)
