"""Templates for an image run's code: its imports and data, up to the DataLoaders.

A `$name` in a template stands for a comment in the reader's language.
"""

from string import Template

FOLDER = "data/fashion-mnist"

LIBRARIES = """\
from copy import deepcopy
from pathlib import Path
from timeit import default_timer as timer
from urllib.request import urlopen

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

print(torch.__version__)"""

DOWNLOAD = Template("""\
DATA_URL = "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"
CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}

DATA_PATH.mkdir(parents=True, exist_ok=True)
for name, checksum in CHECKSUMS.items():
    if not (DATA_PATH / name).exists():
        print(f"Downloading {DATA_URL}{name}")
        with urlopen(DATA_URL + name, timeout=60) as response:
            content = response.read()
        if hashlib.md5(content).hexdigest() != checksum:  # $checksum
            raise ValueError(f"{name} is not what it should be: try again")
        (DATA_PATH / name).write_bytes(content)""")

READ = Template("""\
class_names = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
]


def read_file(name, header):
    with gzip.open(DATA_PATH / name) as file:  # $header
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=header)


def read_pictures(part):
    pixels = read_file(f"{part}-images-idx3-ubyte.gz", header=16).reshape(-1, 1, 28, 28)
    X = pixels.to(torch.float32) / 255  # $floats
    y = read_file(f"{part}-labels-idx1-ubyte.gz", header=8).to(torch.int64)
    return X, y

""")

TEST_SET = """\
X_test, y_test = read_pictures("t10k")"""

SMALL = Template("""\


# $small
def first_of_each_class(X, y, count):
    places = [(y == number).nonzero()[:count, 0] for number in range(10)]
    places = torch.cat(places).sort().values  # $order
    return X[places], y[places]


X_train, y_train = first_of_each_class(X_train, y_train, count=600)
X_test, y_test = first_of_each_class(X_test, y_test, count=100)""")

PICTURES = Template("""\
def plot_pictures(X, y, y_preds=None):
    plt.figure(figsize=(9, 9))
    for place in range(9):
        title, color = class_names[y[place]], "black"
        if y_preds is not None:
            color = "green" if y_preds[place] == y[place] else "red"
            title = f"Pred: {class_names[y_preds[place]]} | Truth: {title}"
        plt.subplot(3, 3, place + 1)
        plt.imshow(X[place, 0].numpy(), cmap="gray")  # $channel
        plt.title(title, fontsize=9, color=color)
        plt.axis("off")
    plt.show()


plot_pictures(X_train, y_train)""")

LOADERS = Template("""\
train_dataloader = DataLoader(
    TensorDataset(X_train, y_train),
    batch_size=BATCH_SIZE,
    shuffle=True,  # $shuffle
)
test_dataloader = DataLoader(TensorDataset(X_test, y_test), batch_size=BATCH_SIZE, shuffle=False)

print(len(train_dataloader), len(test_dataloader))""")
