"""Files as people have them: `readable()` with what is read from each, and `refused()` with the reason for each."""

import argparse
import collections
import copy
import datetime
import functools
import io
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import safetensors.torch
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

import wb_core as wb
from tests.core.checkpoint_corpus import Part, by_zip_program, saved, torch_parts, zipped

LINE = wb.LinearConfig(model="linear")
BY_HAND = wb.LinearConfig(model="parameter")
DENSE = wb.ImageConfig(model="relu", hidden_units=5)
VGG = wb.ImageConfig(model="tiny_vgg", hidden_units=3)

MODELS = {config: wb.Run(config).model for config in (LINE, BY_HAND, DENSE, VGG)}
"""A model for each config, whose weights are in all readable files."""


class Readable(NamedTuple):
    """A file, the config whose model it fits, the codes of its notes, and the type in which its numbers were saved."""

    data: bytes
    config: Any
    notes: set[str]
    dtype: torch.dtype = torch.float32


class Settings:
    """A class of somebody's own script."""

    def __init__(self) -> None:
        self.lr, self.layers = 0.1, [1, 2]


class AttributeDict(dict):  # type: ignore[type-arg]
    """A subclass of dict, as several libraries have."""


class Fc(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(1, 1)


def state(config: Any = LINE, prefix: str = "") -> dict[str, torch.Tensor]:
    return {prefix + name: tensor.clone() for name, tensor in MODELS[config].state_dict().items()}


def renamed(names: dict[str, str], config: Any) -> dict[str, torch.Tensor]:
    """The weights of a model, with the beginnings of their names replaced."""
    changed = {}
    for name, tensor in state(config).items():
        old = next(old for old in names if name.startswith(old))
        changed[names[old] + name.removeprefix(old)] = tensor
    return changed


def trained_optimizer(kind: type[torch.optim.Optimizer], config: Any = LINE) -> dict[str, Any]:
    """The state_dict of an optimizer that has taken a step, and so has a memory."""
    model = copy.deepcopy(MODELS[config])
    optimizer = kind(model.parameters(), lr=0.0)  # type: ignore[call-arg]
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return optimizer.state_dict()


def lightning() -> dict[str, Any]:
    """What Lightning's Trainer writes into a .ckpt."""
    callback = {
        "monitor": "loss",
        "best_model_score": torch.tensor(0.3),
        "best_k_models": {"/a/b.ckpt": torch.ones(())},
    }
    return {
        "epoch": 3,
        "global_step": 120,
        "pytorch-lightning_version": "2.5.1",
        "state_dict": collections.OrderedDict(state(prefix="model.")),
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 3}}}},
        "callbacks": {"ModelCheckpoint{'monitor': 'loss'}": callback},
        "optimizer_states": [trained_optimizer(torch.optim.Adam)],
        "lr_schedulers": [{"base_lrs": [0.01], "last_epoch": 3}],
        "hparams_name": "kwargs",
        "hyper_parameters": AttributeDict(lr=0.01),
    }


def named_file(value: Any, name: str) -> bytes:
    """What torch.save writes to a path of this name, which is also that of the folder in the zip."""
    with tempfile.TemporaryDirectory() as folder:
        torch.save(value, Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def readable() -> dict[str, Readable]:
    """Files that must be read, by title."""
    table, other, optimizer, prefix, names = (
        f"note.{code}" for code in ("table", "other", "optimizer", "prefix", "names")
    )
    adam = trained_optimizer(torch.optim.Adam)
    files = {}
    for key in ("model_state_dict", "state_dict", "model", "net", "network", "weights", "params"):
        data = saved({"epoch": 100, key: state(), "optimizer_state_dict": adam, "loss": 0.01})
        files[f"wrapped as {key}"] = Readable(data, LINE, {table, other, optimizer})
    numpy = {"model": state(), "loss": np.float64(0.1), "accuracy": np.float32(0.9), "losses": np.arange(5.0)}
    python = {"args": argparse.Namespace(lr=0.1), "path": Path("a/b"), "when": datetime.datetime(2026, 1, 1)}
    files |= {
        "with NumPy numbers": Readable(saved(numpy), LINE, {table, other}),
        "with NumPy numbers, old format": Readable(
            saved(numpy, _use_new_zipfile_serialization=False), LINE, {table, other}
        ),
        "with objects of Python": Readable(saved({"model": state()} | python), LINE, {table, other}),
        "with an object of one's own": Readable(saved({"net": state(), "config": Settings()}), LINE, {table, other}),
        "with a defaultdict and a deque": Readable(
            saved({"net": state(), "log": collections.defaultdict(list, a=[1]), "last": collections.deque([1], 5)}),
            LINE,
            {table, other},
        ),
        "with a history of the workbench": Readable(
            saved({"model": state(), "history": wb.Run(LINE).history}), LINE, {table, other}
        ),
        "with a loss as a tensor": Readable(saved({"model": state(), "loss": torch.tensor(0.3)}), LINE, {table, other}),
        "with the losses of 5,000 epochs": Readable(
            saved({"model": state(), "history": {"loss": [float(epoch) for epoch in range(5000)]}}),
            LINE,
            {table, other},
        ),
        "with 400 tensors beside the weights": Readable(
            saved({"model": state(), "losses": [torch.tensor(1.0) for _ in range(400)]}), LINE, {table, other}
        ),
        "momentum only": Readable(
            saved({"model": state(), "optim": trained_optimizer(torch.optim.SGD)}), LINE, {table, optimizer}
        ),
        "as fastai does": Readable(
            saved({"model": state(), "opt": {"state": [{"grad_avg": torch.ones(1)}], "hypers": [{"lr": 0.1}]}}),
            LINE,
            {table, optimizer},
        ),
        "an average that is called optimal": Readable(saved({"optimal": state()}), LINE, {"note.inner_table"}),
        "a list of weights and epoch": Readable(saved([state(), 7]), LINE, {"note.inner_table", other}),
        "under a name of one's own": Readable(saved({"my run": state()}), LINE, {"note.inner_table"}),
        "two levels deep": Readable(saved({"checkpoint": {"model": state()}}), LINE, {table}),
        "Lightning": Readable(saved(lightning()), LINE, {table, prefix, other, optimizer}),
        "AveragedModel": Readable(saved(AveragedModel(MODELS[VGG]).state_dict()), VGG, {prefix, "note.counters"}),
        "DataParallel": Readable(saved(nn.DataParallel(MODELS[DENSE]).state_dict()), DENSE, {prefix}),
        "compiled": Readable(saved(state(VGG, "_orig_mod.")), VGG, {prefix}),
        "parallel and compiled": Readable(saved(state(VGG, "module._orig_mod.")), VGG, {prefix}),
        "another attribute for the model": Readable(saved(state(VGG, "classy.")), VGG, {names}),
        "nn.Linear alone": Readable(
            saved({"weight": state()["linear_layer.weight"], "bias": state()["linear_layer.bias"]}), LINE, {names}
        ),
        "nn.Linear as fc": Readable(saved(renamed({"linear_layer": "fc"}, LINE)), LINE, {names}),
        "nn.Linear in nn.Sequential": Readable(saved(renamed({"linear_layer": "0"}, LINE)), LINE, {names}),
        "the course's weight": Readable(
            saved(renamed({"weights": "weight", "bias": "bias"}, BY_HAND)), BY_HAND, {names}
        ),
        "w and b": Readable(saved(renamed({"weights": "w", "bias": "b"}, BY_HAND)), BY_HAND, {names}),
        "the course's conv_block": Readable(
            saved(renamed({"block_1": "conv_block_1", "block_2": "conv_block_2", "classifier": "classifier"}, VGG)),
            VGG,
            {names},
        ),
        "other blocks, and a layer that is in no nn.Sequential": Readable(
            saved(renamed({"block_1": "features", "block_2": "more", "classifier.1": "fc"}, VGG)), VGG, {names}
        ),
        "nn.Sequential alone": Readable(saved(renamed({"layer_stack.": ""}, DENSE)), DENSE, {names}),
        "safetensors with a prefix": Readable(safetensors.torch.save(state(VGG, "model.")), VGG, {prefix}),
        "safetensors of nn.Linear alone": Readable(
            safetensors.torch.save(renamed({"linear_layer.": ""}, LINE)), LINE, {names}
        ),
        "a colon in the name": Readable(named_file(state(), "line 12:30:05.pth"), LINE, set()),
        "Korean in the name": Readable(named_file(state(), "직선.ckpt"), LINE, set()),
        "no ending": Readable(named_file(state(), "model"), LINE, set()),
    }
    for dtype, note in {torch.float16: "rounded", torch.bfloat16: "rounded", torch.float64: "shortened"}.items():
        values = {name: tensor.to(dtype) for name, tensor in state(DENSE).items()}
        files[str(dtype)] = Readable(saved(values), DENSE, {f"note.{note}"}, dtype)
    return files


def exported_program() -> bytes:
    """The names of a file that torch.export.save writes."""
    names = ("archive_format", "byteorder", "models/model.json", "data/weights/weight_0", ".data/serialization_id")
    return zipped([Part(name, b"pt2", root="model") for name in names])


def torchscript() -> bytes:
    """The names of a file that torch.jit.save writes."""
    return zipped([*torch_parts(b"", {}), Part("code/__torch__.py", b""), Part("constants.pkl", b"")])


def written(write: Any) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def refused() -> Iterator[tuple[str, bytes, str]]:
    """Title, content and code of files that must be refused as weights of `LINE`."""
    good = saved(state())
    weight, bias = state().values()
    yield "Git LFS pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git_lfs"
    yield "web page", b"\n<!DOCTYPE html>\n<html lang=en><title>model.pth</title></html>", "web_page"
    yield "answer of a file store", b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "web_page"
    yield "TorchScript", torchscript(), "torchscript"
    yield "torch.export", exported_program(), "exported_program"
    yield "whole model", saved(Fc()), "whole_model"
    yield "whole model in a checkpoint", saved({"model": Fc(), "epoch": 3}), "whole_model"
    yield "NumPy arrays", saved({name: tensor.numpy() for name, tensor in state().items()}), "numpy"
    yield "another pickle protocol", saved(state(), pickle_protocol=4), "pickle_protocol"
    yield "zip in a zip", by_zip_program({"best.pth": good}), "packed"
    yield "folder in a zip", by_zip_program({"run/": b"", "run/notes.txt": b"", "run/model.ckpt": good}), "packed"
    yield "gzip", b"\x1f\x8b\x08\0" + bytes(40), "packed"
    yield "ONNX", b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:\x80\x01" + bytes(40), "other_format"
    yield "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(40), "other_format"
    yield "Keras", by_zip_program({"metadata.json": b"{}", "model.weights.h5": b"\x89HDF"}), "other_format"
    yield "GGUF", b"GGUF\3\0\0\0" + bytes(40), "other_format"
    yield "npy", written(lambda file: np.save(file, np.ones(3))), "numpy"
    yield "npz", written(lambda file: np.savez(file, weight=np.ones((1, 1)), bias=np.ones(1))), "numpy"
    yield "compressed npz", written(lambda file: np.savez_compressed(file, weight=np.ones(2))), "numpy"
    yield "pickle", pickle.dumps({"weight": [0.5]}), "pickle"
    yield "two models", saved({"model": state(), "ema": state()}), "ambiguous"
    yield "two models without names", saved([state(), state()]), "ambiguous"
    for affine in (True, False):
        norm = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1, affine=affine)).state_dict()
        yield f"BatchNorm, affine={affine}", saved(norm), "batch_norm"
    normed = nn.utils.parametrizations.weight_norm(nn.Linear(1, 1)).state_dict()
    yield "weight_norm", saved(normed), "weight_norm"
    yield "weight_norm, old", saved({"weight_g": weight, "weight_v": weight, "bias": bias}), "weight_norm"
    yield "three layers", saved({**state(), "a.weight": weight, "b.weight": weight}), "unexpected_key"
    yield "a large model", saved({f"layer.{i}.weight": weight for i in range(1500)}), "too_many_tensors"
    yield (
        "weights of another shape",
        saved({"linear_layer.weight": torch.ones(3, 1), "linear_layer.bias": bias}),
        "wrong_shape",
    )
    # The shapes alone would fit.
    yield "two layers of one number", saved({"a.weight": weight, "b.bias": bias}), "missing_key"
    yield "other parameters", saved({"gamma": weight, "beta": bias}), "missing_key"
    adam = trained_optimizer(torch.optim.Adam)
    yield "only the optimizer", saved(adam), "optimizer_only"
    yield "only an optimizer without memory", saved(torch.optim.SGD([weight], lr=0.1).state_dict()), "optimizer_only"
    yield "only the optimizer and the epoch", saved({"optimizer_state_dict": adam, "epoch": 3}), "optimizer_only"
    yield "two inputs", saved(nn.Linear(2, 1).state_dict()), "other_inputs"
    yield "two inputs, same names", saved({**state(), "linear_layer.weight": torch.ones(1, 2)}), "other_inputs"
    yield "a hidden layer", saved(nn.Sequential(nn.Linear(1, 4), nn.ReLU(), nn.Linear(4, 1)).state_dict()), "other_size"
    yield "no bias", saved(nn.Linear(1, 1, bias=False).state_dict()), "other_size"
    for title, beside, code in (
        ("functools.partial", functools.partial(torch.relu), "function"),
        ("functools.partial of a layer", functools.partial(nn.ReLU, inplace=True), "function"),
        ("a function of torch", torch.relu, "function"),
        ("a pandas table", pd.DataFrame({"loss": [0.5], "name": ["a"]}), "pandas"),
        ("a pandas column", pd.Series([0.5]), "pandas"),
        ("a pandas time", pd.Timestamp("2026-01-01"), "pandas"),
    ):
        yield f"{title} beside the weights", saved({"model": state(), "beside": beside}), code
        yield (
            f"{title} beside the weights, old format",
            saved({"model": state(), "beside": beside}, _use_new_zipfile_serialization=False),
            code,
        )
    yield "only losses", saved({"loss": [0.5, 0.25]}), "not_a_state_dict"
