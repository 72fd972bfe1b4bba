"""Lessons with points in the plane."""

from .cases import Cases

CASES = {
    "xor": Cases(
        near=({"hidden": "2"}, {"hidden": "3"}),
        mistakes=({}, {"hidden": "8-8", "activation": "none"}, {"hidden": "2"}, {"hidden": "4", "lr": "0.001"}),
        also=({"hidden": "8-8"}, {"hidden": "8", "activation": "relu"}, {"features": "x1-x2-x1_x2"}),
    ),
    "few-units": Cases(
        near=({"hidden": "4"}, {"hidden": "2"}),
        mistakes=({"hidden": "1"}, {"hidden": "2"}, {"hidden": "3", "lr": "0.03"}, {"hidden": "4"}),
        also=({"hidden": "3", "epochs": "1000"},),
    ),
    "dead-relu": Cases(
        near=({"lr": "0.4"}, {"lr": "0.005"}),
        mistakes=(
            {"epochs": "2000"},
            {"lr": "0.5"},
            {"activation": "none"},
            {"activation": "tanh"},
            {"lr": "0.003"},
        ),
        also=({"lr": "0.03"}, {"activation": "tanh", "lr": "0.1"}, {"activation": "sigmoid"}),
    ),
    "overfitting": Cases(
        near=({"points": "100"}, {"dropout": "0.1"}),
        mistakes=(
            {"noise": "0.1"},
            {"weight_decay": "0.3"},
            {"epochs": "1000"},
            {"weight_decay": "0.001"},
            {"points": "100"},
            {"hidden": "8"},
        ),
        also=({"dropout": "0.4"}, {"hidden": "none"}, {"points": "500"}, {"epochs": "30"}, {"weight_decay": "0.03"}),
    ),
}
