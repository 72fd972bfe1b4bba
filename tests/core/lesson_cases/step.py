"""Lessons with one step."""

from .cases import Cases

CASES = {
    "which-line-learns": Cases(
        near=({"what_if": "skip_step", "lr": "0.2"}, {"lr": "0.0001", "epochs": "1"}),
        mistakes=(
            {"what_if": "swap"},
            {"what_if": "skip_zero_grad"},
            {"what_if": "lr_100"},
            {"what_if": "no_train_mode"},
        ),
        also=({"what_if": "skip_step", "epochs": "3"},),
    ),
    "forget-zero-grad": Cases(
        near=({"what_if": "skip_zero_grad", "epochs": "18"}, {"what_if": "skip_zero_grad", "lr": "0.1", "epochs": "3"}),
        mistakes=(
            {"epochs": "24"},
            {"what_if": "lr_100"},
            {"what_if": "skip_zero_grad"},
            {"what_if": "skip_zero_grad", "epochs": "5"},
        ),
        also=({"what_if": "skip_zero_grad", "epochs": "70"},),
    ),
}
