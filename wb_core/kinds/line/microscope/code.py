"""The lines of an epoch as code."""

CODE = {
    "train": "model.train()",
    "forward": "y_pred = model(X_train)",
    "loss": "loss = loss_fn(y_pred, y_train)",
    "zero_grad": "optimizer.zero_grad()",
    "backward": "loss.backward()",
    "step": "optimizer.step()",
    "evaluate": """\
model.eval()
with torch.inference_mode():
    test_pred = model(X_test)
    test_loss = loss_fn(test_pred, y_test)""",
}
"""From a line's name to its code, which the tests run to compare the bits."""
