"""Errors of the engine in the visitor's words."""

import wb_core as wb
from wb_core.base.fields import N_, specs

from .i18n import _

CODES = {
    "config.points": N_(
        "X start, X end and X step must make 2 to 10,000 points: put X end above X start, or change X step."
    ),
    "lab.not_sizes": N_("Write whole numbers with commas between, such as 3, 4."),
    "lab.not_whole": N_("This needs a whole number."),
    "lab.out_of_range": N_("{given} is out of range. Use values from {low} to {high}."),
    "lab.not_an_index": N_("A position is a number, `:` for all, or a range such as 0:2."),
    "lab.no_names": N_("Choose at least one tensor."),
    "lab.no_such_name": N_("There is no tensor of this name on the shelf."),
    "lab.not_a_choice": N_("This choice does not exist here."),
    "lab.program": N_("The steps in this link do not work."),
    "list.too_long": N_("This list is longer than 4,000 letters: make large tensors with rand, zeros or arange."),
    "list.not_finite": N_("nan and inf are no numbers that one can count with; write numbers such as 1, 2.5 or -3."),
    "list.words": N_(
        "There is something other than numbers in it: only numbers, True, False, commas and [ ] make a list."
    ),
    "list.too_deep": N_(
        "This list has more than 6 levels of brackets, and a tensor of the lab has at most 6 dimensions."
    ),
    "list.brackets": N_(
        "This is no complete list: each [ needs its ], and a comma stands between two entries: [[1, 2], [3, 4]]."
    ),
    "list.too_large": N_("This number is too large: the largest that a computer counts with has about 308 digits."),
    "list.number": N_("This takes one number, such as 1, 2.5 or -3."),
    "tensor.too_large": N_(
        "That would be {arithmetic} numbers. A tensor here holds at most {most}, because the server is shared."
    ),
    "tensor.too_many_dims": N_("This shape has {dims} dimensions, and a tensor of the lab has at most {most}."),
    "tensor.too_much_work": N_(
        "Its matrix products would take {count} multiplications, and a shelf of the lab may take at most {most}."
    ),
    "tensor.too_many_steps": N_("The shelf remembers at most {most} steps. Start over, or take something off it."),
    "tensor.missing": N_("There is no tensor {name} on the shelf."),
    "tensor.does_not_fit": N_("{value} does not fit into {dtype}."),
    "tensor.no_such_cell": N_("This cell is not there any more."),
    "tensor.not_kept": N_("Put the result on the shelf first; then its cells can be changed."),
    "tensor.refused": N_("PyTorch cannot do this with these tensors."),
    "data.no_folder": N_(
        "The full set of 60,000 pictures is not on this machine: download it, or let WB_DATA_DIR name a folder with "
        "its four files."
    ),
    "data.missing": N_("The file {file} is not in the folder of the data: fetch it again."),
    "data.damaged": N_("The file {file} is damaged: delete it, and fetch it again."),
    "data.foreign": N_("The file {file} is something else than it should be: delete it, and fetch it again."),
    "data.other_shape": N_(
        "The file {file} holds numbers of the shape {found}, and {needed} is needed: it belongs to another data set."
    ),
    "data.other_classes": N_("The file {file} has other classes than 0 to 9: it belongs to another data set."),
    "data.no_network": N_("{host} cannot be reached: look at the network, then try again."),
    "data.not_served": N_("{host} does not give out {file} at the moment (it answers {status}): try again later."),
    "data.bad_download": N_("What arrived for {file} is not that file: try again, or from another network."),
    "data.no_space": N_("There is no space left on the server's disk for the download."),
    "data.not_writable": N_("The server may not write into its folder for downloads."),
    "sweep.empty": N_("An axis needs at least one value."),
    "sweep.no_axis": N_("This setting cannot be varied here."),
    "sweep.too_many": N_("{arithmetic} runs are too many: one server does at most {most} at once. Take fewer steps."),
    "sweep.too_long": N_(
        "That would be {arithmetic} epochs in all, and at most {most} can be done at once: take fewer steps or epochs."
    ),
    "sweep.too_many_pictures": N_(
        "That would be {arithmetic} pictures to look at, and at most {most} can be asked for at once: "
        "take fewer steps or epochs."
    ),
    "span.outside": N_("Use values from {low} to {high}."),
    "span.twice": N_("The two axes need two different settings."),
    "span.empty": N_("“From” must be smaller than “To”."),
    "span.one_step": N_("An axis needs at least two values."),
    "span.too_many_steps": N_("An axis can have at most {most} values."),
    "span.unreadable": N_("These values cannot be read: an axis has a “From”, a “To” and a number of steps."),
    "span.no_ratio": N_("Logarithmic steps need a “From” above 0. Turn them off, or start above 0."),
    "job.crashed": N_("The training's process ended before its time. The server goes on: press Train to try again."),
    "job.no_cluster": N_(
        "The computers that train are not there: the Ray cluster at {address} cannot be reached. Ask whoever runs this "
        "server, then press Train to try again."
    ),
    "job.no_ray": N_(
        "This server was told to train in a Ray cluster, and Ray is not installed on it. Ask whoever runs it."
    ),
    "job.unknown": N_("This training is not known here any more."),
    "tray.full": N_("The tray is full: it holds {most} runs. Drop one on the page “Compare” first."),
    "tray.no_room": N_("The file brings {count} new runs, and there is room for {room}: drop some first."),
    "tray.empty": N_("The file is empty: download the tray again, and bring that file."),
    "tray.too_large": N_("The file has {size:,} bytes, and a tray has at most {limit:,}."),
    "tray.not_a_tray": N_("This is not a tray of this workbench: bring a file that “Download tray” has made."),
    "tray.version": N_("This file was made by a different version of the workbench, and this one can't read it."),
    "tray.too_many": N_("The file holds {count} runs, and a tray has at most {limit}."),
    "tray.bad_value": N_("Run {run} of the file has a part that no run can have ({field}), so nothing was taken."),
    "device.unavailable": N_("This machine has no device of that kind ({device}). What it has: {available}."),
}


def explain(error: wb.WorkbenchError) -> str:
    """One sentence that says what is wrong and what to do."""
    template = CODES.get(error.code) or wb.CHECKPOINT_CODES.get(error.code)
    if template is None:
        field = error.values.get("field", "")
        spec = specs(wb.LinearConfig).get(field) or specs(wb.ImageConfig).get(field)
        return _("{field} has a value that is not allowed.").format(field=_(spec.label) if spec else "–")
    return _(template).format(**error.values)
