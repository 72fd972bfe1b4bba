"""The tensor lab without a browser: operations, controls, the shelf, links and errors."""

import json
import re

import pytest

from pages.ui.tensors.lab import TensorLab
from pages.ui.tensors.view import FIRST_CALL, TensorView
from tests.pages.app import button, open_page, query
from wb_core.tensorlab import NAMES, OPERATIONS, SECTIONS, START, Call, Shelf, Step, read_call, write_program

PAGE = "tensors.py"


def lab_of(app) -> TensorLab:
    return app.session_state["pages.ui.tensors.lab.TensorLab"]


def board(app):
    """The data of the board."""
    parts = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_board"]
    return json.loads(parts[0].json) if parts else None


def code(app):
    """The displayed lines; another listing has all lines so far."""
    return next(block.value for block in app.code if not block.value.startswith("import torch"))


def panels(app):
    return {panel["id"]: panel for panel in board(app)["panels"]}


def texts(panel):
    return [text for table in panel["slices"] for text in table["texts"]]


def chosen(app, label):
    """The group of buttons with this label."""
    [found] = [group for group in app.get("button_group") if group.label == label]
    return found


def test_the_page_opens_with_a_sum_of_two_tensors():
    app = open_page(PAGE)
    assert not app.exception
    assert code(app) == "C = A + B"
    assert texts(panels(app)["result"]) == ["11.0", "22.0", "33.0", "44.0", "55.0", "66.0"]
    assert query(app) == {}


def test_equal_colors_are_equal_numbers_in_all_tensors_of_a_line():
    app = open_page(PAGE, shelf="A_tensor_2v1v2*B_tensor_2v2v4")
    shades = {}
    for panel in panels(app).values():
        for table in panel["slices"]:
            for text, shade in zip(table["texts"], table["shades"], strict=True):
                assert shades.setdefault(float(text), shade) == shade
    assert len(set(shades.values())) == len(shades) > 3
    assert board(app)["legend"] == {"low": "1", "high": str(int(max(shades))), "odd": False}


@pytest.mark.parametrize(("do", "sign"), [("add", "="), ("matmul_A_B", "="), ("t", "→"), ("sum", "→"), ("stack", "→")])
def test_only_a_computation_with_a_sign_is_written_as_an_equation(do, sign):
    drawn = panels(open_page(PAGE, do=do))
    assert drawn.get("result", drawn.get("refused"))["sign"] == sign


def test_the_cards_have_the_colors_of_the_line_or_none():
    app = open_page(PAGE, do="sum_B")
    shown = [part.proto.body for part in app.get("html") if "<div class='wb-mini'" in part.proto.body]
    cards = {html.partition("<b>")[2][0]: html for html in shown}
    assert "background" in cards["B"]
    assert "background" not in cards["A"]


def test_a_turned_tensor_says_which_shape_is_multiplied():
    app = open_page(PAGE, shelf="A_tensor_2x2v1v2v3v4*B_tensor_3x2v1v2v3v4v5v6", do="matmul_A_B_matmul_b")
    assert panels(app)["B"]["facts"].endswith(" · .T (2, 3)")
    assert ".T" not in panels(app)["A"]["facts"]


def test_three_facts_are_shown_and_the_others_folded():
    app = open_page(PAGE)
    tables = [part.proto.body for part in app.get("html") if "wb-facts" in part.proto.body]
    named = [re.findall(r'wb-hint-\d+">(\w+)<', table) for table in tables if table.startswith("<table")]
    assert named[0] == ["shape", "dtype", "device"]
    assert [expander.label for expander in app.expander] == ["All facts"]
    assert {"ndim", "stride", "grad_fn", "memory"} <= set(named[1])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_draws_itself_from_the_registry(name):
    """With default values; no widget is missing, and no label occurs twice."""
    app = open_page(PAGE, do=name)
    assert not app.exception
    operation = OPERATIONS[name]
    assert app.session_state["tensors.section"] == operation.section
    call = Call.of(operation, {})
    assert lab_of(app).call == call
    assert call.expression in code(app)
    assert "tensors.keep" in [b.key for b in app.button] if operation.keeps else True
    assert [m.value for m in app.markdown if m.value == operation.teaches]
    assert query(app) == ({} if name == FIRST_CALL else {"do": name})


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_operations(section):
    assert [op for op in OPERATIONS.values() if op.section == section]


@pytest.mark.parametrize(
    "text",
    [
        "matmul_B_A_at_a", "add_A_number_B_2.5", "tensor_2x2v1v2v3v4_float64_y", "index_A_1x-1", "index_A_0to1xto",
        "stack_BA_2_-1", "sum_B_1_int64", "seeds_2x2_none", "rand_2x2_none_n_n", "permute_A_0x1", "numpy_A_y",
    ],
)  # fmt: skip
def test_a_link_sets_the_controls_and_is_restored(text):
    app = open_page(PAGE, do=text)
    assert not app.exception
    assert lab_of(app).call.text == text
    assert query(app) == {"do": text}


def test_keeping_puts_the_result_on_the_shelf_and_in_the_link():
    app = open_page(PAGE, do="t")
    button(app, "Save as C").click().run()
    assert lab_of(app).shelf.tensors["C"].shape == (3, 2)
    assert query(app) == {"do": "t", "shelf": write_program((*START, Step("C", read_call("t"))))}
    assert panels(app)["result"]["title"] == "C"
    assert button(app, "Saved as C").disabled
    again = open_page(PAGE, **query(app))
    assert list(lab_of(again).shelf.tensors) == ["A", "B", "C"]


def test_what_to_try_stays_until_it_was_done_once():
    def tried(app):
        [said] = [text.value for text in app.markdown if text.value.startswith(("Try it", "Every click"))]
        return re.findall(r"\*\*(.*?)\*\*", said)

    app = open_page(PAGE)
    assert tried(app) == ["A"]
    lab_of(app).write("A", 0, "7")
    assert tried(app.run()) == ["torch.matmul"]
    chosen(app, "Operation").set_value("matmul").run()
    assert tried(app) == ["Reshape"]
    chosen(app, "What to do").set_value("reshape").run()
    assert tried(app) == ["save"]
    button(app, "Save as C").click().run()
    assert tried(app) == ["All lines so far"]
    button(app, "Undo").click().run()
    assert tried(app) == ["All lines so far"]


def test_another_result_is_kept_under_the_next_free_name():
    app = open_page(PAGE, do="t")
    button(app, "Save as C").click().run()
    app.session_state["tensors.operation.reshape"] = "clone"
    app.run()
    assert code(app) == "D = A.clone()"
    button(app, "Save as D").click().run()
    app.session_state["tensors.operation.reshape"] = "unsqueeze"
    app.run()
    assert button(app, "Replace D")


def test_a_call_that_runs_but_not_as_meant_gets_a_warning_and_its_repair():
    app = open_page(PAGE, do="reshape_A_3x48x64", shelf="A_face")
    assert not app.exception
    assert {name: panel["kind"] for name, panel in panels(app).items()} == {"A": "picture", "result": "picture"}
    assert app.warning[0].value.startswith("reshape moves no dimension.")
    button(app, "`torch.permute(A, (2, 0, 1))`").click().run()
    assert not app.exception
    assert code(app) == "B = torch.permute(A, (2, 0, 1))"
    assert not app.warning


def test_a_row_and_a_column_get_a_warning_and_become_pairs():
    app = open_page(PAGE, do="sub", shelf="A_tensor_3v1.0v2.0v4.0*B_tensor_3x1v1.0v2.0v5.0")
    assert "that would be 9 differences instead of 3" in app.warning[0].value
    button(app, "`A = A.unsqueeze(dim=-1)` ; `A - B`").click().run()
    assert not app.exception
    assert texts(panels(app)["result"]) == ["0.0", "0.0", "-1.0"]
    assert not app.warning


def test_a_repair_changes_the_controls_and_a_repair_with_steps_the_shelf():
    app = open_page(PAGE, do="matmul")
    [refusal] = [error.value for error in app.error]
    assert "inner sizes" in refusal
    assert "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)" in [block.value for block in app.code][-1]
    button(app, "`torch.matmul(A, B.T)`").click().run()
    assert code(app) == "C = torch.matmul(A, B.T)"
    assert not app.error
    app = open_page(PAGE, do="matmul_A_B_matmul_b", shelf="A_tensor*B_ones_2x3")
    button(app, "`A = A.type(torch.float32)` ; `torch.matmul(A, B.T)`").click().run()
    assert str(lab_of(app).shelf.tensors["A"].dtype) == "torch.float32"
    assert not app.error


def test_undo_start_over_and_an_empty_shelf():
    app = open_page(PAGE)
    for name in ("A", "B"):
        app.button(key=f"tensors.drop.{name}").click().run()
    assert lab_of(app).shelf.tensors == {}
    assert [info.value for info in app.info] == [
        "The shelf is empty. Make a tensor first, under “Create”, or undo the last step."
    ]
    assert not app.exception
    button(app, "Undo").click().run()
    assert list(lab_of(app).shelf.tensors) == ["B"]
    assert code(app) == "A = B + B"
    button(app, "Start over").click().run()
    assert list(lab_of(app).shelf.tensors) == ["A", "B"]
    assert query(app).get("shelf") is None


def test_the_type_of_a_pasted_tensor_is_set_and_what_is_left_out_is_named():
    app = open_page(PAGE, do="tensor")
    app.text_area[0].set_value("tensor([1., 2.], device='cuda:0', dtype=torch.float64, requires_grad=True)").run()
    assert code(app) == "C = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)"
    assert app.text_area[0].value == "[1.0, 2.0]"
    said = "Set from the pasted text: `dtype=torch.float64`, `requires_grad=True`. Left out: `device='cuda:0'`."
    assert [c.value for c in app.caption if c.value.startswith(said)]
    app.text_area[0].set_value("tensor([0.5, 2.])").run()
    assert code(app) == "C = torch.tensor([0.5, 2.0], dtype=None, requires_grad=False)"
    assert not [c.value for c in app.caption if "pasted" in c.value]
    app.text_area[0].set_value("tensor([0.5, 2.], dtype=torch.bfloat16)").run()
    assert "dtype=None" in code(app)
    assert [c.value for c in app.caption if "doesn't have `dtype=torch.bfloat16`, so PyTorch chooses" in c.value]
    app.text_area[0].set_value("[1, 2]").run()
    assert not [c.value for c in app.caption if "bfloat16" in c.value]
    app.text_area[0].set_value("array([1, 2], dtype=int32)")  # the click arrives in the same script run
    button(app, "Save as C").click().run()
    assert str(lab_of(app).shelf.tensors["C"].dtype) == "torch.int32"


def test_the_grid_grows_and_shrinks():
    app = open_page(PAGE, do="tensor")
    button(app, "+ row").click().run()
    assert "[[1, 2, 3], [4, 5, 6], [0, 0, 0]]" in code(app)
    button(app, "− column").click().run()
    assert "[[1, 2], [4, 5], [0, 0]]" in code(app)
    assert button(open_page(PAGE, do="tensor_3v1v2v3"), "− row").disabled


def test_without_a_seed_the_numbers_stay_until_they_are_drawn_again():
    app = open_page(PAGE, do="rand_2x2_none_n_n")
    first = texts(panels(app)["result"])
    assert texts(panels(app.run())["result"]) == first
    button(app, "Draw again").click().run()
    assert texts(panels(app)["result"]) != first
    assert "manual_seed" not in code(app)


def test_with_a_seed_there_is_nothing_to_draw_again():
    for do, offered in (("rand", 0), ("rand_2x2_none_n_n", 1), ("seeds", 0), ("seeds_2x2_none", 1), ("zeros", 0)):
        assert len([b for b in open_page(PAGE, do=do).button if b.label == "Draw again"]) == offered, do


def test_an_emptied_box_asks_for_a_number_and_the_last_result_stays():
    app = open_page(PAGE, do="randint")
    app.number_input[0].set_value(None).run()
    assert [error.value for error in app.error] == ["Enter a whole number."]
    assert "low=0" in code(app)


def test_the_advice_on_the_former_input_goes_when_the_new_input_is_invalid():
    app = open_page(PAGE, do="tensor")
    app.text_area[0].set_value("[[1, 2], [3]]").run()
    assert [error.value[:22] for error in app.error] == ["A tensor has no gaps, "]
    app.text_area[0].set_value("[[1, 2], [3").run()
    assert [error.value[:24] for error in app.error] == ["This list isn't complete"]
    app.text_area[0].set_value("[[1, 2], [3]]").run()
    assert [error.value[:22] for error in app.error] == ["A tensor has no gaps, "]
    app = open_page(PAGE, do="tensor")
    app.text_area[0].set_value("[1e39, 2]").run()
    assert [part.value for part in app.markdown if "became inf" in part.value]
    app.text_area[0].set_value("[1e39, 2").run()
    assert not [part.value for part in app.markdown if "became inf" in part.value]


def test_the_outcome_of_a_click_goes_when_the_controls_become_invalid_and_a_later_click_is_reported():
    app = open_page(PAGE, do="add_A_number_B_2.5")
    lab = lab_of(app)
    lab.write("A", 0, "two")
    assert [error.value for error in app.run().error] == ["Enter one number, such as 1, 2.5 or -3."]
    app.text_input[0].set_value("x").run()
    assert len(app.error) == 1
    lab.write("A", 0, "9")
    assert [part.value for part in app.run().success] == ["A[0, 0] is now 9.0. No other tensor changed."]
    assert len(app.error) == 1


def test_an_edit_that_arrives_with_a_click_is_applied_first_and_once():
    from pages.ui.tensors import controls
    from pages.ui.tensors.board import CellEdit

    lab = TensorLab()
    lab.show(read_call("add"))
    typed = CellEdit("A", 0, "71", 123.5)
    controls.write(lab, typed)
    controls.write(lab, typed)
    assert len(lab.past) == 1
    assert lab.shelf.tensors["A"][0, 0] == 71


def test_the_same_link_opened_twice_has_the_same_numbers():
    link = {"shelf": "A_rand_2x2*B_randint_0_5_2x2", "do": "add"}
    shelves = [lab_of(open_page(PAGE, **link)).shelf.tensors for _ in range(2)]
    assert all((shelves[0][name] == shelves[1][name]).all() for name in "AB")


@pytest.mark.parametrize(
    "shelf",
    [
        "A_rand_1000000x1000000", "A_edit_0_1", "Z_rand", "A_rand*A_edit_9x9_1", "A_numpy", "*", "A_look", "x" * 7000,
        "A_tensor_1v" + "9" * 400, "*".join(["A_rand"] * 61), "A_matmul_C_D", "A_index_A_", "A_rand_\u0663",
    ],
)  # fmt: skip
def test_a_hostile_shelf_is_refused_in_a_sentence(shelf):
    app = open_page(PAGE, shelf=shelf)
    assert not app.exception
    assert [w.value for w in app.warning] == [
        "Some values in this link don't exist here, so the defaults are used for: The shelf."
    ]
    assert lab_of(app).shelf.program == START


def test_a_link_makes_the_server_compute_only_what_is_on_its_shelf(monkeypatch):
    ran = []
    run = Shelf.run
    monkeypatch.setattr(Shelf, "run", lambda self, call, *seed: ran.append(call.text) or run(self, call, *seed))
    thrown_away = [f"{'ABCD'[number % 4]}_rand_{number + 2}" for number in range(56)]
    shelf = "*".join([*thrown_away, "A_rand_3", "B_clone", "C_rand_5", "D_add"])
    app = open_page(PAGE, shelf=shelf, do="look")
    assert not app.exception
    assert [tensor.shape for tensor in lab_of(app).shelf.tensors.values()] == [(3,), (3,), (5,), (3,)]
    assert query(app)["shelf"] == "A_rand_3*B_clone*C_rand_5*D_add"
    assert not {call for call in ran if call.startswith("rand")} - {"rand_3", "rand_5"}


class TestEditing:
    """Edits of cells of the board."""

    def lab(self, do="view", **values) -> TensorLab:
        lab = TensorLab()
        lab.show(Call.of(OPERATIONS[do], values))
        return lab

    def test_editing_a_result_keeps_it_and_changes_tensors_that_share_memory(self):
        lab = self.lab(shape="3, 2")
        lab.write("result", 1, "99")
        assert lab.shelf.tensors["A"].tolist() == [[1, 99, 3], [4, 5, 6]]
        assert set(lab.event.changed) == {"A", "C"}
        assert lab.lines(lab.call) == "C = A.view(3, 2)\nC[0, 1] = 99"

    def test_editing_a_copy_changes_only_the_copy(self):
        lab = self.lab("clone")
        lab.write("result", 1, "99")
        assert lab.shelf.tensors["A"].tolist() == [[1, 2, 3], [4, 5, 6]]
        assert set(lab.event.changed) == {"C"}

    def test_editing_an_array_changes_its_tensor(self):
        lab = self.lab("numpy")
        lab.write("result", 0, "5")
        assert lab.shelf.tensors["A"][0, 0] == 5
        lab = self.lab("from-numpy", convert="none")
        lab.write("result", 0, "5")
        assert lab.shelf.others["C"]["array"][0] == 5
        lab.write("array", 1, "6")
        assert lab.shelf.tensors["C"].tolist()[:2] == [5, 6]

    @pytest.mark.parametrize("text", ["two", "nan", "1e999", "[1]", "", "9" * 5000])
    def test_an_invalid_edit_changes_nothing(self, text):
        lab = self.lab()
        before = lab.shelf
        lab.write("A", 0, text)
        assert lab.shelf is before
        assert lab.event.error is not None

    @pytest.mark.parametrize(("panel", "cell"), [("A", 99), ("D", 0), ("array", 0), ("memory", 0)])
    def test_editing_a_missing_cell_is_refused(self, panel, cell):
        lab = self.lab()
        lab.write(panel, cell, "1")
        assert lab.event.error is not None
        assert lab.shelf.program == START

    def test_undo_reverts_one_edit_at_a_time(self):
        lab = self.lab()
        for number in range(20):
            lab.write("A", number % 3, str(100 + number))
        for _ in range(19):
            lab.undo()
        assert lab.shelf.tensors["A"][0].tolist() == [100, 2, 3]
        lab.undo()
        lab.undo()  # without a step left
        assert lab.shelf.program == START

    def test_repeated_edits_of_a_cell_are_one_step(self):
        lab = self.lab()
        for number in range(200):
            lab.write("A", 0, str(number))
        assert len(lab.shelf.program) == 3
        assert lab.shelf.tensors["A"][0, 0] == 199

    def test_too_many_steps_are_refused_with_one_sentence(self):
        lab = self.lab()
        for number in range(98):
            lab.write("A", number % 6, str(number))
        assert lab.event.error.code == "tensor.too_many_steps"
        assert len(lab.shelf.program) == 60


class TestDisplayedResult:
    """A kept result stays displayed as long as its call."""

    def lab(self, text="add") -> tuple[TensorLab, Call]:
        lab, call = TensorLab(), read_call(text)
        lab.show(call)
        return lab, call

    def test_values_that_compare_equal_can_make_different_calls(self):
        lab = TensorLab()
        lab.shelf = Shelf(START).after(Step("A", read_call("tensor_2v1v2")))
        lab.show(read_call("add_A_number_B_10"))
        lab.keep(lab.call)
        lab.show(read_call("add_A_number_B_10.0"))
        assert lab.kept is None
        assert lab.outcome(lab.call).result.dtype.is_floating_point

    def test_two_tensors_without_a_seed_differ(self):
        lab, call = self.lab("rand_2x2_none_n_n")
        lab.keep(call)
        assert (lab.outcome(call).result == lab.shelf.tensors["C"]).all()
        lab.draw_again()
        assert (lab.outcome(call).result != lab.shelf.tensors["C"]).any()
        lab.keep(call)
        assert (lab.shelf.tensors["C"] != lab.shelf.tensors["D"]).any()

    def test_the_code_reseeds_after_a_seed(self):
        shelf = Shelf(()).after(Step("A", read_call("rand_2x2")), Step("B", read_call("rand_2x2_none_n_n"), 5))
        assert shelf.code[0].startswith("torch.manual_seed(42)")
        assert shelf.code[1].startswith("torch.seed()")

    def test_undo_and_a_link_keep_the_displayed_result(self):
        lab, call = self.lab()
        lab.keep(call)
        lab.write("result", 0, "5")
        lab.write("A", 1, "7")
        lab.undo()
        assert lab.kept is not None
        assert lab.lines(call) == "C = A + B\nC[0, 0] = 5"
        other = TensorLab()
        other.follow(TensorView(shelf=lab.text, do=call.text))
        other.show(call)
        assert other.lines(call) == "C = A + B\nC[0, 0] = 5"
        other.undo()
        assert other.shelf.program == START

    def test_a_result_that_replaces_its_source_is_reported_and_not_displayed(self):
        lab, call = self.lab()
        lab.name_next("A")
        lab.keep(call)
        assert lab.kept is None
        assert lab.event.kept == "A"
        assert lab.shelf.tensors["A"][0, 0] == 11

    def test_a_full_shelf_is_not_overwritten_by_an_edit(self):
        lab, _ = self.lab("clone")
        lab.shelf = lab.shelf.after(Step("C", read_call("t")), Step("D", read_call("ones_2")))
        lab.target = lab.shelf.free
        before = lab.shelf
        lab.write("result", 0, "5")
        assert lab.event.error.code == "tensor.not_kept"
        assert lab.shelf is before

    def test_a_failed_edit_keeps_no_result(self):
        lab, _ = self.lab("argmax")
        before = lab.shelf
        lab.write("result", 0, "9" * 40)
        assert lab.event.error.code == "tensor.does_not_fit"
        assert lab.shelf is before
        assert lab.kept is None

    def test_a_line_whose_tensor_is_missing_says_so(self):
        lab = TensorLab()
        lab.follow(TensorView(do="matmul_C_D"))
        assert lab.event.error.code == "tensor.missing"


def said(app):
    return [part.value for kind in (app.success, app.error, app.warning) for part in kind]


def test_an_array_that_changed_with_its_tensor_is_reported():
    lab = TensorLab()
    lab.show(read_call("from-numpy_1_4_none"))
    lab.write("array", 0, "9")
    app = open_page(PAGE, state={"pages.ui.tensors.lab.TensorLab": lab}, do="from-numpy_1_4_none", shelf=lab.text)
    assert said(app) == [
        "The result is now on the shelf as C. array[0] is now 9. C changed too: they use the same memory."
    ]
    assert panels(app)["array"]["marks"]["changed"] == panels(app)["result"]["marks"]["changed"] == [0]


@pytest.mark.parametrize("number", ["1e16", "1e38", "99999999999999999", "-1e-20"])
def test_any_number_in_a_cell_survives_the_link(number):
    lab = TensorLab()
    lab.write("A", 0, number)
    app = open_page(PAGE, shelf=lab.text)
    assert not app.exception
    assert (lab_of(app).shelf.tensors["A"] == lab.shelf.tensors["A"]).all()


def test_a_list_too_long_for_a_link_stays_on_the_page():
    app = open_page(PAGE, do="tensor")
    values = "[" + ",".join(["1"] * 1500) + "]"
    app.text_area[0].set_value(values).run()
    button(app, "Save as C").click().run()
    app.session_state["tensors.operation.create"] = "zeros"
    app.run()
    app.session_state["tensors.operation.create"] = "tensor"
    app.run()
    button(app, "Save as D").click().run()
    assert not app.exception
    assert list(lab_of(app).shelf.tensors) == list("ABCD")
    assert len(json.dumps(query(app))) < 9000


def test_shared_values_carry_over_to_another_operation():
    app = open_page(PAGE, do="sum_B_1")
    [group] = [g for g in app.get("button_group") if g.key == "tensors.operation.aggregate"]
    group.set_value("mean").run()
    assert code(app) == "C = B.mean(dim=1)"


def test_keeping_uses_the_current_controls():
    app = open_page(PAGE, do="tensor")
    app.text_area[0].set_value("[[7, 8]]")  # the click arrives in the same script run
    button(app, "Save as C").click().run()
    assert lab_of(app).shelf.tensors["C"].tolist() == [[7, 8]]
    app = open_page(PAGE, do="tensor")
    app.text_area[0].set_value("[[7, 8]]")
    button(app, "+ row").click().run()
    assert "[[7, 8], [0, 0]]" in code(app)


def test_an_index_with_too_many_parts_survives_the_link():
    app = open_page(PAGE, do="index_A_0xtox0")
    assert code(app) == "C = A[0, :, 0]"
    assert query(app) == {"do": "index_A_0xtox0"}


def test_a_view_accepts_only_links_that_run():
    assert TensorView() == TensorView(shelf=write_program(START), do=FIRST_CALL)
    assert list(Shelf(START).tensors) == list(NAMES[:2])
