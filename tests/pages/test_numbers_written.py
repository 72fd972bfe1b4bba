"""Numbers on the pages: one width, and one way to write large ones."""

import pytest

from pages.ui.widgets.numbers import close_up, number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0.0000"), (0.48113, "0.4811"), (12.3, "12.30"), (99_999.0, "99999"), (100_000.0, "100.0k"),
        (999_950.0, "1.000M"), (-12_345_678.0, "-12.35M"), (2.5e9, "2.500G"), (9.99e14, "999.0T"), (1e15, "1.00e+15"),
        (1.4e-5, "1.40e-5"), (float("inf"), "inf"), (98.125, "98.13"), (-98.125, "-98.13"),
    ],
)  # fmt: skip
def test_numbers_have_one_width(value, expected):
    assert number(value) == expected


def test_the_microscope_writes_large_numbers_as_pytorch_does():
    assert close_up(1_234_567.0) == "1.23e+6"
