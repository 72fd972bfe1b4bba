"""The reasons to refuse a file: a stable code and a sentence for each.

Sentences are filled with numbers, shapes, type names and the model's own names, never with text from the file.
"""

from typing import Any

from ...base.errors import CheckpointError
from ...base.fields import N_

CHECKPOINT_CODES: dict[str, str] = {
    "checkpoint.empty": N_("The file is empty: save the model again and upload the new file."),
    "checkpoint.too_large": N_(
        "The file has {size:,} bytes, and at most {limit:,} are allowed here: save only model.state_dict() and "
        "upload that."
    ),
    "checkpoint.not_a_checkpoint": N_(
        "This isn't a PyTorch checkpoint: upload a file saved by torch.save or safetensors."
    ),
    "checkpoint.damaged": N_(
        "The file is damaged, or was changed after it was saved: save the model again and upload the new file."
    ),
    "checkpoint.not_a_state_dict": N_(
        "The file contains something other than named tensors: save model.state_dict() and upload that."
    ),
    "checkpoint.bad_name": N_(
        "The file has an entry with a name PyTorch wouldn't give to a weight: save model.state_dict() and upload that."
    ),
    "checkpoint.missing_key": N_(
        "{name} isn't in the file, and this model needs {needed}: upload a file saved from this kind of model."
    ),
    "checkpoint.unexpected_key": N_(
        "Entries in the file that this model doesn't have: {count}. It needs {needed} and nothing else. Upload a "
        "file saved from this kind of model."
    ),
    "checkpoint.wrong_shape": N_(
        "{name} has shape {found}, this model needs {needed}: upload a file saved from a model with the same shapes."
    ),
    "checkpoint.wrong_dtype": N_(
        "{name} has the type {found}, this model needs a floating-point type such as float32: convert it and save "
        "the file again."
    ),
    "checkpoint.not_finite": N_(
        "Values in the file that aren't finite (nan or inf): {count}. Its training diverged, so train again with a "
        "smaller learning rate."
    ),
    "checkpoint.too_big_number": N_(
        "Values in the file that are too big to continue from ({limit:,} or more): {count}. Train again with a "
        "smaller learning rate."
    ),
    "checkpoint.memory_limit": N_(
        "Opening this file takes more memory than allowed here: save only model.state_dict() and upload that."
    ),
    "checkpoint.time_limit": N_(
        "Opening this file takes more time than allowed here: save only model.state_dict() and upload that."
    ),
    "checkpoint.crashed": N_("The file made PyTorch crash: save the model again and upload the new file."),
    "checkpoint.busy": N_("Too many files are being checked right now: upload this one again in a moment."),
}
"""The English sentence for each code, a `str.format` template for the error's `values`."""


def refusal(code: str, **values: Any) -> CheckpointError:
    """The error with this code and values."""
    return CheckpointError(code, CHECKPOINT_CODES[code].format(**values), **values)
