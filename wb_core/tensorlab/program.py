"""A program: the steps that made a shelf, as a value that can be undone and written into a link.

In a link, a step is `C_matmul_A_B`: result name, operation, values without trailing defaults. An edit of a cell is
`C_edit_0x1_9`, and `C_del` removes C from the shelf.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..base.errors import ConfigError
from .lists import Sizes
from .literal import Number
from .operation import Call
from .params import NAMES, NOTHING, Scalar
from .registry import OPERATIONS

MAX_STEPS = 60
MAX_LETTERS = 6000


@dataclass(frozen=True)
class Step:
    """A call and the name of its result. `rng_seed` replaces the state of PyTorch's generator; links omit it."""

    target: str
    call: Call
    rng_seed: int = 0


@dataclass(frozen=True)
class Edit:
    """A number written into one cell of a tensor, or of a NumPy array that shares its memory.

    `via` is "array" for the array that the tensor was made from, "numpy" for its `.numpy()`, or "" for the tensor.
    """

    target: str
    index: tuple[int, ...]
    value: Number
    via: str = ""


@dataclass(frozen=True)
class Drop:
    """Removes a tensor from the shelf."""

    target: str


Program = tuple[Step | Edit | Drop, ...]

_INDEX, _VALUE = Sizes(label="", help=""), Scalar(label="", help="", default=0, most=sys.float_info.max)
_BOOLS: dict[bool, str] = {True: "t", False: "f"}


def read_call(text: str) -> Call:
    """Parse a call. Raises `ConfigError`."""
    head, *fields = text.split("_")
    operation = OPERATIONS.get(head)
    if operation is None or len(fields) > len(operation.params):
        raise _refusal(text)
    named = zip(operation.params.items(), fields, strict=False)
    return Call.of(operation, {name: param.read(field) for (name, param), field in named})


def write_program(program: Program) -> str:
    """The program as text for a link."""
    return "*".join(_write(step) for step in program)


def read_program(text: str) -> Program:
    """Parse a program; running it may still fail. Raises `ConfigError`."""
    steps = text.split("*") if text else []
    if len(text) > MAX_LETTERS or len(steps) > MAX_STEPS:
        raise _refusal(text)
    return tuple(_read(step) for step in steps)


def rng_seeds(program: Program) -> tuple[int, ...]:
    """What the text of a program omits: the seed of each call."""
    return tuple(step.rng_seed for step in program if isinstance(step, Step))


def with_rng_seeds(program: Program, seeds: Sequence[int]) -> Program:
    """The program with these seeds. Raises `ValueError` if they are none, or too many or too few."""
    if not all(type(seed) is int and 0 <= seed < 2**31 for seed in seeds) or len(seeds) != len(rng_seeds(program)):
        raise ValueError("a call has a seed, which is a whole number")
    left = iter(seeds)
    return tuple(replace(step, rng_seed=next(left)) if isinstance(step, Step) else step for step in program)


def complete(program: Program) -> bool:
    """Whether each step uses only tensors that are there by then."""
    there: set[str] = set()
    for step in program:
        if not there.issuperset(step.call.sources if isinstance(step, Step) else (step.target,)):
            return False
        there = there - {step.target} if isinstance(step, Drop) else there | {step.target}
    return True


def needed(program: Program) -> Program:
    """The program without the steps on which no tensor on the shelf depends.

    An edit may change all tensors derived from the edited one or its sources, because they may share memory.
    """
    made: dict[int, tuple[int, ...]] = {}  # step -> the steps whose tensors it uses
    now: dict[str, int] = {}  # name -> the step that made the current tensor
    dropped: dict[str, int] = {}  # name -> the last step that removed it
    for number, step in enumerate(program):
        if isinstance(step, Step):
            made[number] = tuple(now[name] for name in step.call.sources if name in now)
            now[step.target] = number
        elif step.target in now and isinstance(step, Edit):
            made[number] = (now[step.target],)
        elif step.target in now:
            del now[step.target]
            dropped[step.target] = number
    kept = set(now.values())
    while True:
        wanted = kept | {source for number in kept for source in made[number]}
        for number, step in enumerate(program):
            if isinstance(step, Edit) and number in made and _family(made[number][0], made) & wanted:
                wanted.add(number)
        if wanted == kept:
            break
        kept = wanted
    targets = {program[number].target for number in kept}
    gone = {number for name, number in dropped.items() if name in targets and name not in now}
    return tuple(step for number, step in enumerate(program) if number in kept | gone)


def _family(number: int, made: dict[int, tuple[int, ...]]) -> set[int]:
    """The steps connected to a step by use in either direction, including itself."""
    family = {number}
    while True:
        more = family | {source for member in family for source in made[member]}
        more |= {other for other, sources in made.items() if more & set(sources)}
        if more == family:
            return family
        family = more


def _write(step: Step | Edit | Drop) -> str:
    if isinstance(step, Step):
        return f"{step.target}_{step.call.text}"
    if isinstance(step, Drop):
        return f"{step.target}_del"
    value = _BOOLS[step.value] if isinstance(step.value, bool) else _VALUE.text(step.value)
    return "_".join([step.target, "edit", _INDEX.text(step.index), value, *([step.via] if step.via else [])])


def _read(text: str) -> Step | Edit | Drop:
    target, _, rest = text.partition("_")
    if target not in NAMES:
        raise _refusal(text)
    if rest == "del":
        return Drop(target)
    if not rest.startswith("edit_"):
        call = read_call(rest)
        if not call.operation.keeps:
            raise _refusal(text)
        return Step(target, call)
    parts = rest.split("_")[1:]
    if not 2 <= len(parts) <= 3 or (len(parts) == 3 and parts[2] not in ("array", "numpy")):
        raise _refusal(text)
    value = {"t": True, "f": False}.get(parts[1])
    return Edit(
        target,
        _INDEX.check("index", _INDEX.read(parts[0])),
        _VALUE.check("value", parts[1]) if value is None else value,
        parts[2] if len(parts) == 3 else "",
    )


def _refusal(text: str) -> ConfigError:
    clean = re.sub(r"[^\w.*-]", "?", text[:60]) or NOTHING
    return ConfigError("lab.program", field="shelf", given=clean, allowed="steps as the lab writes them")
