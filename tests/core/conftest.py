"""Fixtures that several tests of the engine share."""

import pytest

import wb_core as wb


@pytest.fixture(scope="session")
def few() -> wb.ImageData:
    """300 training and 70 test images of the small set."""
    data = wb.fashion_mnist("fashion_mnist_small")
    return wb.ImageData(
        wb.Pictures(data.train.pixels[:300], data.y_train[:300]), wb.Pictures(data.test.pixels[:70], data.y_test[:70])
    )
