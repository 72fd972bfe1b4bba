"""Templates for an image run's code: its model, training and results.

A `$name` in a template stands for a comment in the reader's language.
"""

from string import Template

CLASSES = {"linear": "FashionMNISTModelV0", "relu": "FashionMNISTModelV1", "tiny_vgg": "FashionMNISTModelV2"}
FILES = {model: f"03_pytorch_computer_vision_model_{number}.pth" for number, model in enumerate(CLASSES)}

BODIES = {
    "linear": Template("""\
    def __init__(self, hidden_units: int):
        super().__init__()
        self.layer_stack = nn.Sequential(
            nn.Flatten(),  # $flatten
            nn.Linear(in_features=28 * 28, out_features=hidden_units),
            nn.Linear(in_features=hidden_units, out_features=10),  # $answer
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer_stack(x)"""),
    "relu": Template("""\
    def __init__(self, hidden_units: int):
        super().__init__()
        self.layer_stack = nn.Sequential(
            nn.Flatten(),  # $flatten
            nn.Linear(in_features=28 * 28, out_features=hidden_units),
            nn.ReLU(),  # $relu
            nn.Linear(in_features=hidden_units, out_features=10),  # $answer
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer_stack(x)"""),
    "tiny_vgg": Template("""\
    def __init__(self, hidden_units: int):
        super().__init__()
        self.block_1 = nn.Sequential(
            nn.Conv2d(1, hidden_units, kernel_size=3, padding=1),  # $window
            nn.ReLU(),  # $relu
            nn.Conv2d(hidden_units, hidden_units, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2),  # $pool
        )
        self.block_2 = nn.Sequential(
            nn.Conv2d(hidden_units, hidden_units, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden_units, hidden_units, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2),  # $pool_again
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),  # $flatten
            nn.Linear(in_features=hidden_units * 7 * 7, out_features=10),  # $answer
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.block_2(self.block_1(x)))"""),
}

TEST = Template("""\
def accuracy_fn(y_true, y_pred):
    correct = torch.eq(y_true, y_pred).sum().item()
    return correct / len(y_pred) * 100


def test_step(model):
    test_loss, test_acc, right = 0, 0, 0
    model.eval()
    with torch.inference_mode():  # $testing
        for X, y in test_dataloader:
            X, y = X.to(device), y.to(device)
            test_pred = model(X)
            test_loss += loss_fn(test_pred, y)
            # $largest
            test_label = test_pred.argmax(dim=1)
            test_acc += accuracy_fn(y_true=y, y_pred=test_label)
            right += torch.eq(y, test_label).sum().item()
        test_loss /= len(test_dataloader)
        # $mean
        test_acc /= len(test_dataloader)
    return test_loss, test_acc, right""")

LOOP = Template("""\
batch_losses, epoch_count, loss_values, test_loss_values, test_acc_values = [], [], [], [], []


def print_train_time(start, end, device):
    print(f"Train time on {device}: {end - start:.3f} seconds")


torch.manual_seed(RANDOM_SEED)  # $seed
train_time_start = timer()

for epoch in range(epochs):
    print(f"Epoch: {epoch}\\n-------")
    last_good = deepcopy(model.state_dict())  # $copy

    # $training
    train_loss = 0
    model.train()
    for batch, (X, y) in enumerate(train_dataloader):
        X, y = X.to(device), y.to(device)
        y_pred = model(X)  # $forward
        loss = loss_fn(y_pred, y)  # $loss
        optimizer.zero_grad()  # $zero_grad
        loss.backward()  # $backward
        optimizer.step()  # $step

        train_loss += loss.detach()
        batch_losses.append(loss.item())
        if not loss.isfinite():
            break
        if batch % 400 == 0:
            print(f"Looked at {batch * BATCH_SIZE}/{len(train_dataloader.dataset)} samples")
    train_loss /= len(train_dataloader)

    # $testing
    test_loss, test_acc, right = test_step(model)

    # $diverged
    if not (train_loss.isfinite() and test_loss.isfinite()):
        print(f"Epoch: {epoch} | The numbers grew beyond all bounds: stopped.")
        model.load_state_dict(last_good)
        break

    epoch_count.append(epoch)
    loss_values.append(train_loss.item())
    test_loss_values.append(test_loss.item())
    test_acc_values.append(test_acc)
    print(f"\\nTrain loss: {train_loss:.5f} | Test loss: {test_loss:.5f}, Test acc: {test_acc:.2f}%")
    share = f"{right}/{len(y_test)} = {100 * right / len(y_test):.2f}%"
    print(f"Test acc is the mean over the batches. Right of all pictures: {share}")

print_train_time(start=train_time_start, end=timer(), device=device)""")

CURVES = """\
batch_count = [(batch + 1) / len(train_dataloader) for batch in range(len(batch_losses))]
epochs_done = [epoch + 1 for epoch in epoch_count]

plt.figure(figsize=(12, 5))
plt.subplot(1, 2, 1)
plt.plot(batch_count, batch_losses, alpha=0.3, label="Train loss of each batch")
plt.plot(epochs_done, loss_values, marker=".", label="Train loss")
plt.plot(epochs_done, test_loss_values, marker=".", label="Test loss")
plt.title("Training and test loss curves")
plt.ylabel("Loss")
plt.xlabel("Epochs")
plt.legend()

plt.subplot(1, 2, 2)
plt.plot(epochs_done, test_acc_values, marker=".")
plt.title("Test accuracy (mean over the batches)")
plt.ylabel("Percent")
plt.xlabel("Epochs")
plt.show()"""

PREDICTIONS = Template("""\
def predict(model):
    model.eval()
    with torch.inference_mode():
        return torch.cat([model(X.to(device)).cpu() for X, y in test_dataloader])


y_logits = predict(model)
# $largest
y_preds = y_logits.argmax(dim=1)

plot_pictures(X_test, y_test, y_preds)""")

CONFUSION = Template("""\
confusion = torch.zeros(10, 10, dtype=torch.int64)  # $rows
for truth, pred in zip(y_test, y_preds, strict=True):
    confusion[truth, pred] += 1

plt.figure(figsize=(10, 8))
plt.imshow(confusion.numpy(), cmap="Blues")
for truth in range(10):
    for pred in range(10):
        count = confusion[truth, pred].item()
        color = "white" if count > confusion.max() / 2 else "black"
        plt.text(pred, truth, count, ha="center", va="center", color=color)
plt.xticks(range(10), class_names, rotation=45, ha="right")
plt.yticks(range(10), class_names)
plt.xlabel("Predicted class")
plt.ylabel("True class")
plt.tight_layout()
plt.show()""")

LOAD = """\
loaded_model = {model}(hidden_units).to(device)
loaded_model.load_state_dict(torch.load(f=MODEL_SAVE_PATH, weights_only=True))

loaded_loss, loaded_acc, _ = test_step(loaded_model)
print(f"Test loss: {{loaded_loss:.5f}}, Test acc: {{loaded_acc:.2f}}%")
print((y_logits == predict(loaded_model)).all())"""
