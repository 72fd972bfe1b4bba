"""Training on images in plain PyTorch with DataLoaders, which every image run must reproduce to the last bit."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import wb_core as wb


class FashionMNISTModelV0(nn.Module):
    def __init__(self, hidden_units: int) -> None:
        super().__init__()
        self.layer_stack = nn.Sequential(nn.Flatten(), nn.Linear(784, hidden_units), nn.Linear(hidden_units, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer_stack(x)


class FashionMNISTModelV1(nn.Module):
    def __init__(self, hidden_units: int) -> None:
        super().__init__()
        self.layer_stack = nn.Sequential(
            nn.Flatten(), nn.Linear(784, hidden_units), nn.ReLU(), nn.Linear(hidden_units, 10), nn.ReLU()
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer_stack(x)


class FashionMNISTModelV2(nn.Module):
    def __init__(self, hidden_units: int) -> None:
        super().__init__()
        self.block_1 = nn.Sequential(
            nn.Conv2d(1, hidden_units, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden_units, hidden_units, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.block_2 = nn.Sequential(
            nn.Conv2d(hidden_units, hidden_units, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden_units, hidden_units, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(hidden_units * 7 * 7, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.block_2(self.block_1(x)))


MODELS = {"linear": FashionMNISTModelV0, "relu": FashionMNISTModelV1, "tiny_vgg": FashionMNISTModelV2}


def accuracy_fn(y_true: torch.Tensor, y_pred: torch.Tensor) -> float:
    return torch.eq(y_true, y_pred).sum().item() / len(y_pred) * 100


def mean_accuracy(logits: torch.Tensor, y: torch.Tensor, batch_size: int) -> float:
    """The mean of the accuracies of the test batches, which the course prints."""
    batches = list(zip(logits.split(batch_size), y.split(batch_size), strict=True))
    test_acc = 0
    for test_pred, labels in batches:
        test_acc += accuracy_fn(y_true=labels, y_pred=test_pred.argmax(dim=1))
    return test_acc / len(batches)


def train(config: wb.ImageConfig, data: wb.ImageData) -> tuple[nn.Module, list[tuple[float, float, float]]]:
    """The trained model, and for each epoch its train loss, test loss and percent of all test images."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model = MODELS[config.model](config.hidden_units)
        if config.optimizer == "adam":
            optimizer = torch.optim.Adam(model.parameters(), lr=config.lr)
        else:
            optimizer = torch.optim.SGD(model.parameters(), lr=config.lr, momentum=config.momentum)
        loss_fn = nn.CrossEntropyLoss()
        train_set, test_set = (
            TensorDataset(data.X_train, data.y_train),
            TensorDataset(data.X_test, data.y_test),
        )
        train_dataloader = DataLoader(train_set, batch_size=config.batch_size, shuffle=True)
        test_dataloader = DataLoader(test_set, batch_size=config.batch_size, shuffle=False)
        torch.manual_seed(config.seed)
        return model, [
            _epoch(model, loss_fn, optimizer, train_dataloader, test_dataloader) for _ in range(config.epochs)
        ]


def _epoch(model, loss_fn, optimizer, train_dataloader, test_dataloader) -> tuple[float, float, float]:
    train_loss = 0
    for X, y in train_dataloader:
        model.train()
        loss = loss_fn(model(X), y)
        train_loss += loss.detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    train_loss /= len(train_dataloader)
    test_loss, right = 0, 0
    model.eval()
    with torch.inference_mode():
        for X, y in test_dataloader:
            test_pred = model(X)
            test_loss += loss_fn(test_pred, y)
            right += torch.eq(y, test_pred.argmax(dim=1)).sum().item()
        test_loss /= len(test_dataloader)
    return train_loss.item(), test_loss.item(), 100 * right / len(test_dataloader.dataset)
