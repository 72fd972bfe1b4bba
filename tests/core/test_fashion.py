"""FashionMNIST: the small set, the full set, and invalid files."""

import gzip
import hashlib
import struct

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from wb_core.kinds.images.data import fashion, small_set
from wb_core.kinds.images.data.idx import read_idx, write_idx

SHAPE = (3, 2, 2)


@pytest.fixture(scope="module")
def full():
    folder = fashion.find_folder()
    if folder is None:
        pytest.skip("the full set is not on this machine")
    return folder


def refusal(path, shape=SHAPE):
    with pytest.raises(wb.DataError) as caught:
        read_idx(path, shape)
    assert caught.value.values["file"] == path.name
    assert path.name in str(caught.value)
    return caught.value.code


def test_the_small_set_has_600_and_100_pictures_of_each_class():
    data = fashion.fashion_mnist("fashion_mnist_small")
    assert data.X_train.shape == (6000, 1, 28, 28)
    assert data.X_test.shape == (1000, 1, 28, 28)
    for X in (data.X_train, data.X_test):
        assert X.dtype == torch.float32
        assert (X.min(), X.max()) == (0, 1)
        assert torch.equal(X, (X * 255).round() / 255)
    for y, count in ((data.y_train, 600), (data.y_test, 100)):
        assert y.dtype == torch.int64
        assert y.bincount().tolist() == [count] * 10
    assert len(data.classes) == 10


def test_the_files_in_the_repository_are_those_of_the_checksums_and_have_their_licence():
    names = [*fashion._names(), fashion.FULL_LABELS]
    files = {name: gzip.decompress((fashion.SMALL / f"{name}.gz").read_bytes()) for name in names}
    assert small_set.checksums(files) == fashion.SMALL_CHECKSUMS.read_text(encoding="utf-8")
    assert "MIT License" in (fashion.SMALL / "LICENSE").read_text(encoding="utf-8")
    sizes = sum((fashion.SMALL / f"{name}.gz").stat().st_size for name in files)
    assert sizes < 4_000_000


@pytest.mark.slow
def test_the_small_set_can_be_made_from_the_full_one(full):
    again = small_set.checksums(small_set.small_set(full))
    assert again == fashion.SMALL_CHECKSUMS.read_text(encoding="utf-8")


def test_the_first_of_each_class_keep_their_order():
    y = np.array([*range(10), *range(9, -1, -1), *range(10)], dtype=np.uint8)
    places = small_set.first_of_each_class(y, 2)
    assert places.tolist() == list(range(20))
    assert small_set.first_of_each_class(y, 1).tolist() == list(range(10))


@pytest.mark.slow
def test_the_full_set_is_60000_and_10000_pictures(full):
    data = fashion.fashion_mnist("fashion_mnist", full)
    assert data.X_train.shape == (60000, 1, 28, 28)
    assert data.y_train.bincount().tolist() == [6000] * 10
    assert data.y_test.bincount().tolist() == [1000] * 10
    assert torch.equal(data.y_test, fashion.true_classes("fashion_mnist"))
    # The first image is an ankle boot.
    assert data.classes[data.y_train[0]] == "Ankle boot"


def test_the_full_set_is_found_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv(fashion.FOLDER, str(tmp_path))
    monkeypatch.setattr(fashion, "cache_folder", lambda: tmp_path / "cache")
    assert fashion.find_folder() is None
    with pytest.raises(wb.DataError) as caught:
        fashion.fashion_mnist("fashion_mnist")
    assert (caught.value.code, caught.value.values["file"]) == ("data.missing", "train-images-idx3-ubyte.gz")
    for name in fashion._names():
        (tmp_path / name).write_bytes(b"")
    assert fashion.find_folder() == tmp_path


@pytest.mark.parametrize("layout", fashion.LAYOUTS)
@pytest.mark.parametrize("name", ["{}", "{}.gz", "dotted", "dotted.gz"])
def test_files_are_found_unpacked_with_dotted_names_and_where_torchvision_puts_them(
    tmp_path, monkeypatch, layout, name
):
    monkeypatch.setenv(fashion.FOLDER, str(tmp_path))
    (tmp_path / layout).mkdir(parents=True, exist_ok=True)
    for official in fashion._names():
        assert fashion.named_folder_error().values["file"] == f"{official}.gz"
        spelled = name.format(official).replace("dotted", official.replace("-idx", ".idx"))
        (tmp_path / layout / spelled).touch()
    assert fashion.named_folder_error() is None
    assert fashion.find_folder() == tmp_path


def test_a_folder_that_does_not_exist_is_reported(tmp_path, monkeypatch):
    monkeypatch.setenv(fashion.FOLDER, str(tmp_path / "typo"))
    monkeypatch.setattr(fashion, "cache_folder", lambda: tmp_path / "cache")
    with pytest.raises(wb.DataError) as caught:
        fashion.fashion_mnist("fashion_mnist")
    assert caught.value.code == "data.no_such_folder"
    monkeypatch.delenv(fashion.FOLDER)
    monkeypatch.setattr(fashion, "DEBIAN", tmp_path / "debian")
    with pytest.raises(wb.DataError) as caught:
        fashion.fashion_mnist("fashion_mnist")
    assert caught.value.code == "data.no_folder"


class TestContent:
    """A folder with the small set's files, under its sizes and checksums, but one of them changed."""

    @pytest.fixture
    def refusal_of(self, tmp_path, monkeypatch):
        small = fashion.fashion_mnist("fashion_mnist_small")
        arrays = dict(zip(fashion._names(), small.arrays(), strict=True))
        monkeypatch.setitem(fashion.SIZES, "fashion_mnist", fashion.SIZES["fashion_mnist_small"])
        monkeypatch.setattr(fashion, "CHECKSUMS", fashion._checksums("fashion_mnist_small"))
        fashion._checksums.cache_clear()

        def refusal_of(name, change):
            for other, numbers in arrays.items():
                numbers = numbers.astype(np.uint8)
                (tmp_path / other).write_bytes(write_idx(change(numbers) if other == name else numbers))
            with pytest.raises(wb.DataError) as caught:
                fashion.fashion_mnist("fashion_mnist", tmp_path)
            assert caught.value.values["file"] == name
            return caught.value.code

        yield refusal_of
        fashion._checksums.cache_clear()

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("train-labels-idx1-ubyte", lambda y: y[::-1]),  # shuffled
            ("train-labels-idx1-ubyte", np.zeros_like),
            ("t10k-labels-idx1-ubyte", lambda y: (y + 1) % 10),
            ("train-images-idx3-ubyte", lambda X: X[::-1]),
            ("t10k-images-idx3-ubyte", lambda X: 255 - X),
        ],
        ids=["shuffled", "all 0", "shifted", "other order", "inverted"],
    )
    def test_other_content_is_refused(self, refusal_of, name, change):
        assert refusal_of(name, change) == "data.changed"

    @pytest.mark.parametrize("part", fashion.FILES)
    def test_the_digits_of_mnist_are_named(self, refusal_of, part):
        def digits(y):
            return np.concatenate([np.array(fashion.DIGITS[part], np.uint8), y[10:]])

        assert refusal_of(fashion.FILES[part][1], digits) == "data.digits"


@given(st.lists(st.integers(0, 4), min_size=1, max_size=3), st.booleans(), st.data())
def test_a_written_file_is_read_back_plain_or_gzipped(tmp_path_factory, shape, packed, data):
    numbers = np.array(data.draw(st.lists(st.integers(0, 255), min_size=64, max_size=64)), dtype=np.uint8)
    numbers = np.resize(numbers, shape)
    path = tmp_path_factory.mktemp("idx") / "file"
    path.write_bytes(gzip.compress(write_idx(numbers)) if packed else write_idx(numbers))
    read = read_idx(path, tuple(shape))
    assert read.dtype == np.uint8
    assert np.array_equal(read, numbers)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_too_short_or_too_long_is_refused(tmp_path, packed):
    whole = write_idx(np.arange(12, dtype=np.uint8).reshape(SHAPE))
    stored = gzip.compress(whole) if packed else whole
    path = tmp_path / "file"
    for length in range(len(stored)):
        path.write_bytes(stored[:length])
        assert refusal(path) in ("data.damaged", "data.foreign")
    path.write_bytes(gzip.compress(whole + b"\0") if packed else whole + b"\0")
    assert refusal(path) == "data.damaged"


def test_a_gzipped_file_with_a_flipped_bit_is_refused(tmp_path):
    stored = bytearray(gzip.compress(write_idx(np.arange(12, dtype=np.uint8).reshape(SHAPE)), mtime=0))
    path = tmp_path / "file.gz"
    for place in range(10, len(stored)):
        wrong = bytearray(stored)
        wrong[place] ^= 1
        path.write_bytes(wrong)
        assert refusal(path).startswith("data.")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "data.foreign"),
        (b"PK\3\4 a zip file", "data.foreign"),
        (struct.pack(">BBBB3I", 0, 0, 13, 3, *SHAPE) + bytes(48), "data.foreign"),  # floats
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 3, 2, 3) + bytes(18), "data.other_shape"),
        (struct.pack(">BBBBI", 0, 0, 8, 1, 12) + bytes(12), "data.other_shape"),
        (struct.pack(">BBBB", 0, 0, 8, 255), "data.foreign"),
    ],
)
def test_a_foreign_file_is_distinguished_from_a_damaged_one(tmp_path, content, code):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "nothing") == "data.missing"
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / "folder") == "data.damaged"


def test_a_file_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.gz"
    head = write_idx(np.zeros(SHAPE, dtype=np.uint8))
    path.write_bytes(gzip.compress(head) + gzip.compress(bytes(2**24)) * 200)  # 3 GB
    assert refusal(path) == "data.damaged"


def test_a_class_beyond_the_tenth_is_refused(tmp_path):
    for name in fashion.FILES["test"]:
        shape = (4, 28, 28) if "images" in name else (4,)
        (tmp_path / name).write_bytes(write_idx(np.full(shape, 10, dtype=np.uint8)))
    with pytest.raises(wb.DataError) as caught:
        fashion.read_part(tmp_path, "test", 4)
    assert caught.value.code == "data.other_classes"


def test_the_checksums_have_the_format_of_sha256sum():
    line = small_set.checksums({"a": b"b"})
    assert line == f"{hashlib.sha256(b'b').hexdigest()}  a\n"
