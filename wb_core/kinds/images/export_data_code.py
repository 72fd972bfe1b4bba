"""Templates for an image run's code: its imports and data, up to the DataLoaders.

A `$name` in a template stands for a comment in the reader's language.
"""

from string import Template

FOLDER = "data/fashion-mnist"

LIBRARIES = """\
import zlib
from copy import deepcopy
from http.client import HTTPException
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
CHECKSUMS = {  # $checksums
    "train-images-idx3-ubyte.gz": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte.gz": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte.gz": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte.gz": "15d484375f8d13e6eb1aabb0c3f46965",
}


def checksum_of(content):
    try:
        return hashlib.md5(gzip.decompress(content)).hexdigest()
    except (OSError, EOFError, zlib.error):  # $packed
        return None


def get_file(name, checksum):
    path = DATA_PATH / name
    there = path.exists()
    try:
        if not there:
            print(f"Downloading {DATA_URL}{name}")
        with path.open("rb") if there else urlopen(DATA_URL + name, timeout=60) as file:
            content = file.read()
        if checksum_of(content) != checksum:
            remedy = "Delete it and start again" if there else "Start again"
            raise SystemExit(f"{path} is damaged or not the file it should be. {remedy}.")
        if not there:
            DATA_PATH.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except (OSError, HTTPException) as error:  # $network
        remedy = f"Or download {DATA_URL}{name} with a browser and put it into {DATA_PATH}."
        raise SystemExit(f"Cannot get {path}: {error}. Try again. {remedy}") from None


for name, checksum in CHECKSUMS.items():
    get_file(name, checksum)""")

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
