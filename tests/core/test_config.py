"""What a config accepts, what it refuses with which error, and the metadata of its fields."""

import dataclasses
import math
import pickle
import re
from fractions import Fraction
from operator import attrgetter

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import nn

import wb_core as wb
from tests.core import plain
from wb_core.base.fields import Choice, Number, defaults, specs

SPECS = specs(wb.LinearConfig)
NUMBERS = {name: spec for name, spec in SPECS.items() if isinstance(spec, Number)}
CHOICES = {name: spec for name, spec in SPECS.items() if isinstance(spec, Choice)}
every_field = pytest.mark.parametrize(("name", "spec"), SPECS.items(), ids=SPECS)
every_number = pytest.mark.parametrize(("name", "spec"), NUMBERS.items(), ids=NUMBERS)
every_choice = pytest.mark.parametrize(("name", "spec"), CHOICES.items(), ids=CHOICES)
every_integer = pytest.mark.parametrize("name", [name for name, spec in NUMBERS.items() if spec.integer])


def refused(**values):
    """The error that a config with these values raises; its message names the field, the value and what is allowed."""
    with pytest.raises(wb.ConfigError) as caught:
        wb.LinearConfig(**values)
    error = caught.value
    assert error.values == {"field": error.field, "given": error.given, "allowed": error.allowed}
    assert all(text in str(error) for text in (error.field, repr(error.given), error.allowed))
    assert error.message == str(error)
    return error


def assert_refused(name, value, code):
    error = refused(**{name: value})
    assert (error.code, error.field, error.allowed) == (code, name, SPECS[name].allowed())
    assert error.given is value


class TestValue:
    def test_the_defaults_are_those_of_the_course(self):
        assert dataclasses.asdict(wb.LinearConfig()) == {
            "weight": 0.7,
            "bias": 0.3,
            "start": 0.0,
            "end": 1.0,
            "step": 0.02,
            "noise": 0.0,
            "train_fraction": 0.8,
            "model": "parameter",
            "loss": "l1",
            "optimizer": "sgd",
            "momentum": 0.0,
            "lr": 0.01,
            "epochs": 100,
            "seed": 42,
            "device": "cpu",
            "init": "",
            "schedule": "",
            "points": (),
            "shuffle": False,
            "standardise": False,
        }

    def test_a_config_is_frozen_and_a_value(self):
        config = wb.LinearConfig(lr=1)
        with pytest.raises(dataclasses.FrozenInstanceError):
            config.lr = 0.5
        assert config == wb.LinearConfig(lr=1.0) != wb.LinearConfig()
        assert hash(config) == hash(wb.LinearConfig(lr=1.0))

    def test_a_config_takes_keywords_only_and_no_unknown_ones(self):
        with pytest.raises(TypeError, match="positional"):
            wb.LinearConfig(0.7)
        with pytest.raises(TypeError, match="learning_rate"):
            wb.LinearConfig(learning_rate=0.1)

    def test_a_changed_copy_is_checked_too(self):
        with pytest.raises(wb.ConfigError, match="epochs"):
            dataclasses.replace(wb.LinearConfig(), epochs=0)

    def test_an_error_is_a_workbench_error_and_can_be_pickled(self):
        error = refused(lr=0)
        copy = pickle.loads(pickle.dumps(error))
        assert isinstance(copy, wb.WorkbenchError)
        assert (type(copy), str(copy), vars(copy)) == (wb.ConfigError, str(error), vars(error))


class TestBounds:
    @every_number
    @given(data=st.data())
    def test_a_number_within_the_bounds_is_taken_as_it_is(self, name, spec, data):
        if spec.integer:
            value = data.draw(st.integers(spec.low, spec.high))
        else:
            value = data.draw(st.floats(spec.low, spec.high, exclude_min=spec.above, exclude_max=spec.below))
        if name in ("start", "end", "step"):  # together they also decide the number of points: see TestPoints
            taken = spec.check(name, value)
        else:
            taken = getattr(wb.LinearConfig(**{name: value}), name)
        assert (taken, type(taken)) == (value, int if spec.integer else float)

    @every_number
    @given(data=st.data())
    def test_a_number_beyond_the_bounds_is_refused(self, name, spec, data):
        kinds = [
            st.floats(max_value=spec.low, exclude_max=not spec.above),
            st.floats(min_value=spec.high, exclude_min=not spec.below),
            st.integers(max_value=math.ceil(spec.low) - 1),
            st.integers(min_value=math.floor(spec.high) + 1),
        ]
        assert_refused(name, data.draw(st.one_of(kinds)), "config.out_of_range")

    @every_number
    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400], ids=["nan", "inf", "-inf", "10**400"])
    def test_numbers_that_are_not_finite_are_refused(self, name, spec, value):
        assert_refused(name, value, "config.out_of_range")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("lr", 0), ("lr", -0.01), ("lr", 1000.1), ("epochs", 0), ("epochs", -1), ("epochs", 1_000_001),
            ("step", 0), ("step", -0.02), ("noise", -0.1), ("momentum", -0.1), ("momentum", 1), ("train_fraction", 0),
            ("train_fraction", 1), ("seed", -1), ("seed", 2**32),
        ],
    )  # fmt: skip
    def test_meaningless_settings_are_refused(self, name, value):
        assert_refused(name, value, "config.out_of_range")

    @every_integer
    @given(value=st.floats(1, 1e5).filter(lambda value: not value.is_integer()))
    def test_a_count_must_be_whole(self, name, value):
        assert_refused(name, value, "config.not_whole")

    @every_number
    @pytest.mark.parametrize("value", [True, False, "1", "", None, 1j, [1], b"1", torch.tensor(1.0)], ids=repr)
    def test_what_is_not_a_number_is_refused(self, name, spec, value):
        assert_refused(name, value, "config.not_a_number")

    @every_choice
    @pytest.mark.parametrize("value", ["", "L1", "nothing", None, True, 0, math.nan, ["l1"], b"l1"], ids=repr)
    def test_what_is_not_a_choice_is_refused(self, name, spec, value):
        assert_refused(name, value, "config.not_a_choice")

    @every_choice
    def test_every_choice_is_taken(self, name, spec):
        assert [getattr(wb.LinearConfig(**{name: option}), name) for option in spec.options] == list(spec.options)

    @pytest.mark.parametrize("value", [1, 1.0, np.float32(1), np.int64(1), Fraction(1)], ids=repr)
    def test_numbers_of_other_types_become_int_or_float(self, value):
        config = wb.LinearConfig(lr=value, epochs=value)
        assert (config.lr, config.epochs) == (1, 1)
        assert (type(config.lr), type(config.epochs)) == (float, int)

    @every_number
    def test_the_allowed_text_names_the_bounds(self, name, spec):
        low, high = spec.allowed().split(" from ")[1].split(" to ")
        for words, bound, open_end in ((low, spec.low, spec.above), (high, spec.high, spec.below)):
            assert float(re.match(r"[-\d.,e+]+", words)[0].replace(",", "")) == bound
            assert ("not included" in words) == open_end

    @every_choice
    def test_the_allowed_text_names_every_choice(self, name, spec):
        assert re.findall(r"\w+", spec.allowed().removeprefix("one of")) == list(spec.options)


class TestPoints:
    @given(st.floats(-20, 20), st.floats(-20, 20), st.floats(0.001, 50))
    @example(0.0, 1.0, 0.1)
    @example(0.0, 0.3, 0.1)
    @example(1.0, 1.0, 0.1)
    @example(1.0, 0.0, 0.1)
    @example(0.0, 10.0, 0.001)
    @example(0.0, 10.001, 0.001)
    @example(0.0, 0.02, 0.02)
    @example(0.0, 0.04, 0.02)
    def test_the_number_of_points_is_that_of_arange_and_2_to_10000(self, start, end, step):
        arange = torch.arange(start, max(start, end), step)
        if 2 <= len(arange) <= 10_000:
            config = wb.LinearConfig(start=start, end=end, step=step)
            data = wb.Run(config).data
            assert config.size == len(arange)
            assert torch.equal(torch.cat([data.X_train, data.X_test]), arange.unsqueeze(1))
        else:
            error = refused(start=start, end=end, step=step)
            assert (error.code, error.field) == ("config.points", "step")
            assert "10,000" in error.allowed

    @pytest.mark.parametrize("step", [5e-324, 1e-300, 1e-9])
    def test_a_step_that_makes_too_many_points_to_count_is_refused(self, step):
        assert refused(step=step).code == "config.points"

    @given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.integers(2, 300))
    @example(0.8, 50)
    @example(0.29, 100)  # 0.29 * 100 is 28.999999999999996
    @example(0.7, 10)
    @example(5e-324, 2)
    @example(0.9999999999999999, 300)
    def test_the_split_rounds_down_and_leaves_a_point_on_either_side(self, fraction, points):
        config = wb.LinearConfig(end=points, step=1, train_fraction=fraction)
        data, expected = wb.Run(config).data, plain.line_data(config)
        assert config.train_points == len(data.X_train) == len(data.y_train) == len(expected.X_train)
        assert 1 <= config.train_points < config.size == points
        assert all(torch.equal(getattr(data, name), getattr(expected, name)) for name in plain.PARTS)


def in_torch(name):
    """The object with a torch name: "nn.L1Loss" is torch.nn.L1Loss."""
    return attrgetter(name)(torch)


class TestFields:
    """The metadata that pages, links and catalogues use."""

    @every_field
    def test_every_field_has_a_label_a_sentence_of_help_and_a_torch_name(self, name, spec):
        assert re.fullmatch(r"[A-Z][^.]*", spec.label)
        assert re.fullmatch(r"[A-Z][^?!]+\w\)?\.", spec.help)
        assert ". " not in spec.help
        assert spec.torch

    def test_labels_and_helps_are_all_different(self):
        assert len({spec.label for spec in SPECS.values()}) == len({spec.help for spec in SPECS.values()}) == len(SPECS)

    @every_field
    def test_the_default_is_allowed(self, name, spec):
        assert spec.check(name, defaults(wb.LinearConfig)[name]) == getattr(wb.LinearConfig(), name)

    @every_number
    def test_a_slider_offers_the_default_and_nothing_that_is_refused(self, name, spec):
        low, high = spec.offered
        assert spec.low <= low <= defaults(wb.LinearConfig)[name] <= high <= spec.high
        assert [spec.check(name, end) for end in spec.offered] == [low, high]
        assert 0 < spec.step <= high - low
        assert not spec.log or low > 0

    @every_number
    def test_the_values_of_a_choice_of_numbers_ascend_within_the_slider_and_include_the_default(self, name, spec):
        low, high = spec.offered
        assert list(spec.values) == sorted({value for value in spec.values if low <= value <= high})
        assert not spec.values or defaults(wb.LinearConfig)[name] in spec.values

    @every_integer
    def test_a_slider_for_a_count_moves_in_whole_steps(self, name):
        assert all(type(number) is int for number in (*NUMBERS[name].offered, NUMBERS[name].step))

    @pytest.mark.parametrize(
        ("name", "offered"), [("weight", (-2, 2)), ("bias", (-2, 2)), ("lr", (0.0001, 1)), ("epochs", (1, 5000))]
    )
    def test_sliders_offer_the_agreed_ranges(self, name, offered):
        assert NUMBERS[name].offered == offered

    @pytest.mark.parametrize(
        ("name", "registry"), [("model", wb.MODELS), ("loss", wb.LOSSES), ("optimizer", wb.OPTIMIZERS)]
    )
    def test_the_choices_are_the_keys_of_the_registry(self, name, registry):
        assert list(CHOICES[name].options) == list(registry)

    @pytest.mark.parametrize("loss", wb.LOSSES)
    def test_the_torch_name_of_a_loss_is_its_class(self, loss):
        assert in_torch(CHOICES["loss"].options[loss][1]) is wb.LOSSES[loss] is plain.LOSSES[loss]

    @pytest.mark.parametrize("optimizer", wb.OPTIMIZERS)
    def test_the_torch_name_of_an_optimizer_is_its_class(self, optimizer):
        built = wb.OPTIMIZERS[optimizer](nn.Linear(1, 1).parameters(), wb.LinearConfig(optimizer=optimizer))
        assert in_torch(CHOICES["optimizer"].options[optimizer][1]) is type(built)

    def test_the_devices_are_auto_and_the_types_of_torch(self):
        assert set(CHOICES["device"].options) == {"auto", "cpu", "cuda", "mps"}
