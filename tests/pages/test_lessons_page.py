"""Lessons on the pages: the strip above a lab, the prediction, the check, and the path."""

import dataclasses

import pytest

import wb_core as wb
from pages.ui.lessons import curve, seen, words
from pages.ui.lessons.current import OURS, InLesson
from pages.ui.lessons.progress import Done, Progress
from tests.pages.app import button, kept, lab_of, open_page, player_of, query, send_kept, widget
from wb_core.lessons import CHAPTERS, STOPS, CurveQuestion, Lesson, lesson_to_link, score_curve
from wb_core.lessons.conditions import Epochs, Metric, Shape

LESSON = OURS["step-size"]
DRAWN = Lesson(
    id="drawn",
    title="How a loss *falls*",
    page="linear",
    story="A story.",
    task="Reach a low loss.",
    conditions=(Metric("train_loss", at_most=0.01),),
    start={"noise": "0.08", "loss": "mse", "lr": "0.1"},
    opened=("lr",),
    question=CurveQuestion("How does it fall?", "train_loss", 100, 0.2),
    solution={"noise": "0.08", "loss": "mse", "lr": "0.5"},
)
PLACES = {
    "linear": Epochs(10),
    "points": Epochs(10),
    "images": Epochs(10),
    "step": Epochs(10),
    "tensors": Shape((7, 7)),
}


def in_lesson(lesson=LESSON, **settings):
    """The page of a lesson, at its beginning or with these settings."""
    text = lesson.id if lesson is LESSON else lesson_to_link(lesson)
    return open_page(f"{lesson.page}.py", lesson=text, **({**lesson.start, **settings} if settings else {}))


def stand_of(app) -> InLesson:
    return app.session_state["pages.ui.lessons.current.InLesson"]


def done_of(app, lesson=LESSON) -> Done:
    return app.session_state["pages.ui.lessons.progress.Progress"].of(stand_of(app).text)


def texts(app):
    return " ".join(markdown.value for markdown in (*app.markdown, *app.caption))


def labels(app):
    return [button.label for button in app.button]


def check(app):
    return button(app, "Check").click().run()


def train(app):
    return button(app, "Train").click().run()


@pytest.fixture
def draws(monkeypatch):
    """Commits to a curve, as the browser would."""
    heights = []
    real = curve.draw

    def draw(question, commit, **options):
        real(question, commit, **options)
        if heights and options["drawn"] is None:
            commit(curve.Drawn(heights, False))

    monkeypatch.setattr(curve, "draw", draw)
    return heights


def test_a_lesson_has_its_own_heading_and_only_the_controls_it_needs():
    app = in_lesson()
    number = [*OURS].index(LESSON.id) + 1

    assert [title.value for title in app.title] == [LESSON.title]
    assert f"A line · Lesson {number} of {len(OURS)}" in texts(app)
    assert LESSON.story in texts(app)
    assert LESSON.task in texts(app)
    assert [slider.label for slider in (*app.slider, *app.select_slider)] == ["Learning rate"]
    assert query(app)["lesson"] == LESSON.id


def test_one_click_opens_all_settings_and_another_leaves_the_lesson():
    app = button(in_lesson(), "All settings").click().run()
    assert widget(app, "Epochs").value == 100
    assert "All settings" not in labels(app)

    app = button(app, "Leave the lesson").click().run()
    assert [title.value for title in app.title] == ["Linear regression"]
    assert "lesson" not in query(app)
    assert query(app)["lr"] == "0.001"


def test_a_check_before_a_run_is_no_try():
    app = check(in_lesson())

    assert any(box.value.startswith("Nothing ") for box in app.info)
    assert done_of(app).tries == 0


def test_a_failed_check_says_what_it_saw_and_moves_the_player_there():
    app = check(train(in_lesson()))
    [said] = [box.value for box in app.warning]

    assert said.startswith("The verdict on this run: “Too slow”, see epoch 99.")
    assert said.endswith(LESSON.mistakes[2].says)
    assert player_of(app)["seek"]["epoch"] == 99
    assert done_of(app).tries == 1
    assert done_of(check(app)).tries == 1  # the same run once more


def test_what_was_seen_goes_when_a_setting_changes():
    app = check(train(in_lesson()))
    app = widget(app, "Learning rate").set_value(0.01).run()

    assert not app.warning
    assert check(app).warning
    assert done_of(app).tries == 2


def test_a_passed_check_says_why_and_leads_on():
    app = check(train(in_lesson(lr="0.4")))

    assert app.success[0].value.startswith("**Solved.** The verdict on this run: “Converged”, see epoch ")
    assert LESSON.why in texts(app)
    assert "Solved in 1 try: great." in texts(app)
    assert done_of(app).passed
    app = widget(app, "Learning rate").set_value(1.0).run()
    assert app.success  # what is solved stays so
    app = button(app, "Our solution").click().run()
    assert lab_of(app).run.config.lr == 0.5
    assert lab_of(app).trained
    assert [title.value for title in app.title] == [LESSON.title]


def test_the_next_lesson_follows_a_solved_one():
    first, second = DRAWN, LESSON
    app = in_lesson(dataclasses.replace(first, next=second.id))
    app = check(train(widget(app, "Learning rate").set_value(0.5).run()))
    app = button(app, "Next lesson").click().run()

    assert [title.value for title in app.title] == [second.title]
    assert not lab_of(app).trained
    assert lab_of(app).run.config.lr == 0.001


def test_the_path_ends_warmly():
    last = wb.LESSONS[-1]
    stand = InLesson().of(last.id)
    stand.verdict = wb.Verdict(True)
    progress = Progress()
    for lesson in wb.LESSONS:
        progress.note(lesson.id, passed=True, tries=1)
    names = {"pages.ui.lessons.current.InLesson": stand, "pages.ui.lessons.progress.Progress": progress}
    app = open_page(f"{last.page}.py", lesson=last.id, state=names)

    assert "**That was the whole path: well done!**" in texts(app)


def test_hints_come_one_by_one():
    app = in_lesson()
    for count, hint in enumerate(LESSON.hints, start=1):
        app = button(app, "Hint").click().run()
        assert hint in texts(app)
        assert stand_of(app).hints == count
    assert button(app, "Hint").disabled


def test_a_reload_brings_back_hints_and_open_settings(monkeypatch):
    app = button(button(in_lesson(), "Hint").click().run(), "All settings").click().run()
    send_kept(monkeypatch, kept(app.run()))
    again = open_page("linear.py", lesson=LESSON.id, **LESSON.start)
    assert (stand_of(again).hints, stand_of(again).all_open) == (1, True)


@pytest.mark.parametrize("wrong", [{"hints": 4}, {"all_open": 1}, {"real": [1]}, {"real": ["x"] * STOPS}, {"text": 5}])
def test_a_stand_that_no_lesson_has_is_not_taken_over(wrong):
    stand = InLesson()
    with pytest.raises((ValueError, wb.LessonError)):
        stand.take_over({"text": "x", "all_open": True, "hints": 1, "real": None, **wrong})
    assert stand.text == ""


def test_a_lab_in_a_lesson_does_not_suggest_the_solution():
    assert not any(label.startswith("Try ") for label in labels(train(in_lesson())))
    assert any(label.startswith("Try ") for label in labels(train(open_page(lr="0.001"))))


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_choice_is_locked_and_compared_when_the_lesson_is_solved(chosen):
    app = in_lesson()
    [radio] = app.radio
    assert button(app, "That's my prediction").disabled
    app = button(radio.set_value(chosen).run(), "That's my prediction").click().run()

    assert not app.radio
    app = check(train(app))  # this run does not answer the question
    assert f"Your prediction: {LESSON.question.options[chosen]}" in texts(app)
    assert "You'll see once you've solved the task." in texts(app)
    app = check(train(widget(app, "Learning rate").set_value(0.4).run()))
    said = "**You were right.**" if chosen == LESSON.question.answer else "**It came out differently:**"
    assert said in texts(app)


def test_nobody_is_asked_for_a_prediction_after_a_check():
    assert not check(train(in_lesson())).radio


def test_a_drawn_curve_is_locked_and_scored_by_the_first_run(draws, monkeypatch):
    draws[:] = [0.1] * STOPS
    app = in_lesson(DRAWN)
    assert done_of(app).predicted == tuple(draws)
    assert done_of(app).score is None
    app = train(app)
    share = score_curve(DRAWN.question, draws, wb.record_of(lab_of(app).run))
    assert done_of(app).score == share
    first = stand_of(app).real

    app = widget(app, "Learning rate").set_value(1.0).run()
    assert stand_of(app).real == first
    assert done_of(app).score == share

    send_kept(monkeypatch, kept(app.run()))
    again = open_page("linear.py", lesson=stand_of(app).text, **DRAWN.start)
    assert stand_of(again).real == first


def test_a_lesson_that_was_solved_before_leads_on():
    progress = Progress()
    progress.note(LESSON.id, passed=True, tries=1)
    app = open_page("linear.py", lesson=LESSON.id, state={"pages.ui.lessons.progress.Progress": progress})

    assert {"Next lesson", "Our solution"} <= {*labels(app)}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [0.1] * STOPS,
        {"heights": [0.1] * STOPS},
        {"heights": [0.1] * (STOPS - 1), "finger": False},
        {"heights": [0.3] * STOPS, "finger": False},
        {"heights": [-0.1] * STOPS, "finger": False},
        {"heights": [float("nan")] * STOPS, "finger": False},
        {"heights": ["0.1"] * STOPS, "finger": False},
        {"heights": [True] * STOPS, "finger": False},
        {"heights": [0.1] * STOPS, "finger": 1},
    ],
)
def test_a_curve_that_nobody_can_draw_is_ignored(value):
    assert curve.parse(DRAWN.question, value) is None


def test_a_valid_curve_is_read():
    found = curve.parse(DRAWN.question, {"heights": [0, *[0.2] * (STOPS - 1)], "finger": True})
    assert found == curve.Drawn([0.0, *[0.2] * (STOPS - 1)], True)


def test_the_axis_of_a_curve_has_a_name_and_a_unit():
    assert words.column(DRAWN, "train_loss") == "train loss (MSELoss)"
    assert words.column(dataclasses.replace(DRAWN, page="points", start={}, solution=None), "test_accuracy").endswith(
        "test accuracy (%)"
    )


def test_the_texts_of_somebody_elses_lesson_are_no_markdown():
    app = in_lesson(DRAWN)

    assert [title.value for title in app.title] == [r"How a loss \*falls\*"]
    assert "A lesson that somebody gave you" in texts(app)
    assert "Next lesson" not in labels(app)


@pytest.mark.parametrize("page", PLACES)
def test_every_lab_can_have_a_lesson(page):
    lesson = Lesson(id="x", title="A title", page=page, story="A story.", task="A task.", conditions=(PLACES[page],))
    app = check(in_lesson(lesson))

    assert not app.exception
    assert [title.value for title in app.title] == ["A title"]
    assert any(box.value.startswith("Nothing ") for box in app.info)
    assert done_of(app).tries == 0


@pytest.mark.parametrize("kind", wb.KINDS.values(), ids=lambda kind: kind.id)
def test_every_diagnosis_has_its_words_in_a_verdict(kind):
    for label in (*kind.diagnoses, *kind.findings):
        assert seen.outcome(kind, label)


def test_the_path_shows_every_lesson_and_leads_to_the_next():
    first, *rest = wb.LESSONS
    progress = Progress()
    progress.note(first.id, passed=True, tries=2)
    app = open_page("lessons.py", state={"pages.ui.lessons.progress.Progress": progress})

    assert [header.value for header in app.header][: len(CHAPTERS)] == [*CHAPTERS]
    titles = [f"{number} {lesson.title}" for number, lesson in enumerate(wb.LESSONS, start=1)]
    assert [label for label in labels(app) if label in titles] == titles
    assert f"**1 of {len(OURS)}** solved" in texts(app)
    assert "Solved in 2 tries" in texts(app)
    if rest:
        assert f"Continue: {rest[0].title}" in labels(app)
    else:
        assert "That's the whole path" in texts(app)


def test_a_card_opens_its_lesson_anew():
    number = [*OURS].index(LESSON.id) + 1
    app = button(open_page("lessons.py"), f"{number} {LESSON.title}").click().run()

    assert [title.value for title in app.title] == [LESSON.title]
    assert lab_of(app).run.config.lr == 0.001
