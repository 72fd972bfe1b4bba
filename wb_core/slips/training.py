"""Slips in the training loop."""

from ..base.fields import N_
from .before import DATA, IMPORTS, MODEL_0, TRAINING_0
from .slip import Slip, snippet

MODEL_TRAIN = Slip(
    id="model_train",
    title=N_("model instead of model_0"),
    where=N_("Chapter 1 · the training loop"),
    lesson=N_(
        "The model was called `model_0`. Nothing is called `model`, so Python stops at the first line of the loop. "
        "It's worse in a notebook that still has an older `model`: then you train that one, without any error."
    ),
    avoid=N_("Copied lines bring their names along. Check every name in them."),
    before=IMPORTS + DATA + MODEL_0 + TRAINING_0 + "epochs = 3\n",
    faulty=snippet("""
          for epoch in range(epochs):
        >     model.train()
              y_pred = model_0(X_train)
              loss = loss_fn(y_pred, y_train)
              print(f"Loss: {loss}")
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()
    """),
    repaired=snippet("""
          for epoch in range(epochs):
        >     model_0.train()
              y_pred = model_0(X_train)
              loss = loss_fn(y_pred, y_train)
              print(f"Loss: {loss}")
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()
    """),
    raises=(NameError,),
)

COMMENTED_LOSS = Slip(
    id="commented_loss",
    title=N_("The loss behind a #"),
    where=N_("Chapter 1 · the training loop"),
    lesson=N_(
        "Python ignores everything after a `#`. The line that computes the loss slipped into a comment, so `loss` "
        "doesn't exist when the next line needs it."
    ),
    avoid=N_("One step per line. Editors show comments in another color, and code in that color doesn't run."),
    before=IMPORTS + DATA + MODEL_0 + TRAINING_0 + "epochs = 3\n",
    faulty=snippet("""
          for epoch in range(epochs):
              model_0.train()
        >     y_pred = model_0(X_train)  # loss = loss_fn(y_pred, y_train)
              print(f"Loss: {loss}")
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()
    """),
    repaired=snippet("""
          for epoch in range(epochs):
              model_0.train()
        >     y_pred = model_0(X_train)
        >     loss = loss_fn(y_pred, y_train)
              print(f"Loss: {loss}")
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()
    """),
    raises=(NameError,),
)
