"""Takes apart what PyTorch and NumPy print, such as `tensor([1, 2], dtype=torch.int32)`, without evaluating it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PRINTED = re.compile(
    r"\s*(?:Parameter containing:\s*)?(?:torch\.|np\.|numpy\.)?(?:tensor|array)\s*\((?P<numbers>.*?)"
    r"(?:,\s*(?P<arguments>(?:dtype|device|requires_grad|grad_fn|size|shape|layout)\s*=[^\[\]]*))?\)\s*",
    re.DOTALL,
)
ARGUMENT = re.compile(r"(\w+)\s*=\s*((?:[^,()]|\([^()]*\))*)")
OTHER_NAMES = {
    "torch.float": "float32",
    "torch.double": "float64",
    "torch.half": "float16",
    "torch.long": "int64",
    "torch.int": "int32",
    "float": "float64",
    "int": "int64",
    "None": "none",
}
"""The dtypes that have a second name. A bare `float` is Python's, of 64 bits."""


@dataclass(frozen=True)
class Printed:
    """The text of the numbers, and the arguments behind them as they were written."""

    numbers: str
    arguments: Mapping[str, str]

    @property
    def dtype(self) -> str:
        """The name of the printed dtype, such as "bfloat16"; "none" if none was printed."""
        written = self.arguments.get("dtype", "None")
        return OTHER_NAMES.get(written) or re.sub(r"^(torch|np|numpy)\.", "", written.strip("'\""))

    @property
    def requires_grad(self) -> bool:
        return self.arguments.get("requires_grad") == "True"


def take_apart(text: str) -> Printed | None:
    """The parts of a printed tensor or array; None for any other text."""
    found = PRINTED.fullmatch(text)
    if found is None:
        return None
    return Printed(
        found["numbers"].strip(),
        {name: value.strip() for name, value in ARGUMENT.findall(found["arguments"] or "")},
    )
