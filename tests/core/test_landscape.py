"""The loss landscape against the losses of single lines."""

import pytest
import torch

import wb_core as wb
from tests.core import plain

every_loss = pytest.mark.parametrize("loss", plain.LOSSES)


@every_loss
@pytest.mark.parametrize("size", [1, 2, 9])
def test_every_cell_is_the_train_loss_of_its_line(loss, size):
    data = plain.line_data(wb.LinearConfig(noise=0.3))
    surface = wb.loss_surface(data, loss, (-1.0, 2.0), (-3.0, 0.5), size=size)
    assert torch.equal(surface.weights, torch.linspace(-1.0, 2.0, size))
    assert torch.equal(surface.biases, torch.linspace(-3.0, 0.5, size))
    loss_fn = plain.LOSSES[loss]()
    lines = [[loss_fn(w * data.X_train + b, data.y_train) for w in surface.weights] for b in surface.biases]
    torch.testing.assert_close(surface.losses, torch.tensor(lines), rtol=1e-6, atol=1e-7)


@every_loss
def test_the_lowest_cell_is_the_true_line(loss):
    data = wb.Run(wb.LinearConfig(weight=0.5, bias=-0.25)).data
    surface = wb.loss_surface(data, loss, (0.0, 1.0), (-1.0, 0.0), size=41)
    row, column = divmod(surface.losses.argmin().item(), 41)
    assert surface.losses.min().item() == pytest.approx(0, abs=1e-7)
    assert (surface.weights[column].item(), surface.biases[row].item()) == pytest.approx((0.5, -0.25))


@every_loss
def test_the_losses_of_a_run_lie_on_the_surface(loss):
    run = wb.Run(wb.LinearConfig(loss=loss, noise=0.2, epochs=20))
    run.finish()
    weight, bias = run.line["weight"], run.line["bias"]
    here = wb.loss_surface(run.data, loss, (weight, weight), (bias, bias), size=1)
    assert here.losses.item() == pytest.approx(run.losses()["train_loss"], rel=1e-6)
