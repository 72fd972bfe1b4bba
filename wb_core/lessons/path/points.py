"""Lessons with points in the plane: what hidden units do, how they die, and how they learn too much."""

from ...base.fields import N_
from ..conditions import Label, Metric, Setting
from ..lesson import ChoiceQuestion, CurveQuestion, Lesson, Mistake

MOST_RIGHT = Metric("train_accuracy", at_least=95)
ENOUGH_POINTS = Setting("points", at_least=100)
CIRCLES = Setting("data", one_of=("circles",))

LESSONS = (
    Lesson(
        id="xor",
        title=N_("XOR needs a hidden layer"),
        page="points",
        story=N_(
            "The two colors lie like the squares of a checkerboard. So far the network is a single layer "
            "(`nn.Linear`), and its border a single straight line. A hidden layer puts units in between: each draws a "
            "line of its own, and the activation (`nn.Tanh`) bends it."
        ),
        start={"data": "xor", "hidden": "none"},
        opened=("hidden", "activation"),
        question=ChoiceQuestion(
            N_("How many of the points can this network get right, without a hidden layer?"),
            (
                N_("All of them, if it trains long enough."),
                N_("About six in ten: no straight line separates a checkerboard."),
                N_("Exactly half: it can only toss a coin."),
            ),
            answer=1,
        ),
        task=N_("Change the network until it gets at least 95% of the training points right."),
        conditions=(MOST_RIGHT, Setting("data", one_of=("xor",)), ENOUGH_POINTS),
        mistakes=(
            Mistake(
                (Setting("hidden", one_of=("none",)),),
                N_("Without a hidden layer the border is a straight line, and none separates these squares."),
            ),
            Mistake(
                (Setting("activation", one_of=("none",)),),
                N_("Without an activation, layers only add up sums: together they draw one straight line again."),
            ),
            Mistake(
                (Setting("hidden", one_of=("1", "2")),),
                N_("One or two units can't bend the border enough for four squares."),
            ),
            Mistake(
                (Label(one_of=("too_slow",)),),
                N_("The network could do it, but its training ended too early: take larger steps, or more of them."),
            ),
        ),
        hints=(
            N_("Press Train and look at the border: it's straight, wherever it goes."),
            N_("Choose one hidden layer. How many units does it need?"),
            N_("One hidden layer with 8 units is enough."),
        ),
        par=2,
        why=N_(
            "Each hidden unit draws one line, and the output layer adds them up. It's the activation in between that "
            "turns the sum into a bent border instead of another straight line."
        ),
        solution={"data": "xor", "hidden": "8"},
    ),
    Lesson(
        id="few-units",
        title=N_("How few units are enough?"),
        page="points",
        story=N_(
            "Each unit of the hidden layer draws one line, and the output puts these lines together. Eight units "
            "enclose the inner points with ease. But each one brings weights that have to be learned, so people look "
            "for the smallest network that does the job."
        ),
        start={"hidden": "8", "epochs": "500", "lr": "0.1"},
        opened=("hidden",),
        question=ChoiceQuestion(
            N_("How many units does it take to enclose the inner points?"),
            (
                N_("One: a line divides the plane."),
                N_("Two: two lines make a corner."),
                N_("Three: three lines make a triangle."),
                N_("Eight: it has to be round."),
            ),
            answer=2,
        ),
        task=N_("Find the smallest hidden layer that still gets at least 95% of the training points right."),
        conditions=(MOST_RIGHT, Setting("hidden", one_of=("1", "2", "3")), CIRCLES, ENOUGH_POINTS),
        mistakes=(
            Mistake(
                (Setting("hidden", one_of=("1",)),),
                N_("One unit draws one line: everything on one side of it gets the same color."),
            ),
            Mistake(
                (Setting("hidden", one_of=("2",)),),
                N_("Two lines make a corner or a strip, and both stay open somewhere."),
            ),
            Mistake(
                (Setting("hidden", one_of=("3",)),),
                N_("Three units can do it, but these steps haven't brought them there."),
            ),
            Mistake(
                (MOST_RIGHT,),
                N_("It works, and at least one unit can still go."),
            ),
        ),
        hints=(
            N_("Take units away one by one, in the settings or in the picture of the network."),
            N_("The picture of each unit shows its line. How many lines does it take to close around the points?"),
            N_("Three lines make a triangle around the inner points; Tanh rounds its corners."),
        ),
        par=4,
        why=N_(
            "Three lines are the fewest that can enclose something, so three units are the fewest that do it here. "
            "With two, no training in the world helps: the network is too small."
        ),
        solution={"hidden": "3", "epochs": "500", "lr": "0.1"},
    ),
    Lesson(
        id="dead-relu",
        title=N_("When all units are dead"),
        page="points",
        story=N_(
            "ReLU (`nn.ReLU`) passes on what's above 0 and turns all else into 0. A unit that is 0 for every point is "
            "dead: no gradient comes through, so no step ever changes it. Here the learning rate is so large that all "
            "eight units soon die."
        ),
        start={"activation": "relu", "hidden": "8", "lr": "1"},
        opened=("lr", "epochs", "activation"),
        question=ChoiceQuestion(
            N_("All eight units are dead. What do ten times as many epochs do?"),
            (
                N_("The units wake up again, one after the other."),
                N_("Nothing: without a gradient, no step changes them."),
                N_("The border still moves, only very slowly."),
            ),
            answer=1,
        ),
        task=N_("Keep the units alive: get at least 95% of the training points right."),
        conditions=(MOST_RIGHT, CIRCLES, ENOUGH_POINTS),
        mistakes=(
            Mistake(
                (Setting("epochs", at_least=400), Setting("lr", at_least=0.9)),
                N_("More epochs change nothing: what has no gradient stays where it is."),
            ),
            Mistake(
                (Setting("activation", one_of=("relu",)), Setting("lr", at_least=0.25)),
                N_("The first steps were so large that they pushed units below 0 for every point: these stay dead."),
            ),
            Mistake(
                (Setting("activation", one_of=("none",)),),
                N_(
                    "Without an activation nothing can die, but nothing can bend either: the border is a straight line."
                ),
            ),
            Mistake(
                (Setting("activation", one_of=("tanh", "sigmoid")), Setting("lr", at_least=0.25)),
                N_("These units can't die, but the steps are still too large to settle."),
            ),
            Mistake(
                (Setting("lr", at_most=0.02),),
                N_("The units live, but with steps this small they don't get there in time."),
            ),
        ),
        hints=(
            N_("Press Train. The sentence below the charts says since when the units are dead."),
            N_("Smaller steps don't push the units that far. Or choose an activation without a flat half."),
            N_("Try ReLU with a learning rate of 0.1."),
        ),
        par=2,
        why=N_(
            "One step that's too large can push a ReLU unit below 0 for every point; its gradient is 0 there, and "
            "nothing brings it back. Smaller steps avoid that, and so does an activation without a flat half."
        ),
        solution={"activation": "relu", "hidden": "8", "lr": "0.1"},
    ),
    Lesson(
        id="overfitting",
        title=N_("Overfitting and its cure"),
        page="points",
        story=N_(
            "This network learns from 20 points only, and noise mixes their colors. Its 16 units have 65 weights and "
            "biases, so it can learn every single point by heart. What has it really understood? That's what the 30 "
            "test points are for, which it never sees."
        ),
        start={
            "data": "moons",
            "points": "50",
            "noise": "0.3",
            "train_fraction": "0.4",
            "hidden": "16",
            "epochs": "300",
        },
        opened=("epochs", "points", "hidden", "dropout", "weight_decay"),
        question=CurveQuestion(
            N_("Draw the test loss over these 300 epochs."),
            column="test_loss",
            epochs=300,
            top=1.5,
        ),
        task=N_("Cure it: end with a test loss of at most 0.5 and without overfitting. The noise has to stay."),
        conditions=(
            Label(none_of=("overfitting",)),
            Metric("test_loss", at_most=0.5),
            Setting("noise", at_least=0.3),
            Setting("data", one_of=("moons",)),
        ),
        mistakes=(
            Mistake(
                (Setting("noise", at_most=0.29),),
                N_("With less noise the points are easier, but that's no cure: real points come with theirs."),
            ),
            Mistake(
                (Label(one_of=("over_regularised",)),),
                N_("That's too much of a cure: the weights are pulled to 0 so hard that they learn nothing."),
            ),
            Mistake(
                (Setting("epochs", at_least=301),),
                N_("With more epochs it gets worse: it learns the last of its points by heart, too."),
            ),
            Mistake(
                (Setting("weight_decay", at_least=0.00001, at_most=0.002),),
                N_("Weight decay is a cure, but this much is too little."),
            ),
            Mistake(
                (Setting("points", at_least=51), Setting("points", at_most=190)),
                N_("More points are a cure, but it can still learn this many by heart."),
            ),
            Mistake(
                (Label(one_of=("overfitting",)),),
                N_("From this epoch on, the test loss rises while the train loss falls: it learns points by heart."),
            ),
        ),
        hints=(
            N_("Click on the lowest place of the test loss and look at the border: how does it change after that?"),
            N_(
                "Weight decay keeps weights small, dropout switches units off at random, fewer units remember less, "
                "and more points are hard to learn by heart."
            ),
            N_("Try a weight decay of 0.01."),
        ),
        par=3,
        why=N_(
            "With more weights than points a network learns the noise, too, and only the test loss tells. What leaves "
            "it less room, less time or more points makes it learn what holds for new points."
        ),
        solution={
            "data": "moons",
            "points": "50",
            "noise": "0.3",
            "train_fraction": "0.4",
            "hidden": "16",
            "epochs": "300",
            "weight_decay": "0.01",
        },
    ),
)
