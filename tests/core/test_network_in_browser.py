"""What the browser's network says about places, against the engine."""

import json
import subprocess
from pathlib import Path

import pytest
import torch
from playwright._impl._driver import compute_driver_executable

import wb_core as wb
from wb_core.kinds.points.layers import FEATURES, features
from wb_core.kinds.points.network import outputs_of

NETWORK = Path("pages/ui/player/plane/network.js").resolve()
ASK = """
const network = new Network(SHAPE);
const outputs = network.run(Float32Array.from(PARAMETERS), network.inputs(X1, X2), X1.length);
const classes = classesOf(outputs.at(-1), network.outputs, X1.length);
const chances = X1.map((_, place) => network.chances(outputs.at(-1), X1.length, place));
console.log(JSON.stringify({ outputs: outputs.map((one) => [...one]), classes: [...classes], chances }));
"""
PLACES = 1000

SETTINGS = [
    {"hidden": (8, 8), "activation": "tanh", "optimizer": "adam", "lr": 0.03},
    {"hidden": (16, 16, 8, 4), "activation": "relu", "features": tuple(FEATURES)},
    {"hidden": (5,), "activation": "sigmoid", "data": "blobs", "classes": 4, "noise": 1.5},
    {"hidden": (3, 2), "activation": "none", "data": "xor"},
    {"hidden": (), "data": "blobs", "classes": 3, "noise": 1.0, "features": ("x1", "sin_x2")},
]


def asked(config, parameters, places):
    """What the browser's module says about places: the outputs of all layers, classes and probabilities."""
    node, _ = compute_driver_executable()
    shape = {name: getattr(config, name) for name in ("features", "hidden", "outputs", "activation")}
    given = {
        "SHAPE": shape,
        "PARAMETERS": parameters.tolist(),
        "X1": places[:, 0].tolist(),
        "X2": places[:, 1].tolist(),
    }
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    program = f"{NETWORK.read_text()}\n{constants}{ASK}"
    command = [node, "--input-type=module"]
    return json.loads(subprocess.run(command, input=program, capture_output=True, check=True, text=True).stdout)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: "-".join(map(str, one["hidden"])) or "none")
def test_every_unit_and_every_class_is_that_of_the_engine(settings):
    run = wb.Run(wb.PointsConfig(**settings, points=100, epochs=30))
    run.finish()
    config, parameters = run.config, run.parameters[-1]
    places = 3 * torch.randn(PLACES, 2, generator=torch.Generator().manual_seed(3))
    found = asked(config, parameters, places)

    outputs = outputs_of(config, parameters, features(places, config.features))
    for one, other in zip(outputs, found["outputs"], strict=True):
        expected = one.reshape(PLACES, -1).T  # a row for each unit
        torch.testing.assert_close(torch.tensor(other).reshape(expected.shape), expected, rtol=1e-5, atol=1e-5)
    logits = run.predict(places)
    two = config.outputs == 1
    chances = torch.stack([1 - logits.sigmoid(), logits.sigmoid()], dim=1) if two else logits.softmax(dim=1)
    torch.testing.assert_close(torch.tensor(found["chances"]), chances, rtol=0, atol=1e-5)
    classes = (logits > 0).long() if two else logits.argmax(dim=1)
    assert found["classes"] == classes.tolist()
