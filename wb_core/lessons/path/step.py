"""Lessons with one step: which line of the loop learns, and what happens without zero_grad."""

from ...base.fields import N_
from ..conditions import Metric, Same, WhatIf
from ..lesson import ChoiceQuestion, Lesson, Mistake

UNCHANGED = Metric("weight", at_least=0.3366, at_most=0.3368)
"""The model's first weight is 0.3367."""

AT_THE_BOTTOM = 0.015
"""The largest train loss that counts as being at the lowest point."""

LESSONS = (
    Lesson(
        id="which-line-learns",
        title=N_("Which line learns?"),
        page="step",
        story=N_(
            "An epoch is a few lines of code. Press “Next line” and watch the weight in the table. `loss.backward()` "
            "finds the gradients: they tell how the loss would change if a number grew a little. But which line makes "
            "the model better?"
        ),
        start={"loss": "mse", "lr": "0.1", "line": "train"},
        opened=("what_if", "epoch"),
        question=ChoiceQuestion(
            N_("Which line changes the weight?"),
            (
                N_("`loss_fn(y_pred, y_train)`: it measures the error"),
                N_("`loss.backward()`: it finds the gradients"),
                N_("`optimizer.step()`: it uses the gradients"),
            ),
            answer=2,
        ),
        task=N_(
            "Choose a “What if” in which every epoch still finds gradients, but the weight stays 0.3367 to the end."
        ),
        conditions=(
            UNCHANGED,
            Metric("weight_grad", at_most=-0.05),
            Same({"lr": "0.1", "loss": "mse", "init": ""}),
        ),
        mistakes=(
            Mistake(
                (UNCHANGED, Metric("weight_grad", at_least=-0.01, at_most=0.01)),
                N_(
                    "Nothing is learned here either, but for another reason: `zero_grad` clears the gradients before "
                    "`step` can use them."
                ),
            ),
            Mistake(
                (WhatIf(("skip_zero_grad",)),),
                N_("`zero_grad` only clears old gradients. Without it they pile up, and the weight moves even more."),
            ),
            Mistake(
                (WhatIf(("lr_100",)),),
                N_("Here `step` does use the gradients, and goes a thousand times as far."),
            ),
            Mistake(
                (WhatIf(("no_train_mode", "no_inference_mode")),),
                N_("This changes the mode of the model or its test. The weight still learns."),
            ),
        ),
        hints=(
            N_("Walk through epoch 0 line by line. At which line does “weights” change?"),
            N_("The gradients come from `loss.backward()`, so that line has to stay."),
            N_("Leave out the line that uses the gradients: `optimizer.step()`."),
        ),
        par=2,
        why=N_(
            "`loss.backward()` only finds the way and writes it into `.grad`. `optimizer.step()` takes it: no other "
            "line changes the weight or the bias."
        ),
        solution={"loss": "mse", "lr": "0.1", "what_if": "skip_step"},
    ),
    Lesson(
        id="forget-zero-grad",
        title=N_("Forget zero_grad"),
        page="step",
        story=N_(
            "PyTorch adds each new gradient to the one that's already there, so `optimizer.zero_grad()` has to clear "
            "it in every epoch. This line is easily forgotten, and there's no error message. Here the learning rate is "
            "so small that 100 epochs don't get far."
        ),
        start={"noise": "0.08", "loss": "mse", "lr": "0.002", "line": "zero_grad"},
        opened=("what_if", "epoch", "epochs"),
        question=ChoiceQuestion(
            N_("What does the train loss do over 100 epochs without `zero_grad`?"),
            (
                N_("It falls as before: old gradients point the right way, too."),
                N_("It falls fast, then rises again, and swings up and down."),
                N_("It stays where it is: nothing is learned."),
                N_("It grows from the first epoch on."),
            ),
            answer=1,
        ),
        task=N_(
            "Leave `zero_grad` out. Then choose the number of epochs so that the run ends at a low point: with a train "
            "loss of at most 0.015."
        ),
        conditions=(
            WhatIf(("skip_zero_grad",)),
            Metric("train_loss", at_most=AT_THE_BOTTOM),
            Same({"lr": "0.002", "loss": "mse", "noise": "0.08", "init": ""}),
        ),
        mistakes=(
            Mistake(
                (WhatIf(("none",)),),
                N_("`zero_grad` still runs here, so no gradients pile up. Leave it out under “What if”."),
            ),
            Mistake(
                (WhatIf(("skip_step", "swap", "no_inference_mode", "no_train_mode", "lr_100")),),
                N_("That's another change to the loop. This lesson is about `zero_grad`."),
            ),
            Mistake(
                (Metric("train_loss", "any", at_most=AT_THE_BOTTOM),),
                N_(
                    "It was at a low point before, and swung past it: the gradients of all earlier epochs kept "
                    "pushing. End the run there."
                ),
            ),
            Mistake(
                (Metric("train_loss", at_least=AT_THE_BOTTOM),),
                N_("It's still on its way down: give it a few more epochs."),
            ),
        ),
        hints=(
            N_("Look at the curve of the train loss: where are its low points?"),
            N_("Move the epoch to a low point and read the loss. Epochs count from 0, so 24 epochs end with epoch 23."),
            N_("Under “What if” choose “Skip zero_grad”, and set 24 epochs."),
        ),
        par=3,
        why=N_(
            "Without `zero_grad` the gradients of all epochs add up, so the steps are longest just where the model is "
            "best, and it swings past. With `zero_grad` the steps get shorter near the goal."
        ),
        solution={"noise": "0.08", "loss": "mse", "lr": "0.002", "what_if": "skip_zero_grad", "epochs": "24"},
    ),
)
