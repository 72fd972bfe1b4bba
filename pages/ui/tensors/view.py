"""What a link to the tensor lab carries: the steps that fill the shelf, and the displayed line."""

import functools
from dataclasses import dataclass

import wb_core as wb
from wb_core.base.fields import N_, Text, check_fields, setting
from wb_core.tensorlab import START, Program, Shelf, complete, needed, read_call, read_program, write_program

FIRST_CALL = "add"


@functools.lru_cache(maxsize=64)  # every script run asks again
def runnable(given: str) -> Program:
    """The program of a text without steps that no tensor on its shelf needs, if it runs; else `ConfigError`."""
    refusal = wb.ConfigError("lab.program", field="shelf", given=given[:60], allowed="steps that work")
    program = read_program(given)
    if not complete(program):
        raise refusal
    program = needed(program)
    try:
        Shelf(program)
    except wb.TensorError as error:
        raise refusal from error
    return program


@dataclass(frozen=True, kw_only=True)
class TensorView:
    """The shelf and the displayed line as texts. Raises `ConfigError` for an invalid one."""

    shelf: str = setting(write_program(START), Text(N_("The shelf"), parse=runnable))
    do: str = setting(FIRST_CALL, Text(N_("Current line"), parse=read_call))

    def __post_init__(self) -> None:
        check_fields(self)
