"""The browser's best lines and losses against those of the engine."""

import json
import random
import subprocess
from pathlib import Path

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

from wb_core.kinds.line.best_line import best_fit

LINES = Path("pages/ui/player/fit/lines.js").resolve()
ASK = """
console.log(JSON.stringify(QUESTIONS.map(([loss, X, y, unit]) => {
  const line = bestLine(loss, { X, y }, unit);
  return [line.weight, line.bias, lossOf(loss, line, { X, y }, unit)];
})));
"""


def answers(questions):
    """The weight, the bias and the loss of the best line for each question, from the browser's module."""
    node, _ = compute_driver_executable()
    program = f"{LINES.read_text()}\nconst QUESTIONS = {json.dumps(questions)};\n{ASK}"
    command = [node, "--input-type=module"]
    return json.loads(subprocess.run(command, input=program, capture_output=True, check=True, text=True).stdout)


def points(seed):
    """Points of all sorts: few and many, far from 0, with the same X, with outliers, on a line, on whole numbers."""
    rng = random.Random(seed)
    count, far, wide = rng.choice([2, 3, 5, 8, 40, 200]), rng.choice([0, 0, 2000, -1e6]), rng.choice([0.01, 1, 300])
    X = [far + wide * rng.gauss(0, 1) for _ in range(count)]
    if seed % 4 == 1:
        X = [float(round(x)) for x in X]
    if seed % 11 == 3:
        X = [X[0]] * count
    noise = rng.choice([0, 0.3, 5, 200])
    y = [rng.choice([0, 7000]) + 3 * (x - far) / wide + noise * rng.gauss(0, 1) for x in X]
    if seed % 5 == 2:
        y[-1] += 1000
    if seed % 4 == 1:
        y = [float(round(one)) for one in y]
    return X, y


@pytest.mark.parametrize("loss", ["mse", "l1", "huber"])
def test_the_best_line_is_that_of_the_engine(loss):
    asked = [(loss, *points(seed), random.Random(seed).choice([1.0, 1.0, 12.5])) for seed in range(120)]
    for (_, X, y, unit), (weight, bias, found) in zip(asked, answers(asked), strict=True):
        x, scaled = np.array(X), np.array(y) / unit
        best = best_fit(x - x.mean(), scaled, loss)
        rounding = 1e-15 * (abs(weight * np.array(X)).max() + abs(np.array(y)).max()) / unit
        assert found == pytest.approx(best.loss, rel=1e-6, abs=rounding)
        if loss == "mse":
            own = best.weight * unit, (best.bias - best.weight * x.mean()) * unit
            assert weight == pytest.approx(own[0], rel=1e-6, abs=1e-9)
            assert bias == pytest.approx(own[1], rel=1e-6, abs=1e-6)
