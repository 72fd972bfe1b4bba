"""Arithmetic on the pages: computing with the displayed numbers gives the displayed result."""

import math
import re

import pytest

import wb_core as wb
from pages.ui.labs.line import diagnosis_sentences
from pages.ui.step.details import _written
from wb_core.base.fields import log_stops
from wb_core.kinds.line.microscope import CODE, Microscope

PRODUCT = re.compile(r"= (\S+) × (\S+) = (\d\S*\d|\d)")


def sentences(**settings):
    run = wb.Run(wb.LinearConfig(**settings))
    run.finish()
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, advise=False)
    return run, diagnosis, diagnosis_sentences.sentences(run, diagnosis)


@pytest.mark.parametrize("noise", [0, 0.1, 0.3])
def test_learning_rate_times_gradient_is_the_step_to_its_last_digit(noise):
    found = 0
    for lr in [*log_stops(0.1, 1.0), 0.123456789]:
        for seed in (1, 42):
            run, diagnosis, said = sentences(lr=lr, noise=noise, seed=seed, epochs=30, weight=2.0, bias=-1.0)
            for factor, gradient, step in PRODUCT.findall(" ".join(said)):
                found += 1
                assert f"{float(factor) * float(gradient):.4g}" == step, (run.config, said)
                assert float(step) == pytest.approx(diagnosis.evidence["step"], rel=1e-3)
    assert found >= 3


def evaluated(text):
    """A line of arithmetic from the step page as a Python number."""
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text).replace("²", "**2").replace("√(", "math.sqrt(")
    names = {"math": math, "abs": abs, "sign": lambda x: math.copysign(1, x) if x else 0}
    return eval(text, names | {"clip": lambda x: max(-1, min(x, 1))})


@pytest.mark.parametrize("loss", ["l1", "mse", "huber"])
@pytest.mark.parametrize("way", [{}, {"momentum": 0.9}, {"optimizer": "adam"}], ids=str)
def test_the_arithmetic_of_a_step_is_true_to_its_last_digit(loss, way):
    config = wb.LinearConfig(loss=loss, noise=0.3, weight=1.7, lr=0.03, epochs=30, **way)
    scope = Microscope(config)
    scope.advance(60)
    equal = about = 0
    for epoch in (0, 1, 13, 29):
        trace = scope.look(epoch)
        for equation in (one for line in CODE for one in wb.equations(config, trace, line)):
            text = _written(equation)
            about += "≈" in text
            if equation.compute is None or "≈" in text:
                continue
            terms, _, result = text.rpartition(" = ")
            digits = len(result.partition(".")[2])
            equal += 1
            assert round(evaluated(terms), digits) == pytest.approx(float(result), abs=1e-12, rel=1e-2), text
            if "e" not in result:
                assert f"{evaluated(terms):.{digits}f}" == result, text
    assert equal > 10 * about
