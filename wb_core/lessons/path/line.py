"""The first lessons with a line: its two numbers, one step, many steps, and how long a step is."""

from ...base.fields import N_
from ..conditions import Epochs, Label, Metric, Same, Setting
from ..lesson import ChoiceQuestion, CurveQuestion, Lesson, Mistake

FITS = ("converged", "optimum", "good")
"""The labels of a run whose line is as good as the best, or looks like it."""

RANDOM = {"init": ""}
"""The start as the seed gives it."""

TRUE_LINE = {"points": "", "weight": "0.7", "bias": "0.3"}
"""The points around the line of the page."""

FALLING = "0.1x1.05p0.2x0.92p0.3x0.88p0.4x0.76p0.5x0.72p0.6x0.6p0.7x0.55p0.8x0.48p0.9x0.36p1x0.31"

TWO_NUMBERS = Lesson(
    id="two-numbers",
    title=N_("What the two numbers do"),
    page="linear",
    story=N_(
        "A line has only two numbers. The **weight** says how steep it is, the **bias** how high it starts, at X = 0. "
        "Training changes these two numbers and nothing else. This time you change them, before PyTorch does."
    ),
    start={"points": FALLING, "epochs": "1"},
    opened=("init",),
    question=ChoiceQuestion(
        N_("You raise the bias and leave the weight alone. What does the line do?"),
        (
            N_("It gets steeper."),
            N_("All of it moves up, as steep as before."),
            N_("Only its left end moves up."),
        ),
        answer=1,
    ),
    task=N_(
        "Choose the weight and the bias at the start so that the orange line lies along the blue points, then press "
        "**Train**. The train loss of epoch 0 must be 0.06 or less."
    ),
    conditions=(Same({"points": FALLING, "loss": "l1"}), Metric("train_loss", at=0, at_most=0.06)),
    mistakes=(
        Mistake(
            (Setting("init", one_of=("",)),),
            N_("This is still the random line: change the two numbers first, then press Train."),
        ),
        Mistake(
            (Metric("weight", at=0, at_least=0),),
            N_("Your line rises, but the points fall. A falling line has a weight below 0."),
        ),
        Mistake(
            (Metric("weight", at=0, at_least=-1.1, at_most=-0.5),),
            N_("The line is about as steep as the points, but it lies too high or too low: change the bias."),
        ),
        Mistake(
            (Metric("weight", at=0, at_least=-0.5),),
            N_("Your line falls, but not as steeply as the points: the weight must be further below 0."),
        ),
        Mistake(
            (Metric("weight", at=0, at_most=-1.1),),
            N_("Your line falls more steeply than the points: the weight must be closer to 0."),
        ),
    ),
    hints=(
        N_("First the bias: at what height would the points meet X = 0?"),
        N_("Then the weight: from X = 0 to X = 1 the points fall by about 0.8."),
        N_("Try weight -0.8 and bias 1.1."),
    ),
    par=3,
    why=N_(
        "The model predicts y = weight · X + bias, so these two numbers are all it knows. Training looks for the pair "
        "with the lowest loss; large models do the same with millions of numbers."
    ),
    solution={"points": FALLING, "epochs": "1", "init": "-0.8-1.1"},
)

ONE_STEP = Lesson(
    id="one-step",
    title=N_("One step by hand"),
    page="linear",
    story=N_(
        "The line lies below all the points. If its bias grows a little, the loss falls by just as much: the "
        "**gradient** of the bias is −1. One step is easy to work out: new bias = bias − learning rate · gradient. "
        "This run has one epoch, so it takes just one step."
    ),
    start={"init": "0.2-0.1", "epochs": "1"},
    opened=("lr",),
    question=ChoiceQuestion(
        N_("The bias is 0.1, the learning rate 0.01 and the gradient −1. What is the bias after one step?"),
        (N_("0.09"), N_("0.11"), N_("1.1"), N_("−0.9")),
        answer=1,
    ),
    task=N_("Choose a learning rate with which this one step takes the bias from 0.1 to 0.4."),
    conditions=(
        Same({**TRUE_LINE, "init": "0.2-0.1"}),
        Epochs(at_most=1),
        Metric("bias", at=0, at_least=0.39, at_most=0.41),
    ),
    mistakes=(
        Mistake(
            (Setting("epochs", at_least=2),),
            N_("That took several steps. Press Train again for a run of one epoch, and do it in one step."),
        ),
        Mistake(
            (Metric("bias", at=0, at_most=0.39),),
            N_("The step was too short. It is learning rate · 1, so a larger learning rate makes it longer."),
        ),
        Mistake(
            (Metric("bias", at=0, at_least=0.41),),
            N_("The step was too long and went past 0.4: take a smaller learning rate."),
        ),
    ),
    hints=(
        N_("How far is it from 0.1 to 0.4?"),
        N_("Minus a negative number is plus: the bias grows by learning rate · 1."),
        N_("Try a learning rate of 0.3."),
    ),
    par=2,
    why=N_(
        "PyTorch finds the gradient (`loss.backward()`), and the optimizer subtracts learning rate · gradient "
        "(`optimizer.step()`). That is one step, and all training is many of them."
    ),
    solution={"init": "0.2-0.1", "epochs": "1", "lr": "0.3"},
)

EPOCHS = Lesson(
    id="epochs",
    title=N_("How many epochs?"),
    page="linear",
    story=N_(
        "In one **epoch** the model looks at all its training points once and takes one step. More epochs are more "
        "steps, and more waiting. This run has 1,000 of them. Does it need so many?"
    ),
    start={"epochs": "1000"},
    opened=("epochs",),
    question=CurveQuestion(N_("Draw the train loss over these 1,000 epochs."), "train_loss", 1000, 0.4),
    task=N_("Get a test loss of 0.02 or less with at most 300 epochs. Leave the learning rate at 0.01."),
    conditions=(
        Same({**TRUE_LINE, **RANDOM, "lr": "0.01"}),
        Epochs(at_most=300),
        Metric("test_loss", at_most=0.02),
    ),
    mistakes=(
        Mistake(
            (Setting("lr", at_least=0.0101),),
            N_("Longer steps would help too, but here only the number of epochs may change."),
        ),
        Mistake(
            (Setting("epochs", at_least=301),),
            N_("The line was there long before the end: the rest of these epochs changed almost nothing."),
        ),
        Mistake(
            (Metric("test_loss", at_least=0.02),),
            N_("The line was still on its way when the run ended: it needs more epochs."),
        ),
    ),
    hints=(
        N_("Press Train, and look where the curve of the loss gets flat."),
        N_("Drag the epoch slider below the charts: in which epoch does the test loss fall below 0.02?"),
        N_("Try 200 epochs."),
    ),
    par=3,
    why=N_(
        "At first every step makes the loss smaller; once the line has arrived, more steps have nothing left to "
        "improve. The flat part of the curve tells you when to stop."
    ),
    solution={"epochs": "200"},
)

STEP_SIZE = Lesson(
    id="step-size",
    title=N_("Too small, too large, just right"),
    page="linear",
    story=N_(
        "In every epoch PyTorch takes one step towards a better line. The learning rate says how big this step "
        "is. Right now it's so small that 100 steps don't get far."
    ),
    start={"noise": "0.08", "loss": "mse", "lr": "0.001"},
    opened=("lr",),
    question=ChoiceQuestion(
        N_("What happens when you make the learning rate larger and larger?"),
        (
            N_("The line arrives faster and faster."),
            N_("It arrives faster at first; then the steps get too big and it flies away."),
            N_("Nothing: only the number of epochs counts."),
        ),
        answer=1,
    ),
    task=N_("Find a learning rate with which the line fits the points after 100 epochs."),
    conditions=(Same({**TRUE_LINE, **RANDOM, "noise": "0.08"}), Epochs(at_most=100), Label(one_of=FITS)),
    mistakes=(
        Mistake(
            (Setting("epochs", at_least=101),),
            N_("More epochs help small steps, but this line should arrive within 100: press Train for a new run."),
        ),
        Mistake(
            (Label(one_of=("exploding",)),),
            N_("Every step overshot further than the one before: the learning rate is too large."),
        ),
        Mistake(
            (Metric("test_loss", at_least=0.02),),
            N_("The line is on its way, but 100 steps of this size are too few: the learning rate is too small."),
        ),
        Mistake(
            (Label(one_of=("learning", "too_slow")),),
            N_("Nearly there: the line is close to the best one, but you can still tell them apart."),
        ),
    ),
    hints=(
        N_("Hold the slider and look at its colors: dark is a low loss."),
        N_("The mark “limit” on the slider shows where the steps become too large."),
        N_("Try 0.5."),
    ),
    par=2,
    why=N_(
        "The step is the learning rate times the slope of the loss. Small steps need many epochs; steps above the "
        "limit land on the other side, higher up than before."
    ),
    solution={"noise": "0.08", "loss": "mse", "lr": "0.5"},
)

BOUNCE_OR_EXPLODE = Lesson(
    id="bounce-or-explode",
    title=N_("L1 bounces, MSE explodes"),
    page="linear",
    story=N_(
        "Now the learning rate is a little too large: every step jumps over the best line. What comes next depends on "
        "the loss. MSE squares the distances to the points, L1 takes them as they are. You start with MSE."
    ),
    start={"noise": "0.08", "loss": "mse", "lr": "0.9", "epochs": "60"},
    opened=("loss", "lr"),
    question=CurveQuestion(N_("Draw the train loss over the first 20 epochs with MSE."), "train_loss", 21, 1.0),
    task=N_(
        "Leave the learning rate at 0.9 or above, and find the loss with which the line keeps bouncing "
        "instead of flying away."
    ),
    conditions=(
        Same({**TRUE_LINE, **RANDOM}),
        Setting("lr", at_least=0.9),
        Label(one_of=("bouncing",)),
    ),
    mistakes=(
        Mistake(
            (Setting("lr", at_most=0.89),),
            N_("Smaller steps cure both, but here you want to see the difference: put the learning rate back."),
        ),
        Mistake(
            (Label(one_of=("exploding",)),),
            N_("With MSE the slope grows with the distance, so each jump is longer than the one before."),
        ),
        Mistake(
            (Setting("loss", one_of=("huber",)),),
            N_(
                "Huber settles even here: close to the points it is half of MSE, so its steps are only half as long, "
                "and they shrink. Which loss never makes shorter steps?"
            ),
        ),
    ),
    hints=(
        N_("Choose another loss, press Train, and watch the line."),
        N_("Which loss has the same slope, however far the points are?"),
        N_("Try L1."),
    ),
    par=2,
    why=N_(
        "The slope of L1 is as steep far away as close by: each step is equally long, so the line jumps back and forth "
        "forever. The slope of MSE grows with the distance, so a jump that is too long makes the next one longer still."
    ),
    solution={"noise": "0.08", "loss": "l1", "lr": "0.9", "epochs": "60"},
)

LESSONS = (TWO_NUMBERS, ONE_STEP, EPOCHS, STEP_SIZE, BOUNCE_OR_EXPLODE)
