"""Lessons with pictures: what three epochs can do, and what confidence tells."""

from ...base.fields import N_
from ..conditions import ConfidentMistakes, Epochs, Label, Metric, Setting
from ..lesson import ChoiceQuestion, Lesson, Mistake

SMALL = Setting("dataset", one_of=("fashion_mnist_small",))
"""The pictures that every server has."""

LESSONS = (
    Lesson(
        id="three-epochs",
        title=N_("Beat 83% in three epochs"),
        page="images",
        story=N_(
            "The model sees 6,000 pictures of clothes in batches. After every batch of 32 it takes one step, so an "
            "epoch has 188 steps. After three epochs it gets 81.9% of 1,000 new pictures right. Smaller batches "
            "(`batch_size`) mean more steps in an epoch."
        ),
        start={"epochs": "3"},
        opened=("model", "hidden_units", "lr", "batch_size"),
        question=ChoiceQuestion(
            N_("What do batches of 8 pictures change, with everything else as it is?"),
            (
                N_("A lot: with four times as many steps it learns much more."),
                N_("Hardly anything: there are more steps, but each one follows only 8 pictures."),
                N_("It gets much worse: 8 pictures are too few to learn from."),
            ),
            answer=1,
        ),
        task=N_("Get at least 83% of the test pictures right within three epochs."),
        conditions=(
            Metric("test_accuracy", at="any", at_least=83),
            Epochs(at_most=3),
            SMALL,
            Setting("seed", one_of=("42",)),
        ),
        mistakes=(
            Mistake(
                (Label(one_of=("exploding", "too_large_steps")),),
                N_("The steps were so large that the model lost everything it knew: lower the learning rate."),
            ),
            Mistake(
                (Setting("epochs", at_least=4),),
                N_("More epochs would help, but here you have three: get more steps out of each."),
            ),
            Mistake(
                (Label(one_of=("cut_off",)),),
                N_("Its last ReLU turned the outputs of some classes into 0, so it never predicts them."),
            ),
            Mistake(
                (Setting("batch_size", at_least=64),),
                N_("Large batches make few steps: with 64 pictures in each, an epoch has only 94."),
            ),
            Mistake(
                (Setting("batch_size", at_most=16), Setting("lr", at_least=0.09)),
                N_("There are more steps now, but each one follows so few pictures that it's rough: make it smaller."),
            ),
            Mistake(
                (Setting("lr", at_most=0.02),),
                N_("The steps are too small to get far in three epochs."),
            ),
        ),
        hints=(
            N_("Look at the test accuracy after each epoch: does it rise steadily, or does it jump?"),
            N_("Half the batch size gives twice as many steps. Each follows fewer pictures, so make it smaller, too."),
            N_("Try a batch size of 8, a learning rate of 0.03 and 32 hidden units."),
        ),
        par=4,
        why=N_(
            "Every batch is one step, so small batches get more steps out of the same pictures. A step that follows "
            "only a few pictures is a rough guess, so it should be a small one."
        ),
        solution={"batch_size": "8", "lr": "0.03", "hidden_units": "32"},
    ),
    Lesson(
        id="confident-but-wrong",
        title=N_("Confident but wrong"),
        page="images",
        story=N_(
            "For every picture the model shares out 100% among ten classes (`softmax`). The largest share is its "
            "prediction, and its size is how confident the model is. Press Train, then look for “Confident but wrong” "
            "at the end of this page: there it was confident, and wrong all the same."
        ),
        start={"epochs": "20"},
        opened=("lr", "epochs"),
        question=ChoiceQuestion(
            N_("It'll get about 190 of 1,000 new pictures wrong. In how many of these is it at least 90% confident?"),
            (
                N_("In none: when it's wrong, it isn't confident."),
                N_("In about 30: now and then it's confident and wrong."),
                N_("In nearly all: it's always confident."),
            ),
            answer=1,
        ),
        task=N_(
            "Train a model that gets at least 80% of the test pictures right, with at most 10 mistakes in which "
            "it's at least 90% confident."
        ),
        conditions=(Metric("test_accuracy", at_least=80), ConfidentMistakes(90, at_most=10), SMALL),
        mistakes=(
            Mistake(
                (Label(one_of=("exploding",)),),
                N_("The steps were so large that the numbers overflowed: there's no model left to ask."),
            ),
            Mistake(
                (Metric("test_accuracy", at_most=79.95), ConfidentMistakes(90, at_most=10)),
                N_("It's rarely confident, but only because it hasn't learned enough yet."),
            ),
            Mistake(
                (Metric("test_accuracy", at_most=79.95),),
                N_("With steps this large the test accuracy jumps: this run happens to end on a bad epoch."),
            ),
            Mistake(
                (ConfidentMistakes(90, at_least=20),),
                N_("With many large steps it becomes more and more confident, also where it's wrong."),
            ),
            Mistake(
                (ConfidentMistakes(90, at_least=11),),
                N_("You're close: a few of its mistakes are still too confident."),
            ),
        ),
        hints=(
            N_("The panel “Right and wrong” counts the confident mistakes, and shows nine of them."),
            N_("Confidence grows with every step. Fewer epochs hold it back, and so does a smaller learning rate."),
            N_("Try a learning rate of 0.01 and 15 epochs."),
        ),
        par=4,
        why=N_(
            "Each step makes the model more certain of its training pictures, and so of everything that looks like "
            "them, right or wrong. A high percentage tells you how it was trained, not that it's right."
        ),
        solution={"lr": "0.01", "epochs": "15"},
    ),
)
