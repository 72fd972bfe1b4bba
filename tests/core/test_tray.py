"""Kept runs and their file: a written tray is read back, and everything else is refused."""

import base64
import dataclasses
import json
import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from tests.core.plain_images import mean_accuracy
from wb_core.base.fields import Choice, Number, Switch, specs
from wb_core.base.points import OwnPoints
from wb_core.kinds.images.data import SIZES, true_classes
from wb_core.kinds.line.by_hand import InitText
from wb_core.kinds.schedules import ScheduleText
from wb_core.records import MAX_BYTES, belongs
from wb_core.records.kept_run import MAX_CURVE, is_name, thinned

LOSS = st.floats(0, 1e300)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=wb.KeptRun.MAX_NAME)


def value_of(spec):
    if isinstance(spec, Choice):
        return st.sampled_from(list(spec.options))
    if isinstance(spec, Number):
        low, high = spec.offered
        return st.integers(int(low), int(high)) if spec.integer else st.floats(low, high)
    if isinstance(spec, ScheduleText):
        return st.sampled_from(["140:lr=0.001", "0:loss=mse,momentum=0.5;7:optimizer=adam"])
    if isinstance(spec, Switch):
        return st.booleans()
    if isinstance(spec, OwnPoints):
        return st.lists(st.tuples(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15)), min_size=2, unique_by=lambda p: p[0])
    if isinstance(spec, InitText):
        return st.sampled_from(["", "0.5,-1.2"])
    return st.none()


@st.composite
def stored_predictions(draw, count):
    """Some predictions repeated, and one at the end."""
    said, sure = draw(st.binary(min_size=1, max_size=20)), draw(st.binary(min_size=1, max_size=20))
    said, sure = (values * (count // len(values) + 1) for values in (said, sure))
    return wb.StoredPredictions(bytes(n % 10 for n in said[:count]), bytes(10 + n % 91 for n in sure[:count]))


@st.composite
def kept_runs(draw):
    kind = draw(st.sampled_from([wb.LinearConfig, wb.ImageConfig]))
    names = draw(st.sets(st.sampled_from(sorted(set(specs(kind)) - {"start", "end", "step"}))))
    config = kind(**{name: draw(value_of(specs(kind)[name])) for name in names})
    done = draw(st.one_of(st.integers(1, 6), st.just(20_000)))
    columns = {name: [draw(LOSS)] * done for name in ("train_loss", "test_loss")}
    columns["test_loss"] = [*columns["test_loss"][:-1], draw(LOSS)]
    if kind is wb.ImageConfig:
        columns["test_accuracy"] = [draw(st.floats(0, 100))] * done
    answered = kind is wb.ImageConfig and draw(st.booleans())
    return wb.KeptRun.of(
        draw(NAMES),
        config,
        columns,
        seconds=draw(st.floats(0, 1e6)),
        device=draw(st.sampled_from(["cpu", "cuda:0", "mps"])),
        outcome=draw(st.sampled_from(["done", "stopped", "exploded"])),
        loaded=draw(st.booleans()),
        predictions=draw(stored_predictions(SIZES[config.dataset][1])) if answered else None,
    )


def kept(name="a", config=None, done=3, **changes):
    config = config or wb.LinearConfig()
    columns = {"train_loss": [0.5] * done, "test_loss": [0.25] * done}
    if isinstance(config, wb.ImageConfig):
        columns["test_accuracy"] = [81.25] * done
    told = {"seconds": 0.5, "device": "cpu", "outcome": "done"} | changes
    return wb.KeptRun.of(name, config, columns, **told)


def predictions(count=1000, said=7, sure=50):
    return wb.StoredPredictions(bytes([said]) * count, bytes([sure]) * count)


def plain(*runs):
    return json.loads(wb.write_tray(runs or (kept(), kept("b", wb.ImageConfig()))))


def refused(data):
    """The code of the error that a file is refused with; any other exception fails the test."""
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(wb.TrayError) as caught:
        wb.read_tray(data)
    return caught.value.code


@given(st.lists(kept_runs(), max_size=wb.MAX_KEPT))
def test_a_written_tray_is_read_back(runs):
    data = wb.write_tray(runs)
    assert wb.read_tray(data) == tuple(runs)
    assert wb.write_tray(wb.read_tray(data)) == data


def test_the_largest_possible_tray_fits_into_a_file():
    numbers = [1.23456789e-100 * (1 + 1 / (i + 3)) for i in range(60_000)]
    columns = {"train_loss": numbers, "test_loss": numbers, "test_accuracy": numbers}
    config = wb.ImageConfig(
        dataset="fashion_mnist", hidden_units=1024, lr=0.12345678901234567, momentum=0.12345678901234567, epochs=1000
    )
    told = {"seconds": 123.456789, "device": "cuda:100", "outcome": "exploded"}
    run = wb.KeptRun.of("나" * 40, config, columns, **told, predictions=predictions(10_000))
    data = wb.write_tray([dataclasses.replace(run, name=f"{number}" + "나" * 39) for number in range(wb.MAX_KEPT)])
    assert 0.9 * MAX_BYTES < len(data) <= MAX_BYTES
    assert len(wb.read_tray(data)) == wb.MAX_KEPT


def test_a_local_folder_is_never_written_and_never_read():
    run = kept(config=wb.ImageConfig(data_dir="/secret"))
    assert run.config.data_dir is None
    assert b"secret" not in wb.write_tray([run])
    assert b"data_dir" not in wb.write_tray([run])
    tray = plain(run)
    tray["runs"][0]["config"]["data_dir"] = None
    assert refused(tray) == "tray.bad_value"


@given(st.integers(1, 100_000))
def test_a_curve_keeps_its_first_and_its_last_point(count):
    epochs = thinned(count)
    assert epochs[0] == 0
    assert epochs[-1] == count - 1
    assert list(epochs) == sorted(set(epochs))
    assert len(epochs) == min(count, MAX_CURVE)


def test_same_as_ignores_name_and_seconds():
    run = kept()
    assert run.same_as(kept("b", seconds=9.0))
    assert not run.same_as(kept(done=4))
    assert not run.same_as(kept(config=wb.LinearConfig(lr=0.02)))
    assert not run.same_as(kept(loaded=True))


@pytest.mark.parametrize(
    "name", ["", " ", " a", "a ", "a\n", "\x00", "\u202e", "\ud800", "\x7f", "a" * 41, "\u200b", 7, None, ["a"]]
)
def test_an_invisible_name_is_refused(name):
    assert not is_name(name)
    tray = plain()
    tray["runs"][0]["name"] = name
    assert refused(tray) == "tray.bad_value"


VALUES = [None, True, -1, 0, 3.5, "", "x", [], {}, [1, 2], {"a": 1}, 10**20, 1e300, "cpu\n", [0.5, None, 0.5], [[[]]]]
PLACES = [
    *[(key,) for key in plain()["runs"][1]],
    *[("config", key) for key in plain()["runs"][1]["config"]],
    *[(key, 1) for key in ("epochs", "train_loss", "test_loss", "test_accuracy")],
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(map(str, place)))
def test_any_value_is_accepted_unchanged_or_refused(place):
    for value in VALUES:
        tray = plain()
        *way, last = place
        part = tray["runs"][1]
        for step in way:
            part = part[step]
        part[last] = value
        try:
            runs = wb.read_tray(json.dumps(tray).encode())
        except wb.TrayError as error:
            assert error.code == "tray.bad_value"  # noqa: PT017
            assert error.values["run"] == 2  # noqa: PT017
        else:
            assert plain(*runs)["runs"][1] == tray["runs"][1]


@pytest.mark.parametrize("place", PLACES[:-4], ids=lambda place: "-".join(map(str, place)))
def test_missing_extra_and_repeated_keys_are_refused(place):
    tray = plain()
    part = tray["runs"][1] if len(place) == 1 else tray["runs"][1]["config"]
    part["more"] = part[place[-1]]
    assert refused(tray) == "tray.bad_value"
    del part["more"], part[place[-1]]
    assert refused(tray) == "tray.bad_value"
    key = json.dumps(place[-1]).encode()
    data = wb.write_tray(wb.read_tray(json.dumps(plain()).encode()))
    twice = data.replace(key + b":", key + b":0," + key + b":")
    assert refused(twice) == "tray.not_a_tray"


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_mutated_file_is_read_or_refused(at, bytes_):
    data = wb.write_tray([kept(), kept("b", wb.ImageConfig())])
    at %= len(data)
    try:
        runs = wb.read_tray(data[:at] + bytes_ + data[at + len(bytes_) :])
    except wb.TrayError:
        return
    assert wb.read_tray(wb.write_tray(runs)) == runs


@given(st.binary(max_size=200))
def test_invalid_bytes_are_refused(data):
    assert refused(data) in ("tray.empty", "tray.not_a_tray")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_other_json_is_refused(value):
    assert refused(value) == "tray.not_a_tray"


def number(text):
    return json.dumps(plain()).replace('"seconds": 0.5', f'"seconds": {text}').encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "tray.empty"),
        (b" " * (MAX_BYTES + 1), "tray.too_large"),
        (b"[" * MAX_BYTES, "tray.not_a_tray"),
        (b"[" * 100_000 + b"]" * 100_000, "tray.not_a_tray"),
        (b'{"a":' * 50_000, "tray.not_a_tray"),
        (b'"' + b'\\"' * 120_000, "tray.not_a_tray"),
        (b"\xef\xbb\xbf{}", "tray.not_a_tray"),
        (b"\xff\xfe", "tray.not_a_tray"),
        (b"{} {}", "tray.not_a_tray"),
        (number("9" * 100_000), "tray.not_a_tray"),
        (number("0." + "1" * 100_000), "tray.not_a_tray"),
        (number("1e999999999"), "tray.bad_value"),
        (number("1e-999999999"), None),
        (number("NaN"), "tray.not_a_tray"),
        (number("-Infinity"), "tray.not_a_tray"),
        (plain() | {"version": 6}, "tray.version"),
        (plain() | {"version": 1}, "tray.bad_value"),
        (plain() | {"version": 2.0}, "tray.version"),
        (plain() | {"version": True}, "tray.version"),
        (plain() | {"version": None}, "tray.version"),
        (plain() | {"format": "else"}, "tray.not_a_tray"),
        (plain() | {"more": 1}, "tray.not_a_tray"),
        (plain() | {"runs": None}, "tray.not_a_tray"),
        (plain() | {"runs": [7]}, "tray.bad_value"),
        (plain() | {"runs": plain()["runs"] * 5}, "tray.too_many"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_hostile_files_are_refused_quickly(data, code):
    """Run in a thread, as on the server, because its stack is smaller."""
    told = []

    def read():
        try:
            wb.read_tray(data if isinstance(data, bytes) else json.dumps(data).encode())
        except wb.TrayError as error:
            told.append(error.code)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert told == ([code] if code else [])


def curves(**changed):
    """The curves of a kept line, some of them changed."""
    return {"train_loss": (0.5,) * 3, "test_loss": (0.25,) * 3} | changed


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": (0, 1)},
        {"epochs": (0, 2, 1)},
        {"epochs": (1, 2, 3)},
        {"done": 4},
        {"done": 0},
        {"columns": curves(train_loss=(0.5, float("nan"), 0.5))},
        {"columns": curves(train_loss=(0.5, float("inf"), 0.5))},
        {"columns": curves(test_loss=(0.5, 10**400, 0.5))},
        {"columns": curves(test_loss=(0.5, -0.5, 0.5))},
        {"columns": curves(test_accuracy=(1.0, 2.0, 3.0))},
        {"seconds": float("inf")},
        {"device": "cpu "},
        {"outcome": "lost"},
        {"loaded": 1},
        {"config": None},
        {"predictions": predictions()},
        {"predictions": predictions().class_bytes},
    ],
)
def test_an_impossible_run_is_refused_by_its_class(changes):
    with pytest.raises(wb.TrayError) as caught:
        dataclasses.replace(kept(), **changes)
    assert caught.value.code == "tray.bad_value"


# A file of version 1, without predictions.
FORMER = (
    b'{"format":"torch-workbench-tray","version":1,"runs":[{"kind":"image","config":{"dataset":"fashion_mnist_small",'
    b'"model":"relu","hidden_units":10,"batch_size":32,"loss":"cross_entropy","optimizer":"sgd","momentum":0.0,"lr":0.1,'
    b'"epochs":3,"seed":42,"device":"cpu"},"name":"mine","done":1,"seconds":0.5,"device":"cpu","outcome":"stopped",'
    b'"loaded":false,"epochs":[0],"train_loss":[0.5],"test_loss":[0.25],"test_accuracy":[81.25]}]}'
)


def test_a_file_of_version_1_is_read_without_predictions():
    [run] = wb.read_tray(FORMER)
    assert (run.name, run.config, run.columns["test_accuracy"]) == ("mine", wb.ImageConfig(model="relu"), (81.25,))
    assert run.predictions is None
    assert wb.read_tray(wb.write_tray([run])) == (run,)
    assert refused(FORMER.replace(b'"test_acc', b'"answers":null,"test_acc')) == "tray.bad_value"


def test_in_a_file_of_version_2_the_final_accuracy_becomes_that_of_all_images():
    """Until then it was the mean over the batches."""
    evaluation = wb.ImageRun(wb.ImageConfig()).test()
    columns = {"train_loss": [0.5, 0.5], "test_loss": [0.25, 0.25], "test_accuracy": [8.0, evaluation.accuracy]}
    told = {"seconds": 0.5, "device": "cpu", "outcome": "done"}
    now = wb.KeptRun.of("a", wb.ImageConfig(), columns, **told, predictions=wb.StoredPredictions.of(evaluation.logits))
    mean = mean_accuracy(evaluation.logits, true_classes("fashion_mnist_small"), 32)
    assert abs(mean - evaluation.accuracy) > 0.01
    file = json.loads(wb.write_tray([dataclasses.replace(now, columns={**now.columns, "test_accuracy": (8.0, mean)})]))
    assert wb.read_tray(json.dumps(file | {"version": 2}).encode()) == (now,)
    assert wb.read_tray(json.dumps(file).encode())[0].last("test_accuracy") == pytest.approx(mean)


class TestPredictions:
    def packed(self, **changes):
        """A tray whose only run has predictions with these changes."""
        tray = plain(kept(config=wb.ImageConfig(), predictions=predictions()))
        tray["runs"][0]["answers"] |= changes
        return tray

    def test_stored_predictions_are_classes_and_confidences_in_percent(self):
        logits = torch.zeros(3, 10)
        logits[1, 4] = 2.0
        logits[2, 9] = 100.0
        found = wb.StoredPredictions.of(logits)
        belief = logits[1].softmax(dim=0)[4].item()
        assert (list(found.class_bytes), list(found.percent_bytes)) == ([0, 4, 9], [10, round(100 * belief), 100])
        assert found.predicted.tolist() == [0, 4, 9]
        assert found.confidence.tolist() == list(found.percent_bytes)

    @pytest.mark.parametrize("wild", [float("nan"), float("inf"), float("-inf")])
    def test_logits_that_are_not_finite_give_no_predictions(self, wild):
        logits = torch.zeros(3, 10)
        logits[2, 3] = wild
        assert wb.StoredPredictions.of(logits) is None

    @given(
        st.lists(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=10, max_size=10), min_size=1, max_size=5)
    )
    def test_finite_logits_always_give_valid_predictions(self, logits):
        found = wb.StoredPredictions.of(torch.tensor(logits))
        assert found.predicted.tolist() == torch.tensor(logits).argmax(dim=1).tolist()

    @pytest.mark.parametrize(
        "pair", [(b"", b""), (b"\x0a", b"2"), (b"\x01", b"\x09"), (b"\x01", b"e"), (b"\x01\x01", b"2"), ("1", "2")]
    )
    def test_impossible_predictions_are_refused_by_their_class(self, pair):
        with pytest.raises(wb.TrayError) as caught:
            wb.StoredPredictions(*pair)
        assert (caught.value.code, caught.value.values["field"]) == ("tray.bad_value", "answers")

    def test_a_file_has_predictions_as_digits_and_base64(self):
        [run] = self.packed()["runs"]
        assert run["answers"] == {"said": "7" * 1000, "sure": base64.b64encode(b"2" * 1000).decode()}

    @pytest.mark.parametrize(
        "changes",
        [
            {"said": "7" * 999},
            {"said": "7" * 1001},
            {"said": "7" * 10_000, "sure": base64.b64encode(b"2" * 10_000).decode()},  # of the other set
            {"said": "7" * 999 + "a"},
            {"said": "7" * 999 + " "},
            {"said": "7" * 999 + "٣"},
            {"said": "7" * 999 + "²"},
            {"said": "-" + "7" * 999},
            {"said": [7] * 1000},
            {"said": None},
            {"said": ""},
            {"sure": ""},
            {"sure": None},
            {"sure": [50] * 1000},
            {"sure": "2" * 1000},
            {"sure": base64.b64encode(b"2" * 999 + b"\x09").decode()},
            {"sure": base64.b64encode(b"2" * 999 + b"e").decode()},
            {"sure": base64.b64encode(b"2" * 1000).decode()[:-3]},
            {"sure": base64.b64encode(b"2" * 1000).decode()[:-3] + "h=="},  # the same bytes, encoded differently
            {"sure": base64.b64encode(b"2" * 1000).decode() + "\n"},
            {"sure": base64.b64encode(b"2" * 1000).decode() + "===="},
            {"sure": "é" * 1336},
            {"more": 1},
        ],
        ids=lambda changes: "-".join(f"{key}={str(value)[-6:]}" for key, value in changes.items()),
    )
    def test_invalid_predictions_are_refused(self, changes):
        assert refused(self.packed(**changes)) == "tray.bad_value"

    def test_a_line_has_no_predictions(self):
        tray = plain(kept())
        assert "answers" not in tray["runs"][0]
        tray["runs"][0]["answers"] = None
        assert refused(tray) == "tray.bad_value"

    def test_runs_with_other_predictions_are_not_the_same(self):
        config = wb.ImageConfig()
        assert kept(config=config, predictions=predictions()).same_as(kept("b", config, predictions=predictions()))
        assert not kept(config=config, predictions=predictions()).same_as(
            kept(config=config, predictions=predictions(sure=51))
        )


class TestSideBySide:
    SIDE = wb.SideBySide(
        [
            wb.StoredPredictions(bytes([0, 1, 2, 2, 5]), bytes([50, 60, 70, 80, 90])),
            wb.StoredPredictions(bytes([0, 2, 3, 3, 5]), bytes([50, 90, 70, 90, 90])),
        ],
        torch.tensor([0, 1, 2, 1, 7]),
    )

    def test_images_are_sorted_into_all_right_all_wrong_and_disagree(self):
        assert self.SIDE.right.tolist() == [[True, True, True, False, False], [True, False, False, False, False]]
        assert self.SIDE.disagree.tolist() == [1, 2]  # the most confident first
        assert self.SIDE.all_wrong.tolist() == [4, 3]

    def test_the_accuracy_of_each_class_and_the_weakest(self):
        assert self.SIDE.class_accuracy[:, :3].tolist() == [[100, 50, 100], [100, 0, 0]]
        assert self.SIDE.weakest == [[7], [1, 2, 7]]  # nan for classes without images

    def test_only_predictions_for_the_same_images_can_be_compared(self):
        for wrong in ([], [predictions(4)], [*self.SIDE.predictions, predictions(6)]):
            with pytest.raises(wb.TrayError):
                wb.SideBySide(wrong, self.SIDE.y)

    @given(stored_predictions(1000), stored_predictions(1000))
    def test_every_image_is_in_exactly_one_group(self, first, second):
        side = wb.SideBySide([first, second], true_classes("fashion_mnist_small"))
        all_right = side.right.all(dim=0).nonzero().flatten().tolist()
        heaps = [*side.disagree.tolist(), *side.all_wrong.tolist(), *all_right]
        assert sorted(heaps) == list(range(1000))
        assert side.class_accuracy.mean(dim=1).tolist() == pytest.approx((side.right.sum(dim=1) / 10).tolist())

    @pytest.mark.parametrize("batch_size", [25, 32, 1000, 7])
    def test_predictions_give_the_accuracy_of_their_run_for_any_batch_size(self, batch_size):
        run = wb.ImageRun(wb.ImageConfig(batch_size=batch_size))
        evaluation = run.test()
        columns = {"train_loss": [0.5], "test_loss": [evaluation.loss], "test_accuracy": [evaluation.accuracy]}
        told = {"seconds": 0.5, "device": "cpu", "outcome": "done"}
        found = wb.KeptRun.of("a", run.config, columns, **told, predictions=wb.StoredPredictions.of(evaluation.logits))
        y = run.data.y_test
        assert torch.equal(y, true_classes("fashion_mnist_small"))
        assert belongs(found, y)
        assert not belongs(found, y.flip(0)[:999])
        assert not belongs(found, (y + 1) % 10)
        assert not belongs(dataclasses.replace(found, predictions=None), y)
        assert found.last("test_accuracy") == wb.SideBySide([found.predictions], y).right.sum().item() / 10
