"""Lessons with pictures."""

from .cases import Cases

CASES = {
    "three-epochs": Cases(
        near=({"hidden_units": "32"}, {"batch_size": "16"}),
        mistakes=(
            {"lr": "0.3"},
            {"epochs": "6"},
            {"model": "relu"},
            {"batch_size": "64"},
            {"batch_size": "8"},
            {"lr": "0.01"},
        ),
        also=(
            {"model": "relu", "hidden_units": "32", "batch_size": "16"},
            {"optimizer": "adam", "lr": "0.003", "batch_size": "16"},
        ),
    ),
    "confident-but-wrong": Cases(
        near=({"epochs": "3"}, {"epochs": "3", "lr": "0.03"}),
        mistakes=({"lr": "0.3"}, {"epochs": "3", "lr": "0.01"}, {"epochs": "9"}, {}, {"epochs": "3"}),
        also=({"epochs": "7", "lr": "0.02"}, {"epochs": "4", "lr": "0.05"}),
    ),
}
