"""What a lesson asks for, as data: each condition looks at what is shown, and says whether it holds and where."""

from .condition import Condition, Look
from .of_run import GOOD, Branched, ConfidentMistakes, Epochs, Label, Metric, Same, Setting, WhatIf
from .of_tensors import Computed, Equal, Shape, SharedMemory

CONDITIONS: dict[str, type[Condition]] = {
    "metric": Metric,
    "label": Label,
    "confident_mistakes": ConfidentMistakes,
    "setting": Setting,
    "same": Same,
    "epochs": Epochs,
    "branched": Branched,
    "what_if": WhatIf,
    "shape": Shape,
    "equal": Equal,
    "shared_memory": SharedMemory,
    "computed": Computed,
}
"""The conditions by their names in files."""

__all__ = [
    "CONDITIONS", "GOOD", "Branched", "Computed", "Condition", "ConfidentMistakes", "Epochs", "Equal", "Label", "Look",
    "Metric", "Same", "Setting", "Shape", "SharedMemory", "WhatIf",
]  # fmt: skip
