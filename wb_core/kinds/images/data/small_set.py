"""Makes the small set from the full one: `python -m wb_core.kinds.images.data.small_set FOLDER`.

Writes the first images of each class, in the order of the full set, as four gzipped files; the true classes of the full
set's test images; and the checksums of the unpacked files. Every run writes the same bytes.
"""

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np

from .fashion import CLASSES, FILES, FULL_LABELS, SIZES, SMALL, SMALL_CHECKSUMS, read_part
from .idx import Array, write_idx


def small_set(folder: Path) -> dict[str, bytes]:
    """The files by name, not gzipped, made from the full set in `folder`."""
    files: dict[str, bytes] = {}
    for part, full, small in zip(FILES, SIZES["fashion_mnist"], SIZES["fashion_mnist_small"], strict=True):
        X, y = read_part(folder, part, full)
        first = first_of_each_class(y, small // len(CLASSES))
        files |= dict(zip(FILES[part], (write_idx(X[first]), write_idx(y[first])), strict=True))
    return files | {FULL_LABELS: write_idx(y)}  # y is that of the last part, the test images


def first_of_each_class(y: Array, count: int) -> Array:
    """The indices of the first `count` of each class, in the order of the full set."""
    places = [np.flatnonzero(y == number)[:count] for number in range(len(CLASSES))]
    return np.sort(np.concatenate(places))


def checksums(files: dict[str, bytes]) -> str:
    """One line for each file, as sha256sum writes it."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())


def write(folder: Path, to: Path = SMALL) -> None:
    """Write the small set into the folder that holds its licence."""
    files = small_set(folder)
    for name, data in files.items():
        (to / f"{name}.gz").write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
    (to / SMALL_CHECKSUMS.name).write_text(checksums(files), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
