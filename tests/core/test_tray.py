"""Kept runs and their file: what is written comes back, and nothing else is taken."""

import dataclasses
import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from wb_core.fields import Choice, Number, specs
from wb_core.tray import MOST_BYTES
from wb_core.tray.kept import MOST_CURVE, is_name, thinned

LOSS = st.floats(0, 1e300)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=wb.KeptRun.MOST_NAME)


def value_of(spec):
    if isinstance(spec, Choice):
        return st.sampled_from(list(spec.options))
    if isinstance(spec, Number):
        low, high = spec.offered
        return st.integers(int(low), int(high)) if spec.integer else st.floats(low, high)
    return st.none()


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
    return wb.KeptRun.of(
        draw(NAMES),
        config,
        columns,
        seconds=draw(st.floats(0, 1e6)),
        device=draw(st.sampled_from(["cpu", "cuda:0", "mps"])),
        outcome=draw(st.sampled_from(["done", "stopped", "exploded"])),
        loaded=draw(st.booleans()),
    )


def kept(name="a", config=None, done=3, **changes):
    config = config or wb.LinearConfig()
    columns = {"train_loss": [0.5] * done, "test_loss": [0.25] * done}
    if isinstance(config, wb.ImageConfig):
        columns["test_accuracy"] = [81.25] * done
    told = {"seconds": 0.5, "device": "cpu", "outcome": "done"} | changes
    return wb.KeptRun.of(name, config, columns, **told)


def plain(*runs):
    return json.loads(wb.write_tray(runs or (kept(), kept("b", wb.ImageConfig()))))


def refused(data):
    """The code of the error that a file is refused with; any other exception fails the test."""
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(wb.TrayError) as caught:
        wb.read_tray(data)
    return caught.value.code


@given(st.lists(kept_runs(), max_size=wb.MOST_KEPT))
def test_what_is_written_comes_back_the_same(runs):
    data = wb.write_tray(runs)
    assert wb.read_tray(data) == tuple(runs)
    assert wb.write_tray(wb.read_tray(data)) == data


def test_the_largest_tray_that_there_can_be_fits_into_a_file():
    numbers = [1.23456789e-100 * (1 + 1 / (i + 3)) for i in range(60_000)]
    columns = {"train_loss": numbers, "test_loss": numbers, "test_accuracy": numbers}
    config = wb.ImageConfig(hidden_units=1024, lr=0.12345678901234567, momentum=0.12345678901234567, epochs=1000)
    run = wb.KeptRun.of("나" * 40, config, columns, seconds=123.456789, device="cuda:100", outcome="exploded")
    data = wb.write_tray([dataclasses.replace(run, name=f"{number}" + "나" * 39) for number in range(wb.MOST_KEPT)])
    assert len(data) <= MOST_BYTES
    assert len(wb.read_tray(data)) == wb.MOST_KEPT


def test_a_folder_of_this_machine_is_never_written_and_never_taken():
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
    assert len(epochs) == min(count, MOST_CURVE)


def test_the_same_run_is_the_same_under_another_name_and_after_another_time():
    run = kept()
    assert run.same_as(kept("b", seconds=9.0))
    assert not run.same_as(kept(done=4))
    assert not run.same_as(kept(config=wb.LinearConfig(lr=0.02)))
    assert not run.same_as(kept(loaded=True))


@pytest.mark.parametrize(
    "name", ["", " ", " a", "a ", "a\n", "\x00", "\u202e", "\ud800", "\x7f", "a" * 41, "\u200b", 7, None, ["a"]]
)
def test_what_cannot_be_seen_is_no_name(name):
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
def test_whatever_stands_in_a_place_it_is_taken_as_it_is_or_refused(place):
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
def test_every_key_must_be_there_once_and_no_other(place):
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
def test_a_file_with_other_bytes_in_it_is_taken_or_refused_and_nothing_else(at, bytes_):
    data = wb.write_tray([kept(), kept("b", wb.ImageConfig())])
    at %= len(data)
    try:
        runs = wb.read_tray(data[:at] + bytes_ + data[at + len(bytes_) :])
    except wb.TrayError:
        return
    assert wb.read_tray(wb.write_tray(runs)) == runs


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data):
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
        (b" " * (MOST_BYTES + 1), "tray.too_large"),
        (b"[" * MOST_BYTES, "tray.not_a_tray"),
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
        (plain() | {"version": 2}, "tray.version"),
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
def test_hostile_files_are_refused_at_once(data, code):
    """In a thread, as on the server: its stack is smaller."""
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


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": (0, 1)},
        {"epochs": (0, 2, 1)},
        {"epochs": (1, 2, 3)},
        {"done": 4},
        {"done": 0},
        {"train_loss": (0.5, float("nan"), 0.5)},
        {"train_loss": (0.5, float("inf"), 0.5)},
        {"test_loss": (0.5, 10**400, 0.5)},
        {"test_loss": (0.5, -0.5, 0.5)},
        {"test_accuracy": (1.0, 2.0, 3.0)},
        {"seconds": float("inf")},
        {"device": "cpu "},
        {"outcome": "lost"},
        {"loaded": 1},
        {"config": None},
    ],
)
def test_a_run_that_cannot_be_is_refused_by_its_own_class(changes):
    with pytest.raises(wb.TrayError) as caught:
        dataclasses.replace(kept(), **changes)
    assert caught.value.code == "tray.bad_value"
