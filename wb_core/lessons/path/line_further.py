"""Lessons about going on with a line: momentum, a branch with smaller steps, and a model from a file."""

from ...base.fields import N_
from ..conditions import Branched, Epochs, Label, Metric, Same, Setting
from ..lesson import ChoiceQuestion, Lesson, Mistake
from .line import FITS, RANDOM, TRUE_LINE

MOMENTUM = Lesson(
    id="momentum",
    title=N_("Momentum: a ball that rolls on"),
    page="linear",
    story=N_(
        "Plain SGD forgets each step as soon as it's done. With **momentum** it keeps a part of it for the next one, "
        "like a ball that rolls on: with 0.9 it keeps 90%. Here the learning rate is small, and plain steps are too "
        "slow."
    ),
    start={"noise": "0.05", "loss": "mse", "lr": "0.02", "epochs": "150"},
    opened=("momentum",),
    question=ChoiceQuestion(
        N_("Momentum 0.99 keeps 99% of every step. What will the line do?"),
        (
            N_("It arrives faster than with any other value."),
            N_("It gets near fast, rolls past the best line, and comes back again and again."),
            N_("It moves more slowly, because old steps hold it back."),
        ),
        answer=1,
    ),
    task=N_("Choose a momentum with which the line fits the points within 150 epochs."),
    conditions=(
        Same({**TRUE_LINE, **RANDOM, "noise": "0.05", "lr": "0.02"}),
        Epochs(at_most=150),
        Label(one_of=FITS),
    ),
    mistakes=(
        Mistake(
            (Setting("epochs", at_least=151),),
            N_("More epochs help as well, but this line should arrive within 150: press Train for a new run."),
        ),
        Mistake(
            (Setting("momentum", at_least=0.96),),
            N_("That's too much: the line rolls past the best one, turns round, and rolls past it again."),
        ),
        Mistake(
            (Setting("momentum", at_most=0.7),),
            N_("The line crawls: it keeps too little of each step to get faster."),
        ),
        Mistake(
            (Setting("momentum", at_least=0.7),),
            N_("Much faster than without, but it isn't quite there: a little more momentum would do."),
        ),
    ),
    hints=(
        N_("Watch the mark on the loss map: without momentum it crawls along the valley."),
        N_("Keep most of each step, but not nearly all of it."),
        N_("Try 0.9."),
    ),
    par=2,
    why=N_(
        "Steps that point the same way add up: with momentum 0.9 they grow up to ten times as long. With too much of "
        "it the line can't stop where it should."
    ),
    solution={"noise": "0.05", "loss": "mse", "lr": "0.02", "epochs": "150", "momentum": "0.9"},
)

BRANCH = Lesson(
    id="branch",
    title=N_("Large steps first, small ones later"),
    page="linear",
    story=N_(
        "Large steps bring the line near the best one quickly, but then it bounces around it forever. Small steps "
        "settle, but take long. Why not both? Train, go back to an epoch where the line is near, and press "
        "**Branch here**: from there on the same run goes on with another learning rate."
    ),
    start={"lr": "0.05", "epochs": "200"},
    opened=("lr",),
    question=ChoiceQuestion(
        N_("From epoch 100 on, the learning rate is ten times smaller. What does the loss do there?"),
        (
            N_("It drops to a lower level, because the jumps get shorter."),
            N_("It stays at its level, because smaller steps change less."),
            N_("It starts again from the top."),
        ),
        answer=0,
    ),
    task=N_(
        "Train with a learning rate of 0.05, and branch so that the branch ends with a train loss of 0.005 or less."
    ),
    conditions=(
        Same({**TRUE_LINE, **RANDOM, "noise": "0", "loss": "l1"}),
        Setting("lr", at_least=0.05),
        Branched("lr"),
        Metric("train_loss", at_most=0.005),
    ),
    mistakes=(
        Mistake(
            (Setting("lr", at_most=0.049),),
            N_("These steps are small from the first epoch on. Put it back to 0.05: the small ones come later."),
        ),
        Mistake(
            (Setting("schedule", one_of=("",)),),
            N_("This run keeps its large steps to the end, so it bounces. Press Branch here, below the charts."),
        ),
        Mistake(
            (Label(one_of=("bouncing",)),),
            N_("The branch still bounces: its steps are too large. Branch with a smaller learning rate."),
        ),
        Mistake(
            (Label(one_of=("learning", "too_slow")),),
            N_(
                "These steps are too small for the way that is left: branch at another epoch, or with a learning rate "
                "that isn't quite as small."
            ),
        ),
    ),
    hints=(
        N_("First press Train. Then drag the epoch slider below the charts to about epoch 100."),
        N_("Press Branch here, and take a learning rate ten times smaller."),
        N_("Branch at epoch 100 with a learning rate of 0.005."),
    ),
    par=2,
    why=N_(
        "L1 bounces as far as its steps are long, so shorter steps end closer to the best line. Nearly all large "
        "models are trained this way; in PyTorch a scheduler (`torch.optim.lr_scheduler`) lowers the learning rate."
    ),
    solution={"lr": "0.05", "epochs": "200", "schedule": "100-lr-0.005"},
)

SAVE = Lesson(
    id="save",
    title=N_("Save a model and bring it back"),
    page="linear",
    story=N_(
        "All that a model has learned is in its numbers. A **checkpoint** is a file with these numbers. "
        "Save a trained model, throw it away, bring it back from its file, and train on."
    ),
    start={"loss": "mse", "lr": "0.5"},
    opened=("epochs",),
    question=ChoiceQuestion(
        N_("You load the file and train on. How high is the loss of the first epoch?"),
        (
            N_("As high as that of an untrained model: a new run starts from zero."),
            N_("As low as it was when you saved the model."),
            N_("In between: a file keeps only a part of what was learned."),
        ),
        answer=1,
    ),
    task=N_(
        "Press Train, choose **Checkpoint** below the charts and download the file. Press Reset. Upload the file and "
        "press **Continue training**: the train loss of epoch 0 must be 0.01 or less."
    ),
    conditions=(
        Same({**TRUE_LINE, **RANDOM, "noise": "0", "seed": "42"}),
        Metric("train_loss", at=0, at_most=0.01),
    ),
    mistakes=(
        Mistake(
            (Metric("train_loss", at=0, at_least=0.05), Setting("epochs", at_least=101)),
            N_("This is one long run, and its first epoch is the untrained one. Press Reset before you upload."),
        ),
        Mistake(
            (Metric("train_loss", at=0, at_least=0.05),),
            N_("This run started from random numbers. After the upload, press Continue training instead of Train."),
        ),
        Mistake(
            (Metric("train_loss", at=0, at_most=0.05),),
            N_("The model in your file had learned too little: train it longer before you save it."),
        ),
    ),
    hints=(
        N_("The choice “Checkpoint” is below the charts, beside Log, Tensors and Model."),
        N_("Download after the training, not before: an untrained model has nothing to save."),
        N_("Train, download, Reset, upload, Continue training, Check."),
    ),
    par=2,
    why=N_(
        "The file has the model's parameters (`model.state_dict()`), and with the same parameters a model makes the "
        "same predictions. Train starts from random numbers, Continue training from those that are there."
    ),
)

LESSONS = (MOMENTUM, BRANCH, SAVE)
