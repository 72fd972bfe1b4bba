"""Saving and loading a run's weights, and comparing a file that does not fit."""

import contextlib
import copy
import io
import string
import struct
from pathlib import Path

import pytest
import safetensors.torch
import torch

import wb_core as wb
from tests.core import plain
from tests.core.checkpoint_corpus import BIAS, WEIGHT, good_files, saved
from tests.core.real_checkpoints import BY_HAND, DENSE, LINE, MODELS, VGG, readable, refused, state

GOOD = good_files()
READABLE = readable()
REFUSED = {title: (data, code) for title, data, code in refused()}
every_model = pytest.mark.parametrize("model", plain.MODELS)


def trained(epochs=30, **config):
    run = wb.Run(wb.LinearConfig(**config))
    run.advance(epochs=epochs)
    return run


def weights(run):
    return {name: tensor.tolist() for name, tensor in run.model.state_dict().items()}


def error_of(data, run):
    with pytest.raises(wb.CheckpointError) as caught:
        wb.load_checkpoint(data, into=run)
    return caught.value


class TestSaving:
    @every_model
    def test_plain_torch_loads_a_checkpoint_into_the_course_model(self, model):
        run = trained(model=model)
        model_of_course = plain.MODELS[model]()
        model_of_course.load_state_dict(torch.load(io.BytesIO(wb.save_checkpoint(run)), weights_only=True))
        X = torch.linspace(-2, 2, 9).unsqueeze(1)
        with torch.inference_mode():
            assert torch.equal(model_of_course(X), run.predict(X))

    @every_model
    def test_same_weights_give_same_bytes(self, model):
        assert wb.save_checkpoint(trained(model=model)) == wb.save_checkpoint(trained(model=model))

    def test_saving_does_not_touch_the_run(self):
        run, other = trained(), trained()
        wb.save_checkpoint(run)
        run.finish()
        other.finish()
        plain.assert_same_bits(run.history.frame(), other.history.frame())


class TestLoading:
    @every_model
    def test_a_run_has_the_weights_of_the_saved_one_to_the_bit(self, model):
        source, run = trained(model=model), wb.Run(wb.LinearConfig(model=model, seed=7))
        wb.load_checkpoint(wb.save_checkpoint(source), into=run)
        assert weights(run) == weights(source)
        assert all(p.requires_grad and p.dtype == torch.float32 and p.is_leaf for p in run.model.parameters())

    @every_model
    def test_a_run_that_is_saved_loaded_and_resumed_equals_an_uninterrupted_one(self, model):
        config = wb.LinearConfig(model=model, epochs=100)
        paused, whole = trained(epochs=40, model=model), wb.Run(config)
        whole.finish()
        wb.load_checkpoint(wb.save_checkpoint(paused), into=paused)
        paused.finish()
        plain.assert_same_bits(paused.history.frame(), whole.history.frame())
        assert weights(paused) == weights(whole)

    def test_history_and_epoch_stay_and_the_model_is_a_new_one(self):
        run = trained()
        before, model, optimizer = run.history.frame(), run.model, run.optimizer
        wb.load_checkpoint(GOOD["zip: dict"], into=run)
        plain.assert_same_bits(run.history.frame(), before)
        assert (run.epoch, run.line) == (30, {"weight": WEIGHT, "bias": BIAS})
        assert run.model is not model
        assert run.optimizer is not optimizer

    def test_loading_into_an_untrained_run_sets_its_start(self):
        run = wb.Run(wb.LinearConfig())
        wb.load_checkpoint(GOOD["zip: dict"], into=run)
        assert run.start == {"weight": WEIGHT, "bias": BIAS}

    def test_loading_leaves_the_global_generator_alone(self):
        before = torch.get_rng_state()
        wb.load_checkpoint(GOOD["zip: dict"], into=wb.Run(wb.LinearConfig()))
        assert torch.equal(torch.get_rng_state(), before)

    @pytest.mark.parametrize("title", GOOD)
    def test_every_good_file_is_accepted(self, title):
        run = wb.Run(wb.LinearConfig())
        checkpoint = wb.load_checkpoint(GOOD[title], into=run)
        assert run.line == {"weight": WEIGHT, "bias": BIAS}
        assert checkpoint.format == title.partition(":")[0]
        assert {entry.name: entry.values.tolist() for entry in checkpoint.entries} == weights(run)

    @pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
    def test_any_bytes_like_object_is_accepted(self, wrap):
        run = wb.Run(wb.LinearConfig())
        wb.load_checkpoint(wrap(GOOD["zip: dict"]), into=run)
        assert run.line == {"weight": WEIGHT, "bias": BIAS}

    @pytest.mark.parametrize("data", [None, "PK\3\4", 5, ["PK"], io.BytesIO(b"PK\3\4"), object()])
    def test_a_value_without_bytes_is_refused(self, data):
        assert error_of(data, wb.Run(wb.LinearConfig())).code == "checkpoint.not_a_checkpoint"

    def test_a_released_buffer_is_refused(self):
        view = memoryview(b"PK")
        view.release()
        assert error_of(view, wb.Run(wb.LinearConfig())).code == "checkpoint.not_a_checkpoint"


class TestMessages:
    def test_a_wrong_shape_names_the_key_and_both_shapes(self):
        run = wb.Run(wb.LinearConfig(model="linear"))
        state = {"linear_layer.weight": torch.zeros(3, 1), "linear_layer.bias": torch.zeros(1)}
        error = error_of(saved(state), run)
        assert error.message.startswith("linear_layer.weight has shape (3, 1), this model needs (1, 1)")
        assert error.values == {"name": "linear_layer.weight", "found": (3, 1), "needed": (1, 1)}

    @pytest.mark.parametrize(
        ("saved_from", "loaded_into", "needed"),
        [("parameter", "linear", "linear_layer.weight, linear_layer.bias"), ("linear", "parameter", "weights, bias")],
    )
    @pytest.mark.parametrize("legacy", [False, True])
    def test_a_checkpoint_of_the_other_model_is_refused_with_the_expected_keys(
        self, saved_from, loaded_into, needed, legacy
    ):
        state = wb.Run(wb.LinearConfig(model=saved_from)).model.state_dict()
        data = saved(state, _use_new_zipfile_serialization=not legacy)
        error = error_of(data, wb.Run(wb.LinearConfig(model=loaded_into)))
        assert error.code == "checkpoint.missing_key"
        assert needed in error.message

    def test_a_pickled_model_is_refused_with_advice_on_saving(self):
        error = error_of(saved(plain.LinearRegressionModel()), wb.Run(wb.LinearConfig()))
        assert error.code == "checkpoint.whole_model"
        assert "model.state_dict()" in error.message

    def test_a_file_that_is_too_large_is_refused_with_its_size(self):
        error = error_of(bytes(1_234_567), wb.Run(wb.LinearConfig()))
        assert error.values == {"size": 1_234_567, "limit": 1_000_000}
        assert "1,234,567 bytes" in error.message

    @pytest.mark.parametrize(("number", "code"), [(999_999.9, None), (1e6, "too_big_number"), (-1e6, "too_big_number")])
    def test_a_file_over_the_limit_is_refused(self, number, code):
        data, run = saved({"weights": torch.tensor([number]), "bias": torch.zeros(1)}), wb.Run(wb.LinearConfig())
        if code:
            assert error_of(data, run).code == f"checkpoint.{code}"
        else:
            wb.load_checkpoint(data, into=run)
            assert run.line["weight"] == struct.unpack("f", struct.pack("f", number))[0]

    def test_no_error_quotes_the_file(self):
        words = {"www.example.com": torch.zeros(1), "weights": torch.zeros(1), "bias": torch.zeros(1)}
        for data in (saved(words), saved({"secret": torch.zeros(1)}), saved({"weights": "secret"})):
            error = error_of(data, wb.Run(wb.LinearConfig()))
            assert not {"www", "secret"} & set(error.message.replace(".", " ").split())
            assert "www" not in repr(error.values)

    @pytest.mark.parametrize("code", wb.CHECKPOINT_CODES)
    def test_every_error_says_what_is_wrong_and_what_to_do(self, code):
        sentence = wb.CHECKPOINT_CODES[code]
        wrong, colon, advice = sentence.partition(": ")
        assert colon
        assert wrong
        assert advice.endswith(".")
        fields = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
        assert fields <= {"name", "found", "needed", "count", "limit", "size"}


class TestRealFiles:
    """Files as people have them are read, with notes on what was done, or refused by what they are."""

    @pytest.mark.parametrize("title", READABLE)
    def test_the_weights_are_read_to_the_bit_and_the_notes_say_how(self, title):
        data, config, notes, dtype = READABLE[title]
        run = wb.Run(config)
        loaded = wb.load_checkpoint(data, into=run)
        wanted = {name: tensor.to(dtype).to(torch.float32) for name, tensor in MODELS[config].state_dict().items()}
        assert all(torch.equal(tensor, wanted[name]) for name, tensor in run.model.state_dict().items())
        assert {note.code for note in loaded.notes} == notes
        assert {entry.name for entry in loaded.entries} == wanted.keys()

    @pytest.mark.parametrize("title", REFUSED)
    def test_a_refusal_names_the_thing(self, title):
        data, code = REFUSED[title]
        run = wb.Run(LINE)
        before = weights(run)
        assert error_of(data, run).code == f"checkpoint.{code}"
        assert weights(run) == before

    def test_notes_are_sentences_with_a_code_and_values(self):
        data = saved({"model_state_dict": {f"module.{name}": tensor.half() for name, tensor in state().items()}})
        first, second, third = wb.read_checkpoint(data).notes
        assert first == "Took the weights from `model_state_dict` in the file."
        assert second == "Removed `module.` from the front of all names."
        assert (third.code, third.values) == ("note.rounded", {"dtype": "float16"})
        assert copy.copy(second).values == {"prefix": "module."}

    def test_a_plain_state_dict_has_no_notes(self):
        assert wb.read_checkpoint(saved(state())).notes == ()

    def test_of_two_tables_that_fit_the_named_one_is_loaded(self):
        averaged = {name: tensor + 1 for name, tensor in state().items()}
        run, data = wb.Run(LINE), saved({"model": state(), "ema": averaged})
        error = error_of(data, run)
        assert (error.code, error.values["tables"]) == ("checkpoint.ambiguous", ("model", "ema"))
        loaded = wb.load_checkpoint(data, into=run, table="ema")
        assert weights(run) == {name: tensor.tolist() for name, tensor in averaged.items()}
        assert {note.code for note in loaded.notes} == {"note.table"}
        with pytest.raises(wb.CheckpointError, match="model, ema"):
            wb.load_checkpoint(data, into=run, table="student")

    def test_of_two_tables_the_one_that_fits_is_loaded(self):
        run = wb.Run(LINE)
        loaded = wb.load_checkpoint(saved({"encoder": state(VGG), "head": state(LINE)}), into=run)
        assert run.line == wb.Run(LINE).line
        assert loaded.notes[0] == "Took the weights from `head` in the file."

    @pytest.mark.parametrize(
        ("config", "shapes"),
        [
            # ReLU has no weights: only the numbers in nn.Sequential tell the two dense models apart.
            (DENSE, {"layer_stack.1": (5, 784), "layer_stack.2": (10, 5)}),
            (DENSE, {"fc1": (5, 784), "fc2": (10, 5)}),
            # The same shapes in the same order, but one module for each instead of blocks.
            (VGG, {"c1": (3, 1, 3, 3), "c2": (3, 3, 3, 3), "c3": (3, 3, 3, 3), "c4": (3, 3, 3, 3), "fc": (10, 147)}),
        ],
    )
    def test_shapes_alone_are_no_match(self, config, shapes):
        tensors = {}
        for name, shape in shapes.items():
            tensors |= {f"{name}.weight": torch.zeros(shape), f"{name}.bias": torch.zeros(shape[0])}
        assert error_of(saved(tensors), wb.Run(config)).code == "checkpoint.missing_key"

    def test_names_that_safetensors_has_sorted_are_matched_only_without_doubt(self):
        blocks = {"block_1": "a", "block_2": "b", "classifier": "c"}
        names = {name: name.replace(name.partition(".")[0], blocks[name.partition(".")[0]]) for name in state(VGG)}
        data = safetensors.torch.save({names[name]: tensor for name, tensor in state(VGG).items()})
        assert error_of(data, wb.Run(VGG)).code == "checkpoint.missing_key"

    def test_the_comparison_has_both_names(self):
        checkpoint = wb.read_checkpoint(saved({"fc.weight": torch.ones(1, 1), "fc.bias": torch.ones(1)}))
        rows = wb.compare_checkpoint(checkpoint, wb.Run(LINE))
        assert [(row.name, row.found_name, row.fits) for row in rows] == [
            ("linear_layer.weight", "fc.weight", True),
            ("linear_layer.bias", "fc.bias", True),
        ]

    @pytest.mark.parametrize("config", [LINE, BY_HAND, DENSE, VGG])
    def test_the_config_of_a_file_is_found(self, config):
        checkpoint = wb.read_checkpoint(saved({"model": state(config, "module.")}))
        default = type(config)()
        assert wb.fitting_config(checkpoint, default) == config
        for kind in wb.KINDS.values():
            if kind is not wb.kind_of(config):
                assert wb.fitting_config(checkpoint, kind.config()) is None

    def test_an_object_in_the_file_is_never_made(self, tmp_path):
        class Setting:
            def __reduce__(self):
                return Path.touch, (tmp_path / "made",)

            def __setstate__(self, state):
                raise AssertionError

        for value in (Setting(), {"deep": [Setting()]}):
            data = saved({"model": state(), "config": value})
            with contextlib.suppress(wb.CheckpointError):
                wb.load_checkpoint(data, into=wb.Run(LINE))
        assert not (tmp_path / "made").exists()


class TestComparing:
    def test_expected_tensors_are_those_of_the_model(self):
        assert wb.expected_tensors(wb.Run(wb.LinearConfig(model="linear"))) == {
            "linear_layer.weight": ((1, 1), "float32"),
            "linear_layer.bias": ((1,), "float32"),
        }

    def test_a_matching_checkpoint_has_a_matching_row_per_tensor(self):
        run = wb.Run(wb.LinearConfig())
        table = wb.compare_checkpoint(wb.read_checkpoint(GOOD["zip: float16"]), run)
        assert [row.name for row in table] == ["weights", "bias"]
        assert all(row.fits and row.found_dtype == "float16" and row.needed_dtype == "float32" for row in table)

    def test_a_checkpoint_that_does_not_fit_is_compared_too(self):
        state = {"layer.w": torch.zeros(2, 3), "bias": torch.zeros(1, dtype=torch.int64)}
        checkpoint = wb.read_checkpoint(safetensors.torch.save(state))
        found = {entry.name: (entry.shape, entry.dtype) for entry in checkpoint.entries}
        assert found == {"layer.w": ((2, 3), "float32"), "bias": ((1,), "int64")}
        table = wb.compare_checkpoint(checkpoint, wb.Run(wb.LinearConfig()))
        assert table == (
            wb.Comparison("weights", None, None, (1,), "float32"),
            wb.Comparison("bias", (1,), "int64", (1,), "float32"),
            wb.Comparison("layer.w", (2, 3), "float32", None, None),
        )
        assert not any(row.fits for row in table)

    def test_values_are_copies_and_none_for_other_dtypes(self):
        checkpoint = wb.read_checkpoint(saved({"a": torch.ones(2), "b": torch.ones(2, dtype=torch.bool)}))
        a, b = checkpoint.entries
        assert torch.equal(a.values, torch.ones(2))
        assert b.values is None

    def test_a_larger_limit_accepts_a_larger_file(self):
        data = saved({"a": torch.arange(300_000.0)})
        with pytest.raises(wb.CheckpointError, match="bytes"):
            wb.read_checkpoint(data)
        (entry,) = wb.read_checkpoint(data, limit=2_000_000).entries
        assert torch.equal(entry.values, torch.arange(300_000.0))
