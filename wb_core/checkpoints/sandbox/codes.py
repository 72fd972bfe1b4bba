"""The reasons to refuse a file: a stable code and a sentence for each.

Sentences are filled with numbers, shapes, type names, the model's own names and the words of `protocol.WORDS`, never
with text from the file.
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
    # files of other programs
    "checkpoint.git_lfs": N_(
        "This is a Git LFS pointer, three lines of text in place of the real file: run git lfs pull and upload the "
        "file you then have."
    ),
    "checkpoint.web_page": N_(
        "This is a web page, not the file it links to: download the file itself (on GitHub: Download raw file) and "
        "upload that."
    ),
    "checkpoint.torchscript": N_(
        "This is a TorchScript program, not only weights: save state_dict() of the model it was made from and upload "
        "that."
    ),
    "checkpoint.exported_program": N_(
        "This is a program saved by torch.export, not only weights: save state_dict() of the model it was made from "
        "and upload that."
    ),
    "checkpoint.packed": N_("This is an archive with other files in it: unpack it and upload the checkpoint itself."),
    "checkpoint.other_format": N_(
        "This is an {name} file, which PyTorch doesn't load: save model.state_dict() with torch.save and upload that."
    ),
    "checkpoint.numpy": N_(
        "This file has NumPy arrays: turn each into a tensor with torch.from_numpy, save them with torch.save under "
        "the model's names and upload that."
    ),
    "checkpoint.pickle": N_(
        "This file was written by Python's pickle, not by PyTorch: save model.state_dict() with torch.save and upload "
        "that."
    ),
    "checkpoint.whole_model": N_(
        "The file has a whole model, and opening it would run code from the file: save model.state_dict() instead of "
        "model and upload that."
    ),
    "checkpoint.function": N_(
        "The file has a function beside the weights (such as functools.partial), and opening it would run code from "
        "the file: save only model.state_dict() and upload that."
    ),
    "checkpoint.pandas": N_(
        "The file has a pandas object beside the weights, and opening it would run code from the file: save only "
        "model.state_dict() and upload that."
    ),
    "checkpoint.pickle_protocol": N_(
        "The file was saved with pickle_protocol above 2, and PyTorch can't open that without running code from the "
        "file: save it again without this argument and upload the new file."
    ),
    # damaged files, and files with other content
    "checkpoint.damaged": N_(
        "The file is damaged, or was changed after it was saved: save the model again and upload the new file."
    ),
    "checkpoint.not_a_state_dict": N_(
        "The file contains something other than named tensors: save model.state_dict() and upload that."
    ),
    "checkpoint.optimizer_only": N_(
        "The file has the state of an optimizer, but no weights of a model: save model.state_dict() and upload that."
    ),
    "checkpoint.bad_name": N_(
        "The file has a tensor whose name isn't plain letters, digits and dots: save model.state_dict() and upload "
        "that."
    ),
    "checkpoint.too_many_tensors": N_(
        "The file has more than a thousand tensors, so it's from a much larger model: upload a file saved from this "
        "kind of model."
    ),
    # weights that do not fit the model
    "checkpoint.ambiguous": N_(
        "The file has {count} sets of weights that fit this model ({found}): choose which one to load."
    ),
    "checkpoint.no_such_table": N_("The file has no such set of weights: choose one of these: {found}."),
    "checkpoint.batch_norm": N_(
        "The file is from a model with batch normalization (running_mean, running_var), and this model has none: "
        "upload a file saved from a model without it."
    ),
    "checkpoint.weight_norm": N_(
        "The file is from a model with weight_norm, which stores a weight in two parts: call "
        "torch.nn.utils.parametrize.remove_parametrizations(layer, 'weight') before saving and upload the new file."
    ),
    "checkpoint.other_inputs": N_(
        "The model in the file takes a different number of inputs ({found:,}) than this one ({needed:,}): upload a "
        "file saved from a model with as many inputs as this one."
    ),
    "checkpoint.other_size": N_(
        "The file has a different number of parameters ({found:,}) than this model ({needed:,}): upload a file saved "
        "from this kind of model."
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
    # limits of the server
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
