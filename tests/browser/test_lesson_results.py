"""Progress in the lessons: kept across tabs and reloads, downloaded, and checked again by somebody else."""

import dataclasses
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab
from wb_core.lessons import Attempt, ChoiceQuestion, Done, check_again, lesson_to_link, read_results, write_results

FIRST, SECOND = (next(one for one in wb.LESSONS if one.id == name) for name in ("step-size", "noise"))


def begin(lab: Lab, lesson: wb.Lesson) -> None:
    """Open a lesson in this tab, with the settings that solve it."""
    lab.page.goto(f"{lab.origin}/linear?{urlencode({'lesson': lesson.id, **lesson.solution})}")
    lab.ready()


def solve(lab: Lab) -> None:
    lab.train()
    lab.button("Check").click()
    expect(lab.page.get_by_text("Solved.", exact=True)).to_be_visible()


@pytest.mark.slow
def test_progress_is_shared_by_tabs_and_a_file_of_it_is_checked_again(visit: Visit) -> None:
    lab, solved = visit("/lessons", ready=False), f"2 of {len(wb.LESSONS)} solved"
    with lab.page.context.new_page() as tab:
        other = Lab(tab)
        tab.goto(lab.page.url)
        begin(other, SECOND)
        begin(lab, FIRST)
        solve(lab)
        solve(other)  # a session that began before the first lesson was solved
        tab.get_by_role("link", name="Lessons", exact=True).click()
        expect(tab.get_by_text(solved)).to_be_visible()
    lab.go("/lessons")
    expect(lab.page.get_by_text(solved)).to_be_visible()
    with lab.page.expect_download() as download:
        lab.button("Download my results").click()
    found = read_results(download.value.path().read_bytes())
    assert {lesson.id: check_again(lesson, found[lesson.id]).state for lesson in (FIRST, SECOND)} == {
        FIRST.id: "holds",
        SECOND.id: "holds",
    }


@pytest.mark.slow
def test_a_leader_checks_thirty_files_at_once(visit: Visit, tmp_path: Path) -> None:
    files = [tmp_path / f"pupil-{number}.json" for number in range(30)]
    for file in files:
        file.write_bytes(
            write_results(
                {
                    lesson.id: Done(passed=True, tries=3, attempt=Attempt("linear", lesson.solution))
                    for lesson in (FIRST, SECOND)
                }
            )
        )
    lab = visit("/lessons", ready=False)
    lab.page.locator("input[type=file]").first.set_input_files(files)
    table = lab.page.get_by_role("table").first
    expect(table.get_by_role("row")).to_have_count(31)
    expect(table.get_by_role("cell", name="2", exact=True)).to_have_count(30)
    expect(lab.page.get_by_text("✓\u00a0holds", exact=True)).to_have_count(3)  # a heading, and the lessons of one file
    assert lab.violations() == []


HOSTILE = """See https://evil.example www.evil.example a@b.example **bold** `code` <img src=x onerror=alert(1)> &amp;
:smile: :material/home: :red[red] -> <- $x$ ~~gone~~ ![i](x.png) [a](b) # 1. > | - = \\* "q" 'q'"""


def test_texts_of_other_people_are_shown_as_they_are(visit: Visit) -> None:
    lesson = dataclasses.replace(
        FIRST,
        title=HOSTILE[:80],
        story=HOSTILE,
        task="# " + HOSTILE,
        question=ChoiceQuestion(HOSTILE, (HOSTILE[:110], "1. Two"), 0),
        hints=(HOSTILE,),
    )
    lab = visit(f"/linear?lesson={lesson_to_link(lesson)}")
    lab.button("Hint").click()
    told = " ".join(HOSTILE.split())
    strip = lab.page.locator(".st-key-lesson")
    lab.soon(lambda: strip.inner_text().replace("\u2060", "").count(told), 4)
    assert lab.page.get_by_role("heading", level=1).inner_text().replace("\u2060", "") == " ".join(HOSTILE[:80].split())
    made = ":is(a, img, em, del, code, h1, h2, ol, ul, table, blockquote, .katex, [data-testid=stIconMaterial])"
    assert strip.locator(f"[data-testid=stMarkdownContainer] {made}").count() == 0
    assert strip.locator("strong").all_inner_texts() == ["Your task:"]
