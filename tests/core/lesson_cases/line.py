"""Lessons with a line."""

from wb_core.lessons import Attempt

from .cases import Cases

CASES = {
    "two-numbers": Cases(
        near=({"init": "-0.8-1"}, {"init": "-0.5-0.9"}),
        mistakes=({}, {"init": "0.8-1.1"}, {"init": "-0.8-0.3"}, {"init": "-0.3-1.1"}, {"init": "-2-2"}),
        also=({"init": "-0.7-1.1"}, {"init": "-0.6-1"}, {"init": "-0.9-1.1"}, {"init": "-0.8-1.1", "epochs": "50"}),
    ),
    "one-step": Cases(
        near=({"lr": "0.25"}, {"lr": "0.3", "init": "0.2-0.2"}),
        mistakes=({"lr": "0.3", "epochs": "2"}, {}, {"lr": "1"}),
        also=({"lr": "0.3", "optimizer": "adam"},),
    ),
    "epochs": Cases(
        near=({"epochs": "140"}, {"epochs": "301"}),
        mistakes=({"epochs": "200", "lr": "0.05"}, {}, {"epochs": "50"}),
        also=({"epochs": "150"}, {"epochs": "300"}),
    ),
    "step-size": Cases(
        near=({"lr": "0.1"}, {"lr": "0.5", "epochs": "101"}),
        mistakes=({"lr": "0.1", "epochs": "200"}, {"lr": "1"}, {}, {"lr": "0.1"}),
        also=({"lr": "0.3"}, {"lr": "0.8"}, {"optimizer": "adam", "lr": "0.1"}),
    ),
    "bounce-or-explode": Cases(
        near=({"loss": "l1", "lr": "0.8"}, {"optimizer": "adam"}),
        mistakes=({"lr": "0.5"}, {}, {"loss": "huber"}),
        also=({"loss": "l1", "lr": "1"}, {"loss": "l1", "epochs": "100"}),
    ),
    "noise": Cases(
        near=({"noise": "0.05"}, {"noise": "0.02"}),
        mistakes=({"lr": "1"}, {"noise": "0"}, {"epochs": "400"}, {"lr": "0.5"}, {"noise": "0.04", "lr": "0.01"}),
        also=({"noise": "0.03"}, {"noise": "0.04", "lr": "0.5"}),
    ),
    "test-points": Cases(
        near=({"epochs": "400"}, {"train_fraction": "0.9"}),
        mistakes=({"epochs": "60"}, {"shuffle": "on", "epochs": "20"}, {"train_fraction": "0.9"}, {}),
        also=({"shuffle": "on", "train_fraction": "0.8"}, {"shuffle": "on", "epochs": "300"}),
    ),
    "outlier": Cases(
        near=({"loss": "huber"}, {"loss": "l1", "epochs": "5"}),
        mistakes=({"epochs": "600"}, {}, {"loss": "huber"}, {"loss": "l1", "epochs": "5"}),
        also=({"loss": "l1", "lr": "0.05"}, {"loss": "l1", "epochs": "100"}),
    ),
    "scale": Cases(
        near=({"lr": "0.00003"}, {"standardise": "on", "lr": "0.01"}),
        mistakes=(
            {"standardise": "on", "lr": "1"},
            {"standardise": "on", "lr": "0.001"},
            {},
            {"lr": "0.00002"},
        ),
        also=({"standardise": "on", "lr": "0.5"}, {"standardise": "on", "lr": "0.05"}),
    ),
    "momentum": Cases(
        near=({"momentum": "0.8"}, {"momentum": "0.9", "lr": "0.03"}),
        mistakes=({"epochs": "300"}, {"momentum": "0.99"}, {"momentum": "0.5"}, {"momentum": "0.8"}),
        also=({"momentum": "0.95"},),
    ),
    "branch": Cases(
        near=({"schedule": "100-lr-0.01"}, {"lr": "0.005"}),
        mistakes=({"lr": "0.001"}, {}, {"schedule": "100-lr-0.02"}, {"schedule": "20-lr-0.001"}),
        also=({"schedule": "50-lr-0.005"}, {"schedule": "150-lr-0.001"}),
    ),
    "save": Cases(
        near=({"epochs": "150"}, {"init": "0.69-0.31"}),
        mistakes=({"epochs": "200"}, {}, {"init": "0.5-0.2"}),
        solved=Attempt("linear", {"loss": "mse", "lr": "0.5"}, start={"weight": 0.69, "bias": 0.31}),
    ),
}
