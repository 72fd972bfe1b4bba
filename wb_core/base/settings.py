"""The settings that every kind of training has."""

from .fields import N_, Choice, Number

OPTIMIZER = Choice(
    N_("Optimizer"),
    N_("The rule that turns the gradient (the direction in which the loss grows) into a parameter update."),
    torch="optimizer",
    options={
        "sgd": (N_("SGD"), "optim.SGD"),
        "adam": (N_("Adam"), "optim.Adam"),
    },
    sweepable=True,
    mid_run=True,
)

LR = Number(
    N_("Learning rate"),
    N_("How far each step goes; too small is slow; too big overshoots."),
    torch="lr",
    low=0.0,
    high=1e3,
    above=True,
    offered=(0.0001, 1.0),
    step=0.0001,
    log=True,
    sweepable=True,
    mid_run=True,
)

MOMENTUM = Number(
    N_("Momentum"),
    N_("How much of its last step SGD keeps, like a ball that keeps rolling; 0 is plain SGD."),
    torch="momentum",
    low=0.0,
    high=1.0,
    below=True,
    offered=(0.0, 0.99),
    step=0.01,
    values=(0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    when=("optimizer", "sgd"),
    swept=(0.0, 0.95),
    sweepable=True,
    mid_run=True,
)

TRAIN_FRACTION = Number(
    N_("Training fraction"),
    N_("The share of the points the model learns from; it's tested on the rest, which it never sees."),
    torch="split",
    low=0.0,
    high=1.0,
    above=True,
    below=True,
    offered=(0.1, 0.9),
    step=0.05,
    group="data",
    sweepable=True,
    live=True,
)

SEED = Number(
    N_("Seed"),
    N_("Where random numbers start: the same seed gives the same start every time."),
    torch="manual_seed",
    low=0,
    high=2**32 - 1,
    offered=(0, 9999),
    step=1,
    integer=True,
    typed=True,
    group="model",
    sweepable=True,
    live=True,
)

DEVICE = Choice(
    N_("Device"),
    N_("Where PyTorch computes: the CPU, or a GPU if there is one."),
    torch="device",
    options={
        "auto": (N_("Best here"), "auto"),
        "cpu": (N_("CPU"), "cpu"),
        "cuda": (N_("NVIDIA GPU"), "cuda"),
        "mps": (N_("Apple GPU"), "mps"),
    },
    live=True,
)
