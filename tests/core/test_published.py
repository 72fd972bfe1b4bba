"""The losses that learnpytorch.io published for the line, to the last digit."""

import pytest

import wb_core as wb
from tests.core import plain
from tests.runs import finished

PUBLISHED = {
    0: (0.31288138031959534, 0.48106518387794495),
    10: (0.1976713240146637, 0.3463551998138428),
    20: (0.08908725529909134, 0.21729660034179688),
    50: (0.04167863354086876, 0.09919948130846024),
}


@pytest.mark.parametrize(
    "frame",
    [lambda config: finished(config).history.frame(), lambda config: plain.train(config)[1]],
    ids=["engine", "plain PyTorch"],
)
def test_the_published_losses_come_out_to_the_last_digit(frame):
    losses = frame(wb.LinearConfig()).set_index("epoch")[["train_loss", "test_loss"]]
    assert {epoch: tuple(losses.loc[epoch]) for epoch in PUBLISHED} == PUBLISHED


def test_the_model_starts_at_the_published_parameters():
    run = wb.Run(wb.LinearConfig())
    assert {name: f"{value.item():.4f}" for name, value in run.model.state_dict().items()} == {
        "weights": "0.3367",
        "bias": "0.1288",
    }
    assert {name: round(value, 4) for name, value in run.line.items()} == {"weight": 0.3367, "bias": 0.1288}
