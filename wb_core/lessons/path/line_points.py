"""Lessons about the points that a line learns from: noise, a test, a wrong point, and numbers far from 0."""

from ...base.fields import N_
from ..conditions import Epochs, Label, Metric, Same, Setting
from ..lesson import ChoiceQuestion, CurveQuestion, Lesson, Mistake
from .line import FITS, RANDOM, TRUE_LINE

SUNFLOWER = (
    "0.1x0.19p0.2x0.32p0.3x0.34p0.4x0.49p0.5x0.54p0.6x0.63p0.7x0.79p0.8x0.83p0.9x0.91p1x1.02"
    "p1.1x1.12p1.2x1.1p1.3x1.12p1.4x1.07p1.5x1.09p1.6x1.09p1.7x1.06p1.8x1.06p1.9x1.05p2x1.09"
)
"""Months and meters."""

TYPO = (
    "0.1x0.26p0.2x0.31p0.3x0.38p0.4x4.4p0.5x0.5p0.6x0.57p0.7x0.64p0.8x0.66p0.9x0.73p1x0.78"
    "p1.1x0.85p1.2x0.9p1.3x0.98p1.4x1.05p1.5x1.09p1.6x1.18p1.7x1.23p1.8x1.27p1.9x1.35p2x1.41"
)

PEOPLE = (
    "178x73p170x65p190x84p184x75p176x72p188x82p162x67p168x59p180x80p164x66"
    "p174x69p158x59p186x78p166x69p152x55p156x56p154x55p160x59p182x76p172x66"
)
"""Centimeters and kilograms."""

NOISE = Lesson(
    id="noise",
    title=N_("Noise, and what can be learned"),
    page="linear",
    story=N_(
        "Real measurements scatter: each of these points lies a little off the true line, by chance. That's **noise**. "
        "A straight line can't follow chance. So how low can the loss get, even for the best line?"
    ),
    start={"noise": "0.15", "loss": "mse", "lr": "0.1", "epochs": "200"},
    opened=("noise", "lr", "epochs"),
    question=CurveQuestion(N_("Draw the train loss over 200 epochs. Does it reach 0?"), "train_loss", 200, 0.2),
    task=N_(
        "Get the train loss down to 0.0025 or less at the end. The points must still scatter: keep the noise at 0.03 "
        "or above."
    ),
    conditions=(
        Same({**TRUE_LINE, **RANDOM, "loss": "mse"}),
        Setting("noise", at_least=0.03),
        Metric("train_loss", at_most=0.0025),
    ),
    mistakes=(
        Mistake(
            (Label(one_of=("exploding",)),),
            N_("This learning rate is above the limit: its steps overshoot, and the loss only grows."),
        ),
        Mistake(
            (Setting("noise", at_most=0.029),),
            N_("Without noise the loss can fall to 0, but real points always scatter: keep a little of it."),
        ),
        Mistake(
            (Setting("noise", at_least=0.045), Setting("epochs", at_least=300)),
            N_("More epochs don't help: the line is already the best one, and what is left of the loss is noise."),
        ),
        Mistake(
            (Setting("noise", at_least=0.045),),
            N_("These points scatter so much that no line has so low a loss: look at “Best” below the chart."),
        ),
        Mistake(
            (Setting("noise", at_most=0.045),),
            N_("The noise is small enough now, but the line hasn't arrived yet."),
        ),
    ),
    hints=(
        N_("Below the chart, “Best” is the lowest loss that any line has for these points."),
        N_("The best loss is about noise · noise: here 0.15 · 0.15 = 0.0225."),
        N_("Try a noise of 0.04."),
    ),
    par=3,
    why=N_(
        "Even the best line keeps an MSE of about the noise squared, because chance can't be learned. Better "
        "measurements lower it; more training doesn't."
    ),
    solution={"noise": "0.04", "loss": "mse", "lr": "0.1", "epochs": "200"},
)

TEST_POINTS = Lesson(
    id="test-points",
    title=N_("Test points unlike the training points"),
    page="linear",
    story=N_(
        "A sunflower shoots up for a month and then stays as tall as it is. X is the time in months, y the height in "
        "meters. The model learns from the first month (blue) and is tested on the second one (green)."
    ),
    start={
        "points": SUNFLOWER,
        "train_fraction": "0.5",
        "seed": "7",
        "loss": "mse",
        "lr": "0.1",
        "epochs": "200",
    },
    opened=("shuffle", "train_fraction", "epochs"),
    question=CurveQuestion(
        N_("The line gets better and better for the first month. Draw the test loss: that of the second month."),
        "test_loss",
        200,
        0.4,
    ),
    task=N_("Get a test loss of 0.05 or less, with a line that fits its training points as well as a line can."),
    conditions=(
        Same({"points": SUNFLOWER, **RANDOM}),
        Metric("test_loss", at_most=0.05),
        Label(one_of=FITS),
    ),
    mistakes=(
        Mistake(
            (Metric("test_loss", at_most=0.05),),
            N_("You stopped just when the line crossed the test points by chance. It fits neither month yet."),
        ),
        Mistake(
            (Setting("shuffle", one_of=("on",)),),
            N_("Both months are mixed now, but the line hasn't arrived yet: it needs more epochs."),
        ),
        Mistake(
            (Setting("train_fraction", at_least=0.55),),
            N_("More points for training help a little, but the last ones are still only for the test."),
        ),
        Mistake(
            (Label(one_of=("learning", "converged", "too_slow")),),
            N_("The line fits the first month, but it knows nothing of the second: that was never shown to it."),
        ),
    ),
    hints=(
        N_("More epochs only make the line fit the first month still better."),
        N_("Blue points should come from both months. Which setting mixes them?"),
        N_("Turn on Shuffle, and press Train."),
    ),
    par=3,
    why=N_(
        "A model knows only what its training points show. Shuffled, training and test points are alike, and the test "
        "loss tells how well the line fits all of them; a straight line can't bend, so it doesn't reach 0."
    ),
    solution={
        "points": SUNFLOWER,
        "train_fraction": "0.5",
        "seed": "7",
        "loss": "mse",
        "lr": "0.1",
        "epochs": "200",
        "shuffle": "on",
    },
)

OUTLIER = Lesson(
    id="outlier",
    title=N_("One wrong point"),
    page="linear",
    story=N_(
        "Twenty measurements lie along a line, but somebody typed 4.4 instead of 0.44. Such a point is called an "
        "**outlier**. MSE squares every distance, so a far point counts a lot, and the line is pulled towards it."
    ),
    start={"points": TYPO, "loss": "mse", "lr": "0.02", "epochs": "300"},
    opened=("loss", "epochs"),
    question=ChoiceQuestion(
        N_("A point is 40 times as far from the line as another. How much more does it count in MSE?"),
        (N_("40 times"), N_("80 times"), N_("1,600 times")),
        answer=2,
    ),
    task=N_(
        "Leave the wrong point where it is, and get a line along all the others: a weight from 0.5 to 0.7 and a bias "
        "from 0.1 to 0.3."
    ),
    conditions=(
        Same({"points": TYPO, **RANDOM}),
        Metric("weight", at_least=0.5, at_most=0.7),
        Metric("bias", at_least=0.1, at_most=0.3),
    ),
    mistakes=(
        Mistake(
            (Setting("loss", one_of=("mse",)), Setting("epochs", at_least=301)),
            N_("More epochs only bring the line closer to the best one for MSE, and that one is pulled up."),
        ),
        Mistake(
            (Setting("loss", one_of=("mse",)),),
            N_("With MSE this single point counts more than all the others together: it lifts the left end."),
        ),
        Mistake(
            (Setting("loss", one_of=("huber",)),),
            N_("Huber doesn't square long distances, so it's pulled less. But it still is."),
        ),
        Mistake(
            (Setting("loss", one_of=("l1",)),),
            N_("The loss is right, but the line hasn't arrived yet: it needs more epochs."),
        ),
    ),
    hints=(
        N_("The wrong point counts too much. Which loss doesn't square its distance?"),
        N_("Try all three losses, and compare where the left end of the line lies."),
        N_("Try L1."),
    ),
    par=2,
    why=N_(
        "For L1 a far point pulls just as hard as a near one, so the many win against the one. With MSE a point pulls "
        "harder the farther away it is, so the outlier wins."
    ),
    solution={"points": TYPO, "loss": "l1", "lr": "0.02", "epochs": "300"},
)

SCALE = Lesson(
    id="scale",
    title=N_("Numbers far from 0"),
    page="linear",
    story=N_(
        "Here are twenty people: X is how tall they are in centimeters, y how heavy in kilograms. It's a line like all "
        "the others, but its numbers are far from 0: X is about 170, not 0.5."
    ),
    start={"points": PEOPLE, "loss": "mse", "lr": "0.1"},
    opened=("lr", "standardise"),
    question=ChoiceQuestion(
        N_("The learning rate is 0.1, which was fine for the other lines. What happens to this one?"),
        (
            N_("It arrives, as always."),
            N_("It arrives, but slowly, because the numbers are large."),
            N_("It explodes within a few epochs."),
        ),
        answer=2,
    ),
    task=N_("Get a line that fits these points within 100 epochs."),
    conditions=(Same({"points": PEOPLE, **RANDOM}), Epochs(at_most=100), Label(one_of=FITS)),
    mistakes=(
        Mistake(
            (Setting("standardise", one_of=("on",)), Label(one_of=("exploding",))),
            N_("The scale is right now, but this learning rate is too large even for it."),
        ),
        Mistake(
            (Setting("standardise", one_of=("on",)),),
            N_("The scale is right now, but the steps are too small to arrive in 100 epochs."),
        ),
        Mistake(
            (Label(one_of=("exploding",)),),
            N_("X is about 170, so the slope for the weight is hundreds of times steeper: the first step is too long."),
        ),
        Mistake(
            (Setting("lr", at_most=0.0001),),
            N_("Steps this small don't explode, but they hardly move the bias: it would take millions of epochs."),
        ),
    ),
    hints=(
        N_("A smaller learning rate stops the explosion. Does the line arrive then?"),
        N_("Change the numbers instead: minus their mean and divided by their spread, they lie around 0."),
        N_("Turn on Standardize, and take a learning rate of 0.1."),
    ),
    par=2,
    why=N_(
        "With numbers far from 0 the loss is very steep for the weight and flat for the bias, and no learning rate "
        "suits both. Standardized, X and y lie around 0, both slopes are alike, and the usual steps work."
    ),
    solution={"points": PEOPLE, "loss": "mse", "lr": "0.1", "standardise": "on"},
)

LESSONS = (NOISE, TEST_POINTS, OUTLIER, SCALE)
