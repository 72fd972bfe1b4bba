"""Slips in the training loop."""

from ..base.fields import N_
from .before import DATA, IMPORTS, MODEL_0, MODEL_1, PLOT, STAND_IN, TRAINING_0
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

LOSS_SHAPES = Slip(
    id="loss_shapes",
    title=N_("Predictions (40, 1) against targets (40,)"),
    where=N_("Not in the notes, but common · the loss"),
    lesson=N_(
        "The predictions are a column, the targets a row. Broadcasting stretches both to (40, 40), so the loss "
        "compares every prediction with every target: 1,600 differences instead of 40. The smallest such loss has a "
        "flat line through the mean of all targets, and that's what the model learns, without any error."
    ),
    avoid=N_(
        "Print both shapes once before the loop: they must be equal. `nn.MSELoss` and `nn.L1Loss` warn about “a target "
        "size that is different to the input size”; a loss you write yourself warns about nothing."
    ),
    before=IMPORTS
    + DATA
    + "y_train = y_train.squeeze(dim=1)\n"
    + MODEL_0
    + "optimizer = torch.optim.SGD(params=model_0.parameters(), lr=0.1)\n",
    faulty=snippet("""
          for epoch in range(500):
              y_pred = model_0(X_train)
        >     loss = ((y_pred - y_train) ** 2).mean()
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()

          print(y_pred.shape, y_train.shape)
          print(f"Loss: {loss:.4f}")
          print(f"Weight: {model_0.weights.item():.2f}, bias: {model_0.bias.item():.2f}")
    """),
    repaired=snippet("""
          for epoch in range(500):
              y_pred = model_0(X_train)
        >     loss = ((y_pred.squeeze(dim=1) - y_train) ** 2).mean()
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()

          print(y_pred.shape, y_train.shape)
          print(f"Loss: {loss:.4f}")
          print(f"Weight: {model_0.weights.item():.2f}, bias: {model_0.bias.item():.2f}")
    """),
    compare=N_("Compare the losses and the lines: the data has weight 0.7 and bias 0.3."),
)

OTHER_OPTIMIZER = Slip(
    id="other_optimizer",
    title=N_("An optimizer with another model's parameters"),
    where=N_("Not in the notes, but common · the second model"),
    lesson=N_(
        "`optimizer.step()` changes only the parameters the optimizer was made with, and those are `model_0`'s. "
        "`model_1` gets its gradients, but no step is ever taken with them. There's no error: the loss just stays the "
        "same, to the last digit."
    ),
    avoid=N_(
        "Make a new optimizer right below every new model. If a loss doesn't change in any digit, ask first which "
        "parameters the optimizer has; steps that are too small would still change the last digits."
    ),
    before=IMPORTS + DATA + MODEL_0 + MODEL_1 + "loss_fn = nn.L1Loss()\nepochs, losses = 100, []\n" + PLOT,
    faulty=snippet("""
        > optimizer = torch.optim.SGD(params=model_0.parameters(), lr=0.01)
          for epoch in range(epochs):
              model_1.train()
              y_pred = model_1(X_train)
              loss = loss_fn(y_pred, y_train)
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()
              losses.append(loss.item())
              if epoch % 20 == 0:
                  print(f"Epoch: {epoch} | Train loss: {loss:.4f}")

          plt.plot(range(epochs), losses, label="Train loss")
    """),
    repaired=snippet("""
        > optimizer = torch.optim.SGD(params=model_1.parameters(), lr=0.01)
          for epoch in range(epochs):
              model_1.train()
              y_pred = model_1(X_train)
              loss = loss_fn(y_pred, y_train)
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()
              losses.append(loss.item())
              if epoch % 20 == 0:
                  print(f"Epoch: {epoch} | Train loss: {loss:.4f}")

          plt.plot(range(epochs), losses, label="Train loss")
    """),
    compare=N_("Compare the losses: with the mistake they're the same in every epoch; fixed, they go down."),
    note=STAND_IN,
)
