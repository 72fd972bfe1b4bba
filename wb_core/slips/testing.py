"""Slips in testing, printing and plotting."""

from ..base.fields import N_
from .before import DATA, IMPORTS, MODEL_0, MODEL_1, PLOT, STAND_IN, TRAINING_0, TRAINING_1
from .slip import Slip, snippet

TEST_LOOP = Slip(
    id="test_loop",
    title=N_("The test outside the epoch loop"),
    where=N_("Chapter 1 · training and testing"),
    lesson=N_(
        "A line that isn't indented isn't in the loop: the test runs once, after the last epoch. Here that's epoch "
        "49, which isn't divisible by 10, so no loss is kept and the curves would be empty."
    ),
    avoid=N_("Indent everything that should happen in every epoch under `for`. Count the printed lines."),
    before=IMPORTS
    + DATA
    + MODEL_0
    + TRAINING_0
    + "epochs = 50\nepoch_count = []; loss_values = []; test_loss_values = []\n",
    faulty=snippet("""
          for epoch in range(epochs):
              model_0.train()
              y_pred = model_0(X_train)
              loss = loss_fn(y_pred, y_train)
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()

        > model_0.eval()
        > with torch.inference_mode():
        >     test_pred = model_0(X_test)
        >     test_loss = loss_fn(test_pred, y_test)

        > if epoch % 10 == 0:
        >     epoch_count.append(epoch)
        >     loss_values.append(loss)
        >     test_loss_values.append(test_loss)
        > print(f"Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}")

          print("Test losses kept:", len(test_loss_values))
    """),
    repaired=snippet("""
          for epoch in range(epochs):
              model_0.train()
              y_pred = model_0(X_train)
              loss = loss_fn(y_pred, y_train)
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()

        >     model_0.eval()
        >     with torch.inference_mode():
        >         test_pred = model_0(X_test)
        >         test_loss = loss_fn(test_pred, y_test)

        >     if epoch % 10 == 0:
        >         epoch_count.append(epoch)
        >         loss_values.append(loss)
        >         test_loss_values.append(test_loss)
        >         print(f"Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}")

          print("Test losses kept:", len(test_loss_values))
    """),
    compare=N_("Compare how many test losses are printed and how many are kept for the curve."),
)

CURVES = """
epoch_count, loss_values, test_loss_values = [], [], []
for epoch in range(30):
    model_0.train()
    loss = loss_fn(model_0(X_train), y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    model_0.eval()
    with torch.inference_mode():
        test_loss = loss_fn(model_0(X_test), y_test)
    epoch_count.append(epoch)
    loss_values.append(loss.item())
    test_loss_values.append(test_loss.item())
"""

TRAIN_LABEL = Slip(
    id="train_label",
    title=N_("Two curves called Train loss"),
    where=N_("Chapter 1 · the loss curves"),
    lesson=N_(
        "The line for the test loss was copied without changing its label. Python draws what you tell it: the "
        "legend says “Train loss” twice, and you can't tell which curve is the one that counts."
    ),
    avoid=N_("Read the legend aloud before you show a chart. Every curve needs its own name."),
    before=IMPORTS + DATA + MODEL_0 + TRAINING_0 + CURVES + PLOT,
    faulty=snippet("""
          plt.plot(epoch_count, loss_values, label="Train loss")
        > plt.plot(epoch_count, test_loss_values, label="Train loss")
          plt.legend()
    """),
    repaired=snippet("""
          plt.plot(epoch_count, loss_values, label="Train loss")
        > plt.plot(epoch_count, test_loss_values, label="Test loss")
          plt.legend()
    """),
    compare=N_("Compare the two legends."),
    note=STAND_IN,
)

INDENTATION = Slip(
    id="indentation",
    title=N_("An if with nothing indented under it"),
    where=N_("Chapter 1 · device-agnostic code (6.3)"),
    lesson=N_(
        "Indent what an `if` decides about. Here nothing is indented, so Python doesn't run a single line of the "
        "program, not even the correct ones above."
    ),
    avoid=N_("After a line that ends with a colon, indent the next one by four spaces."),
    before=IMPORTS + DATA + MODEL_1 + TRAINING_1 + "epochs = 30\n",
    faulty=snippet("""
          for epoch in range(epochs):
              model_1.train()
              y_pred = model_1(X_train)
              loss = loss_fn(y_pred, y_train)
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()

              model_1.eval()
              with torch.inference_mode():
                  test_pred = model_1(X_test)
                  test_loss = loss_fn(test_pred, y_test)

        > if epoch % 10 == 0:
        > print(f"Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}")
    """),
    repaired=snippet("""
          for epoch in range(epochs):
              model_1.train()
              y_pred = model_1(X_train)
              loss = loss_fn(y_pred, y_train)
              optimizer.zero_grad()
              loss.backward()
              optimizer.step()

              model_1.eval()
              with torch.inference_mode():
                  test_pred = model_1(X_test)
                  test_loss = loss_fn(test_pred, y_test)

        >     if epoch % 10 == 0:
        >         print(f"Epoch: {epoch} | Train loss: {loss:.4f} | Test loss: {test_loss:.4f}")
    """),
    raises=(IndentationError,),
)
