"""Errors of the engine in the visitor's words."""

import re
from collections.abc import Mapping
from typing import Any

import wb_core as wb
from wb_core.base.fields import N_, specs

from .i18n import _

CODES = {
    "room.unknown": N_("There's no room with this code. Rooms end after four idle hours."),
    "room.full": N_("There's no seat left in this room."),
    "room.rehearsals": N_("{most} rooms rehearse already. Try again later."),
    "room.wait": N_("Too many wrong codes. Please wait a minute."),
    "room.too_many": N_("There are too many rooms on this server now. Please try again later."),
    "room.often": N_("Many rooms were opened from your network. In a few hours you can open one again."),
    "room.flood": N_("That was too much at once. Please wait a few seconds."),
    "room.too_long": N_("This is too large to show in the room."),
    "room.lost": N_("The room can't be reached now. It comes back by itself; your work stays here."),
    "room.not_allowed": N_("That isn't possible in this room now."),
    "room.question": N_("A question has a text and two to six options."),
    "config.points": N_(
        "X start, X end and X step must make 2 to 10,000 points. Set X end above X start, or change X step."
    ),
    "lab.not_sizes": N_("Write whole numbers separated by commas, such as 3, 4."),
    "lab.not_whole": N_("Enter a whole number."),
    "lab.out_of_range": N_("{given} is out of range. Use values from {low} to {high}."),
    "lab.not_an_index": N_("A position is a number, `:` for all, or a range such as 0:2."),
    "lab.other_index": N_(
        "Only numbers, `:` and ranges such as 0:2 work here. For `...` write one `:` per dimension. PyTorch also takes "
        "lists such as [0, 2] and conditions such as x > 0, but this page doesn't."
    ),
    "lab.no_names": N_("Choose at least one tensor."),
    "lab.no_such_name": N_("There's no tensor with this name on the shelf."),
    "config.not_a_choice": N_("This option doesn't exist here."),
    "lab.program": N_("The steps in this link don't work."),
    "list.too_long": N_("This list is longer than 4,000 characters. Make large tensors with rand, zeros or arange."),
    "list.not_finite": N_("You can't use nan or inf here. Write numbers such as 1, 2.5 or -3."),
    "list.words": N_(
        "There's something other than numbers in it: a list can only have numbers, True, False, commas and [ ]."
    ),
    "list.too_deep": N_("This list has more than 6 levels of brackets, and a tensor here has at most 6 dimensions."),
    "list.brackets": N_(
        "This list isn't complete: each [ needs its ], and values are separated by commas: [[1, 2], [3, 4]]."
    ),
    "list.thousands": N_(
        "A comma separates values, so 1,000 would be the two numbers 1 and 0. Write 1000 without a comma."
    ),
    "list.cells": N_(
        "There's a comma in a cell. Write decimals with a point and thousands without a comma: 1.5, 1234.5."
    ),
    "list.left_out": N_("This printout leaves numbers out (...). Paste all of them, or fewer."),
    "list.too_large": N_("This number is too large: the largest a computer can handle has about 308 digits."),
    "list.number": N_("Enter one number, such as 1, 2.5 or -3."),
    "tensor.too_large": N_(
        "That would be {arithmetic} numbers. A tensor here holds at most {most}, because the server is shared."
    ),
    "tensor.too_many_dims": N_("This shape has {dims} dimensions, and a tensor here has at most {most}."),
    "tensor.too_much_work": N_(
        "Its matrix products would take {count} multiplications, and a shelf may take at most {most}."
    ),
    "tensor.too_many_steps": N_("The shelf remembers at most {most} steps. Start over, or remove something from it."),
    "tensor.missing": N_("There's no tensor {name} on the shelf."),
    "tensor.does_not_fit": N_("{value} doesn't fit into {dtype}."),
    "tensor.no_such_cell": N_("This cell no longer exists."),
    "tensor.not_kept": N_("Save the result to the shelf first; then you can change its cells."),
    "tensor.refused": N_("PyTorch can't do this with these tensors."),
    "data.no_folder": N_(
        "The full set of 60,000 pictures isn't on this machine. Download it, or set WB_DATA_DIR to a folder with "
        "its four files."
    ),
    "data.missing": N_("The file {file} isn't in the data folder. Download it again."),
    "data.damaged": N_("The file {file} is damaged. Delete it and download it again."),
    "data.foreign": N_("The file {file} isn't what it should be. Delete it and download it again."),
    "data.other_shape": N_(
        "The file {file} has the shape {found}, but {needed} is needed, so it belongs to another data set."
    ),
    "data.no_such_folder": N_(
        "WB_DATA_DIR names a folder that isn't on this server. Correct it and start the server again."
    ),
    "data.digits": N_("The file {file} belongs to another data set: MNIST, the handwritten digits."),
    "data.changed": N_("The content of the file {file} isn't FashionMNIST's. Delete it and download it again."),
    "data.other_classes": N_("The file {file} has classes other than 0 to 9, so it belongs to another data set."),
    "data.no_network": N_("Can't reach {host}. Check the network, then try again."),
    "data.not_served": N_("{host} isn't serving {file} right now (status {status}). Try again later."),
    "data.bad_download": N_("The download of {file} isn't that file. Try again, or from another network."),
    "data.no_space": N_("There's no space left on the server's disk for the download."),
    "data.no_temporary_folder": N_(
        "The server's folder for temporary files is full or can't be written to. Tell the person who runs this server."
    ),
    "data.not_writable": N_("The server isn't allowed to write to its download folder."),
    "points.count": N_("Points of your own are at least 2 and at most 10,000."),
    "points.pair": N_("Each point needs two numbers, one for X and one for y, of at most 15 digits."),
    "points.spot": N_("Each point needs two numbers of at most 15 digits, and a class from 0 to 3."),
    "points.classes": N_("Points need two to four classes, numbered 0, 1, ... without a gap."),
    "points.same_x": N_("Every X is the same, so no line can be learned. Change one of them."),
    "points.steps": N_(
        "That would be {given} steps, and a run here has at most {most}. Use fewer epochs or larger batches."
    ),
    "sweep.empty": N_("An axis needs at least one value."),
    "sweep.no_axis": N_("You can't vary this setting here."),
    "sweep.too_many": N_("{arithmetic} runs are too many: one server does at most {most} at once. Use fewer values."),
    "sweep.too_long": N_(
        "That would be {arithmetic} epochs in total, and at most {most} can run at once. Use fewer values or epochs."
    ),
    "sweep.too_many_steps": N_(
        "That would be {arithmetic} steps in total, and at most {most} can run at once. Use fewer values or epochs, or "
        "larger batches."
    ),
    "sweep.too_many_pictures": N_(
        "That would be {arithmetic} pictures in total, and at most {most} can run at once. Use fewer values or epochs."
    ),
    "span.outside": N_("Use values from {low} to {high}."),
    "span.twice": N_("The two axes need two different settings."),
    "span.empty": N_("“From” must be smaller than “To”."),
    "span.one_step": N_("An axis needs at least two values."),
    "span.too_many_steps": N_("An axis can have at most {most} values."),
    "span.no_ratio": N_("Logarithmic steps need a “From” above 0. Turn them off, or start above 0."),
    "config.init": N_("The line to start with can't be read, so the start is random."),
    "config.schedule": N_("The changes during the run can't be read, so there are none."),
    "schedule.weight": N_("A weight that changes during the run isn't in this network. Remove that change."),
    "branch.epoch": N_("The run hasn't reached this epoch."),
    "branch.fixed": N_("This setting can't change during a run."),
    "branch.adopted": N_("This model was loaded during the run, so only earlier epochs can have branches."),
    "sweep.schedule": N_("The settings of these runs can't change during the run."),
    "neighbours.no_field": N_("This setting has no slider here."),
    "neighbours.no_batch": N_("The runs of this slider can't be trained together: each of their steps is random."),
    "neighbours.no_stop": N_("This slider has no value that fits the other settings."),
    "job.crashed": N_(
        "The training process ended unexpectedly. The server is still running: press Train to try again."
    ),
    "job.no_cluster": N_(
        "The training computers aren't responding: can't reach the Ray cluster at {address}. Tell the person who "
        "runs this server, then press Train to try again."
    ),
    "job.no_ray": N_(
        "This server is set up to train in a Ray cluster, but Ray isn't installed on it. Tell the person who runs it."
    ),
    "job.other_version": N_(
        "The training computers have other versions than this server: {theirs} there, {ours} here. Tell the person who "
        "runs this server."
    ),
    "job.unknown": N_("This run is no longer on the server."),
    "tray.full": N_("The tray is full ({most} runs). Remove one on the “Compare” page first."),
    "tray.no_room": N_("The file has {count} new runs, but there's only room for {room}. Remove some first."),
    "tray.empty": N_("The file is empty. Download the tray again and upload that file."),
    "tray.too_large": N_("The file has {size:,} bytes; a tray has {limit:,} at most."),
    "tray.not_a_tray": N_("This file has no runs from this workbench. Upload one from “Download saved runs”."),
    "tray.version": N_("This file was made by a different version of the workbench, and this one can't read it."),
    "tray.too_many": N_("The file has {count} runs; a tray holds {limit} at most."),
    "tray.too_many_points": N_("This run has {count:,} points of your own; a saved run has {limit:,} at most."),
    "tray.bad_value": N_("Run {run} in the file has an invalid value ({field}), so nothing was added."),
    "lesson.empty": N_("The file is empty."),
    "lesson.too_large": N_("The file has {size:,} bytes, and at most {limit:,} can be read here."),
    "lesson.version": N_("This file was made by a different version of the workbench, and this one can't read it."),
    "lesson.not_a_lesson": N_("There's no lesson from this workbench in it."),
    "lesson.not_a_results": N_("There are no results from this workbench in it."),
    "lesson.not_a_room": N_("There's no room from this workbench in it."),
    "lesson.bad_value": N_("It has a value that isn't allowed ({field}), so nothing of it was read."),
    "lesson.too_long": N_("Its texts are too long for a link. Shorten some of them."),
    "device.unavailable": N_("This machine has no such device ({device}). Available: {available}."),
}


def explain(error: wb.WorkbenchError) -> str:
    """One sentence that says what is wrong and what to do, as Markdown."""
    template = CODES.get(error.code) or wb.CHECKPOINT_CODES.get(error.code)
    if error.code in wb.TABLE_CODES:
        return _(wb.TABLE_CODES[error.code]).format(**_coded(error.values))
    if template is None:
        field = error.values.get("field", "")
        spec = next((found for kind in wb.KINDS.values() if (found := specs(kind.config).get(field))), None)
        return _("{field}: this value isn't allowed.").format(field=_(spec.label) if spec else "–")
    return _(template).format(**error.values)


def explain_row(row: wb.LeftOut) -> str:
    """One sentence that says why a row of a table was left out, as Markdown."""
    return _(wb.CELL_CODES[row.code]).format(**_coded(vars(row)))


def _coded(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence, with texts of a file as code, in which no markup means anything."""
    return {name: code(value) if name in ("given", "column") else value for name, value in values.items()}


def code(text: str) -> str:
    """A text in one line as Markdown code, whatever is in it."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text or not text.strip() else f"{fence}{text}{fence}"
