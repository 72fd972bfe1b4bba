"""Making tensors, breaking them, repairing them."""

import re

import pytest
from playwright.sync_api import expect

import wb_core as wb
from pages.ui.sentences import CODES
from tests.browser.conftest import LANGUAGES, LOCALES, THEMES, Visit
from tests.browser.tensorlab import TensorPage
from wb_core.tensorlab import OPERATIONS, START, Call, Shelf, Step, advise


def call(operation: str, **values: object) -> Call:
    return Call.of(OPERATIONS[operation], values)


def advice_of(wanted: Call, shelf: Shelf) -> tuple[str, dict[str, str]]:
    """The engine's advice for a call that PyTorch refuses, and its values."""
    try:
        shelf.run(wanted)
    except wb.TensorError as error:
        found = advise(error, wanted, shelf)
        assert found is not None
        return found.message.template, dict(found.message.values)
    raise AssertionError("it is not refused")


@pytest.mark.parametrize("language", LANGUAGES)
def test_tensors_are_made_multiplied_repaired_edited_and_sliced(visit: Visit, language: str) -> None:
    page = TensorPage(visit("/tensors", ready=False, locale=LOCALES[language]), language)
    _ = page._

    page.section("create")
    page.write("Numbers", "[[1, 2], [3, 4], [5, 6]]")
    page.code("[[1, 2], [3, 4], [5, 6]]")
    page.name_result("A")
    page.keep("A")
    page.operation("ones")
    page.write("Shape", "3, 2")
    page.code("torch.ones(size=(3, 2))")
    page.name_result("B")
    page.keep("B")
    expect(page.card("A")).to_contain_text("(3, 2) int64")
    expect(page.card("B")).to_contain_text("(3, 2) float32")

    page.section("compute")
    page.operation("matmul")
    shelf = Shelf(START).after(
        Step("A", call("tensor", values="[[1, 2], [3, 4], [5, 6]]")), Step("B", call("ones", size="3, 2"))
    )
    says, values = advice_of(call("matmul"), shelf)
    page.says(says, **values)
    expect(page.page.locator(".wb-shapes mark")).to_have_text(["2", "3"])
    expect(
        page.page.get_by_test_id("stMain").get_by_text("RuntimeError: mat1 and mat2 shapes cannot be multiplied")
    ).to_be_visible()
    # Only working repairs are offered: with another shape, the types would still clash.
    page.page.get_by_role("button", name="A = A.type(torch.float32) ; torch.matmul(A, B.T)").click()
    page.code("torch.matmul(A, B.T)")
    expect(page.cell("result", 8)).to_have_text("11.0")
    expect(page.card("A")).to_contain_text("(3, 2) float32")

    page.cell("result", 1).hover()
    expect(page.page.locator(".wb-formula")).to_have_text(f"{_('result')}[0, 1] = 1.0 · 1.0 + 2.0 · 1.0 = 3.0")
    expect(page.page.locator("td[data-panel=A].wb-lit")).to_have_count(2)

    page.section("reshape")
    page.operation("view")
    page.write("New shape", "2, 3")
    page.code("C = A.view(2, 3)")
    page.edit("result", 1, "99")
    page.code("C = A.view(2, 3)", "C[0, 1] = 99")
    expect(page.cell("A", 1)).to_contain_text("99.0")
    page.has("A", "1.0", "99.0", "3.0", "4.0", "5.0", "6.0")
    page.says("{names} changed too: they use the same memory.", names="A")

    page.section("select")
    page.lab.choose(_("dim {dim} (size {size})").format(dim=0, size=3), "1:")
    page.code("D = A[1:, :]")
    expect(page.page.locator("td[data-panel=A].wb-is-lit")).to_have_count(4)
    page.has("result", "3.0", "4.0", "5.0", "6.0")


def test_by_keyboard_alone(visit: Visit) -> None:
    page = TensorPage(visit("/tensors", ready=False))
    keys = page.page.keyboard

    page.page.get_by_role("radio", name="Reshape", exact=True).focus()
    keys.press("Space")
    page.lab.idle()
    page.page.get_by_role("radio", name=".T", exact=True).focus()
    keys.press("Space")
    page.code("C = A.T")
    page.lab.idle()
    page.cell("result", 0).focus()
    keys.press("ArrowDown")
    keys.press("ArrowRight")
    expect(page.cell("result", 3)).to_be_focused()
    expect(page.page.locator(".wb-formula")).to_have_text("result[1, 1] = A[1, 1] = 5.0")
    keys.press("Enter")
    keys.type("-7")
    keys.press("Enter")
    page.code("C[1, 1] = -7")
    expect(page.cell("A", 4)).to_contain_text("-7.0")
    expect(page.cell("result", 3)).to_be_focused()
    keys.press("Escape")
    page.page.get_by_role("button", name="Undo").focus()
    keys.press("Enter")
    expect(page.cell("A", 4)).to_contain_text("5.0")


@pytest.mark.slow
def test_a_link_brings_the_shelf_and_the_line_back(visit: Visit) -> None:
    page = TensorPage(visit("/tensors", ready=False))

    page.section("aggregate")
    page.operation("max")
    page.lab.choose("Dimension", "1")
    page.keep("C")
    page.edit("A", 0, "2.5")
    expect(page.page).to_have_url(re.compile("shelf=.*edit"))
    other = TensorPage(visit(page.page.url.removeprefix(page.lab.origin), ready=False))
    other.code("A.max(dim=1).values")
    other.has("A", "2.5", "2.0", "3.0", "4.0", "5.0", "6.0")
    expect(other.card("C")).to_contain_text("(2,) float32")
    expect(other.page).to_have_url(page.page.url)
    other.page.reload()
    other.drawn()
    other.has("A", "2.5", "2.0", "3.0", "4.0", "5.0", "6.0")


def test_the_shelf_survives_a_visit_to_another_page(visit: Visit) -> None:
    page = TensorPage(visit("/tensors", ready=False))

    page.edit("A", 2, "33")
    expect(page.cell("A", 2)).to_contain_text("33.0")
    page.page.get_by_role("link", name="Start").click()
    expect(page.page.get_by_role("heading", name="Torch Workbench", level=1)).to_be_visible()
    page.page.get_by_role("navigation").get_by_role("link", name="Tensors", exact=True).click()
    page.drawn()
    expect(page.cell("A", 2)).to_contain_text("33.0")


BAD_LISTS = {
    "[1, nan]": CODES["list.not_finite"],
    "[1, two]": CODES["list.words"],
    "[[1, 2]": CODES["list.brackets"],
    "import os": CODES["list.words"],
}


def test_invalid_input_is_explained_and_keeps_the_shelf(visit: Visit) -> None:
    page = TensorPage(visit("/tensors", ready=False))
    page.lab.idle()
    page.lab.at_rest()
    shelf = [page.card(name).inner_text() for name in "ABCD"]

    page.section("create")
    for text, sentence in BAD_LISTS.items():
        page.write("Numbers", text)
        page.says(sentence)
    for text in ("[[1, 2], [3]]", f"[{'9' * 40}]"):
        page.write("Numbers", text)
        says, values = advice_of(call("tensor", values=text), Shelf())
        page.says(says, **values)
    page.operation("rand")
    page.write("Shape", "1000000, 1000000")
    page.says(CODES["tensor.too_large"], arithmetic="1,000,000 × 1,000,000 = 1,000,000,000,000", most="1,000,000")
    page.write("Shape", f"3, {'9' * 40}")
    page.says(CODES["tensor.too_large"], arithmetic="3 × 1e+40 = 3e+40", most="1,000,000")
    page.write("Shape", "three")
    page.says(CODES["lab.not_sizes"])
    page.section("compute")
    page.edit("A", 0, "two")
    page.says(CODES["list.number"])
    page.has("A", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0")
    page.lab.soon(lambda: [page.card(name).inner_text() for name in "ABCD"], shelf)


MORE_LINKS = ["shelf=A_tensor_9x9v1", "do=eval_1", "do=matmul_Z"]


@pytest.mark.parametrize(
    "query",
    ["shelf=A_rand_1000000x1000000", *(pytest.param(query, marks=pytest.mark.slow) for query in MORE_LINKS)],
)
def test_an_invalid_link_is_reported_and_shows_the_initial_shelf(visit: Visit, query: str) -> None:
    page = TensorPage(visit(f"/tensors?{query}", ready=False))

    expect(page.page.get_by_text("Some values in this link don't exist here")).to_be_visible()
    expect(page.card("A")).to_contain_text("(2, 3) float32")


@pytest.mark.parametrize("color_scheme", THEMES)
def test_axe_finds_nothing_serious(visit: Visit, color_scheme: str) -> None:
    lab = visit("/tensors?do=matmul", ready=False, color_scheme=color_scheme)
    for do in ("matmul", "index", "tensor"):
        if do != "matmul":
            lab.go(f"/tensors?do={do}")
        TensorPage(lab).shows(do)
        assert lab.violations() == []


@pytest.mark.slow
def test_a_narrow_window_shows_everything_without_scrolling_sideways(visit: Visit) -> None:
    page = TensorPage(visit("/tensors?do=arange_0_30", ready=False, viewport={"width": 360, "height": 740}))

    main = page.page.get_by_test_id("stMain")
    page.lab.fits()
    page.cell("result", 29).scroll_into_view_if_needed()  # within the board
    expect(page.cell("result", 29)).to_be_in_viewport()
    assert main.evaluate("(main) => main.scrollLeft") == 0
