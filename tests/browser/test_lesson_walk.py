"""Lessons in a browser: every one of them by keyboard, one by hand with its prediction, and on a phone."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import LOCALES, THEMES, Visit
from tests.browser.lab import Lab, words
from wb_core.lessons import CHAPTERS, STOPS, Attempt, CurveQuestion

LESSONS = {lesson.id: lesson for lesson in wb.LESSONS}
FIRST = tuple(LESSONS[lessons[0].id] for lessons in CHAPTERS.values())
BY_HAND = LESSONS["step-size"]
DRAWN = next(lesson for lesson in wb.LESSONS if isinstance(lesson.question, CurveQuestion))
PHONE = {"width": 360, "height": 740}


def solved(lab: Lab, lesson: wb.Lesson, _: Callable[[str], str]) -> None:
    """Open a lesson with its solution, and let it be checked, by keyboard."""
    lab.go(f"/{lesson.page}?{urlencode({'lesson': lesson.id, **(lesson.solution or {})})}")
    expect(lab.page.get_by_role("heading", name=_(lesson.title), level=1)).to_be_visible()
    strip = lab.page.locator(".st-key-lesson")
    lab.at_rest()
    if lesson.page in ("linear", "points"):
        with lab.new_recording():
            lab.button(_("Train")).press("Enter")
    elif lesson.page == "images":
        lab.button(_("Train")).press("Enter")
        epochs = Attempt(lesson.page, lesson.solution).config.epochs  # before, the page may show another training
        expect(lab.page.locator(".wb-value").nth(2)).to_have_text(str(epochs))
        expect(lab.page.locator(".st-key-status")).to_contain_text("cpu")  # in the sentence on its time, at the end
    lab.button(_("Check")).press("Enter")
    expect(strip.get_by_test_id("stAlertContentSuccess")).to_be_visible()
    expect(strip.locator(".st-key-lesson-sheet [role=status]")).to_contain_text(_("**Solved.**").strip("*"))


@pytest.mark.parametrize(
    ("language", "lessons"),
    [
        pytest.param("en", FIRST, id="one of each chapter"),
        pytest.param("en", wb.LESSONS, marks=pytest.mark.slow, id="all"),
        pytest.param("ko", wb.LESSONS, marks=pytest.mark.slow, id="all-ko"),
    ],
)
def test_lessons_are_passed_by_keyboard(visit: Visit, language: str, lessons: tuple[wb.Lesson, ...]) -> None:
    _ = words(language)
    lab = visit("/lessons", locale=LOCALES[language], ready=False)

    for lesson in lessons:
        if lesson.solution is not None:
            solved(lab, lesson, _)


def test_one_lesson_by_hand_with_its_prediction(visit: Visit) -> None:
    lab = visit("/lessons", ready=False)
    strip, number = lab.page.locator(".st-key-lesson"), [*LESSONS].index(BY_HAND.id) + 1

    lab.button(f"{number} {BY_HAND.title}").press("Enter")
    lab.ready()
    lab.page.get_by_role("radio").first.press("Space")
    expect(lab.button("That's my prediction")).to_be_enabled()
    lab.button("That's my prediction").press("Enter")
    expect(strip).to_contain_text("Your prediction: " + BY_HAND.question.options[0])
    lab.train()
    expect(strip).to_contain_text("You'll see once you've solved the task.")
    lab.scrub(12)
    lab.button("Check").press("Enter")
    expect(strip.get_by_role("alert")).to_contain_text("see epoch 99")
    lab.shows(99)  # the check moves the player there
    for _ in range(3):
        lab.button("Hint").press("Enter")
        lab.idle()
    expect(strip).to_contain_text(BY_HAND.hints[2])
    with lab.new_recording():
        lab.move("Learning rate", "End")
    while float(lab.slider_value("Learning rate").inner_text()) > 0.5:
        with lab.new_recording():
            lab.move("Learning rate", "ArrowLeft")
    expect(strip.get_by_role("alert")).to_have_count(0)  # it was about another run
    lab.button("Check").press("Enter")
    expect(strip.get_by_test_id("stAlertContentSuccess")).to_be_visible()
    expect(strip).to_contain_text("Solved in 2 tries: great.")
    expect(strip).to_contain_text("It came out differently:")
    lab.button("Next lesson").press("Enter")
    title = lab.page.get_by_role("heading", name=LESSONS[BY_HAND.next].title, level=1)
    expect(title).to_be_focused()


def test_a_curve_is_drawn_by_hand_and_by_keys_and_stays(visit: Visit) -> None:
    lab = visit(f"/{DRAWN.page}?lesson={DRAWN.id}")
    chart = lab.page.locator(".wb-curve svg")
    handles = chart.get_by_role("slider")
    commit = lab.button("That's my prediction")

    expect(handles).to_have_count(STOPS)
    expect(commit).to_be_disabled()
    box = chart.bounding_box()
    assert box is not None
    lab.page.mouse.move(box["x"] + 55, box["y"] + 15)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + box["width"] - 50, box["y"] + 90, steps=4)
    lab.page.mouse.up()
    levels = [float(handle.get_attribute("aria-valuenow") or "nan") for handle in handles.all()]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[-1]
    handles.first.focus()
    lab.page.keyboard.press("ArrowRight")
    expect(handles.nth(1)).to_be_focused()
    lab.page.keyboard.press("ArrowDown")
    expect(handles.nth(1)).not_to_have_attribute("aria-valuenow", str(levels[1]))
    expect(handles.nth(1)).to_have_attribute("aria-valuetext", re.compile(r"^train loss \(.+\) [\d.]+$"))
    commit.press("Enter")
    expect(handles).to_have_count(0)
    lab.train()
    expect(lab.page.locator(".wb-curve-real")).to_have_count(1)
    expect(lab.page.locator(".wb-curve")).to_contain_text(f"of {STOPS} places.")
    lab.page.reload()
    expect(lab.page.locator(".wb-curve-real")).to_have_count(1)


@pytest.mark.parametrize("theme", THEMES)
def test_on_a_phone_the_charts_come_first_and_the_strip_is_a_sheet(visit: Visit, theme: str) -> None:
    lab = visit(f"/linear?lesson={BY_HAND.id}", viewport=PHONE, touch=True, color_scheme=theme)
    story, sheet = lab.page.get_by_text(BY_HAND.story), lab.page.locator(".st-key-lesson")

    expect(story).to_be_visible()
    lab.fits()
    assert lab.violations() == []
    lab.button("Train").tap()
    expect(story).to_be_hidden()
    lab.shows(99)
    lab.button("Check").tap()
    expect(sheet.get_by_role("alert")).to_be_visible()
    expect(story).to_be_hidden()
    chart, top = lab.player.locator(".wb-chart").first.bounding_box(), sheet.bounding_box()
    assert chart is not None
    assert top is not None
    assert chart["y"] + chart["height"] / 2 < top["y"]
    lab.button("Hint").tap()
    expect(lab.page.get_by_text(BY_HAND.hints[0])).to_be_visible()
    lab.button("Show the lab").tap()
    expect(story).to_be_hidden()


def test_the_lab_of_a_lesson_is_in_view_on_a_laptop_and_stands_still(visit: Visit) -> None:
    lab = visit(f"/linear?lesson={BY_HAND.id}")
    strip = lab.page.locator(".st-key-lesson").bounding_box()
    transport = lab.player.locator(".wb-transport")
    before = transport.bounding_box()

    lab.train()
    lab.button("Check").click()
    expect(lab.page.locator(".st-key-lesson").get_by_role("alert")).to_be_visible()
    after = transport.bounding_box()
    assert strip is not None
    assert strip["height"] <= 220
    assert before == after
    assert after is not None
    assert after["y"] + after["height"] < 900


@pytest.mark.parametrize("theme", THEMES)
def test_the_path_fits_a_phone(visit: Visit, theme: str) -> None:
    lab = visit("/lessons", viewport=PHONE, color_scheme=theme, ready=False)

    expect(lab.page.locator("[class*=st-key-lesson-card-]")).to_have_count(len(LESSONS))
    lab.fits()
    assert lab.violations() == []


def test_the_start_page_leads_to_the_path(visit: Visit) -> None:
    lab = visit("/")

    lab.page.get_by_role("link", name="Start the lessons").click()
    expect(lab.page.get_by_role("heading", name="Lessons", level=1)).to_be_visible()
