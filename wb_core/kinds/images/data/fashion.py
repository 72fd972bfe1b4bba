"""FashionMNIST: grayscale images of clothes in ten classes, 28 by 28 pixels.

The small set is in this package: the first images of each class of the full one, in its order (see `small_set.py`).
The data are by Zalando SE, under the MIT licence in the same folder.
"""

import functools
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from ....base.errors import DataError
from .download import cache_folder
from .idx import Array, checksum, read_idx

CLASSES = (
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
)
SIDE = 28
SIZES = {"fashion_mnist_small": (6_000, 1_000), "fashion_mnist": (60_000, 10_000)}
"""The numbers of training and test images in each set."""

SMALL = Path(__file__).parent / "fashion_mnist_small"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist installs the full set."""

FULL_LABELS = "full-t10k-labels-idx1-ubyte"
"""The true classes of the full set's test images, 5 kB in this package, so that predictions can be checked where the
images are not installed."""

FOLDER = "WB_DATA_DIR"
"""The environment variable for the folder with the four files of the full set."""

FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}

SMALL_CHECKSUMS = SMALL / "SHA256SUMS"

CHECKSUMS = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""The SHA-256 of each unpacked file of the full set."""

DIGITS = {"train": [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], "test": [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]}
"""The first classes of MNIST, the handwritten digits, whose files have the same names and sizes."""

LAYOUTS = ("", "raw", "FashionMNIST/raw")
"""Where in a folder the files may lie; torchvision puts them into the last one."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images as stored: `pixels` (N, 28, 28) uint8 from 0 to 255, and their classes `y` (N,) int64.

    As float32 they take four times the memory, so they are converted a part at a time.
    """

    pixels: torch.Tensor
    y: torch.Tensor

    def __len__(self) -> int:
        return len(self.y)

    def floats(self, which: torch.Tensor | slice = slice(None)) -> torch.Tensor:
        """All images, or those at some indices, as torchvision's ToTensor makes them: (N, 1, 28, 28) float32."""
        return self.pixels[which].unsqueeze(dim=1).to(torch.float32).div_(255)


@dataclass(frozen=True, eq=False)
class ImageData:
    """Training and test images: X (N, 1, 28, 28) float32 from 0 to 1, y (N,) int64.

    `X_train` and `X_test` are made on each access; 60,000 images are 188 MB.
    """

    train: Pictures
    test: Pictures
    classes: tuple[str, ...] = CLASSES

    def arrays(self) -> tuple[NDArray[Any], ...]:
        """The arrays that `from_arrays` takes: pixels (N, 28, 28) uint8 and classes (N,), for each part."""
        parts = (self.train.pixels, self.train.y, self.test.pixels, self.test.y)
        return tuple(part.numpy() for part in parts)

    @classmethod
    def from_arrays(cls, *arrays: NDArray[Any]) -> "ImageData":
        """Images that share the memory of these arrays, which must not be written to."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
            pixels, y, test_pixels, test_y = map(torch.from_numpy, arrays)
        return cls(Pictures(pixels, y), Pictures(test_pixels, test_y))

    @property
    def X_train(self) -> torch.Tensor:
        return self.train.floats()

    @property
    def y_train(self) -> torch.Tensor:
        return self.train.y

    @property
    def X_test(self) -> torch.Tensor:
        return self.test.floats()

    @property
    def y_test(self) -> torch.Tensor:
        return self.test.y


def fashion_mnist(dataset: str, folder: Path | None = None) -> ImageData:
    """The small set, or the full one from `folder` or from where `find_folder` finds it.

    Raises `DataError` that names the file, or with the code `data.no_such_folder` if `WB_DATA_DIR` names none, or
    `data.no_folder` if the full set is not found. While the files stay the same, all callers share the images, which
    must not be written to.
    """
    where = SMALL if dataset == "fashion_mnist_small" else folder or find_folder()
    if where is None:
        raise named_folder_error() or DataError(
            "data.no_folder", f"the full set is not on this machine; {FOLDER} may name its folder"
        )
    return _read(dataset, where, tuple(_stamp(where, name) for name in _names()))


@functools.cache
def true_classes(dataset: str) -> torch.Tensor:
    """The true classes of a set's test images (N,), which need not be on this machine. They must not be written to."""
    name = FULL_LABELS if dataset == "fashion_mnist" else FILES["test"][1]
    return torch.from_numpy(read_idx(_path(SMALL, name), SIZES[dataset][1:]).astype("int64"))


@functools.lru_cache(maxsize=4)
def _read(dataset: str, folder: Path, stamps: tuple[object, ...]) -> ImageData:
    """Both parts of a set; `stamps` change when the files do."""
    train, test = (_pictures(folder, part, count, dataset) for part, count in zip(FILES, SIZES[dataset], strict=True))
    return ImageData(train, test)


def find_folder() -> Path | None:
    """A folder with the four files of the full set: that of `WB_DATA_DIR`, or else Debian's, or else the cache.

    The cache is always searched, so that a finished download is found.
    """
    named = os.environ.get(FOLDER)
    candidates = (Path(named) if named else DEBIAN, cache_folder())
    return next((folder for folder in candidates if not _missing(folder)), None)


def named_folder_error() -> DataError | None:
    """Why the folder of `WB_DATA_DIR` cannot be used; None if it is complete, or if none is named."""
    named = os.environ.get(FOLDER)
    if not named:
        return None
    if not os.path.isdir(named):
        return DataError("data.no_such_folder", f"{FOLDER} names {named}, which is not a folder")
    if missing := _missing(Path(named)):
        return DataError(
            "data.missing", f"there is no {missing[0]}.gz in the folder of {FOLDER}", file=f"{missing[0]}.gz"
        )
    return None


def read_part(folder: Path, part: str, count: int) -> tuple[Array, Array]:
    """Images (count, 28, 28) and classes (count,) of "train" or "test" as uint8; raises `DataError`."""
    images, labels = FILES[part]
    X = read_idx(_path(folder, images), (count, SIDE, SIDE))
    y = read_idx(_path(folder, labels), (count,))
    if y.max() >= len(CLASSES):
        name = _path(folder, labels).name
        raise DataError("data.other_classes", f"{name} has a class {y.max()}, and there are 0 to 9", file=name)
    return X, y


def _pictures(folder: Path, part: str, count: int, dataset: str) -> Pictures:
    images, labels = read_part(folder, part, count)
    if labels[:10].tolist() == DIGITS[part]:
        name = _path(folder, FILES[part][1]).name
        raise DataError("data.digits", f"{name} belongs to MNIST, the handwritten digits", file=name)
    for name, numbers in zip(FILES[part], (images, labels), strict=True):
        if checksum(numbers) != _checksums(dataset)[name]:
            name = _path(folder, name).name
            raise DataError("data.changed", f"{name} does not have the content of FashionMNIST's", file=name)
    return Pictures(torch.from_numpy(images.copy()), torch.from_numpy(labels.astype("int64")))


def _names() -> list[str]:
    return [name for names in FILES.values() for name in names]


def _stamp(folder: Path, name: str) -> tuple[int, int] | None:
    """Size and time of a file, or None if they are not available; reading the file will say why."""
    try:
        status = _path(folder, name).stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


@functools.cache
def _checksums(dataset: str) -> dict[str, str]:
    """The SHA-256 of each unpacked file of a set."""
    if dataset == "fashion_mnist":
        return CHECKSUMS
    lines = SMALL_CHECKSUMS.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _missing(folder: Path) -> list[str]:
    # Path.is_file raises if the folder is not readable.
    return [name for name in _names() if not os.path.isfile(_path(folder, name))]


def _path(folder: Path, name: str) -> Path:
    """The file with this name, or with a dot in it (train-images.idx3-ubyte), plain or gzipped, in any of `LAYOUTS`.

    If there is none, the gzipped one in the folder itself.
    """
    spellings = (name, f"{name}.gz", name.replace("-idx", ".idx"), name.replace("-idx", ".idx") + ".gz")
    places = (folder / layout / spelling for layout in LAYOUTS for spelling in spellings)
    return next(filter(os.path.isfile, places), folder / f"{name}.gz")
