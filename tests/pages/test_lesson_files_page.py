"""Progress that the browser keeps, results that are checked again, and lessons that people make for others."""

import dataclasses

import pytest

import wb_core as wb
from pages.ui.lessons import rechecks
from pages.ui.lessons.current import OURS
from pages.ui.lessons.progress import Progress
from pages.ui.widgets.markup import as_it_is
from tests.pages.app import button, kept, open_page, query, send_kept
from wb_core.lessons import (
    Attempt,
    Done,
    check_again,
    lesson_from_link,
    lesson_to_link,
    read_lesson,
    read_results,
    write_lesson,
    write_results,
)

LESSON = OURS["step-size"]
SOLVED = Done(passed=True, tries=2, predicted=1, attempt=Attempt("linear", LESSON.solution))
FOREIGN = dataclasses.replace(LESSON, title="My <b>own</b> *lesson*", story="See www.evil.example, :smile: -> $x$.")


def progress_of(app) -> Progress:
    return app.session_state["pages.ui.lessons.progress.Progress"]


def solve(**settings):
    """The page of the first lesson, solved and checked."""
    app = open_page(lesson=LESSON.id, **LESSON.solution | settings)
    button(app, "Train").click().run()
    return button(app, "Check").click().run()


class TestProgress:
    def test_it_comes_back_in_another_session_with_what_passed(self, monkeypatch):
        app = solve()
        found = read_results(kept(app.run())["lessons"].encode())
        assert found[LESSON.id].passed
        assert found[LESSON.id].attempt.settings == LESSON.solution
        send_kept(monkeypatch, {**kept(app), "visit": "", "language": "ko"})
        again = open_page("lessons.py")
        assert progress_of(again).lessons == found
        assert again.title[0].value == "수업"

    def test_what_passed_holds_when_it_is_done_again(self):
        for done in progress_of(solve(lr="0.3")).lessons.values():
            assert done.attempt.settings["lr"] == "0.3"
            assert check_again(LESSON, done).state == "holds"

    def test_the_first_parameters_of_a_loaded_model_are_part_of_it(self):
        app = open_page(lesson=LESSON.id, **LESSON.solution)
        far = wb.Run(wb.LinearConfig(seed=1))
        app.session_state["linear.panel"] = "checkpoint"
        app.run()
        app.file_uploader[0].upload("model.pth", wb.save_checkpoint(far), "application/octet-stream").run()
        button(app, "Continue training").click().run()
        button(app, "Check").click().run()
        [done] = progress_of(app).lessons.values()
        assert done.attempt.start == far.start

    def test_two_tabs_know_of_each_other(self):
        ours, theirs = Progress(), Progress()
        ours.note("step-size", tries=5, predicted=0)
        theirs.note("step-size", passed=True, tries=2)
        theirs.note("of-another-tab", passed=True)
        ours.merge(theirs.written())
        assert ours.passed.keys() == {"step-size", "of-another-tab"}
        assert ours.of("step-size") == Done(passed=True, tries=5, predicted=0)

    def test_what_no_workbench_has_written_is_left_out(self):
        progress = Progress()
        for text in ("", "{", "[]", "\ud800", '{"format":"torch-workbench-results","version":1,"results":[{}]}'):
            progress.merge(text)
        assert progress.lessons == {}
        assert progress.written() == ""

    def test_it_stays_small(self):
        progress = Progress()
        progress.note("step-size", passed=True, attempt=SOLVED.attempt)
        for number in range(120):
            lesson = dataclasses.replace(FOREIGN, title=f"Lesson {number}", solution=None)
            progress.note(lesson_to_link(lesson), passed=True, attempt=SOLVED.attempt)
        assert len(progress.lessons) <= 80
        assert len(progress.written()) <= 100_000
        assert progress.of("step-size").passed


def upload(app, *files):
    """The page with these files of results."""
    [uploader] = [one for one in app.file_uploader if one.label == "Result files"]
    return uploader.set_value([(name, data, "application/json") for name, data in files]).run()


def tables(app):
    return [html.proto.body for html in app.get("html") if "<table" in html.proto.body]


class TestResults:
    def test_a_file_is_checked_by_doing_its_runs_again(self):
        results = {
            LESSON.id: SOLVED,
            lesson_to_link(FOREIGN): dataclasses.replace(SOLVED, attempt=Attempt("linear", {})),
            "of-a-later-version": SOLVED,
        }
        app = upload(open_page("lessons.py"), ("a.json", write_results(results)))
        assert not app.exception
        [table] = tables(app)
        assert ">✓\u00a0holds<" in table
        assert ">✗\u00a0doesn&#x27;t hold<" in table
        assert "can&#x27;t be checked here: This workbench doesn&#x27;t have the lesson." in table
        assert "My &lt;b&gt;own&lt;/b&gt; *lesson* (not one of ours)" in table
        assert r"**Checked again:** a\.json" in [text.value for text in app.markdown]

    def test_several_files_are_a_table(self):
        good, open_still = write_results({LESSON.id: SOLVED}), write_results({LESSON.id: Done(tries=3)})
        names = ("<img src=x>.json", good), ("\u202eb.json", open_still), ("c.json", b"{}")
        app = upload(open_page("lessons.py"), *names)
        overview, _of_one = tables(app)
        assert "&lt;img src=x&gt;.json" in overview
        assert "<img" not in overview
        assert "\u202e" not in overview
        [error] = app.error
        assert error.value == r"c\.json: There are no results from this workbench in it."

    def test_a_long_check_can_be_stopped_and_continued(self, monkeypatch):
        monkeypatch.setattr(rechecks, "BUDGET", 0.0)
        app = upload(open_page("lessons.py"), ("a.json", write_results({LESSON.id: SOLVED})))
        assert "not checked yet" in tables(app)[0]
        monkeypatch.setattr(rechecks, "BUDGET", 60.0)
        button(app, "Check the rest").click().run()
        assert "✓\u00a0holds" in tables(app)[0]

    def test_whoever_did_the_same_is_checked_once(self, monkeypatch):
        runs = []
        advance = wb.Run.advance
        monkeypatch.setattr(wb.LinearRun, "advance", lambda run, **how: (runs.append(run), advance(run, **how))[1])
        same = write_results({LESSON.id: SOLVED})
        upload(open_page("lessons.py"), ("a.json", same), ("b.json", same))
        assert len(set(runs)) == 1


def fill(app, **texts):
    for key, text in texts.items():
        kind = app.text_input if key in ("title", "question") else app.text_area
        kind(key=f"make.{key}").set_value(text)
    return app.run()


@pytest.fixture
def form():
    """The form for a lesson, made of a trained line."""
    app = open_page("linear.py", lr="0.5", noise="0.08", loss="mse")
    button(app, "Train").click().run()
    app.session_state["make.open"] = True
    return app.switch_page("lessons.py").run()


class TestMaking:
    def test_without_a_run_it_says_what_is_needed(self):
        app = open_page("lessons.py", state={"make.open": True})
        assert any(text.value.startswith("Train something in a lab first") for text in app.markdown)

    def test_a_run_becomes_a_lesson_that_somebody_else_can_open(self, form):
        assert form.info[0].value == "Still missing: Title, Story, Task."
        fill(form, title="Find *it*", story="A <b>line</b>.", task="Get it low.")
        assert [box.value for box in form.success] == ["Your run solves it."]
        [link] = [code.value for code in form.code if "?lesson=" in code.value]
        address, _, text = link.partition("?lesson=")
        assert address.endswith("/linear")
        lesson = lesson_from_link(text)
        assert (lesson.title, lesson.page, lesson.opened) == ("Find *it*", "linear", ("loss", "lr"))
        assert lesson.solution == {"lr": "0.5", "noise": "0.08", "loss": "mse"}
        assert lesson.start == {"noise": "0.08"}
        assert read_lesson(write_lesson(lesson)) == lesson
        app = open_page("linear.py", lesson=text)
        assert not app.exception
        assert app.title[0].value == as_it_is("Find *it*")

    def test_a_question_wants_two_answers(self, form):
        fill(form, title="Mine", story="A line.", task="Get it low.", question="How low?")
        assert form.info[0].value == "A question needs at least two answers."

    def test_it_can_be_tried_and_the_run_is_still_there(self, form):
        fill(form, title="Mine", story="A line.", task="Get it low.")
        button(form, "Try it").click().run()
        assert form.title[0].value == "Mine"
        assert query(form)["noise"] == "0.08"
        form.switch_page("lessons.py").run()
        assert form.text_input(key="make.title").value == "Mine"
        assert [box.value for box in form.success] == ["Your run solves it."]

    def test_a_task_that_the_run_or_a_mere_click_solves_is_told(self, form):
        fill(form, title="Mine", story="A line.", task="Get it low.")
        bound = next(one for one in form.number_input if one.label == "test loss at most")
        bound.set_value(1e-9).run()
        assert form.warning[0].value.startswith("Your own run doesn't solve it: ")
        bound = next(one for one in form.number_input if one.label == "test loss at most")
        bound.set_value(1e6).run()
        assert "The first settings solve it, too" in form.warning[0].value

    def test_a_lesson_as_a_file_is_opened(self):
        app = open_page("lessons.py")
        [uploader] = [one for one in app.file_uploader if one.label == "A lesson as a file"]
        uploader.upload("mine.json", write_lesson(FOREIGN), "application/json").run()
        assert as_it_is(FOREIGN.title) in [one.value for one in app.markdown]
        button(app, "Begin this lesson").click().run()
        assert lesson_from_link(query(app)["lesson"]) == FOREIGN
        app.switch_page("lessons.py").run()
        [uploader] = [one for one in app.file_uploader if one.label == "A lesson as a file"]
        uploader.upload("mine.json", b"{}", "application/json").run()
        assert [box.value for box in app.error] == ["There's no lesson from this workbench in it."]

    def test_a_lesson_that_leads_nowhere_ends_there(self):
        lesson = dataclasses.replace(FOREIGN, next="of-a-later-version")
        app = open_page(lesson=lesson_to_link(lesson), **LESSON.solution)
        button(app, "Train").click().run()
        button(app, "Check").click().run()
        assert not app.exception
        assert progress_of(app).passed
