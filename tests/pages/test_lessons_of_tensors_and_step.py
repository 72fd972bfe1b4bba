"""Lessons on the pages of tensors and of one step: what is in view, what Check sees, and what undo brings back."""

import dataclasses

import wb_core as wb
from pages.ui.lessons.current import OURS, InLesson
from tests.pages.app import button, open_page, query, widget
from wb_core.tensorlab import START


def begin(name, **changes):
    lesson = OURS[name]
    return open_page(f"{lesson.page}.py", lesson=name, **({**lesson.start, **changes} if changes else {}))


def tensors_of(app):
    return app.session_state["pages.ui.tensors.lab.TensorLab"]


def verdict_of(app) -> wb.Verdict:
    stand: InLesson = app.session_state["pages.ui.lessons.current.InLesson"]
    assert stand.verdict is not None
    return stand.verdict


def check(app):
    return verdict_of(button(app, "Check").click().run())


def sections(app):
    [found] = [group for group in app.get("button_group") if group.label == "What to do"]
    return [option.content for option in found.proto.options]


def repairs(app):
    return [button for button in app.button if button.key and button.key.startswith("tensors.fix")]


def test_only_the_sections_of_the_lesson_are_in_view_and_the_one_where_the_visitor_is():
    app = begin("view-or-copy")
    assert sections(app) == ["Reshape"]
    button(app, "Inspect A").click().run()
    assert sections(app) == ["Inspect", "Reshape"]
    button(app, "All settings").click().run()
    assert len(sections(app)) == 9


def test_the_shelf_is_the_lessons_and_undo_brings_back_the_visitors_own():
    app = begin("view-or-copy")
    first = OURS["view-or-copy"].start["shelf"]
    assert tensors_of(app).text == first
    button(app, "Save as B").click().run()
    button(app, "Start over").click().run()
    assert tensors_of(app).text == first
    assert button(app, "Start over").disabled
    for _click in range(3):
        button(app, "Undo").click().run()
    assert tensors_of(app).shelf.program == START


def test_a_result_must_be_saved_to_be_a_try():
    app = begin("shapes-that-fit", do="matmul_A_B_matmul_b")
    assert not check(app).tried
    assert app.info[0].value == "Nothing new on the shelf yet: save a result first."
    button(app, "Save as C").click().run()
    assert check(app).passed


def test_an_error_has_its_explanation_but_no_repair_which_would_be_the_solution():
    app = begin("shapes-that-fit")
    assert "inner sizes must be equal" in app.error[0].value
    assert not repairs(app)
    button(app, "All settings").click().run()
    assert repairs(app)


def test_check_sees_a_number_that_was_written_since_the_page_was_drawn():
    shelf, _, last = OURS["view-or-copy"].solution["shelf"].rpartition("*")
    app = begin("view-or-copy", shelf=shelf)
    assert last == "C_edit_0x0_99"
    tensors_of(app).write("C", 0, "99")
    assert check(app).passed
    assert query(app)["shelf"].endswith("C_edit_0x0_99")


def test_a_verdict_on_the_shelf_stays_while_the_visitor_looks_for_the_next_operation():
    app = begin("nine-differences", do="sub_A_tensor_B")
    button(app, "Save as C").click().run()
    check(app)
    said = [warning.value for warning in app.warning]
    assert any("nine differences" in text for text in said)
    button(app, "Inspect B").click().run()
    assert any("nine differences" in warning.value for warning in app.warning)
    button(app, "Undo").click().run()
    assert not any("nine differences" in warning.value for warning in app.warning)


def test_the_step_page_has_the_settings_that_its_lesson_opens():
    app = begin("forget-zero-grad")
    assert widget(app, "Epochs").value == 100
    assert not [slider for slider in app.select_slider if slider.label == "Learning rate"]
    assert not [group for group in app.get("button_group") if group.label == "Show"]
    button(app, "All settings").click().run()
    assert widget(app, "Epochs").value == 100


def test_a_lesson_may_open_any_setting_on_the_step_page():
    opened = [field.name for field in dataclasses.fields(wb.LinearConfig)]
    assert {"points", "init", "schedule"} < set(opened)
    lesson = dataclasses.replace(OURS["forget-zero-grad"], opened=opened)
    app = open_page("step.py", lesson=wb.lessons.lesson_to_link(lesson), **lesson.start)
    assert not app.exception
    assert widget(app, "Learning rate").value == 0.002


def test_check_on_the_step_page_shows_the_epoch_it_speaks_of():
    app = begin("forget-zero-grad")
    widget(app, "What if").set_value("skip_zero_grad").run()
    assert check(app).epoch == 99
    assert query(app)["epoch"] == "99"
    widget(app, "Epochs").set_value(24).run()
    assert check(app).passed
    assert query(app)["epoch"] == "23"
    widget(app, "Epoch").set_value(3).run()
    assert any("Solved" in success.value for success in app.success)
