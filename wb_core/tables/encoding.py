"""From the bytes of a file to text. Runs only in the child."""

import codecs
import re

from charset_normalizer import from_bytes

from .codes import refusal

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSED = ["cp949", "cp1252", "shift_jis", "gb18030", "big5", "cp1251"]
SAMPLE = 50_000  # bytes that the guess looks at

OTHER_FILES = (
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    # PDF, pictures, gzip, bzip2, xz, Zstandard, 7z, RAR, HDF5, Parquet, NumPy, pickle, SQLite, programs
    (
        (
            rb"%PDF|\x89PNG|\xff\xd8\xff|GIF8|\x1f\x8b|BZh[1-9]|\xfd7zXZ\0|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!|\x89HDF|PAR1"
            rb"|\x93NUMPY|\x80[\x02-\x05]|SQLite format|\x7fELF|\{\\rtf"
        ),
        "not_a_table",
    ),
    (rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|table|\?xml|svg|!--)", "other_format"),
    (rb"(\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]", "other_format"),  # JSON
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decode(data: bytes) -> str:
    """The text of a file. Raises `DataError` for what is no text."""
    for pattern, code in OTHER_FILES:
        if re.match(pattern, data[:200]):
            raise refusal(f"table.{code}")
    text = _decoded(data)
    if CONTROL.search(text):
        raise refusal("table.not_a_table")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if encoding := _without_mark(data[:SAMPLE]):
        return _strict(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_guess(data), "replace")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise refusal("table.damaged") from None


def _without_mark(sample: bytes) -> str:
    """UTF-16 without a byte order mark, by the zeros beside its digits; "" for anything else."""
    low, high = sample[::2].count(0), sample[1::2].count(0)
    if max(low, high) < len(sample) // 5 or min(low, high) > len(sample) // 100:
        return ""
    return "utf-16-be" if low > high else "utf-16-le"


def _guess(data: bytes) -> str:
    sample = data[:SAMPLE].rpartition(b"\n")[0] or data[:SAMPLE]
    try:
        korean = [char for char in data.decode("cp949") if char > "\x7f"]
        if all("\uac00" <= char <= "\ud7a3" or char in "℃㎡㎥㎏㎝㎞·×°±㎖" for char in korean):
            return "cp949"
    except UnicodeDecodeError:
        pass
    best = from_bytes(sample, cp_isolation=GUESSED).best()
    return best.encoding if best is not None else "cp1252"
