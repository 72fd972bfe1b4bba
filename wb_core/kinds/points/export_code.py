"""Templates for the code of a run on points in the plane.

A `$name` in a template stands for a comment in the reader's language.
"""

from string import Template

LIBRARIES = """\
from copy import deepcopy
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from torch import nn"""

PATTERNS = {
    "circles": """\
from sklearn.datasets import make_circles

X, y = make_circles({points}, noise={noise}, random_state=RANDOM_SEED)
X, y = torch.from_numpy(X), torch.from_numpy(y)""",
    "moons": """\
from sklearn.datasets import make_moons

X, y = make_moons({points}, noise={noise}, random_state=RANDOM_SEED)
X, y = torch.from_numpy(X), torch.from_numpy(y)""",
    "blobs": """\
from sklearn.datasets import make_blobs

X, y = make_blobs({points}, n_features=2, centers={classes}, cluster_std={noise}, random_state=RANDOM_SEED)
X, y = torch.from_numpy(X), torch.from_numpy(y)""",
    "xor": """\
torch.manual_seed(RANDOM_SEED)
X = 2 * torch.rand({points}, 2) - 1
y = (X[:, 0] * X[:, 1] < 0).long()
X = X + {noise} * torch.randn({points}, 2)""",
    "spirals": """\
torch.manual_seed(RANDOM_SEED)
n = {points}
y = (torch.arange(n) >= n // 2).long()
along = torch.cat([torch.linspace(0.05, 1, n // 2), torch.linspace(0.05, 1, n - n // 2)])
angle = 2 * torch.pi * {turns} * along + torch.pi * y
X = torch.stack([along * torch.cos(angle), along * torch.sin(angle)], dim=1)
X = X + {noise} * torch.randn(n, 2)""",
}

READ_POINTS = """\
from csv import DictReader

with open("points.csv", encoding="utf-8", newline="") as file:
    points = [(float(row["x1"]), float(row["x2"]), int(row["class"])) for row in DictReader(file)]"""

OWN = """\
X = torch.tensor([(x1, x2) for x1, x2, _ in points], dtype=torch.float64)
y = torch.tensor([label for _, _, label in points])"""

SPLIT = """\
from sklearn.model_selection import train_test_split

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size={test_size}, random_state=RANDOM_SEED)"""

PICTURE = """\
def plot_points(points, labels, title):
    plt.title(title)
    plt.scatter(points[:, 0].cpu(), points[:, 1].cpu(), c=labels.cpu(), s=16, cmap=plt.cm.RdYlBu, edgecolors="black")


plt.figure(figsize=(7, 7))
plot_points(points_train, y_train, "Training points")
plt.show()"""

FEATURES = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1 * x1",
    "x2_squared": "x2 * x2",
    "x1_x2": "x1 * x2",
    "sin_x1": "torch.sin(x1)",
    "sin_x2": "torch.sin(x2)",
}

INPUTS = """\
def features(points):
    x1, x2 = points.unbind(dim=1)
    return torch.stack([{features}], dim=1)"""

ACCURACY = """\
def accuracy_fn(y_true, y_pred):
    correct = torch.eq(y_true, y_pred).sum().item()
    return 100 * correct / len(y_pred)"""


LOOP = Template("""\
torch.manual_seed(RANDOM_SEED)
epoch_count, loss_values, test_loss_values, acc_values, test_acc_values = [], [], [], [], []

for epoch in range(epochs):
    last_good = deepcopy(model.state_dict())  # $copy
$schedule
    # $training
    model.train()
    y_logits = $train_logits  # $forward
    loss = loss_fn(y_logits, y_train)  # $loss
    acc = accuracy_fn(y_train, predicted(y_logits))
    optimizer.zero_grad()  # $zero_grad
    loss.backward()  # $backward
    optimizer.step()  # $step
""")

BATCHES = Template("""\
torch.manual_seed(RANDOM_SEED)  # $seed
train_data = TensorDataset(X_train, y_train)
train_dataloader = DataLoader(train_data, batch_size=BATCH_SIZE, shuffle=True)
epoch_count, loss_values, test_loss_values, acc_values, test_acc_values = [], [], [], [], []

for epoch in range(epochs):
    last_good = deepcopy(model.state_dict())  # $copy
$schedule
    # $training
    model.train()
    total, right = 0.0, 0
    for X_batch, y_batch in train_dataloader:
        y_logits = $batch_logits  # $forward
        loss = loss_fn(y_logits, y_batch)  # $loss
        optimizer.zero_grad()  # $zero_grad
        loss.backward()  # $backward
        optimizer.step()  # $step
        total += loss.item() * len(y_batch)
        right += torch.eq(y_batch, predicted(y_logits)).sum().item()
        if not loss.isfinite():
            break
    loss, acc = torch.tensor(total / len(y_train)), 100 * right / len(y_train)
""")

REST = Template("""
    # $testing
    model.eval()
    with torch.inference_mode():
        test_logits = $test_logits
        test_loss = loss_fn(test_logits, y_test)
        test_acc = accuracy_fn(y_test, predicted(test_logits))

    # $diverged
    if not (loss.isfinite() and test_loss.isfinite()):
        print(f"Epoch: {epoch} | The numbers grew beyond all bounds: stopped.")
        model.load_state_dict(last_good)
        break

    epoch_count.append(epoch)
    loss_values.append(loss.item())
    test_loss_values.append(test_loss.item())
    acc_values.append(acc)
    test_acc_values.append(test_acc)
    if epoch % 10 == 0:
        print(f"Epoch: {epoch} | Train loss: {loss:.5f}, Train acc: {acc:.2f}%")
        print(f"Test loss: {test_loss:.5f}, Test acc: {test_acc:.2f}%")""")

CURVES = """\
plt.figure(figsize=(12, 5))
plt.subplot(1, 2, 1)
plt.plot(epoch_count, loss_values, label="Train loss")
plt.plot(epoch_count, test_loss_values, label="Test loss")
plt.title("Loss")
plt.xlabel("Epochs")
plt.legend()

plt.subplot(1, 2, 2)
plt.plot(epoch_count, acc_values, label="Train accuracy")
plt.plot(epoch_count, test_acc_values, label="Test accuracy")
plt.title("Accuracy (percent)")
plt.xlabel("Epochs")
plt.legend()
plt.show()"""

BOUNDARY = Template("""\
def plot_decision_boundary(points, labels, title):
    low, high = points.min(dim=0).values.cpu() - 0.1, points.max(dim=0).values.cpu() + 0.1
    xx, yy = torch.meshgrid(
        torch.linspace(low[0], high[0], 101), torch.linspace(low[1], high[1], 101), indexing="xy"
    )
    grid = torch.stack([xx.flatten(), yy.flatten()], dim=1).to(device)
    model.eval()
    with torch.inference_mode():
        labels_there = predicted($grid_logits).reshape(xx.shape).cpu()
    plt.contourf(xx, yy, labels_there, cmap=plt.cm.RdYlBu, alpha=0.7)
    plot_points(points, labels, title)


plt.figure(figsize=(12, 6))
plt.subplot(1, 2, 1)
plot_decision_boundary(points_train, y_train, "Train")
plt.subplot(1, 2, 2)
plot_decision_boundary(points_test, y_test, "Test")
plt.show()""")

LOAD = Template("""\
loaded_model = $name().to(device)
loaded_model.load_state_dict(torch.load(f=MODEL_SAVE_PATH, weights_only=True))

model.eval()
loaded_model.eval()
with torch.inference_mode():
    print((model(X_test) == loaded_model(X_test)).all())""")
