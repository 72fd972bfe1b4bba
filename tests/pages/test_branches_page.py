"""Branches on the page of a line: made in the form, shown beside their run, and carried by link, visit and code."""

import pytest

import wb_core as wb
from pages.ui.figures.line_branches import charts_with_branches, with_branches
from pages.ui.figures.linear import linear_charts, linear_recording
from pages.ui.labs.line.branches import BranchesView, LineBranches
from pages.ui.labs.line.lab import LinearLab
from pages.ui.session.share import decode, encode
from tests.pages.app import button, finish, lab_of, open_page, widget
from tests.runs import finished

CONFIG = wb.LinearConfig(lr=0.05, epochs=60)


def trained(config=CONFIG):
    lab = LinearLab()
    lab.train(config)
    finish(lab)
    return lab


def shown(lab, branches="41:lr=0.005", made=None):
    found = (made or LineBranches()).of(lab, BranchesView(branches=branches))
    for branch in found:
        branch.run.finish()
    return found


@pytest.mark.parametrize(
    "branches", ["41:lr=0.005", "1:loss=mse|50:lr=0.0001,optimizer=adam;55:momentum=0.5", "|50:loss=mse"]
)
def test_branches_survive_their_link(branches):
    view = BranchesView(branches=branches)
    query = encode(CONFIG, view)
    assert query["branches"].replace("-", "").replace(".", "").isalnum()
    assert decode(query, wb.LinearConfig, BranchesView) == ((CONFIG, view), ())


@pytest.mark.parametrize(
    "text",
    [
        *(
            "41",
            "41-lr",
            "41-noise-1",
            "41-lr-7000",
            "41-lr-nan",
            "---",
            "41-lr-1---41-lr-1",
            "50-loss-mse---",
            "1-loss-l3",
            "<b>",
        ),
        *("9" * 5000, "---".join(f"{epoch}-lr-0.1" for epoch in range(5))),
    ],
)
def test_a_link_with_other_branches_is_ignored(text):
    assert decode({"branches": text}, wb.LinearConfig, BranchesView) == (
        (wb.LinearConfig(), BranchesView()),
        ("branches",),
    )


def test_a_branch_is_the_branch_of_the_engine():
    lab = trained()
    [branch] = shown(lab)
    engine = lab.run.branch(41, lr=0.005)
    engine.finish()
    assert branch.run.config == engine.config
    assert branch.run.history.frame().equals(engine.history.frame())
    assert branch.diagnosis == wb.diagnose(engine.history, engine.config)


def test_a_branch_starts_from_the_parameters_of_a_loaded_model():
    lab = LinearLab()
    lab.load(CONFIG, wb.read_checkpoint(wb.save_checkpoint(finished(wb.LinearConfig(seed=3)))))
    lab.resume(CONFIG)
    finish(lab)
    [branch] = shown(lab)
    assert branch.run.history.frame()[:41].equals(lab.run.history.frame()[:41])


def test_branches_are_trained_once_for_the_displayed_run():
    lab, branches = trained(), LineBranches()
    [first] = shown(lab, made=branches)
    assert shown(lab, made=branches) == (first,)
    two = shown(lab, "41:lr=0.005|50:loss=mse", branches)
    assert (two[0], two[1].letter) == (first, "B")
    lab.train(wb.LinearConfig(lr=0.1, epochs=60))
    finish(lab)
    [other] = shown(lab, made=branches)
    assert other is not first
    assert other.run.config.lr == 0.1
    lab.train(wb.LinearConfig(lr=0.1, epochs=20))
    finish(lab)
    assert shown(lab, made=branches) == ()


def test_the_charts_have_the_numbers_of_each_branch_from_its_first_epoch_on():
    lab = trained(wb.LinearConfig(loss="mse", lr=1.0, epochs=1000))  # which explodes
    [branch] = shown(lab, "41:lr=0.1")
    recording = linear_recording(lab.run)
    both = with_branches(recording, lab.run, [branch.curve])
    assert (recording.frames, both.frames) == (lab.run.epoch, 1000)
    history = branch.run.history
    for name in ("test_loss", "weight", "bias"):
        column = both.columns[f"A_{name}"]
        assert [value != value for value in column[:40]] == [True] * 40
        assert column[40:].tolist() == history.column(name)[40:].tolist()
        main = both.columns[name]
        assert main[: lab.run.epoch].tolist() == lab.run.history.column(name).tolist()
        assert (main[lab.run.epoch :] != main[lab.run.epoch :]).all()
    charts = linear_charts(recording, "nn.MSELoss", str)
    for before, after in zip(charts, charts_with_branches(charts, both, [branch.curve]), strict=True):
        assert len(after.figure.data) == len(after.bindings) > len(before.bindings)
        assert (after.legend[-1].name == "A") == (after.id != "fit")
    assert with_branches(recording, lab.run, []) is recording


def open_form(app, **values):
    """Open the form with these values, as the player's button does."""
    app.session_state["pages.ui.labs.line.branches.LineBranches"].form = True
    for name, value in values.items():
        app.session_state[f"BranchForm.{name}"] = value
    app.run()


def test_the_form_trains_a_branch_and_the_rows_delete_it():
    app = open_page(lr="0.05", epochs="60")
    button(app, "Train").click().run()
    open_form(app, epoch=41, lr=0.005)
    button(app, "Train branch").click().run()
    assert app.session_state["BranchesView.branches"] == "41:lr=0.005"
    assert any("Branch A" in one.body for one in app.get("html"))
    assert not [one for one in app.button if one.label == "Train branch"]
    button(app, "Delete").click().run()
    assert app.session_state["BranchesView.branches"] == ""
    assert not any("Branch A" in one.body for one in app.get("html"))


def test_undo_brings_a_deleted_branch_back():
    def branches():
        return app.session_state["BranchesView.branches"], [row.letter for row in made()]

    def made():
        return app.session_state["pages.ui.labs.line.branches.LineBranches"]._made.values()

    app = open_page(lr="0.05", epochs="60", branches="41-lr-0.005---50-loss-mse")
    both, [first, _] = branches(), [branch.run.history.frame() for branch in made()]
    app.button(key="branch-A-delete").click().run()
    assert branches() == ("|50:loss=mse", ["B"])
    button(app, "Undo").click().run()
    assert branches() == both == ("41:lr=0.005|50:loss=mse", ["A", "B"])
    assert next(iter(made())).run.history.frame().equals(first)
    button(app, "Redo").click().run()
    assert branches() == ("|50:loss=mse", ["B"])


def test_a_branch_that_changes_nothing_is_not_offered():
    app = open_page(lr="0.05", epochs="60")
    button(app, "Train").click().run()
    open_form(app, epoch=41, lr=0.05)
    assert button(app, "Train branch").disabled


def test_a_link_with_branches_trains_the_run_and_them():
    app = open_page(lr="0.05", epochs="60", branches="41-lr-0.005---50-loss-mse")
    assert lab_of(app).run.epoch == 60
    made = app.session_state["pages.ui.labs.line.branches.LineBranches"]
    assert [branch.run.epoch for branch in made.of(lab_of(app), BranchesView(branches="41:lr=0.005|50:loss=mse"))] == [
        60,
        60,
    ]


def test_the_code_of_a_branch_can_be_chosen():
    app = open_page(lr="0.05", epochs="60", branches="41-lr-0.005")
    app.segmented_control(key="linear.panel").set_value("code").run()
    widget(app, "Code of").set_value("A").run()
    [code] = app.code
    branch = finished(CONFIG).branch(41, lr=0.005)
    assert code.value == wb.to_script(branch.config).rstrip("\n")


def test_a_run_with_a_schedule_says_so_and_gets_rid_of_it():
    app = open_page(lr="0.05", epochs="60", schedule="41-lr-0.005")
    assert any("from epoch 41" in one.value for one in app.caption)
    button(app, "Train").click().run()
    assert lab_of(app).run.config.schedule == "41:lr=0.005"
    button(app, "Remove").click().run()
    assert app.session_state["LinearConfig.schedule"] == ""
    assert not [one for one in app.button if one.label == "Remove"]
