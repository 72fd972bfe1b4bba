"""Files for the upload sandbox, good and bad, written byte by byte: `good_files()` and `bad_files(marker)`.

A case about the content of the pickle is written once, as a function of `storage`, and comes in both of torch's
formats. A bad file that runs code creates `marker`.
"""

import dataclasses
import gzip
import io
import json
import pickle
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

LEGACY_MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2)
WEIGHT, BIAS = 0.25, -1.5
LITTLE = {"0": struct.pack("<f", WEIGHT), "1": struct.pack("<f", BIAS)}
BIG = 900_000  # bytes; still below the limit for a file

# --- pickles, opcode by opcode ------------------------------------------------------------------------------------


class Ops(bytes):
    """Opcodes that leave one value on the stack."""


def ops(value: Any) -> Ops:
    """The opcodes of protocol 2 for a plain value; what is `Ops` already stays as it is."""
    match value:
        case Ops():
            return value
        case None:
            return Ops(b"N")
        case bool():
            return Ops(b"\x88" if value else b"\x89")
        case int() if -(2**31) <= value < 2**31:
            return Ops(b"J" + struct.pack("<i", value))
        case int():
            size = value.bit_length() // 8 + 1
            return Ops(b"\x8a" + bytes([size]) + value.to_bytes(size, "little", signed=True))
        case float():
            return Ops(b"G" + struct.pack(">d", value))
        case str():
            text = value.encode("utf-8", "surrogatepass")
            return Ops(b"X" + struct.pack("<I", len(text)) + text)
        case tuple():
            return Ops(b"(" + b"".join(map(ops, value)) + b"t")
        case list():
            return Ops(b"](" + b"".join(map(ops, value)) + b"e")
        case dict():
            return Ops(b"}(" + b"".join(ops(key) + ops(item) for key, item in value.items()) + b"u")
    raise TypeError(type(value))


def name(full: str) -> Ops:
    module, _, attribute = full.rpartition(".")
    return Ops(f"c{module}\n{attribute}\n".encode())


def call(function: str, *args: Any) -> Ops:
    return Ops(name(function) + ops(args) + b"R")


def build(instance: Ops, state: Any) -> Ops:
    return Ops(instance + ops(state) + b"b")


def pickled(value: Any) -> bytes:
    return b"\x80\x02" + ops(value) + b"."


def tensor(memory: Ops, size: tuple[int, ...] = (1,), stride: tuple[int, ...] = (1,), offset: int = 0) -> Ops:
    return call("torch._utils._rebuild_tensor_v2", memory, offset, size, stride, False, call("collections.OrderedDict"))


# --- containers ---------------------------------------------------------------------------------------------------

SIZES = {"Double": 8, "Half": 2, "Long": 8, "Int": 4, "Short": 2, "Byte": 1, "Bool": 1, "ComplexFloat": 8, "QUInt8": 1}
Storage = Callable[..., Ops]  # (key="0", count=1, kind="Float", location="cpu") -> opcodes
Records = dict[str, bytes]


def zip_storage(key: str = "0", count: int = 1, kind: str = "Float", location: str = "cpu") -> Ops:
    return Ops(ops(("storage", name(f"torch.{kind}Storage"), key, location, count)) + b"Q")


def legacy_storage(key: str = "0", count: int = 1, kind: str = "Float", location: str = "cpu", view: Any = None) -> Ops:
    return Ops(ops(("storage", name(f"torch.{kind}Storage"), key, location, count, view)) + b"Q")


def in_zip(value: Any, records: Records) -> bytes:
    """Holds the storages that `value` mentions, like every file of torch."""
    code = ops(value)
    return zipped(torch_parts(pickled(value), {key: data for key, data in records.items() if ops(key) in code}))


def in_legacy(value: Any, records: Records) -> bytes:
    """Lists the storages that `value` mentions. The numbers of "0" have the size of its type, all others are floats."""
    code = ops(value)
    kind = re.search(rb"ctorch\n(\w+)Storage\n" + re.escape(ops("0")), code)
    sizes = {"0": SIZES.get(kind[1].decode(), 4)} if kind else {}
    records = {key: data for key, data in records.items() if ops(key) in code}
    counted = b"".join(struct.pack("<q", len(data) // sizes.get(key, 4)) + data for key, data in records.items())
    about = {"protocol_version": 1001, "little_endian": True}
    return LEGACY_MAGIC + b"".join(map(pickled, [1001, about, value, list(records)])) + counted


def in_safetensors(header: Any, values: bytes = b"".join(LITTLE.values()), length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + values


CONTAINERS = {"zip": (zip_storage, in_zip), "legacy": (legacy_storage, in_legacy)}


@dataclasses.dataclass
class Part:
    """One entry of a zip. A field that is None follows from the content; the others are lies, if they differ."""

    name: str
    content: bytes
    root: str = "archive"
    method: int = 0
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    local_name: str | None = None
    local_size: int | None = None
    local_crc: int | None = None
    descriptor: bytes = b""
    extra: bytes = b""
    central_extra: bytes = b""
    before: bytes = b""
    moved: int = 0
    attributes: int = 0

    @property
    def path(self) -> bytes:
        return f"{self.root}/{self.name}".encode()

    def local(self) -> bytes:
        crc, size = self._sums()
        sums = (crc if self.local_crc is None else self.local_crc, *[_or(self.local_size, size)] * 2)
        path = self.path if self.local_name is None else f"{self.root}/{self.local_name}".encode()
        head = struct.pack("<4s5H3I2H", b"PK\3\4", 0, self.flags, self.method, 0, 0, *sums, len(path), len(self.extra))
        return head + path + self.extra + self.content + self.descriptor

    def central(self, offset: int) -> bytes:
        crc, size = self._sums()
        packed = len(self.content) if self.method else size
        about = (0, 0, self.flags, self.method, 0, 0, crc, packed, size, len(self.path), len(self.central_extra))
        return (
            struct.pack("<4s6H3I5H2I", b"PK\1\2", *about, 0, 0, 0, self.attributes, offset + self.moved)
            + self.path
            + self.central_extra
        )

    def _sums(self) -> tuple[int, int]:
        return _or(self.crc, zlib.crc32(self.content)), _or(self.size, len(self.content))


def _or(given: int | None, otherwise: int) -> int:
    return otherwise if given is None else given


def torch_parts(data_pkl: bytes, records: Records) -> list[Part]:
    """The entries that an early torch 1.x wrote: no alignment, no byteorder."""
    data = [Part(f"data/{key}", content) for key, content in records.items()]
    return [Part("data.pkl", data_pkl), *data, Part("version", b"3\n")]


def zipped(parts: list[Part], *, comment: bytes = b"", count: int | None = None, start: int = 0) -> bytes:
    """A zip of these entries; `count` and `start` falsify its end record."""
    body, directory = b"", b""
    for part in parts:
        body += part.before
        directory += part.central(len(body))
        body += part.local()
    count = _or(count, len(parts))
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body) + start, len(comment))
    return body + directory + end + comment


# --- good files ---------------------------------------------------------------------------------------------------


def state(storage: Storage = zip_storage, **changes: Any) -> dict[Any, Any]:
    """The content of a good file for the model "parameter"; `changes` replace or add entries."""
    return {"weights": tensor(storage("0")), "bias": tensor(storage("1"))} | changes


def saved(value: Any, **kwargs: Any) -> bytes:
    file = io.BytesIO()
    torch.save(value, file, **kwargs)
    return file.getvalue()


def good_files() -> dict[str, bytes]:
    """Files for the model "parameter" with `WEIGHT` and `BIAS`, all of them to be accepted."""
    plain = {"weights": torch.tensor([WEIGHT]), "bias": torch.tensor([BIAS])}
    module = torch.nn.Module()
    module.weights, module.bias = (torch.nn.Parameter(value.clone()) for value in plain.values())
    views = torch.tensor([9.0, WEIGHT, 9.0, BIAS])
    values = {
        "dict": plain,
        "state_dict": module.state_dict(),
        "parameters": dict(module.named_parameters()),
        "other order": dict(reversed(plain.items())),
        "views of one storage": {"weights": views[1:2], "bias": views[3:]},
        "strided view": {"weights": views[1::2][:1], "bias": views[1::2][1:]},
        "requires_grad": {key: value.clone().requires_grad_() for key, value in plain.items()},
    }
    for dtype in ("float16", "bfloat16", "float64"):
        values[dtype] = {key: value.to(getattr(torch, dtype)) for key, value in plain.items()}
    files = {f"zip: {title}": saved(value) for title, value in values.items()}
    files |= {f"legacy: {title}": saved(value, _use_new_zipfile_serialization=False) for title, value in values.items()}
    for kind, (storage, container) in CONTAINERS.items():
        on_gpu = {key: tensor(storage(str(i), location="cuda:0")) for i, key in enumerate(("weights", "bias"))}
        files[f"{kind}: saved on cuda:0"] = container(on_gpu, LITTLE)
        files[f"{kind}: written by hand"] = container(state(storage), LITTLE)
    files["zip: no folder of torch's own"] = zipped(
        [dataclasses.replace(part, root="my model.v2") for part in torch_parts(pickled(state()), LITTLE)]
    )
    big = {key: content[::-1] for key, content in LITTLE.items()}
    files["zip: big-endian"] = zipped([*torch_parts(pickled(state()), big), Part("byteorder", b"big")])
    regular = (stat.S_IFREG | 0o600) << 16
    parts = [dataclasses.replace(part, attributes=regular) for part in torch_parts(pickled(state()), LITTLE)]
    files["zip: regular files"] = zipped(parts)
    header = {key: {"dtype": "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]} for i, key in enumerate(plain)}
    files["safetensors: plain"] = in_safetensors(header)
    files["safetensors: metadata"] = in_safetensors({"__metadata__": {"format": "pt"}} | header)
    double = {
        key: part | {"dtype": "F64", "data_offsets": [8 * i, 8 * i + 8]} for i, (key, part) in enumerate(header.items())
    }
    files["safetensors: float64"] = in_safetensors(double, struct.pack("<2d", WEIGHT, BIAS))
    return files


# --- bad files: what is wrong is in the pickle --------------------------------------------------------------------


def pickle_cases(storage: Storage, marker: Path) -> Iterator[tuple[str, Any, Records]]:
    """Title, content and records of files that must be refused, for one of torch's two formats."""

    def case(title: str, content: Any = ..., **records: bytes) -> tuple[str, Any, Records]:
        own = {key.removeprefix("key"): data for key, data in records.items()}
        return title, state(storage) if content is ... else content, LITTLE | own

    def weights(value: Any) -> dict[Any, Any]:
        return state(storage, weights=value)

    def first(kind: str, data: bytes) -> tuple[Any, dict[str, bytes]]:
        return weights(tensor(storage("0", kind=kind))), {"key0": data}

    # numbers
    for title, number in {
        "nan": "nan",
        "infinite": "inf",
        "minus infinite": "-inf",
        "a million": 1e6,
        "huge": -3e38,
    }.items():
        yield case(f"number: {title}", key0=struct.pack("<f", float(number)))
    content, records = first("Double", struct.pack("<d", 1e300))
    yield case("number: too large for float32", content, **records)
    content, records = first("Half", struct.pack("<e", float("inf")))
    yield case("number: infinite float16", content, **records)

    # memory that is not in the file
    for title, memory in {
        "storage longer than its record": storage(count=1000),
        "storage of a terabyte": storage(count=2**38),
        "storage whose size overflows": storage(count=2**62),
        "storage of negative size": storage(count=-1),
        "storage that is not there": storage("7"),
        "storage by another name": storage("../0"),
    }.items():
        yield case(f"memory: {title}", weights(tensor(memory)))
    yield case("memory: storage shorter than its record", key0=bytes(4096))
    for title, view in {
        "stride 0, a thousand million": ((10**9,), (0,)),
        "stride 0, three": ((3,), (0,)),
        "windows that overlap": ((2, 2), (1, 1)),
        "more elements than there are": ((100,), (1,)),
        "more elements than fit": ((2**62,), (1,)),
        "offset beyond the end": ((1,), (1,), 4),
        "offset before the start": ((1,), (1,), -1),
        "negative stride": ((2,), (-1,), 1),
        "negative size": ((-1,), (1,)),
        "sizes and strides that differ in number": ((1, 1), (1,)),
    }.items():
        yield case(f"memory: {title}", weights(tensor(storage(count=3), *view)), key0=bytes(12))
    yield case("memory: a thousand dimensions", weights(tensor(storage(), (1,) * 1000, (1,) * 1000)))
    yield case("memory: never written, FloatTensor", weights(call("torch.FloatTensor", 1)))
    yield case("memory: never written, Tensor", weights(call("torch.Tensor", 1)))
    yield case("memory: a hundred megabytes never written", weights(call("torch.Tensor", 25_000_000)))
    yield case(
        "memory: on no device",
        weights(call("torch._utils._rebuild_meta_tensor_no_storage", name("torch.float32"), (1,), (1,), False)),
    )
    yield case("memory: enlarged by set_", weights(build(call("torch.Tensor"), (storage(), 0, (100,), (1,)))))
    typed = call("torch.storage.TypedStorage", 1)
    yield case("memory: a storage of its own", weights(tensor(typed)))

    nan = tensor(storage("0"))
    yield case("number: nan in an inner table", {"model": state(storage, weights=nan)}, key0=b"\xff" * 4)
    yield case("memory: of another storage, in an inner table", {"model": weights(tensor(storage(), (100,)))})
    yield case("memory: object in the place of a storage", {"model": weights(tensor(call("a.B")))})

    # types
    for kind in ("Long", "Int", "Short", "Byte", "Bool", "ComplexFloat"):
        content, records = first(kind, bytes(SIZES[kind]))
        yield case(f"type: {kind}", content, **records)
    sparse = call(
        "torch._utils._rebuild_sparse_tensor",
        call("torch.serialization._get_layout", "torch.sparse_coo"),
        (tensor(storage("0", kind="Long"), (1, 1), (1, 1)), tensor(storage("1")), (1,), False),
    )
    yield case("type: sparse", weights(sparse), key0=bytes(8))
    quantized = call(
        "torch._utils._rebuild_qtensor",
        storage("0", kind="QUInt8"),
        0,
        (1,),
        (1,),
        (name("torch.per_tensor_affine"), 0.5, 0),
        False,
        call("collections.OrderedDict"),
    )
    yield case("type: quantized", weights(quantized), key0=b"\1")
    float8 = call(
        "torch._utils._rebuild_tensor_v3",
        storage("0", kind="Byte"),
        0,
        (1,),
        (1,),
        False,
        call("collections.OrderedDict"),
        name("torch.float8_e4m3fn"),
    )
    yield case("type: float8", weights(float8), key0=b"\1")
    negated = call(
        "torch._utils._rebuild_tensor_v2",
        storage(),
        0,
        (1,),
        (1,),
        False,
        call("collections.OrderedDict"),
        {"neg": True},
    )
    yield case("type: negated later", weights(negated))
    disguised = call(
        "torch._tensor._rebuild_from_type_v2",
        name("torch._utils._rebuild_tensor_v2"),
        name("torch.Tensor"),
        (storage(), 0, (1,), (0,), False, call("collections.OrderedDict")),
        {"detach": 1, "shape": (1,), "stride": name("collections.OrderedDict")},
    )
    yield case("type: attributes of its own", weights(build(disguised, {})))

    # names and shapes
    good = tensor(storage())
    yield case("names: none", {})
    yield case("names: one is missing", {"weights": good})
    yield case("names: one too many", state(storage, extra=good))
    yield case(
        "names: of the other model",
        {"linear_layer.weight": tensor(storage(), (1, 1), (1, 1)), "linear_layer.bias": good},
    )
    yield case("names: of the other model and nan", {"linear_layer.weight": good}, key0=b"\xff" * 4)
    yield case("names: three hundred", {f"w{i}": good for i in range(300)})
    for title, key in {
        "integer": 1,
        "none": None,
        "true": True,
        "tuple": ("weights",),
        "bytes": call("_codecs.encode", "weights", "latin1"),
        "tensor": good,
        "float": 0.5,
        "empty": "",
        "too long": "w" * 101,
        "newline": "weights\n",
        "surrogate": "weights\ud800",
        "Markdown": "[click](javascript:alert(1))",
        "HTML": "<img src=x onerror=alert(1)>",
        "path": "../../etc/passwd",
        "Cyrillic": "weіghts",
        "right to left": "\u202eweights",
        "zero": "weights\0",
        "backticks": "```",
        "LaTeX": "$\\rule{9em}{9em}$",
    }.items():
        yield case(f"names: {title}", {key: good} | state(storage))
    for size in ((), (0,), (3,), (1, 1), (1, 1, 1)):
        stride = (1,) * len(size)
        yield case(f"shape: {size}", weights(tensor(storage(count=3), size, stride)), key0=bytes(12))

    # not a table of tensors
    for title, value in {
        "number": 1.0,
        "text": "0.25",
        "none": None,
        "list": [0.25],
        "storage": storage(),
        "type": name("torch.Tensor"),
    }.items():
        yield case(f"value: {title}", weights(value))
        yield case(f"content: {title}", value)
    yield case("names: a table in a tensor's place", weights({"a": good}))
    yield case("content: table of other names", {"a": good})
    yield case("content: table deep inside, of other names", {"model": {"state": {"a": good}}})
    yield case("content: Counter", build(call("collections.Counter"), state(storage)))
    yield case("content: lists that contain themselves", Ops(b"]q\0h\0a"))
    yield case(
        "content: table with items of its own",
        Ops(build(call("collections.OrderedDict"), {"items": name("torch.Size"), "__len__": 1})),
    )

    # code
    command = f"touch {marker}"
    for function, args in {
        "os.system": (command,),
        "posix.system": (command,),
        "nt.system": (command,),
        "builtins.eval": (f"open({str(marker)!r}, 'w')",),
        "builtins.exec": (f"open({str(marker)!r}, 'w')",),
        "subprocess.getoutput": (command,),
        "torch.hub.load": ("a/b", "c"),
        "torch.load": (str(marker),),
        "torch.serialization.add_safe_globals": ([],),
        "builtins.getattr": (name("torch.Tensor"), "numpy"),
        "pathlib.Path.touch": (str(marker),),
        "io.open": (str(marker), "w"),
        "wb_core.sandbox.worker.main": ("os", "fork"),
    }.items():
        yield case(f"code: {function}", weights(call(function, *args)))
        yield case(f"code: {function}, beside good weights", {"model": state(storage), "x": call(function, *args)})
    yield case("code: NEWOBJ", weights(Ops(name("subprocess.Popen") + ops((command,)) + b"\x81")))
    yield case("code: BUILD", build(name("torch.Tensor"), {"x": call("os.system", command)}))
    yield case(
        "code: STACK_GLOBAL beside good weights",
        {"model": state(storage), "x": Ops(ops("os") + ops("system") + b"\x93")},
    )
    disguise = call("numpy.core.multiarray.scalar", name("os.system"), command)
    yield case("code: in a NumPy number", {"model": state(storage), "x": disguise})
    yield case(
        "code: in the state of an object",
        {"model": state(storage), "x": build(call("a.B"), call("os.system", command))},
    )
    partial = call("functools.partial", name("os.system"), command)
    yield case("code: functools.partial of a command", {"model": state(storage), "x": partial})
    frame = call("pandas._libs.internals._unpickle_block", call("os.system", command))
    yield case("code: in a pandas table", {"model": state(storage), "x": frame})
    yield case("code: whole model", call("torch.nn.modules.linear.Linear", 1, 1))
    yield case("code: INST", Ops(b"(" + ops(command) + b"ios\nsystem\n"))
    yield case("code: STACK_GLOBAL", Ops(ops("os") + ops("system") + b"\x93" + ops((command,)) + b"R"))

    # time and memory
    doubled = b"".join(b"q" + bytes([i]) + b"h" + bytes([i]) + b"\x86" for i in range(60))
    bomb = Ops(b")" + doubled)
    yield case("bomb: hash of a shared tuple as key", {bomb: good})
    yield case("bomb: hash of a shared tuple in a set", weights(call("builtins.set", [bomb])))
    deep = Ops(b")" + b"\x85" * BIG)
    yield case("bomb: tuple 900,000 deep as key", {deep: good})
    yield case("bomb: tuple 900,000 deep beside good weights", {"model": state(storage, weights=good), deep: 1})
    yield case("bomb: tuple 900,000 deep as value", weights(deep))
    yield case("bomb: tuple 900,000 deep as content", deep)
    yield case("bomb: tuple 900,000 deep as storage", weights(Ops(deep + b"Q")))
    yield case("bomb: list 400,000 deep", Ops(b"]" * (BIG // 2) + b"a" * (BIG // 2 - 1)))
    equal = b"".join(ops(i * (2**61 - 1)) + b"N" for i in range(1, BIG // 14))
    yield case("bomb: keys of equal hash", Ops(b"}(" + equal + b"u"))
    for codec, text in {
        "punycode": "".join(map(chr, range(0x10000, 0x10000 + BIG // 4))),
        "idna": "a" * BIG,
        "unicode_escape": "\\" * BIG,
        "bz2": "a",
        "rot13": "a",
    }.items():
        yield case(f"bomb: codec {codec}", weights(call("_codecs.encode", text, codec)))
    for title, op in {
        "NONE": b"N",
        "MARK": b"(",
        "EMPTY_DICT": b"}",
        "EMPTY_SET": b"\x8f",
        "FLOAT": b"G" + bytes(8),
    }.items():
        yield case(f"bomb: flood of {title}", Ops(op * (BIG // len(op))))
    yield case("bomb: flood of storages", Ops((storage("0") + b"\x85") * (BIG // len(storage("0")) // 2)))
    yield case("bomb: bytearray of a gigabyte", weights(call("builtins.bytearray", 10**9)))
    yield case("bomb: tensor of a terabyte", weights(call("torch.Tensor", 2**38)))
    yield case("bomb: long text", weights("x" * BIG))
    yield case("bomb: memo as long as a number is", Ops(b"Nr\xff\xff\xff\xff"))

    # no pickle
    for title, code in {
        "empty": b"",
        "no value": b".",
        "pop from nothing": b"R",
        "memo that is not there": b"h\7",
        "unknown opcode": b"\xff",
        "text to the end": b"X\xff\xff\xff\xff",
        "protocol 4": b"\x80\4\x95\0\0\0\0\0\0\0\0}",
        "no number": b"J\0",
        "BUILD of a table": b"}}b",
        "end of a mark": b"t",
        "odd table": b"}(Nu",
        "extension": b"\x82\1",
        "global without end": b"cos",
        "global that is no text": b"c\xff\n\xff\n",
    }.items():
        yield case(f"pickle: {title}", Ops(code))


# --- bad files: what is wrong is around the pickle ----------------------------------------------------------------


def zip_cases() -> Iterator[tuple[str, bytes]]:
    good = torch_parts(pickled(state()), LITTLE)
    pkl, first, second, version = good

    def changed(index: int, **changes: Any) -> bytes:
        return zipped([dataclasses.replace(part, **changes) if i == index else part for i, part in enumerate(good)])

    def with_part(*parts: Part, at: int = 4) -> bytes:
        return zipped([*good[:at], *parts, *good[at:]])

    other = Part("data/0", struct.pack("<f", 9.0))
    yield "entry twice, before", with_part(other, at=1)
    yield "entry twice, behind", with_part(other)
    yield "pickle twice", with_part(Part("data.pkl", pickled({})))
    yield "same name in capitals", with_part(Part("DATA.PKL", pickled({})))
    yield "same name in capitals, in another folder", with_part(dataclasses.replace(other, root="Archive"))
    for foreign in (
        "notes.txt",
        "constants.pkl",
        "code/__torch__.py",
        "data/x",
        "data/",
        "data/0/1",
        "data/٣",
        ".data/version",
        "",
        "../data/2",
        "/data/2",
        "\\data\\2",
        "data/2\0x",
        "data/" + "1" * 60,
    ):
        yield f"foreign name {foreign!r}", with_part(Part(foreign, bytes(4)))
    for root in ("..", ".", "", "a/b", "a\\b", "C:", "x\0", "x" * 256, "/"):
        yield f"folder {root[:9]!r}", zipped([dataclasses.replace(part, root=root) for part in good])
    yield "two folders", changed(1, root="archive2")
    for kind, mode in (("symbolic link", stat.S_IFLNK), ("folder", stat.S_IFDIR), ("device", stat.S_IFCHR)):
        yield f"{kind} as an entry", changed(1, attributes=(mode | 0o777) << 16)
    yield "folder of DOS as an entry", changed(1, attributes=0x10)
    yield "no pickle", zipped(good[1:])
    yield "no entries", zipped([])
    yield "only a pickle that is missing its data", zipped([pkl, version])
    yield "unknown byte order", with_part(Part("byteorder", b"middle"))
    yield "one storage more than is used", with_part(Part("data/2", bytes(4)))
    yield "thousand entries", with_part(*[Part(f"data/{i}", bytes(4)) for i in range(2, 1002)])
    yield "format version that is no number", with_part(Part(".storage_alignment", b"9" * 5000))

    yield "wrong CRC", changed(1, crc=1)
    yield "CRC of nothing", changed(1, crc=0)
    yield "changed data", changed(1, content=bytes(4), crc=zlib.crc32(first.content))
    yield "local CRC differs", changed(1, local_crc=1)
    yield "local name differs", changed(1, local_name="data/9")
    yield "local size differs", changed(1, local_size=8)
    yield "declared size too small", changed(1, size=1)
    yield "declared size huge", changed(1, size=2**32 - 1)
    yield "declared size beyond the file", changed(1, size=BIG)
    yield "descriptor missing", changed(1, flags=8, local_size=0, local_crc=0)
    yield "descriptor differs", changed(1, flags=8, descriptor=struct.pack("<4s3I", b"PK\7\10", 1, 4, 4))
    for flag in (1, 32, 64, 8192):
        yield f"flag {flag}", changed(1, flags=flag)
    for method in (8, 12, 14, 93, 99):
        yield f"method {method}", changed(1, method=method)
    yield "extra field for large files", changed(1, extra=struct.pack("<2H2Q", 1, 16, 4, 4))
    yield "extra field for large files in the directory", changed(1, central_extra=struct.pack("<2H2Q", 1, 16, 4, 4))
    yield "gap", changed(1, before=b"gap")
    yield "entry before the start", changed(0, before=b"MZ")
    yield "entries that overlap", changed(2, moved=-40)
    yield "entry at another's place", changed(2, moved=-len(first.local()))
    yield "entry beyond the end", changed(2, moved=10**6)
    yield "comment", zipped(good, comment=b"hello")
    yield "comment that is an end record", zipped(good, comment=zipped([])[-22:])
    yield "data behind the end", zipped(good) + b"x"
    yield "two files in one", zipped(good) + zipped(good)
    yield "end record twice", zipped(good) + zipped(good)[-22:]
    yield "count too small", zipped(good, count=2)
    yield "count too large", zipped(good, count=60_000)
    yield "directory elsewhere", zipped(good, start=-1)
    yield "directory beyond the end", zipped(good, start=2**31)

    torchs = saved({"weights": torch.tensor([WEIGHT]), "bias": torch.tensor([BIAS])})
    yield "end record for large files, damaged", torchs[:-90] + b"\xff" + torchs[-89:]
    yield "locator for large files, damaged", torchs[:-30] + b"\xff" + torchs[-29:]
    for step in range(16):
        yield f"cut off at {step}/16", torchs[: 4 + (len(torchs) - 4) * step // 16]
    yield "last byte missing", torchs[:-1]
    yield "first bytes missing", b"PK\3\4" + torchs[40:]
    for compression, title in ((zipfile.ZIP_DEFLATED, "deflated"), (zipfile.ZIP_LZMA, "lzma")):
        yield (
            f"{title}, by a zip program",
            by_zip_program(
                {
                    "archive/data.pkl": pkl.content,
                    "archive/data/0": first.content,
                    "archive/data/1": second.content,
                    "archive/version": b"3",
                },
                compression,
            ),
        )
    yield "zip bomb", by_zip_program({"archive/data.pkl": pickled(deep_tuple()), "archive/data/0": bytes(500_000_000)})
    yield (
        "deep tuple in 1.6 kB",
        by_zip_program({"archive/data.pkl": pickled({deep_tuple(): 1}), "archive/version": b"3"}),
    )
    yield "office document", by_zip_program({"[Content_Types].xml": b"<xml/>", "word/document.xml": b"<xml/>"})


def by_zip_program(files: Records, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return file.getvalue()


def deep_tuple() -> Ops:
    return Ops(b")" + b"\x85" * BIG)


def legacy_cases(marker: Path) -> Iterator[tuple[str, bytes]]:
    content, about = state(legacy_storage), {"little_endian": True}
    code = call("os.system", f"touch {marker}")
    sizes = b"".join(struct.pack("<q", 1) + data for data in LITTLE.values())

    def parts(*values: Any, rest: bytes = sizes) -> bytes:
        return LEGACY_MAGIC + b"".join(map(pickled, values)) + rest

    good = parts(1001, about, content, ["0", "1"])
    yield "data behind the end", good + b"x"
    yield "two files in one", good + good
    for step in range(1, 16):
        yield f"cut off at {step}/16", good[: len(good) * step // 16]
    yield "last byte missing", good[:-1]
    yield "other protocol version", parts(1002, about, content, ["0", "1"])
    yield "no storage is filled", parts(1001, about, content, [], rest=b"")
    yield "one storage is not filled", parts(1001, about, content, ["0"], rest=sizes[:12])
    yield "one storage is filled twice", parts(1001, about, content, ["0", "0"])
    yield "keys of other storages", parts(1001, about, content, ["8", "9"])
    yield "keys are a number", parts(1001, about, content, 2)
    for size in (0, 2, -1, 2**40, 2**62):
        yield f"storage of {size}", parts(1001, about, content, ["0", "1"], rest=struct.pack("<q", size) + sizes[8:])
    unfilled = state(legacy_storage, weights=tensor(legacy_storage("0"), (100,)))
    yield "enlarged and not filled", parts(1001, about, unfilled, ["1"], rest=sizes[12:])
    for view in (("v", 0, 100), ("v", 5, 1), ("v", -1, 1), ("v", 2**62, 2**62), ("1", 0, 1), "view"):
        viewed = state(legacy_storage, weights=tensor(legacy_storage("0", view=view), (50,)))
        yield f"view {view}", parts(1001, about, viewed, ["0", "1"])
    twice = {"weights": tensor(legacy_storage("0")), "bias": tensor(legacy_storage("0", 1000, "Double"), (1000,))}
    yield "one storage of two types", parts(1001, about, twice, ["0"], rest=sizes[:12])
    yield "module", parts(1001, about, Ops(ops(("module", name("torch.nn.Linear"), str(marker), "x")) + b"Q"), [])
    for i in range(4):
        values = [1001, about, content, ["0", "1"]]
        values[i] = code
        yield f"code in pickle {i + 1}", parts(*values)
    bomb = {Ops(b")" + b"".join(b"q" + bytes([i]) + b"h" + bytes([i]) + b"\x86" for i in range(60))): 1}
    yield "bomb in the header", parts(1001, bomb, content, ["0", "1"])
    yield "bomb in the keys", parts(1001, about, content, bomb)


def safetensors_cases() -> Iterator[tuple[str, bytes]]:
    def part(dtype: str = "F32", shape: Any = (1,), offsets: Any = (0, 4)) -> dict[str, Any]:
        return {"dtype": dtype, "shape": shape, "data_offsets": offsets}

    weights, bias = part(), part(offsets=(4, 8))
    good = in_safetensors({"weights": weights, "bias": bias})
    text = good[8:-8]
    for length in (0, 1, 7, len(text) - 1, len(text) + 1, 10**6, 2**63, 2**64 - 1):
        yield f"header of {length} bytes", in_safetensors(text, length=length)
    for title, header in {
        "no JSON": b"{" + b"x" * 40,
        "JSON a thousand deep": b'{"a":' * 1000 + b"1" + b"}" * 1000,
        "JSON 400,000 deep": b'{"a":' + b"[" * 400_000,
        "number of 900,000 digits": b'{"weights":{"dtype":"F32","shape":[' + b"9" * BIG + b'],"data_offsets":[0,4]}}',
        "no UTF-8": b'{"\xff\xfe":1}',
        "list": b"{}, []",
        "name twice": b'{"weights":' + json.dumps(weights).encode() + b"," + text[1:],
        "field twice": text.replace(b'"shape": [1]', b'"shape": [1], "shape": [1]', 1),
    }.items():
        yield title, in_safetensors(header)
    for title, header in {
        "nothing": {},
        "offsets that overlap": {"weights": weights, "bias": weights},
        "gap": {"weights": weights, "bias": part(offsets=(5, 9))},
        "offsets beyond the end": {"weights": weights, "bias": part(offsets=(4, 400))},
        "offsets backwards": {"weights": weights, "bias": part(offsets=(8, 4))},
        "negative offsets": {"weights": weights, "bias": part(offsets=(-4, 4))},
        "shape and offsets differ": {"weights": part(shape=(3,)), "bias": bias},
        "negative shape": {"weights": part(shape=(-1,)), "bias": bias},
        "shape that overflows": {"weights": part(shape=(2**62, 4)), "bias": bias},
        "shape is text": {"weights": part(shape="1"), "bias": bias},
        "unknown type": {"weights": part("F99"), "bias": bias},
        "integers": {"weights": part("I32"), "bias": bias},
        "booleans": {"weights": part("BOOL", (4,)), "bias": bias},
        "float8": {"weights": part("F8_E4M3", (4,)), "bias": bias},
        "complex": {"weights": part("C64", (1,), (0, 8))},
        "surrogate in a name": {"weights\ud800": weights, "bias": bias},
        "Markdown in a name": {"**[x](http://x)**": weights, "bias": bias},
        "newline in a name": {"weights\n": weights, "bias": bias},
        "one is missing": {"weights": part(shape=(2,), offsets=(0, 8))},
        "wrong shape": {"weights": part(shape=(1, 1)), "bias": bias},
        "metadata that is no text": {"__metadata__": {"a": 1}, "weights": weights, "bias": bias},
        "thousand names": {f"w{i}": part(offsets=(4 * i, 4 * i + 4)) for i in range(1000)},
    }.items():
        yield title, in_safetensors(header, bytes(4000) if title == "thousand names" else b"".join(LITTLE.values()))
    yield "data behind the end", good + b"x"
    yield "nan", in_safetensors({"weights": weights, "bias": bias}, b"\xff" * 8)
    yield "infinite", in_safetensors({"weights": weights, "bias": bias}, struct.pack("<2f", 1, float("-inf")))
    yield (
        "float64 too large for float32",
        in_safetensors(
            {"weights": part("F64", (1,), (0, 8)), "bias": part("F64", (1,), (8, 16))}, struct.pack("<2d", 1e300, 1)
        ),
    )
    for step in range(1, 8):
        yield f"cut off at {step}/8", good[: len(good) * step // 8]


def other_cases(marker: Path) -> Iterator[tuple[str, bytes]]:
    class Code:
        def __reduce__(self) -> tuple[Any, ...]:
            import os

            return os.system, (f"touch {marker}",)

    good = good_files()["zip: dict"]
    yield "empty", b""
    yield "one byte", b"P"
    yield "magic of a zip alone", b"PK\3\4"
    yield "magic of a legacy file alone", LEGACY_MAGIC
    yield "empty zip", zipped([])
    yield "too large, zeros", bytes(1_000_001)
    yield "too large, good", saved({"weights": torch.zeros(300_000), "bias": torch.zeros(1)})
    yield "gzip", gzip.compress(good)
    yield "7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)
    yield "text", "가중치 0.7, 편향 0.3".encode()
    yield "HTML", b"<!doctype html><title>404</title>"
    yield "JSON", b'{"weights": [0.25], "bias": [-1.5]}'
    yield "PNG", b"\x89PNG\r\n\x1a\n" + bytes(50)
    yield "NumPy", b"\x93NUMPY\1\0v\0" + bytes(60)
    yield "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(50)
    for protocol in range(6):
        yield f"plain pickle with code, protocol {protocol}", pickle.dumps(Code(), protocol)
    yield (
        "legacy with code, protocol 4",
        saved({"weights": Code()}, _use_new_zipfile_serialization=False, pickle_protocol=4),
    )
    yield "zip with code", saved({"weights": Code()})
    for mode in ("w", "w:gz"):
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode=mode) as tar:
            for path in ("storages", "tensors", "pickle", "../../evil"):
                content = pickle.dumps(Code(), 2)
                member = tarfile.TarInfo(path)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        yield f"tar, {mode}", file.getvalue()


def bad_files(marker: Path) -> dict[str, bytes]:
    """Files that must be refused as weights of the model "parameter", by a title that starts with their format."""
    files = {
        f"{kind}, {title}": container(content, records)
        for kind, (storage, container) in CONTAINERS.items()
        for title, content, records in pickle_cases(storage, marker)
    }
    families = {"zip": zip_cases(), "legacy": legacy_cases(marker), "safetensors": safetensors_cases()}
    for kind, cases in {**families, "other": other_cases(marker)}.items():
        files |= {f"{kind}, {title}": data for title, data in cases}
    return files
