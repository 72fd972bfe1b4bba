"""The slips: their results are those of a fresh Python, and they leave nothing behind."""

import dataclasses
import itertools
import json
import re
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

import wb_core as wb
from wb_core.base.seeding import global_generators
from wb_core.slips.slip import snippet

every_slip = pytest.mark.parametrize("slip_id", wb.SLIPS)

# The faulty lines of the Korean study notes, as they are there.
NOTES = {
    "float_32": "float_32_tensor = torch.tensor(([3,4,5]), dtype=None, device=None, requires_grad=False)",
    "reshape": "R = x.reshape(1,9)		# 차원 한개 추가.",
    "numpy": "array = tensor.numpy()		# array.dtype은 float32가 된다.",
    "curly_quotes": "device = “cuda” if torch.cuda.is_available() else “cpu” 	# pytorch device agnostic code",
    "test_data": "def plot_predictions(train_data=X_train, train_labels = y_train, test_dat=X_test, "
    "test_labels=y_test, predictions=None):",
    "required_grad": "		self.weights = nn.Parameter(torch.randn(1, required_grad=True, dtype=torch.float)) # 우리",
    "y_preds": "y_ preds = model_0(X_train)	# check predictions,",
    "model_train": "for epoch in range(epochs):\nmodel.train()",
    "commented_loss": "y_pred = model_0(X_train)	# loss = loss_fn(y_pred, y_train)",
    "test_loop": """
model_0.eval()
with torch.inference_mode():
	test_pred = model_0(X_test)
	test_loss = loss_fn(test_pred, y_test)
if epoch % 10 ==0:
	epoch_count.append(epoch)
	loss_values.append(loss)
	test_loss_values.append(test_loss)
print(f”Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}”)
""",
    "train_label": "plt.plot(epoch_count, test_loss_values, label=”Train loss”)",
    "load_state_dict": "loaded_model_0.load_state_dict() 		# random number로 initialization됨.",
    "manula_seed": "torch.manula_seed(42)",
    "two_devices": "	loaded_model_preds = loaded_model_0(X_test)",
    "sgc": "optimizer = torch.optim.SGC(params=model_1.parameters(), lr=0.01)",
    "indentation": """
if epoch % 10 ==0:
print(f”Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}”)
""",
    "model_0_saved": "torch.save(obj=model_0.state_dict(), f=MODEL_SAVE_PATH) #torch.save(model.state_dict(), PATH)",
    "loaded_model_0": "	loaded_model_preds = loaded_model_0(X_test)",
}

# The exception, part of its text, the line (from 1) where Python stops, and the repaired snippet's last line.
RAISED = {
    "reshape": ("RuntimeError", "shape '[1, 9]' is invalid for input of size 10", 3, "torch.Size([1, 10])"),
    "numpy": ("RuntimeError", "Can't call numpy() on Tensor that requires grad", 3, "float32 (10, 1)"),
    "curly_quotes": ("SyntaxError", "U+201C", 1, "cuda" if torch.cuda.is_available() else "cpu"),
    "test_data": ("NameError", "name 'test_data' is not defined", 7, "Legend: ['Training data', 'Test data']"),
    "required_grad": (
        "TypeError",
        "required_grad=bool",
        4,
        "('weights', tensor([0.3367])), ('bias', tensor([0.1288]))",
    ),
    "y_preds": ("SyntaxError", "invalid syntax", 1, "torch.Size([40, 1])"),
    "model_train": ("NameError", "name 'model' is not defined", 2, "Loss: 0.2898"),
    "commented_loss": ("NameError", "name 'loss' is not defined", 4, "Loss: 0.2898"),
    "load_state_dict": ("TypeError", "missing 1 required positional argument: 'state_dict'", 3, "tensor([0.3367])"),
    "manula_seed": ("AttributeError", "module 'torch' has no attribute 'manula_seed'", 1, "tensor([[0.7645]])"),
    "two_devices": ("RuntimeError", "device", 5, "torch.Size([10, 1])"),
    "sgc": ("AttributeError", "module 'torch.optim' has no attribute 'SGC'", 1, "<class 'torch.optim.sgd.SGD'>"),
    "indentation": ("IndentationError", "expected an indented block after 'if' statement", 15, "Epoch: 20 |"),
    "model_0_saved": ("RuntimeError", 'Missing key(s) in state_dict: "linear_layer.weight"', 7, "<All keys matched"),
}
WRONG = {"float_32", "test_loop", "train_label", "loaded_model_0", "loss_shapes", "other_optimizer"}

# The faulty lines of slips that are not in the notes.
COMMON = {
    "loss_shapes": "loss = ((y_pred - y_train) ** 2).mean()",
    "other_optimizer": "optimizer = torch.optim.SGD(params=model_0.parameters(), lr=0.01)",
}

# A separate Python process without the workbench.
FRESH = """
import contextlib, io, json, pathlib, sys, tempfile, traceback

def told(before, code):
    namespace = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
        namespace["MODEL_PATH"] = pathlib.Path(folder)
        exec(compile(before, "before.py", "exec"), namespace)
        try:
            exec(compile(code, "slip.py", "exec"), namespace)
        except Exception as error:
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "slip.py"]
            line = error.lineno if isinstance(error, SyntaxError) else lines[-1]
            text = error.msg if isinstance(error, SyntaxError) else str(error)
            return [printed.getvalue(), type(error).__name__, text, line - 1]
    return [printed.getvalue(), None, None, None]

told_by_all = [told(*snippet) for snippet in json.load(sys.stdin)]
assert not any(name.startswith("wb_core") for name in sys.modules)
json.dump(told_by_all, sys.stdout)
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The results of the faulty and the repaired snippet in a fresh process, by the slip's id."""
    snippets = [(slip.before, version.code) for slip in wb.SLIPS.values() for version in (slip.faulty, slip.repaired)]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FRESH],
        input=json.dumps(snippets),
        cwd=tmp_path_factory.mktemp("fresh"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return dict(zip(wb.SLIPS, zip(told[::2], told[1::2], strict=True), strict=True))


def summary(told):
    return [told.printed, told.error, told.message, told.line]


def plain(text):
    """A text without white space, with straight quotes."""
    return re.sub(r"\s", "", text).translate(str.maketrans("“”‘’", "\"\"''"))


def marked_runs(version):
    """The marked lines; adjacent ones are joined."""
    lines = version.code.splitlines()
    for _, run in itertools.groupby(enumerate(version.marked), lambda pair: pair[1] - pair[0]):
        yield "\n".join(lines[line] for _, line in run)


@every_slip
def test_a_slip_prints_what_a_fresh_python_prints(slip_id, fresh):
    outcome = wb.run_slip(slip_id)
    assert [summary(outcome.faulty), summary(outcome.repaired)] == list(fresh[slip_id])


def test_every_slip_either_raises_or_gives_a_wrong_result():
    assert wb.SLIPS.keys() == NOTES.keys() | COMMON.keys() == RAISED.keys() | WRONG
    assert {slip_id for slip_id, slip in wb.SLIPS.items() if slip.raises} == RAISED.keys()
    assert {slip_id for slip_id, slip in wb.SLIPS.items() if slip.compare} == WRONG
    assert all(slip.id == slip_id for slip_id, slip in wb.SLIPS.items())


@pytest.mark.parametrize("slip_id", RAISED)
def test_the_exception_is_the_one_of_the_lesson_and_the_repair_runs(slip_id):
    error, message, line, result = RAISED[slip_id]
    outcome = wb.run_slip(slip_id)
    assert outcome.faulty.error == error
    assert message in outcome.faulty.message
    assert outcome.faulty.line == line - 1
    assert outcome.repaired.error is None
    assert result in outcome.repaired.printed.splitlines()[-1]


def test_the_second_device_is_a_gpu_or_meta():
    outcome = wb.run_slip("two_devices")
    other = "cuda:0" if torch.cuda.is_available() else "meta"
    assert outcome.faulty.printed == f"cpu {other}\n"
    assert all(name in outcome.faulty.message for name in (other.partition(":")[0], "cpu"))
    assert outcome.repaired.printed == f"{other} {other}\ntorch.Size([10, 1]) {other}\n"


def test_a_name_does_not_make_a_float_32():
    outcome = wb.run_slip("float_32")
    assert outcome.faulty.printed == "tensor([3, 4, 5])\ntorch.int64\n"
    assert outcome.repaired.printed == "tensor([3., 4., 5.])\ntorch.float32\n"


@pytest.fixture(scope="module")
def trained():
    run = wb.Run(wb.LinearConfig(lr=0.01, epochs=50))
    run.finish()
    return run


def test_the_test_outside_the_loop_runs_once_and_leaves_nothing_for_the_curve(trained):
    def line(epoch):
        row = trained.history.row(epoch)
        losses = f"Train loss: {row['train_loss']:.4f} | Test loss: {row['test_loss']:.4f}"
        return f"Epoch: {epoch} | {losses}\n"

    outcome = wb.run_slip("test_loop")
    assert outcome.faulty.printed == line(49) + "Test losses kept: 0\n"
    assert outcome.repaired.printed == "".join(map(line, range(0, 50, 10))) + "Test losses kept: 5\n"


def test_both_curves_have_the_same_label_and_their_own_numbers(trained):
    outcome = wb.run_slip("train_label")
    for told, labels in (
        (outcome.faulty, ["Train loss", "Train loss"]),
        (outcome.repaired, ["Train loss", "Test loss"]),
    ):
        assert told.printed == f"Legend: {labels}\n"
        assert [curve.label for curve in told.curves] == labels
        for curve, column in zip(told.curves, ("train_loss", "test_loss"), strict=True):
            assert curve.epochs == tuple(range(30))
            assert curve.losses == tuple(trained.history.column(column)[:30])


def test_the_predictions_of_another_model_differ():
    outcome = wb.run_slip("loaded_model_0")
    assert outcome.faulty.printed == "0 of 10 are equal\n"
    assert outcome.repaired.printed == "10 of 10 are equal\n"


def test_predictions_that_meet_every_target_learn_a_flat_line_through_their_mean():
    outcome = wb.run_slip("loss_shapes")
    targets = 0.7 * torch.arange(0, 0.8, 0.02) + 0.3
    learned = [re.search(r"Weight: (.*), bias: (.*)", told.printed) for told in (outcome.faulty, outcome.repaired)]
    faulty, repaired = ([float(number) for number in found.groups()] for found in learned)
    assert faulty == pytest.approx([0.0, targets.mean().item()], abs=0.02)
    assert repaired == pytest.approx([0.7, 0.3], abs=0.02)
    shapes, loss = outcome.faulty.printed.splitlines()[:2]
    assert shapes == "torch.Size([40, 1]) torch.Size([40])"
    assert float(loss.removeprefix("Loss: ")) == pytest.approx(targets.var(correction=0).item(), abs=1e-3)


def test_an_optimizer_with_other_parameters_leaves_the_loss_as_it_is():
    outcome = wb.run_slip("other_optimizer")
    (flat,), (falling,) = outcome.faulty.curves, outcome.repaired.curves
    assert len(flat.losses) == len(falling.losses) == 100
    assert set(flat.losses) == {falling.losses[0]}
    assert falling.losses[-1] < falling.losses[0] / 2
    assert len(set(re.findall(r"Train loss: (.*)", outcome.faulty.printed))) == 1


@pytest.mark.parametrize("loss_fn", [torch.nn.MSELoss(), torch.nn.L1Loss()])
def test_the_losses_of_pytorch_warn_of_other_shapes_as_the_lesson_says(loss_fn):
    with pytest.warns(UserWarning, match="target size .* that is different to the input size"):
        loss_fn(torch.zeros(40, 1), torch.zeros(40))


@every_slip
def test_the_faulty_lines_are_those_of_the_notes_or_said_to_be_others(slip_id):
    runs = list(marked_runs(wb.SLIPS[slip_id].faulty))
    assert runs
    for run in runs:
        assert plain(run) in plain({**NOTES, **COMMON}[slip_id])
    assert wb.SLIPS[slip_id].where.startswith("Not in the notes") == (slip_id in COMMON)


@every_slip
def test_only_marked_lines_differ(slip_id):
    slip = wb.SLIPS[slip_id]
    assert slip.faulty.code != slip.repaired.code
    for one, other in ((slip.faulty, slip.repaired), (slip.repaired, slip.faulty)):
        lines = one.code.splitlines()
        unmarked = {line for index, line in enumerate(lines) if index not in one.marked}
        assert unmarked <= set(other.code.splitlines())


@every_slip
def test_a_slip_leaves_the_process_unchanged(slip_id, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    torch.rand(1)  # a state that no seed gives
    before = torch.get_rng_state()
    outcome = wb.run_slip.__wrapped__(slip_id)
    assert outcome == wb.run_slip(slip_id)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["temporary"]
    assert capfd.readouterr() == ("", "")


def test_slips_in_parallel_give_the_same_and_restore_the_global_generator():
    before = torch.get_rng_state()
    ids = list(wb.SLIPS) * 3
    with ThreadPoolExecutor(max_workers=6) as pool:
        outcomes = list(pool.map(wb.run_slip.__wrapped__, ids))
    assert outcomes == [wb.run_slip(slip_id) for slip_id in ids]
    assert torch.equal(torch.get_rng_state(), before)


def test_only_one_thread_uses_the_global_generator_at_a_time():
    before = torch.get_rng_state()
    inside, seen = threading.Event(), []

    def borrow():
        with global_generators():
            inside.set()
            torch.manual_seed(1)
            seen.append(torch.rand(1).item())

    with global_generators():
        other = threading.Thread(target=borrow)
        other.start()
        torch.manual_seed(2)
        assert not inside.wait(0.2)  # it must wait for the lock
        drawn = torch.rand(1).item()
    other.join()
    assert seen == [torch.rand(1, generator=torch.Generator().manual_seed(1)).item()]
    assert drawn == torch.rand(1, generator=torch.Generator().manual_seed(2)).item()
    assert torch.equal(torch.get_rng_state(), before)


def test_the_global_generator_is_restored_after_an_exception():
    before = torch.get_rng_state()

    def fail():
        with global_generators():
            torch.manual_seed(3)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert torch.equal(torch.get_rng_state(), before)
    with global_generators():
        pass


def test_an_unexpected_exception_is_raised(monkeypatch):
    slip = dataclasses.replace(wb.SLIPS["sgc"], raises=(TypeError,))
    monkeypatch.setitem(wb.SLIPS, "sgc", slip)
    with pytest.raises(AttributeError, match="SGC"):
        wb.run_slip.__wrapped__("sgc")
    swapped = dataclasses.replace(slip, repaired=slip.faulty, faulty=slip.repaired)
    monkeypatch.setitem(wb.SLIPS, "sgc", swapped)
    with pytest.raises(AttributeError, match="SGC"):
        wb.run_slip.__wrapped__("sgc")


def test_an_unknown_slip_is_a_key_error():
    with pytest.raises(KeyError):
        wb.run_slip("print('a visitor')")


def test_an_outcome_cannot_be_changed():
    outcome = wb.run_slip("train_label")
    hash(outcome)  # all the way down
    with pytest.raises(dataclasses.FrozenInstanceError):
        outcome.faulty.printed = ""


def test_a_snippet_is_parsed_with_its_marked_lines():
    read = snippet("""
          for epoch in range(3):
        >     train()

        > test()
    """)
    assert read == wb.Snippet("for epoch in range(3):\n    train()\n\ntest()", (1, 3))
